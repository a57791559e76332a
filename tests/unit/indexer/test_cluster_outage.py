"""A cluster that is away, slow, busy or half broken gives no answer, never an empty one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import ApiError, ConnectionError, ConnectionTimeout, Elasticsearch  # noqa: A004
from urllib3.exceptions import ConnectTimeoutError
from urllib3.util import Timeout

from app.domain.errors import EngineUnavailable, IndexUnavailable
from app.domain.offre import OffreId
from indexer.documents import Change
from indexer.elasticsearch import cluster
from indexer.elasticsearch.cluster import SEARCH_SECONDS, Searcher, connect
from indexer.elasticsearch.index import ElasticsearchGeneration
from tests.fake_node import WHOLE, FakeNode, Slow, bulk

ALL = [{"query": {"match_all": {}}}]


@pytest.fixture
def node() -> Iterator[FakeNode]:
    node = FakeNode()
    yield node
    node.stop()


@pytest.fixture
def searcher(node: FakeNode) -> Searcher:
    return Searcher(connect(node.url), "offres")


def test_a_whole_answer_is_returned(searcher: Searcher) -> None:
    assert searcher.run(ALL) == [WHOLE]


def test_the_cluster_is_told_to_keep_no_answer_made_for_a_person(
    searcher: Searcher, node: FakeNode
) -> None:
    searcher.run(ALL, personal=True)
    searcher.run(ALL)

    kept = [
        json.loads(asked.body.splitlines()[0]).get("request_cache", True) for asked in node.received
    ]
    assert kept == [False, True]


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
    searcher: Searcher, node: FakeNode, answer: tuple[int, object]
) -> None:
    node.answer = lambda _: answer

    with pytest.raises(EngineUnavailable):
        searcher.run(ALL)


def test_a_slow_node_is_not_waited_for_twice(
    searcher: Searcher, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.elasticsearch.cluster.SEARCH_SECONDS", 0.05)
    node.answer = slow = Slow()
    hasty = Searcher(connect(node.url), "offres")

    with pytest.raises(EngineUnavailable):
        hasty.run(ALL)
    slow.released.set()
    assert node.asked == 1


def test_a_node_that_is_gone_leaves_the_others(node: FakeNode) -> None:
    gone = FakeNode()
    gone.stop()
    searcher = Searcher(connect(f"{gone.url},{node.url}"), "offres")

    for _ in range(4):
        assert searcher.run(ALL) == [WHOLE]


def test_no_node_at_all_is_told() -> None:
    gone = FakeNode()
    gone.stop()

    with pytest.raises(EngineUnavailable):
        Searcher(connect(gone.url), "offres").run(ALL)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param((503, {"error": "no master"}), id="refused"),
        pytest.param((200, {"responses": [{"error": {}, "status": 503}]}), id="one search failed"),
        pytest.param((200, {"responses": [WHOLE | {"_shards": {"failed": 1}}]}), id="a shard less"),
    ],
)
def test_what_fails_while_a_copy_takes_over_is_asked_again(
    searcher: Searcher, node: FakeNode, first: tuple[int, object]
) -> None:
    answers = iter([first, (200, {"responses": [WHOLE]})])
    node.answer = lambda _: next(answers)

    assert searcher.run(ALL) == [WHOLE]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429])
def test_what_another_try_would_not_change_is_asked_once(
    searcher: Searcher, node: FakeNode, status: int
) -> None:
    node.answer = lambda _: (status, {"error": "no"})

    with pytest.raises(EngineUnavailable):
        searcher.run(ALL)
    assert node.asked == 1


@dataclass
class Clock:
    """Time that passes only when someone waits."""

    now: float = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Waiting:
    """Stands for the client: each try takes all the time it is given, or a share of it."""

    clock: Clock
    fault: Exception
    is_connecting: bool = False
    share: float = 1.0
    given: list[Timeout] = field(default_factory=list)

    def options(self, request_timeout: Timeout | None = None, **_: object) -> "Waiting":
        if request_timeout is not None:
            self.given.append(request_timeout)
        return self

    def msearch(self, **_: object) -> Any:
        timeout = self.given[-1]
        seconds = cast("float", timeout.connect_timeout if self.is_connecting else timeout.total)
        self.clock.sleep(self.share * seconds)
        raise self.fault


UNREADY = ApiError(
    "503",
    ApiResponseMeta(503, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "127.0.0.1", 9)),
    {},
)
SILENT = ConnectionTimeout("", errors=(ConnectTimeoutError(),))


@pytest.mark.parametrize(
    ("tries", "more"),
    [
        pytest.param(1, {"fault": ConnectionTimeout("")}, id="slow"),
        pytest.param(3, {"fault": SILENT, "is_connecting": True}, id="machines-off"),
        pytest.param(3, {"fault": ConnectionError(""), "share": 0.5}, id="lost-half-way"),
        pytest.param(1, {"fault": ConnectionError("")}, id="lost-at-the-end"),
        pytest.param(2, {"fault": UNREADY, "share": 0.6}, id="slow-to-refuse"),
    ],
)
def test_all_the_tries_of_a_search_share_its_time(
    monkeypatch: pytest.MonkeyPatch, tries: int, more: dict[str, Any]
) -> None:
    monkeypatch.setattr(cluster, "time", clock := Clock())
    client = Waiting(clock, **more)

    with pytest.raises(EngineUnavailable):
        Searcher(cast("Elasticsearch", client), "offres").run(ALL)

    assert len(client.given) == tries
    assert clock.now - 100 <= SEARCH_SECONDS < 2


def write(node: FakeNode, count: int) -> None:
    generation = ElasticsearchGeneration(
        connect(node.url), "offres-1", lambda _: None, is_searched=False
    )
    generation.apply(
        [Change(offre_id=OffreId(str(n)), version=3, document=None) for n in range(count)]
    )


def test_a_write_already_done_is_a_success(node: FakeNode) -> None:
    node.answer = lambda _: bulk(201, 409)

    write(node, 2)


@pytest.mark.parametrize("status", [400, 429, 503])
def test_half_a_bulk_leaves_the_debt(node: FakeNode, status: int) -> None:
    node.answer = lambda _: bulk(201, status)

    with pytest.raises(IndexUnavailable):
        write(node, 2)


@pytest.mark.parametrize("status", [429, 503])
def test_a_refused_bulk_leaves_the_debt(node: FakeNode, status: int) -> None:
    node.answer = lambda _: (status, {"error": "busy"})

    with pytest.raises(IndexUnavailable):
        write(node, 2)
