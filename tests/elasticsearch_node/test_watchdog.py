"""Nothing outlives the process that started it, even killed."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.elasticsearch_node import watchdog

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
LIMIT_SECONDS = 30


def sleeping(**options: bool) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(SLEEP, **options)  # type: ignore[call-overload, no-any-return]


def watching(guardian: int, folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-I", watchdog.__file__, str(guardian), str(folder)])


def test_nodes_end_with_their_guardian(tmp_path: Path) -> None:
    guardian, node = sleeping(), sleeping(start_new_session=True)
    birth = tmp_path / "cluster" / "node-0" / watchdog.LAUNCHER
    birth.parent.mkdir(parents=True)
    birth.write_text(f"{node.pid}\n", encoding="ascii")
    watch = watching(guardian.pid, tmp_path / "cluster")

    assert node.poll() is None
    guardian.kill()  # not reaped yet: dead all the same

    assert node.wait(LIMIT_SECONDS) == -signal.SIGKILL
    assert watch.wait(LIMIT_SECONDS) == 0
    assert not (tmp_path / "cluster").exists()
    guardian.wait()


def test_a_frozen_node_ends_too(tmp_path: Path) -> None:
    guardian, node = sleeping(), sleeping(start_new_session=True)
    node.send_signal(signal.SIGSTOP)
    birth = tmp_path / "node-0" / watchdog.LAUNCHER
    birth.parent.mkdir()
    birth.write_text(f"{node.pid}\n", encoding="ascii")
    watch = watching(guardian.pid, tmp_path)

    guardian.kill()

    assert node.wait(LIMIT_SECONDS) == -signal.SIGKILL
    watch.wait(LIMIT_SECONDS)
    guardian.wait()


def test_a_guardian_dead_already_is_no_error(tmp_path: Path) -> None:
    gone = sleeping()
    gone.kill()
    gone.wait()

    assert watching(gone.pid, tmp_path / "none").wait(LIMIT_SECONDS) == 0
