"""Fetching the distribution: once, whole or not at all, with sentences that say what to do.

A program named `mvn` stands for Maven: it copies an archive that the test has made.
"""

import hashlib
import os
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.elasticsearch_node import distribution
from tests.elasticsearch_node.distribution import NAME, fetch_distribution
from tests.elasticsearch_node.unavailable import NodeUnavailable

MAVEN = """#!/bin/sh
echo once >> "{calls}"
for word; do case "$word" in -DoutputDirectory=*) folder="${{word#*=}}";; esac; done
{action}
"""
JAVA = "#!/bin/sh\necho 'openjdk version \"17.0.15\"' >&2\n"


class Machine:
    """A machine with a Java, a Maven that does what is asked, and a cache."""

    def __init__(self, folder: Path) -> None:
        self.calls, self.archive = folder / "calls", folder / "archive.zip"
        self.cache, self._programs = folder / "cache", folder / "bin"
        self._programs.mkdir()
        with zipfile.ZipFile(self.archive, "w") as content:
            content.writestr(f"{NAME}/bin/elasticsearch", "#!/bin/sh\n")
            content.writestr(f"{NAME}/config/jvm.options", "-Xmx1g\n")
        self._program("java", JAVA)
        self.environ = {
            "PATH": f"{self._programs}:{os.defpath}",
            "XDG_CACHE_HOME": str(self.cache),
            "ES_JAVA_HOME": str(folder),
        }
        self.said: list[str] = []

    def maven(self, action: str | None = None) -> None:
        copy = f'cp "{self.archive}" "$folder/{NAME}.zip"'
        self._program("mvn", MAVEN.format(calls=self.calls, action=action or copy))

    def fetch(self) -> Path:
        return fetch_distribution(self.said.append, self.environ)

    def _program(self, name: str, text: str) -> None:
        path = self._programs / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    made = Machine(tmp_path)
    digest = hashlib.sha256(made.archive.read_bytes()).hexdigest()
    monkeypatch.setattr(distribution, "SHA256", digest)
    yield made
    left = {path.name for path in (made.cache / "eventail").glob("*")}
    assert left <= {NAME, f"{NAME}.lock"}


def test_it_is_fetched_once(machine: Machine) -> None:
    machine.maven()

    home = machine.fetch()

    assert machine.fetch() == home == machine.cache / "eventail" / NAME
    assert machine.calls.read_text().split() == ["once"]
    assert len(machine.said) == 1
    assert os.access(home / "bin" / "elasticsearch", os.X_OK)
    assert (home / "config" / "jvm.options").stat().st_mode & 0o777 == 0o644


def test_two_at_once_fetch_once(machine: Machine) -> None:
    machine.maven()
    both = [threading.Thread(target=machine.fetch) for _ in range(2)]

    for each in both:
        each.start()
    for each in both:
        each.join()

    assert machine.calls.read_text().split() == ["once"]


def test_what_an_interrupted_fetch_has_left_is_erased(machine: Machine) -> None:
    machine.maven()
    remains = machine.cache / "eventail" / f".{NAME}-killed"
    remains.mkdir(parents=True)

    assert machine.fetch().is_dir()


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        pytest.param("echo no route; exit 1", "vérifiez l’accès au réseau", id="no-network"),
        pytest.param(f'echo x > "$folder/{NAME}.zip"', "n’est pas celle attendue", id="altered"),
    ],
)
def test_a_failure_says_what_to_do_and_leaves_nothing(
    machine: Machine, action: str, sentence: str
) -> None:
    machine.maven(action)

    with pytest.raises(NodeUnavailable, match=sentence):
        machine.fetch()


def test_without_maven_it_says_how_to_install_it(machine: Machine) -> None:
    machine.environ["PATH"] = str(machine.cache)

    with pytest.raises(NodeUnavailable, match="apt-get install maven"):
        machine.fetch()


def test_a_cache_that_cannot_be_written_is_said(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    machine.environ["XDG_CACHE_HOME"] = str(tmp_path / "file")

    with pytest.raises(NodeUnavailable, match="XDG_CACHE_HOME"):
        machine.fetch()
