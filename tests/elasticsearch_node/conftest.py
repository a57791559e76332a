"""The shared node, for the tests of this folder."""

import pytest

from tests.elasticsearch_node.plugin import register


def pytest_configure(config: pytest.Config) -> None:
    register(config)
