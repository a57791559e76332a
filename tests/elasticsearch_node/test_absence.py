"""A machine that cannot have a node: a loud skip, or a failure in CI."""

from pathlib import Path

import pytest
from _pytest.outcomes import Failed, Skipped

from tests.elasticsearch_node import plugin


def test_without_a_node_the_test_is_skipped_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(Skipped, match=r"NO ELASTICSEARCH.*Maven manque"):
        plugin.skip_or_fail("Maven manque")


def test_in_ci_the_test_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(Failed, match="NO ELASTICSEARCH"):
        plugin.skip_or_fail("Maven manque")


def test_a_refusal_is_remembered_for_the_other_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin, "_start", lambda _: "Maven manque")
    assert plugin.shared_node(tmp_path) == ("", "Maven manque")

    monkeypatch.setattr(plugin, "_start", lambda _: pytest.fail("tried again"))

    assert plugin.shared_node(tmp_path) == ("", "Maven manque")


def test_a_machine_without_java_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way, through the process that would have started the node."""
    for name in ("ES_JAVA_HOME", "JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    url, reason = plugin.shared_node(tmp_path)

    assert url == ""
    assert "manque" in reason  # Java, or Maven where Java is found in its usual place
