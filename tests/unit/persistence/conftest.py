"""Real databases, empty or filled by the shipped rules."""

import pytest

from tests.postgresql import register


def pytest_configure(config: pytest.Config) -> None:
    register(config)
