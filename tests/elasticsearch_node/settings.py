"""The settings of a cluster and the files that each of its nodes reads at start."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.elasticsearch_node.certificates import AUTHORITY, NODE, NODE_KEY
from tests.elasticsearch_node.ports import LOOPBACK
from tests.elasticsearch_node.security import (
    JVM_OPTIONS,
    Security,
    security_settings,
    write_users,
)

HEAP_MB = 512  # design section 9
CONSOLE_ONLY = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] [%node_name] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""
# Half the processor time and half the memory of the usual options at start (6 s against 12 s, 350
# MB against 750), for a peak speed that tests do not need: no second compiler, the simplest
# collector, a heap that takes memory only when it is used.
QUICK_START = """\
-XX:TieredStopAtLevel=1
-XX:+UseSerialGC
-XX:-AlwaysPreTouch
-XX:+ExitOnOutOfMemoryError
-Djava.io.tmpdir=${ES_TMPDIR}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """What a cluster is made of.

    `quick_start` halves the time of the start and the memory; without it the nodes run with the
    options that Elasticsearch ships, which is what measures want. `http_port` is the port of the
    first node, those of the others follow; without it, free ones are chosen. `more` goes into the
    settings of every node as it is. `guardian` is the process that the nodes must not outlive.
    """

    nodes: int = 1
    http_port: int | None = None
    heap_mb: int = HEAP_MB
    quick_start: bool = True
    security: Security | None = None
    more: Mapping[str, object] = field(default_factory=dict)
    guardian: int = field(default_factory=os.getpid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one node is: its name, its folder, its two ports."""

    name: str
    folder: Path
    http_port: int
    transport_port: int

    @property
    def configuration(self) -> Path:
        return self.folder / "config"

    @property
    def temporary(self) -> Path:
        return self.folder / "tmp"

    @property
    def log(self) -> Path:
        return self.folder / "node.log"


def write_configuration(
    settings: ClusterSettings, places: Sequence[Place], place: Place, home: Path, certificates: Path
) -> None:
    """Makes the folders of a node, and the files that it reads at start.

    `home` is the distribution; `certificates` is used when connections are encrypted.
    """
    for folder in (place.configuration, place.temporary, place.folder / "data"):
        folder.mkdir(parents=True)
    lines = _node_settings(settings, places, place)
    if settings.security:
        lines |= security_settings()
        write_users(settings.security, place.configuration)
        for name in (AUTHORITY, NODE, NODE_KEY):  # a node may read no other folder
            shutil.copy(certificates / name, place.configuration)
    files = {
        "elasticsearch.yml": "".join(f"{k}: {json.dumps(v)}\n" for k, v in lines.items()),
        "log4j2.properties": CONSOLE_ONLY,
        "jvm.options": QUICK_START,
        "jvm.options.d/cluster.options": "\n".join(_jvm_options(settings)),
    }
    (place.configuration / "jvm.options.d").mkdir()
    for name, text in files.items():
        (place.configuration / name).write_text(text, encoding="utf-8")
    if not settings.quick_start:
        shutil.copy(home / "config" / "jvm.options", place.configuration)


def _jvm_options(settings: ClusterSettings) -> list[str]:
    heap = [f"-Xms{settings.heap_mb}m", f"-Xmx{settings.heap_mb}m"]
    return [*heap, JVM_OPTIONS] if settings.security else heap


def _node_settings(
    settings: ClusterSettings, places: Sequence[Place], place: Place
) -> dict[str, object]:
    return {
        "cluster.name": places[0].folder.parent.name,  # no other cluster has this folder
        "node.name": place.name,
        "path.data": str(place.folder / "data"),
        "path.logs": str(place.folder),
        "network.host": LOOPBACK,
        "http.port": place.http_port,
        "transport.port": place.transport_port,
        **_discovery(places),
        "xpack.security.enabled": False,
        # A developer's disk is often nearly full; these data are small and short-lived.
        "cluster.routing.allocation.disk.threshold_enabled": False,
        # Tests erase all their indices at once.
        "action.destructive_requires_name": False,
        **settings.more,
    }


def _discovery(places: Sequence[Place]) -> dict[str, object]:
    if len(places) == 1:
        return {"discovery.type": "single-node"}
    return {
        "discovery.seed_hosts": [f"{LOOPBACK}:{place.transport_port}" for place in places],
        "cluster.initial_master_nodes": [place.name for place in places],
        # The nodes start at the same time: they meet as soon as they look for each other.
        "discovery.find_peers_interval": "200ms",
    }
