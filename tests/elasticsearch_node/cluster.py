"""A cluster on this machine: one node or several, that answer when `start_cluster` returns.

It ends with `stop`, or with the process that it must not outlive, whatever ends that one.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.elasticsearch_node import watchdog
from tests.elasticsearch_node.certificates import AUTHORITY, make_certificates
from tests.elasticsearch_node.distribution import Say, fetch_distribution
from tests.elasticsearch_node.health import Address, health
from tests.elasticsearch_node.java import find_java_home
from tests.elasticsearch_node.node import PROGRAM, Node
from tests.elasticsearch_node.ports import LOOPBACK, free_ports
from tests.elasticsearch_node.settings import ClusterSettings, Place, write_configuration
from tests.elasticsearch_node.unprivileged import check_can_run

START_SECONDS = 180  # 10 on a quiet machine, 40 for three nodes on two busy cores
POLL_SECONDS = 0.1
TRIES = 3  # another program may take a port between our choice and its use
CERTIFICATES = "certificates"


class PortTaken(Exception):
    """Another program listens where a node should."""


class NodeFailed(Exception):
    """A node ended, or did not answer in time; the message is the end of its log."""


@dataclass(kw_only=True)
class Cluster:
    """A running cluster. Nodes are named by their index, from 0."""

    settings: ClusterSettings
    folder: Path
    nodes: list[Node]
    watchdog: subprocess.Popen[bytes]

    @property
    def urls(self) -> list[str]:
        """The address of each node."""
        return [self._address(index).url for index in range(len(self.nodes))]

    @property
    def url(self) -> str:
        """The address of the first node."""
        return self.urls[0]

    @property
    def authority(self) -> Path | None:
        """The certificate to trust, when connections are encrypted."""
        return self.folder / CERTIFICATES / AUTHORITY if self.settings.security else None

    def kill(self, index: int) -> None:
        """Ends a node at once, without a word to the others."""
        self.nodes[index].kill()

    def pause(self, index: int) -> None:
        """Freezes a node: it keeps its connections and answers nothing."""
        self.nodes[index].pause()

    def resume(self, index: int) -> None:
        """Ends the pause of a node."""
        self.nodes[index].resume()

    def restart(self, index: int) -> None:
        """Starts a killed node again, on its data and its ports, until all running nodes agree."""
        self.nodes[index].kill()
        self.nodes[index].start()
        self.wait()

    def wait(self, seconds: float = START_SECONDS) -> None:
        """Waits until the nodes that should answer see each other and nobody else."""
        deadline = time.monotonic() + seconds
        expected = [index for index, node in enumerate(self.nodes) if node.is_expected]
        for index in expected:
            while health(self._address(index)).nodes != len(expected):
                self._check(deadline)
                time.sleep(POLL_SECONDS)

    def watch(self) -> None:
        """Returns never, unless a node ends by itself: then raises `NodeFailed`."""
        while True:
            if failed := [node for node in self.nodes if node.has_failed]:
                raise NodeFailed(failed[0].log_tail())
            time.sleep(1)

    def stop(self) -> None:
        """Stops every node and erases their data."""
        for node in self.nodes:
            node.ask_to_stop()
        for node in self.nodes:
            node.wait_until_stopped()
        self.watchdog.kill()
        self.watchdog.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _address(self, index: int) -> Address:
        security = self.settings.security
        port = self.nodes[index].place.http_port
        return Address(
            host=LOOPBACK,
            port=port,
            authority=self.authority,
            credentials=security.administrator.credentials if security else None,
        )

    def _check(self, deadline: float) -> None:
        failed = [node for node in self.nodes if node.has_failed]
        if any(node.port_was_taken() for node in failed):
            raise PortTaken
        if failed or time.monotonic() > deadline:
            raise NodeFailed("\n\n".join(node.log_tail() for node in failed or self.nodes))


def start_cluster(settings: ClusterSettings | None = None, say: Say = lambda _: None) -> Cluster:
    """Returns a cluster whose nodes all answer.

    `say` hears what takes time. Raises `NodeUnavailable` when this machine lacks something.
    """
    settings = settings or ClusterSettings()
    java_home = find_java_home()
    home = fetch_distribution(say)
    for program in (java_home / "bin" / "java", home / PROGRAM):
        check_can_run(program)
    for remaining in reversed(range(TRIES)):
        cluster = _prepare(settings, home, java_home)
        try:
            for node in cluster.nodes:
                node.start()
            cluster.wait()
        except PortTaken:
            cluster.stop()
            if settings.http_port is not None or not remaining:
                raise
        except BaseException:
            cluster.stop()
            raise
        else:
            return cluster
    raise PortTaken


@contextmanager
def running_cluster(
    settings: ClusterSettings | None = None, say: Say = lambda _: None
) -> Iterator[Cluster]:
    """Starts a cluster for the length of a block."""
    cluster = start_cluster(settings, say)
    try:
        yield cluster
    finally:
        cluster.stop()


def _prepare(settings: ClusterSettings, home: Path, java_home: Path) -> Cluster:
    folder = Path(tempfile.mkdtemp(prefix="eventail-es-"))
    try:
        folder.chmod(0o755)  # the nodes may run as someone else
        certificates = folder / CERTIFICATES
        certificates.mkdir()
        if settings.security:
            make_certificates(certificates)
        places = _places(settings, folder)
        for place in places:
            write_configuration(settings, places, place, home, certificates)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Cluster(
        settings=settings,
        folder=folder,
        nodes=[Node(place, home, java_home) for place in places],
        watchdog=_watch(settings.guardian, folder),
    )


def _places(settings: ClusterSettings, folder: Path) -> list[Place]:
    first = settings.http_port
    chosen = [] if first is None else list(range(first, first + settings.nodes))
    ports = [*chosen, *free_ports(2 * settings.nodes - len(chosen), besides=chosen)]
    return [
        Place(
            name=f"node-{index}",
            folder=folder / f"node-{index}",
            http_port=ports[index],
            transport_port=ports[settings.nodes + index],
        )
        for index in range(settings.nodes)
    ]


def _watch(guardian: int, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", watchdog.__file__, str(guardian), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the Ctrl-C of a terminal is for the guardian
    )
