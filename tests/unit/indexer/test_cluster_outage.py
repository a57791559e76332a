"""A cluster that is away, slow, busy or half broken gives no answer, never an empty one."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.domain.errors import EngineUnavailable, IndexUnavailable
from app.domain.offre import OffreId
from indexer.documents import Change
from indexer.elasticsearch.cluster import Searcher, connect
from indexer.elasticsearch.index import ElasticsearchGeneration

WHOLE = {"took": 1, "timed_out": False, "_shards": {"failed": 0}, "hits": {"hits": []}}
Answer = Callable[[], tuple[int, object]]


class Node:
    """Stands for a node of the cluster; `answer` is what it says to everything."""

    def __init__(self) -> None:
        self.answer: Answer = lambda: (200, {"responses": [WHOLE]})
        self.asked = 0
        node = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                node.asked += 1
                self.rfile.read(int(self.headers["Content-Length"]))
                status, body = node.answer()
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("X-Elastic-Product", "Elasticsearch")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_PUT = do_POST  # noqa: N815 (the name is that of the standard library)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def node() -> Iterator[Node]:
    node = Node()
    yield node
    node.server.shutdown()
    node.server.server_close()


@pytest.fixture
def searcher(node: Node) -> Searcher:
    return Searcher(connect(node.url), "offres")


def test_a_whole_answer_is_returned(searcher: Searcher) -> None:
    assert searcher.run([{"query": {"match_all": {}}}]) == [WHOLE]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((429, {"error": "busy"}), id="busy"),
        pytest.param((503, {"error": "no master"}), id="no master"),
        pytest.param((404, {"error": "index_not_found"}), id="no generation"),
        pytest.param((200, {"responses": [{"error": {}, "status": 500}]}), id="one search failed"),
        pytest.param((200, {"responses": [WHOLE | {"timed_out": True}]}), id="cut short"),
        pytest.param((200, {"responses": [WHOLE | {"_shards": {"failed": 1}}]}), id="a shard less"),
    ],
)
def test_part_of_an_answer_is_no_answer(
    searcher: Searcher, node: Node, answer: tuple[int, object]
) -> None:
    node.answer = lambda: answer

    with pytest.raises(EngineUnavailable):
        searcher.run([{"query": {"match_all": {}}}])


def test_a_slow_node_is_not_waited_for_twice(
    searcher: Searcher, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.elasticsearch.cluster.SEARCH_SECONDS", 0.05)
    ended = threading.Event()

    def slow() -> tuple[int, object]:
        ended.wait(10)
        return 200, {"responses": [WHOLE]}

    node.answer = slow
    hasty = Searcher(connect(node.url), "offres")

    with pytest.raises(EngineUnavailable):
        hasty.run([{"query": {"match_all": {}}}])
    ended.set()
    assert node.asked == 1


def test_a_node_that_is_gone_leaves_the_others(node: Node) -> None:
    gone = Node()
    gone.server.shutdown()
    gone.server.server_close()
    searcher = Searcher(connect(f"{gone.url},{node.url}"), "offres")

    for _ in range(4):
        assert searcher.run([{"query": {"match_all": {}}}]) == [WHOLE]


def test_no_node_at_all_is_told() -> None:
    gone = Node()
    gone.server.shutdown()
    gone.server.server_close()

    with pytest.raises(EngineUnavailable):
        Searcher(connect(gone.url), "offres").run([{"query": {"match_all": {}}}])


def bulk(*statuses: int) -> tuple[int, object]:
    items = [{"index": {"_id": str(n), "status": status}} for n, status in enumerate(statuses)]
    return 200, {"errors": any(s >= 300 for s in statuses), "items": items}


def write(node: Node, count: int) -> None:
    generation = ElasticsearchGeneration(connect(node.url), "offres-1", is_searched=False)
    generation.apply(
        [Change(offre_id=OffreId(str(n)), version=3, document=None) for n in range(count)]
    )


def test_a_write_already_done_is_a_success(node: Node) -> None:
    node.answer = lambda: bulk(201, 409)

    write(node, 2)


@pytest.mark.parametrize("status", [400, 429, 503])
def test_half_a_bulk_leaves_the_debt(node: Node, status: int) -> None:
    node.answer = lambda: bulk(201, status)

    with pytest.raises(IndexUnavailable):
        write(node, 2)


@pytest.mark.parametrize("status", [429, 503])
def test_a_refused_bulk_leaves_the_debt(node: Node, status: int) -> None:
    node.answer = lambda: (status, {"error": "busy"})

    with pytest.raises(IndexUnavailable):
        write(node, 2)
