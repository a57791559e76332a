"""A small process that outlives its guardian for a moment, to end the nodes started under it.

`python watchdog.py PID FOLDER`: when the process PID is no more, however it ended, kills the nodes
of FOLDER and erases it. Only the standard library: it is started as a file, with nothing on the
path.
"""

import os
import select
import shutil
import signal
import sys
import time
from pathlib import Path

LAUNCHER = "launcher.pid"  # in the folder of each node, written by the node's own process
POLL_SECONDS = 0.5  # where the system cannot tell that a process ends
SWEEPS = 3  # a node may be between its birth and its first line when its guardian dies
SWEEP_SECONDS = 0.3


def main(guardian: int, folder: Path) -> None:
    """Waits, then leaves nothing."""
    _wait_for_the_end_of(guardian)
    for _ in range(SWEEPS):
        for file in folder.glob(f"*/{LAUNCHER}"):
            _kill_group(file)
        time.sleep(SWEEP_SECONDS)
    shutil.rmtree(folder, ignore_errors=True)


def _wait_for_the_end_of(pid: int) -> None:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    except (AttributeError, OSError):  # macOS, or an old kernel
        while _is_alive(pid):
            time.sleep(POLL_SECONDS)
        return
    select.select([handle], [], [])
    os.close(handle)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _kill_group(file: Path) -> None:
    try:
        os.killpg(int(file.read_text(encoding="ascii")), signal.SIGKILL)
    except (OSError, ValueError):
        return
    file.unlink(missing_ok=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
