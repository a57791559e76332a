"""Three nodes, one of which is killed while people search and a worker writes.

The site is a real server, the worker a real process; nobody sees that a node is gone.
"""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from app.feeds.reader import FeedFile
from app.services.import_feed import FeedImport
from app.web.public.typographie import counted
from tests.elasticsearch_node.cluster import Cluster, running_cluster
from tests.elasticsearch_node.plugin import skip_or_fail
from tests.elasticsearch_node.ports import free_ports
from tests.elasticsearch_node.settings import ClusterSettings
from tests.elasticsearch_node.unavailable import NodeUnavailable
from tests.integration.site import ROOT, STRUCTURE, Site, make_services

pytestmark = [pytest.mark.elasticsearch, pytest.mark.xdist_group("cluster-nodes")]

SERVICES = 60
SOME = 8  # answers
PAUSE_SECONDS = 0.1
# Two copies of each, on two of the three nodes: whichever is killed holds some.
SHARDS = "3"
DEADLINE_SECONDS = 600
CLEAN = "La base et l’index disent la même chose.\n"
# What a whole answer says.
PATHS = {
    "/recherche?q=code": counted(SERVICES, "offre"),
    "/api/v1/offres?q=code": f'"total":{SERVICES}',
    "/api/v1/offres?par_page=1": f'"total":{SERVICES}',
}


# Gunicorn, that waits for a slow answer: a machine where a node starts has no processor to spare.
PATIENT_SERVER = """
from gunicorn.app.wsgiapp import run
from indexer.elasticsearch import cluster

cluster.SEARCH_SECONDS = 60.0
run()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    path: str
    status: int
    is_whole: bool


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    try:
        with running_cluster(ClusterSettings(nodes=3, heap_mb=256)) as running:
            yield running
    except NodeUnavailable as exc:
        skip_or_fail(str(exc))


@pytest.fixture
def cluster_site(cluster: Cluster, tmp_path: Path) -> Iterator[Site]:
    """An installed site that knows the three nodes, with its listings in the index."""
    environ = {
        "SEARCH_ENGINE": "elasticsearch",
        "ELASTICSEARCH_URL": ",".join(cluster.urls),
        "ELASTICSEARCH_SHARDS": SHARDS,
        "RATE_LIMITS": "off",
    }
    site = Site(url=None, folder=tmp_path, more=environ)
    feed = site.write("flux", [STRUCTURE, *make_services(SERVICES)])
    assert site.import_(feed).exit_code == 0
    yield site
    site.close()


class Searchers:
    """People who search without end; `answers` counts what they were told."""

    def __init__(self, port: int) -> None:
        self.answers: Counter[Answer] = Counter()
        self._port = port
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._search, args=(path,)) for path in PATHS]

    def __enter__(self) -> "Searchers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _search(self, path: str) -> None:
        # As people do, and nodes need processors to start.
        while not self._stopped.wait(PAUSE_SECONDS):
            self.answers[answer_of(self._port, path)] += 1

    def go_on(self) -> None:
        """Waits until each of them was told something some more times."""
        before = self._by_path()
        wait_until(lambda: all(self._by_path()[p] >= before[p] + SOME for p in PATHS))

    def _by_path(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for answer, count in list(self.answers.items()):
            counts[answer.path] += count
        return counts


def answer_of(port: int, path: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_SECONDS)
    with contextlib.closing(connection):
        connection.request("GET", path)
        response = connection.getresponse()
        text = response.read().decode()
        said = PATHS.get(path) or f'"total":{SERVICES}'
        return Answer(path=path, status=response.status, is_whole=said in text)


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def web_server(site: Site) -> Iterator[int]:
    """Runs the site’s own server; gives its port once it answers."""
    port = free_ports(1)[0]
    server = subprocess.Popen(
        [sys.executable, "-c", PATIENT_SERVER, "--config", "gunicorn.conf.py", "wsgi:app"],
        cwd=ROOT,
        env=os.environ | site.environ | {"PORT": str(port), "WEB_CONCURRENCY": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def answers() -> bool:
        assert server.poll() is None
        with contextlib.suppress(OSError):
            return answer_of(port, "/readyz").status == 200
        return False

    try:
        wait_until(answers)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(DEADLINE_SECONDS)


@contextmanager
def worker(site: Site) -> Iterator[None]:
    """Runs the process that carries changes to the index."""
    process = site.start("index", "drain", "--watch")
    try:
        yield
        assert process.poll() is None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def write(site: Site, name: str) -> None:
    """Writes a new name into every listing, as a partner’s process does: the index owes it."""
    FeedImport(
        store=site.composition.store,
        reader=site.composition.record_reader(),
        reject=lambda rejet: pytest.fail(rejet.raison),
        progress=lambda _: None,
        now=site.composition.clock.now(),
    ).run([FeedFile(site.write("noms", make_services(SERVICES, nom=name)))], (), force=False)
    assert site.composition.outbox.depth() >= SERVICES


def elected_master(client: Elasticsearch) -> int:
    """Returns the index of the node that the others follow: the one that is missed most."""
    (master,) = client.cat.master(format="json")
    return int(master["node"].removeprefix("node-"))


def holds_copies(client: Elasticsearch, node: int) -> bool:
    shards = client.cat.shards(index="offres-*", format="json")
    return f"node-{node}" in {shard["node"] for shard in shards}


def test_the_elected_node_is_killed_and_nobody_sees_it(
    cluster: Cluster, cluster_site: Site
) -> None:
    outbox = cluster_site.composition.outbox
    with (
        Elasticsearch(cluster.urls, request_timeout=300, max_retries=10) as client,
        web_server(cluster_site) as port,
        worker(cluster_site),
        Searchers(port) as people,
    ):
        client.cluster.health(index="offres", wait_for_status="green", timeout="240s")
        people.go_on()
        lost = elected_master(client)
        assert holds_copies(client, lost)

        cluster.kill(lost)
        people.go_on()
        write(cluster_site, "Trottinette")
        wait_until(lambda: outbox.depth() == 0)
        assert answer_of(port, "/api/v1/offres?q=trottinette").is_whole
        people.go_on()
        cluster.restart(lost)
        write(cluster_site, "Parapluie")
        wait_until(lambda: outbox.depth() == 0)
        health = client.cluster.health(index="offres", wait_for_status="green", timeout="240s")
        people.go_on()

        assert answer_of(port, "/api/v1/offres?q=parapluie").is_whole
        assert health["status"] == "green"
        assert {(a.status, a.is_whole) for a in people.answers} == {(200, True)}, people.answers
        assert client.count(index="offres")["count"] == SERVICES
    assert cluster_site.run("index", "check").output == CLEAN
