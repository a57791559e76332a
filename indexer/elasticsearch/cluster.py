"""The cluster as this project talks to it: searches that answer whole or not at all."""

from collections.abc import Sequence
from pathlib import Path

import orjson
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, OrjsonSerializer, TransportError

from app.domain.errors import EngineUnavailable
from indexer.elasticsearch.mapping import Json

# A page must say within two seconds that it cannot search; a node that refuses is left at once for
# another, a node that is slow is not waited for twice.
SEARCH_SECONDS = 1.5
WRITE_SECONDS = 60.0
_HTTP_NOT_FOUND = 404


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


class Searcher:
    """Runs searches on an alias, several in one round trip."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client.options(
            request_timeout=SEARCH_SECONDS, retry_on_timeout=False, retry_on_status=()
        )
        self._alias = alias
        header = {"index": alias, "allow_partial_search_results": False}
        self._header = orjson.dumps(header)

    def run(self, searches: Sequence[Json]) -> list[Json]:
        """Returns the answer of each search.

        Raises `EngineUnavailable` when one of them has none: part of an answer is no answer.
        """
        lines = []
        for search in searches:
            lines += [self._header, orjson.dumps(search)]
        try:
            answers: list[Json] = self._client.msearch(searches=lines)["responses"]  # type: ignore[arg-type]  # lines already written
        except ApiError as exc:
            raise EngineUnavailable(_reason(exc.status_code)) from exc
        except TransportError as exc:
            raise EngineUnavailable("cluster_unreachable") from exc
        for answer in answers:
            if "error" in answer:
                raise EngineUnavailable(_reason(answer["status"]))
            if answer["timed_out"] or answer["_shards"]["failed"]:
                raise EngineUnavailable("partial_answer")
        return answers


def _reason(status: int) -> str:
    return "no_generation" if status == _HTTP_NOT_FOUND else f"cluster_{status}"
