"""The shared node, for the engine that needs one."""

import pytest

from tests.elasticsearch_node.plugin import register


def pytest_configure(config: pytest.Config) -> None:
    register(config)
