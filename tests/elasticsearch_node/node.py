"""One node: a process group that can be killed, paused, resumed and started again."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from tests.elasticsearch_node.ports import is_open
from tests.elasticsearch_node.settings import Place
from tests.elasticsearch_node.unprivileged import give, unprivileged_user
from tests.elasticsearch_node.watchdog import LAUNCHER

STOP_SECONDS = 20
LOG_TAIL_LINES = 30
PROGRAM = Path("bin") / "elasticsearch"
PORT_TAKEN = "BindHttpException", "BindTransportException"
# The process says who it is before it becomes the launcher: whatever happens to its parent, the
# watchdog will find it.
BIRTH = 'echo $$ > "$1" && exec "$2"'


class Node:
    """A node of a cluster on this machine.

    Its process group holds the launcher and the server, which the launcher starts and which ends
    with it.
    """

    def __init__(self, place: Place, home: Path, java_home: Path) -> None:
        self.place = place
        self._home = home
        self._java_home = java_home
        self._process: subprocess.Popen[bytes] | None = None
        self._paused = False

    @property
    def is_expected(self) -> bool:
        """Whether it was started, and neither stopped, killed nor paused since."""
        return self._process is not None and not self._paused

    @property
    def has_failed(self) -> bool:
        """Whether it ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def start(self) -> None:
        """Starts its process and returns at once, before the node answers."""
        owner = unprivileged_user()
        if owner:
            give(self.place.folder, owner)
        program = self._home / PROGRAM
        with self.place.log.open("ab") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", BIRTH, "sh", str(self._birth_file), str(program)],
                cwd=self.place.folder,
                env=self._environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=owner.pw_uid if owner else None,
                group=owner.pw_gid if owner else None,
                extra_groups=[] if owner else None,
            )
        self._paused = False

    def ask_to_stop(self) -> None:
        """Lets it end in good order; `wait_until_stopped` follows."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)  # to the launcher, which tells the server
            self.resume()  # paused, it would not hear

    def wait_until_stopped(self) -> None:
        """Waits for its end, and hastens it when it takes too long."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """Ends it at once, as a power cut would."""
        if self._process is None:
            return
        self._signal(signal.SIGKILL)
        self._process.wait(STOP_SECONDS)
        self._wait_for_the_server()
        self._birth_file.unlink(missing_ok=True)
        self._process = None

    def pause(self) -> None:
        """Freezes it: connections stay open, nothing answers."""
        self._signal(signal.SIGSTOP)
        self._paused = True
        # A server of many threads takes a moment to stop, in which it may still answer.
        while not self._states() <= {"T", "Z"}:
            time.sleep(0.01)

    def resume(self) -> None:
        """Ends a pause."""
        self._signal(signal.SIGCONT)
        self._paused = False

    def _states(self) -> set[str]:
        """Returns the states of the processes of its group, as the kernel names them."""
        found: set[str] = set()
        if self._process is None:
            return found
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # it has ended since
                state, _, group = path.read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
                if int(group) == self._process.pid:
                    found.add(state)
        return found

    def log_tail(self) -> str:
        """Returns the last lines that it wrote."""
        lines = self.place.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LOG_TAIL_LINES:])

    def port_was_taken(self) -> bool:
        """Whether it could not start because another program listens on one of its ports."""
        return any(word in self.log_tail() for word in PORT_TAKEN)

    @property
    def _birth_file(self) -> Path:
        return self.place.folder / LAUNCHER

    def _environ(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.place.folder),
            "ES_JAVA_HOME": str(self._java_home),
            "ES_PATH_CONF": str(self.place.configuration),
            "ES_TMPDIR": str(self.place.temporary),
            "CLI_JAVA_OPTS": "-XX:TieredStopAtLevel=1",  # the launcher lives for one second
        }

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _wait_for_the_server(self) -> None:
        """The launcher is reaped, but it is not the server’s own parent that will reap this one."""
        deadline = time.monotonic() + STOP_SECONDS
        ports = self.place.http_port, self.place.transport_port
        while any(map(is_open, ports)) and time.monotonic() < deadline:
            time.sleep(0.02)
