"""The generations of the index on a cluster, as its life cycle sees them.

A generation is an index named after the mapping and its date. Two aliases name the current one:
that of the settings, for operators, and one of the mapping, which is what this code searches: code
of another mapping never reads it, and both may run side by side during an upgrade.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

from elasticsearch import ApiError, Elasticsearch, NotFoundError, SSLError, TransportError
from elasticsearch.helpers import streaming_bulk

from app.domain.errors import IndexRefused, IndexUnavailable
from indexer.documents import Change
from indexer.elasticsearch.encoding import encode, encode_withdrawn
from indexer.elasticsearch.mapping import WINDOW, Json, mappings, searched_alias, settings
from indexer.elasticsearch.queries import LIVING
from indexer.sync import Generation

_CONFLICT = 409
_REFUSALS = {401: "password", 403: "rights"}
_BULK_BYTES = 5 * 1024 * 1024
# A million offers take half a minute on two cores.
_MERGE_SECONDS = 3_600.0
Lock = Callable[[bool], AbstractContextManager[bool]]
Warm = Callable[[str], None]


class ElasticsearchGeneration:
    """Implements `indexer.sync.Generation` on one index of the cluster.

    What is written to the generation that is searched can be found at once.
    """

    def __init__(self, client: Elasticsearch, name: str, warm: Warm, *, is_searched: bool) -> None:
        self._client = client
        self._name = name
        self._warm = warm
        self._is_searched = is_searched

    @property
    def name(self) -> str:
        """The name of the index."""
        return self._name

    def apply(self, changes: Sequence[Change]) -> None:
        """Writes changes under their version; an older or a repeated one is a conflict, ignored."""
        with telling_unavailable():
            done = streaming_bulk(
                self._client,
                map(self._action, changes),
                max_chunk_bytes=_BULK_BYTES,
                raise_on_error=False,
                max_retries=0,
            )
            refused = [
                item["index"]["status"]
                for is_done, item in done
                if not is_done and item["index"]["status"] != _CONFLICT
            ]
        if refused:
            if refused[0] in _REFUSALS:
                raise IndexRefused(_REFUSALS[refused[0]])
            raise IndexUnavailable(f"bulk_{refused[0]}")
        if self._is_searched:
            self._refresh()

    def _action(self, change: Change) -> Json:
        document = change.document
        return {
            "_op_type": "index",
            "_index": self._name,
            "_id": change.offre_id,
            "version": change.version,
            "version_type": "external",
            "_source": encode(document) if document else encode_withdrawn(change.offre_id),
        }

    def finish(self, *, whole: bool) -> None:
        """Makes a whole catalogue visible to searches, and fast to search."""
        if whole:
            # A list of ids is read once for each segment: in one, a match takes half the time.
            with telling_unavailable():
                patient = self._client.options(request_timeout=_MERGE_SECONDS)
                patient.indices.forcemerge(index=self._name, max_num_segments=1)
            self._refresh()
            self._warm(self._name)

    def live_ids(self) -> set[str]:
        """Returns the ids that can be found."""
        found: set[str] = set()
        after: Json = {}
        self._refresh()
        with telling_unavailable():
            while True:
                answer = self._client.search(
                    index=self._name,
                    query=LIVING,
                    size=WINDOW,
                    sort=[{"offre_id": "asc"}],
                    source=False,
                    track_total_hits=False,
                    **after,
                )
                hits = answer["hits"]["hits"]
                if not hits:
                    return found
                found.update(hit["_id"] for hit in hits)
                after = {"search_after": hits[-1]["sort"]}

    def count_live(self) -> int:
        """Returns how many ids can be found."""
        with telling_unavailable():
            return int(self._client.count(index=self._name, query=LIVING)["count"])

    def _refresh(self) -> None:
        with telling_unavailable():
            self._client.indices.refresh(index=self._name)

    def close(self) -> None:
        """Nothing is held between two requests."""

    def discard(self) -> None:
        """Deletes the index."""
        with telling_unavailable():
            self._client.indices.delete(index=self._name, ignore_unavailable=True)


class ElasticsearchIndex:
    """Implements `indexer.sync.Index` on a cluster."""

    def __init__(
        self, client: Elasticsearch, alias: str, lock: Lock, warm: Warm, *, shards: int
    ) -> None:
        self._client = client
        self._alias = alias
        self._lock = lock
        self._warm = warm
        self._settings = settings(shards=shards)

    @property
    def searched_alias(self) -> str:
        """The alias that this code searches."""
        return searched_alias(self._alias)

    def writing(self, *, wait: bool) -> AbstractContextManager[bool]:
        """Holds the writers' lock, shared by every machine that writes."""
        return self._lock(wait)

    def is_ready(self) -> bool:
        """True when a generation of this mapping can be searched."""
        return self._current_name() is not None

    def current(self) -> ElasticsearchGeneration:
        """Returns the generation that is searched."""
        name = self._current_name()
        if name is None:
            raise IndexUnavailable("no_generation")
        return ElasticsearchGeneration(self._client, name, self._warm, is_searched=True)

    def begin(self) -> ElasticsearchGeneration:
        """Makes an index named after the mapping and this moment."""
        stamp = datetime.now(UTC).strftime("%Y%m%dt%H%M%S%f")
        name = f"{self.searched_alias}-{stamp}"
        with telling_unavailable():
            self._client.indices.create(index=name, mappings=mappings(), settings=self._settings)
        return ElasticsearchGeneration(self._client, name, self._warm, is_searched=False)

    def swap(self, generation: Generation) -> None:
        """Moves the aliases in one step, then drops generations older than the previous one."""
        with telling_unavailable():
            previous = self._current_name()
            actions: list[Json] = []
            for alias in (self._alias, self.searched_alias):
                actions.append(
                    {"remove": {"index": f"{self._alias}-*", "alias": alias, "must_exist": False}}
                )
                actions.append({"add": {"index": generation.name, "alias": alias}})
            self._client.indices.update_aliases(actions=actions)
            for old in self._generations():
                if old not in (generation.name, previous):
                    self._client.indices.delete(index=old, ignore_unavailable=True)

    def _current_name(self) -> str | None:
        try:
            with telling_unavailable():
                names = list(self._client.indices.get_alias(name=self.searched_alias))
        except NotFoundError:
            return None
        return names[0] if names else None

    def _generations(self) -> list[str]:
        """Lists the indices of this mapping; those of another are for the code that reads them."""
        pattern = f"{self.searched_alias}-*"
        return sorted(self._client.indices.get(index=pattern, features="aliases"))


@contextmanager
def telling_unavailable() -> Iterator[None]:
    """Turns what the client says into the catalogue's own error; a missing index stays itself."""
    try:
        yield
    except NotFoundError:
        raise
    except ApiError as exc:
        if exc.status_code in _REFUSALS:
            raise IndexRefused(_REFUSALS[exc.status_code]) from exc
        raise IndexUnavailable(f"cluster_{exc.status_code}") from exc
    except SSLError as exc:
        raise IndexRefused("certificate") from exc
    except TransportError as exc:
        raise IndexUnavailable("cluster_unreachable") from exc
