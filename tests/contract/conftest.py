"""The shared node, for the engine that needs one."""

import pytest

from tests.elasticsearch_node.plugin import register

PATIENCE_SECONDS = 60.0  # a node that starts, beside a suite that takes every processor


def pytest_configure(config: pytest.Config) -> None:
    register(config)


@pytest.fixture(autouse=True)
def _a_patient_searcher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for a slow answer: what is tested here is what it says."""
    monkeypatch.setattr("indexer.elasticsearch.cluster.SEARCH_SECONDS", PATIENCE_SECONDS)
