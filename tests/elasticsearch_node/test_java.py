"""Which Java runs a node."""

import os
from pathlib import Path

import pytest

from tests.elasticsearch_node import java
from tests.elasticsearch_node.java import find_java_home
from tests.elasticsearch_node.unavailable import NodeUnavailable


def java_home(folder: Path, version: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n", encoding="ascii")
    program.chmod(0o755)
    return folder


@pytest.fixture(autouse=True)
def no_usual_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "USUAL_PLACES", ())


@pytest.mark.parametrize("variable", ["ES_JAVA_HOME", "JAVA_HOME"])
def test_a_java_named_by_the_environment_is_taken(tmp_path: Path, variable: str) -> None:
    home = java_home(tmp_path / "21", "21.0.1")

    assert find_java_home({variable: str(home), "PATH": ""}) == home


def test_the_java_of_the_path_is_taken(tmp_path: Path) -> None:
    home = java_home(tmp_path / "17", "17.0.15")

    assert find_java_home({"PATH": f"{home / 'bin'}:{os.defpath}"}) == home


def test_a_java_too_old_gives_way_to_another(tmp_path: Path) -> None:
    old, recent = java_home(tmp_path / "8", "1.8.0_402"), java_home(tmp_path / "17", "17.0.15")

    found = find_java_home({"JAVA_HOME": str(old), "PATH": str(recent / "bin")})

    assert found == recent


@pytest.mark.parametrize(
    ("version", "sentence"), [("1.8.0_402", "Java 8 est trop ancien"), (None, "Java manque")]
)
def test_without_a_java_it_says_how_to_install_one(
    tmp_path: Path, version: str | None, sentence: str
) -> None:
    if version:
        java_home(tmp_path, version)

    with pytest.raises(NodeUnavailable, match=rf"{sentence}.*\n*.*default-jdk-headless"):
        find_java_home({"JAVA_HOME": str(tmp_path), "PATH": ""})
