"""An Elasticsearch for the tests, with index names of their own.

A pytest plugin, registered by `register`. `ELASTICSEARCH_URL` names a node to use instead; a
container engine would come next, and is not looked for since nothing here needs one; else a real
node is started from the official minimal distribution. It starts when the first test asks for it
and all processes of the suite share it, since a node costs ten seconds of a processor and 450 MB:
tests keep apart by the prefix of their indices. Tests that kill or pause nodes start a cluster of
their own, with `running_cluster`.
"""

import fcntl
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from tests.elasticsearch_node.cluster import START_SECONDS
from tests.elasticsearch_node.distribution import FETCH_SECONDS

ROOT = Path(__file__).resolve().parents[2]
ABSENT = "NO ELASTICSEARCH: the tests of the production search engine do not run."


def register(config: pytest.Config) -> None:
    """Makes the fixtures of this module available; a conftest calls it in `pytest_configure`."""
    if not config.pluginmanager.has_plugin(__name__):
        config.pluginmanager.register(sys.modules[__name__], __name__)


def skip_or_fail(reason: str) -> None:
    """Skips the test that lacks a node, with a loud line; in CI, fails it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{ABSENT}\n{reason}", pytrace=False)
    pytest.skip(f"{ABSENT} {reason}")


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a node that answers; without one the test is skipped, and fails in CI."""
    if url := os.environ.get("ELASTICSEARCH_URL"):
        return url
    url, reason = shared_node(_folder_of_the_run(tmp_path_factory))
    if not url:
        skip_or_fail(reason)
    return url


def shared_node(folder: Path) -> tuple[str, str]:
    """Returns the address of the node of this run, started once; or nothing and the reason.

    The node is nobody's child: it ends with the process that runs the suite, not with the worker
    whose test asked first.
    """
    found, refused = folder / "elasticsearch.url", folder / "elasticsearch.refused"
    with (folder / "elasticsearch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists() and not refused.exists():
            reason = _start(found)
            if reason:
                refused.write_text(reason, encoding="utf-8")
    if refused.exists():
        return "", refused.read_text(encoding="utf-8")
    return found.read_text(encoding="ascii"), ""


def _start(found: Path) -> str:
    command = [sys.executable, "-m", "tests.elasticsearch_node"]
    command += ["--shared", str(found), "--guardian", str(_process_of_the_run())]
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=FETCH_SECONDS + 3 * START_SECONDS,
        check=False,
    )
    return done.stderr.strip() or "it did not start" if done.returncode else ""


def _process_of_the_run() -> int:
    return os.getppid() if _is_worker() else os.getpid()


def _folder_of_the_run(factory: pytest.TempPathFactory) -> Path:
    folder = factory.getbasetemp()
    return folder.parent if _is_worker() else folder


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.fixture(scope="session")
def elasticsearch_client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """The official client of the node that tests share."""
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        yield client


@pytest.fixture
def index_prefix(elasticsearch_client: Elasticsearch) -> Iterator[str]:
    """A prefix for the indices of one test; they are erased when it ends."""
    with fresh_prefix(elasticsearch_client) as prefix:
        yield prefix


@contextmanager
def fresh_prefix(client: Elasticsearch) -> Iterator[str]:
    """Gives a prefix that nobody has, and erases the indices so named at the end of the block."""
    prefix = f"eventail-test-{uuid.uuid4().hex[:12]}-"
    try:
        yield prefix
    finally:
        if names := list(client.indices.get(index=f"{prefix}*", features="settings")):
            client.indices.delete(index=names)
