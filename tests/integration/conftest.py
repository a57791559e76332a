"""A whole site on an empty database, once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgresql
from tests.elasticsearch_node import plugin
from tests.integration.site import Site


def pytest_configure(config: pytest.Config) -> None:
    postgresql.register(config)
    plugin.register(config)


@pytest.fixture
def site(database: str, tmp_path: Path) -> Iterator[Site]:
    """An installed site without any listing."""
    made = Site(url=database, folder=tmp_path)
    yield made
    made.close()


@pytest.fixture
def sqlite_site(tmp_path: Path) -> Iterator[Site]:
    """A site that has never run, with its database in its data folder."""
    made = Site(url=None, folder=tmp_path)
    yield made
    made.close()


@pytest.fixture
def postgresql_site(postgresql_database: str, tmp_path: Path) -> Iterator[Site]:
    """A site for what SQLite cannot show."""
    made = Site(url=postgresql_database, folder=tmp_path)
    yield made
    made.close()
