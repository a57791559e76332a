"""Runs the project's own commands and its web server on a data folder of the benchmark's."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 20.0
# Settings of the person's own shell that would change what is measured.
_OWN_SETTINGS = (
    "DATABASE_URL", "ELASTICSEARCH_URL", "EVENTAIL_ENV", "FAITS_SUPPLEMENTAIRES", "TERRITOIRE",
    "HOST", "PROMETHEUS_MULTIPROC_DIR", "GUNICORN_CMD_ARGS", "FLASK_DEBUG", "FLASK_APP",
)  # fmt: skip


class CommandFailed(RuntimeError):
    """A command of the project did not work: there is nothing to measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a finished command took."""

    seconds: float
    cpu_seconds: float
    max_rss_mb: float
    output: str


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Returns the environment of a site whose data is in that folder."""
    kept = {name: value for name, value in os.environ.items() if name not in _OWN_SETTINGS}
    own = {
        "EVENTAIL_DATA_DIR": str(data_dir),
        "SEARCH_ENGINE": "embedded",
        "RATE_LIMITS": "off",
        "PYTHONUTF8": "1",
    }
    return kept | own | more


def run_flask(data_dir: Path, *arguments: str, **more: str) -> Run:
    """Runs `flask …` in a process of its own, with more settings. Raises `CommandFailed`."""
    command = [sys.executable, "-m", "bench.child", sys.executable, "-m", "flask", *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(data_dir, **more),
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {"code": 1}
    if report.pop("code") != 0:
        raise CommandFailed(f"flask {' '.join(arguments)}\n{done.stderr[-2000:]}")
    return Run(output=done.stderr, **report)


def free_port() -> int:
    """Returns a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running site: the port that it listens on, and the process that started its workers."""

    port: int
    pid: int

    def worker_memory_mb(self) -> list[float]:
        """Returns the resident memory of each worker (RSS: pages shared with others included)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()
        statuses = (Path(f"/proc/{pid}/status").read_text("utf-8") for pid in children)
        found = (re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE) for status in statuses)
        return [int(match[1]) * 1024 / 1e6 for match in found if match]


@contextmanager
def running_site(data_dir: Path, workers: int = 2) -> Iterator[Site]:
    """Starts gunicorn with the project's settings; yields it once it answers."""
    port = free_port()
    log = data_dir / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
    env = environment(data_dir, PORT=str(port), WEB_CONCURRENCY=str(workers))
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output)
    try:
        wait_for(port, "/healthz", server)
        yield Site(port=port, pid=server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for(port: int, path: str, server: "subprocess.Popen[bytes]") -> None:
    """Waits until a path answers 200. Raises `CommandFailed` when the server dies or is late."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        if status_of(port, path) == http.client.OK:
            return
        time.sleep(0.02)
    raise CommandFailed(f"gunicorn: {path}")


def status_of(port: int, path: str) -> int:
    """Returns the status of a GET, 0 when nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0


def folder_size_mb(folder: Path, patterns: Sequence[str]) -> float:
    """Returns the size of the files of a folder that match."""
    files = {path for pattern in patterns for path in folder.glob(pattern)}
    return sum(path.stat().st_size for path in files) / 1e6
