"""A site whose record is on PostgreSQL and whose index is on a cluster, with all its processes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path

from elasticsearch import Elasticsearch

from app.domain.search import SearchCriteria
from app.feeds.reader import FeedFile
from app.services.import_feed import FeedImport
from indexer.documents import DocumentBuilder
from indexer.elasticsearch.encoding import encode
from indexer.elasticsearch.mapping import COMBINED, TOKENS, Json
from tests.builders import TODAY
from tests.elasticsearch_node.ports import LOOPBACK, free_ports
from tests.integration.site import COMMAND_SECONDS, ROOT, SERVICE, STRUCTURE, Site

SOURCE = "dora"
PAGE = 500
PAUSE_SECONDS = 0.02
WRITER = "tests.integration.endless_writer"
UNSEEN = {*TOKENS.values(), COMBINED}  # what the cluster does not give back


def listings(ranks: Iterable[int], version: int) -> list[dict[str, object]]:
    """Services of one structure; the index tells their versions apart by their dates."""
    day = str(date(2024, 1, 1) + timedelta(days=version))
    common = {**SERVICE, "date_maj": day, "nom": f"Atelier {version}"}
    return [STRUCTURE, *({**common, "id": f"dora--1--{rank:05d}"} for rank in ranks)]


@dataclass
class ClusterSite(Site):
    """Its commands drain to the cluster; `record` writes to the record and leaves the debt."""

    cluster_url: str = ""
    index: str = ""

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | {
            "SEARCH_ENGINE": "elasticsearch",
            "ELASTICSEARCH_URL": self.cluster_url,
            "ELASTICSEARCH_INDEX": self.index,
        }

    def record(self, records: Sequence[dict[str, object]]) -> None:
        """Imports the whole of a source: the listings that it no longer has are withdrawn."""
        feed = self.write(f"flux-{os.getpid()}", records)
        refused: list[object] = []
        FeedImport(
            store=self.composition.store,
            reader=self.composition.record_reader(),
            reject=refused.append,
            progress=lambda _: None,
            now=self.composition.clock.now(),
        ).run([FeedFile(feed)], [SOURCE], force=True)
        assert refused == []

    @property
    def depth(self) -> int:
        return self.composition.outbox.depth()

    def found(self) -> list[str]:
        """Returns the ids that a search finds, page after page."""
        criteria = SearchCriteria(date=TODAY, par_page=PAGE)
        first = self.composition.engine.search(criteria)
        ids = [hit.offre_id for hit in first.hits]
        for page in range(2, first.total // PAGE + 2):
            ids += [
                h.offre_id
                for h in self.composition.engine.search(replace(criteria, page=page)).hits
            ]
        assert first.total == len(ids)
        return [str(ident) for ident in ids]

    def expected_documents(self) -> dict[str, Json]:
        """Returns what the record says that the index should hold."""
        builder = DocumentBuilder(self.composition.vocabulaire, self.composition.geographie)
        documents: dict[str, Json] = {}
        for page in self.composition.catalogue_reader.published():
            for value in page:
                source = encode(
                    builder.build(
                        value.offre,
                        value.structure_nom,
                        value.expressions,
                        value.structure_horaires,
                    )
                )
                kept = {name: what for name, what in source.items() if name not in UNSEEN}
                documents[value.offre.id] = json.loads(json.dumps(kept))
        return documents


def held_documents(client: Elasticsearch, alias: str) -> dict[str, Json]:
    """Returns the live documents that an alias leads to."""
    held: dict[str, Json] = {}
    after: Json = {}
    while True:
        answer = client.search(
            index=alias, query={"term": {"vivant": True}}, size=1_000, sort=["offre_id"], **after
        )
        hits = answer["hits"]["hits"]
        if not hits:
            return held
        held.update((hit["_id"], hit["_source"]) for hit in hits)
        after = {"search_after": hits[-1]["sort"]}


def wait_for(what: Callable[[], bool], *processes: subprocess.Popen[str]) -> None:
    """Polls until something holds; fails when a process that brings it about has ended."""
    deadline = time.monotonic() + COMMAND_SECONDS
    while not what():
        for process in processes:
            assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


def kill(process: subprocess.Popen[str]) -> None:
    """Kills a process that still runs, without a warning."""
    assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@contextmanager
def running(*processes: subprocess.Popen[str]) -> Iterator[None]:
    """Ends processes, and their own, with the block."""
    try:
        yield
    finally:
        for process in processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


@contextmanager
def writing_without_end(site: ClusterSite, count: int) -> Iterator[Callable[[], int]]:
    """A process that writes until the block ends; gives how many versions it has written."""
    stop = site.folder / "stop"
    written = Path(f"{stop}.written")
    process = spawn(site, [sys.executable, "-m", WRITER, str(site.folder), str(stop), str(count)])
    with running(process):
        wait_for(written.exists, process)
        yield lambda: int(written.read_text() or 0)
        stop.touch()
        _, said = process.communicate(timeout=COMMAND_SECONDS)
        assert process.returncode == 0, said


@contextmanager
def served(site: ClusterSite) -> Iterator[int]:
    """A web server with two workers; gives its port."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
    environ = {"HOST": LOOPBACK, "PORT": str(port), "WEB_CONCURRENCY": "2"}
    log = site.folder / f"gunicorn-{port}"
    process = spawn(
        site, [*command, "--log-file", str(log), "tests.integration.patient_wsgi:app"], **environ
    )
    with running(process):
        wait_for(lambda: _status(port, "/healthz") == 200, process)
        yield port


def spawn(site: Site, command: list[str], **environ: str) -> subprocess.Popen[str]:
    """Starts a process of the site that keeps to itself what it says."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, **site.environ, **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def _status(port: int, path: str) -> int:
    connection = HTTPConnection(LOOPBACK, port, timeout=COMMAND_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


@dataclass
class Visitors:
    """Clients that search one web server or another without end, and what they were told."""

    ports: Sequence[int]
    count: int = 4
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def searching(self) -> Iterator[None]:
        """Searches for the length of a block."""
        threads = [threading.Thread(target=self._search, args=(n,)) for n in range(self.count)]
        for thread in threads:
            thread.start()
        try:
            yield
            before = sum(self.answers.values())
            wait_for(lambda: sum(self.answers.values()) > before or bool(self.wrong))
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _search(self, rank: int) -> None:
        connection = HTTPConnection(
            LOOPBACK, self.ports[rank % len(self.ports)], timeout=COMMAND_SECONDS
        )
        try:
            while not self._stop.wait(PAUSE_SECONDS):  # the others need the processors too
                connection.request("GET", "/api/v1/offres?q=atelier&par_page=20")
                response = connection.getresponse()
                text = response.read().decode()
                self.answers[response.status] += 1
                if response.status != 200:
                    self.wrong.append(text)
                    continue
                body = json.loads(text)
                ids = [result["id"] for result in body["resultats"]]
                if not body["total"] or len(set(ids)) != len(ids):
                    self.wrong.append(text)
        except OSError as exc:
            self.wrong.append(repr(exc))
        finally:
            connection.close()
