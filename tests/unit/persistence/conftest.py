"""Real databases, empty or being filled."""

import pytest
from sqlalchemy import Engine

from tests.postgresql import register
from tests.unit.persistence.filling import Catalogue


def pytest_configure(config: pytest.Config) -> None:
    register(config)


@pytest.fixture
def catalogue(engine: Engine) -> Catalogue:
    """An empty catalogue in which an import is open."""
    return Catalogue(engine=engine)
