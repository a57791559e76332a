"""The cluster as this project talks to it: searches that answer whole or not at all."""

import time
from collections.abc import Sequence
from pathlib import Path

import orjson
from elastic_transport.client_utils import DEFAULT
from elasticsearch import (
    ApiError,
    ConnectionError,  # noqa: A004 (the client's own name)
    ConnectionTimeout,
    Elasticsearch,
    OrjsonSerializer,
    SSLError,
    TransportError,
)
from urllib3.exceptions import ConnectTimeoutError
from urllib3.util import Timeout

from app.domain.errors import EngineUnavailable
from indexer.elasticsearch.mapping import Json

# A page must say within two seconds that it cannot search: all the tries of a search share this
# time. A node that is gone is left at once for another, one that is slow is not waited for twice.
SEARCH_SECONDS = 1.5
# A machine that is off refuses nothing: its silence must leave time for another.
CONNECT_SECONDS = 0.4
TRIES = 3
# While the copies of a lost node take its place, some answers miss a part for an instant.
PAUSE_SECONDS = 0.2
WRITE_SECONDS = 60.0
_HTTP_NOT_FOUND = 404
_HTTP_SERVER_ERROR = 500


def connect(url: str, authority: Path | None = None) -> Elasticsearch:
    """Returns a client of the nodes of an address; several are parted by commas.

    With https, certificates are those of the system, or those that `authority` has signed.
    """
    return Elasticsearch(
        url.split(","),
        ca_certs=str(authority) if authority else DEFAULT,
        serializer=OrjsonSerializer(),
        request_timeout=WRITE_SECONDS,
        max_retries=2,
        retry_on_timeout=False,
        dead_node_backoff_factor=1,
    )


class _Missed(EngineUnavailable):
    """A try that another may make good, after a pause."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.pause = pause


class Searcher:
    """Runs searches on an alias, several in one round trip."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client.options(max_retries=0, retry_on_timeout=False, retry_on_status=())
        header = {"index": alias, "allow_partial_search_results": False}
        self._clients: dict[int, Elasticsearch] = {}  # by hundredths of a second of patience
        self._header = orjson.dumps(header)
        self._personal_header = orjson.dumps({**header, "request_cache": False})

    def run(self, searches: Sequence[Json], *, personal: bool = False) -> list[Json]:
        """Returns the answer of each search; the cluster keeps no answer made for one person.

        What it would keep never serves again, and its key is the whole request, lists of ids
        included. Raises `EngineUnavailable` when a search has no answer, or part of one.
        """
        header = self._personal_header if personal else self._header
        lines = []
        for search in searches:
            lines += [header, orjson.dumps(search)]
        deadline = time.monotonic() + SEARCH_SECONDS
        for others in reversed(range(TRIES)):
            try:
                return self._try(lines, deadline - time.monotonic())
            except _Missed as missed:
                if not others or time.monotonic() + missed.pause >= deadline:
                    raise
                time.sleep(missed.pause)
        raise AssertionError("the last try returns or raises")

    def _try(self, lines: Sequence[bytes], seconds: float) -> list[Json]:
        """Asks one node."""
        try:
            answers: list[Json] = self._within(seconds).msearch(searches=lines)["responses"]  # type: ignore[arg-type]  # lines already written
        except ApiError as exc:
            raise _failure(exc.status_code) from exc
        except TransportError as exc:
            raise (_Missed if _is_gone(exc) else EngineUnavailable)("cluster_unreachable") from exc
        for answer in answers:
            if "error" in answer:
                raise _failure(answer["status"])
            if answer["_shards"]["failed"]:
                raise _Missed("partial_answer", PAUSE_SECONDS)
            if answer["timed_out"]:
                raise EngineUnavailable("partial_answer")
        return answers

    def _within(self, seconds: float) -> Elasticsearch:
        """Returns the client that waits for so long, to the hundredth: making one takes a while."""
        hundredths = max(1, int(seconds * 100))
        if hundredths not in self._clients:
            total = hundredths / 100
            timeout = Timeout(connect=min(CONNECT_SECONDS, total), total=total)
            options = self._client.options(request_timeout=timeout)  # type: ignore[arg-type]  # handed to urllib3 as it is
            self._clients[hundredths] = options
        return self._clients[hundredths]


def _is_gone(exc: TransportError) -> bool:
    """True when a node did not even take the search: another may."""
    if isinstance(exc, ConnectionTimeout):
        return any(isinstance(cause, ConnectTimeoutError) for cause in exc.errors)
    return isinstance(exc, ConnectionError) and not isinstance(exc, SSLError)


def _failure(status: int) -> EngineUnavailable:
    reason = _reason(status)
    # Refused for what it asks, or by a node with too much to do: once more would change nothing.
    return (
        _Missed(reason, PAUSE_SECONDS)
        if status >= _HTTP_SERVER_ERROR
        else EngineUnavailable(reason)
    )


def _reason(status: int) -> str:
    return "no_generation" if status == _HTTP_NOT_FOUND else f"cluster_{status}"
