"""The search engine of a cluster: implements `app.domain.ports.SearchEngine`."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from app.domain.geographie import Geographie
from app.domain.matching import MatchCriteria, MatchPage
from app.domain.search import SearchCriteria, SearchPage
from indexer.elasticsearch import scoring
from indexer.elasticsearch.cluster import Searcher
from indexer.elasticsearch.encoding import Found
from indexer.elasticsearch.mapping import EXPRESSIONS, Json
from indexer.elasticsearch.match import Match
from indexer.elasticsearch.paging import found, of_ids
from indexer.elasticsearch.queries import LIVING, all_of
from indexer.elasticsearch.search import Search
from indexer.judging.expressions import ExpressionIndex

Asked = TypeVar("Asked", Search, Match)
NEWEST: Json = {
    "size": 0,
    "track_total_hits": False,
    "aggs": {name: {"max": {"field": name}} for name in EXPRESSIONS},
}


class ElasticsearchEngine:
    """Asks a cluster what the domain has judged; one round trip for most requests."""

    def __init__(
        self, searcher: Searcher, expressions: ExpressionIndex, geographie: Geographie
    ) -> None:
        self._searcher = searcher
        self._expressions = expressions
        self._geographie = geographie

    def search(self, criteres: SearchCriteria) -> SearchPage:
        """Returns one page of the total order of a search."""
        closed = self._closed(criteres)

        def prepare() -> Search:
            return Search(criteres, self._expressions, self._geographie, closed)

        search, answers = self._answered(prepare)
        return search.read(answers, self._documents(search.missing(answers)))

    def match(self, criteres: MatchCriteria) -> MatchPage:
        """Returns one page of the total order of a match."""

        def prepare() -> Match:
            return Match(criteres, self._expressions.judge(criteres.profil))

        match, answers = self._answered(prepare, personal=True)
        documents = self._documents(match.missing(answers))
        combined = self._combined(match) if match.is_cut_short(answers) else None
        return match.read(answers, documents, self._known(criteres.offres), combined)

    def _answered(
        self, prepare: Callable[[], Asked], *, personal: bool = False
    ) -> tuple[Asked, list[Json]]:
        """Asks what is prepared, once more when documents name expressions not yet judged here."""
        known = self._expressions.last_id
        asked: Asked = prepare()
        answers, newest = self._ask(asked, personal=personal)
        if newest > known:
            self._expressions.catch_up(newest)
            asked = prepare()
            answers, _ = self._ask(asked, personal=personal)
        return asked, answers

    def _ask(self, asked: Search | Match, *, personal: bool) -> tuple[list[Json], int]:
        """Returns the answers, and the newest expression that a document names."""
        *answers, newest = self._searcher.run([*asked.searches(), NEWEST], personal=personal)
        named = (int(found["value"] or 0) for found in newest["aggregations"].values())
        return answers, max(named)

    def known_tokens(self, jetons: Iterable[str]) -> frozenset[str]:
        """Returns those of the tokens that occur in at least one listing."""
        asked = sorted(set(jetons))
        if not asked:
            return frozenset()
        searches: list[Json] = [
            {
                "query": all_of(LIVING, scoring.holding(token)),
                "size": 0,
                "terminate_after": 1,
            }
            for token in asked
        ]
        answers = self._searcher.run(searches)
        held = zip(asked, answers, strict=True)
        return frozenset(token for token, a in held if a["hits"]["total"]["value"])

    def _closed(self, criteres: SearchCriteria) -> Sequence[str]:
        """Returns the opening hours of the catalogue that are surely closed at the time asked."""
        judge = criteres.filtres.ouvert
        if judge is None:
            return ()
        search = Search(criteres, self._expressions, self._geographie)
        (answer,) = self._searcher.run([search.hours()])
        written = [bucket["key"] for bucket in answer["aggregations"]["hours"]["buckets"]]
        return [text for text in written if judge(text) is False]

    def _combined(self, match: Match) -> list[Json]:
        """Reads every combination of expressions that a person could settle."""
        found: list[Json] = []
        after: Json | None = None
        while True:
            (answer,) = self._searcher.run([match.all_combined(after)], personal=True)
            part = answer["aggregations"]["expressions"]
            # Listed a part at a time, each key has the name of its source.
            found += ({**b, "key": b["key"]["expressions"]} for b in part["buckets"])
            after = part.get("after_key")
            if after is None:
                return found

    def _documents(self, ids: Sequence[str]) -> dict[str, Found]:
        if not ids:
            return {}
        (answer,) = self._searcher.run([of_ids(ids)])
        return {hit["_id"]: found(hit) for hit in answer["hits"]["hits"]}

    def _known(self, asked: Sequence[str] | None) -> frozenset[str]:
        """Returns which of the offers asked can be found."""
        if not asked:
            return frozenset()
        ids = {"ids": {"values": sorted(set(asked))}}
        search = {"query": all_of(LIVING, ids), "size": len(set(asked)), "_source": False}
        (answer,) = self._searcher.run([search])
        return frozenset(hit["_id"] for hit in answer["hits"]["hits"])
