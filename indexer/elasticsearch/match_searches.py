"""What a match asks the cluster: the page, the totals, what is beyond reach, what gives a fact."""

from collections.abc import Mapping
from functools import cached_property

from app.domain.expressions import APPORTE
from app.domain.matching import PREMIERS, SHOWN_VERDICTS, MatchCriteria
from app.domain.verdict import Verdict
from app.domain.vocabulaire import categorie_of
from indexer.elasticsearch import scoring
from indexer.elasticsearch.judgement import Judgement, Requirements
from indexer.elasticsearch.mapping import COMBINED, Json
from indexer.elasticsearch.paging import MAX_WITH_SOURCE, Group, best_hits, groups
from indexer.elasticsearch.queries import (
    EVERYTHING,
    LIVING,
    NOTHING,
    all_of,
    from_nearest,
    having,
    none_of,
)
from indexer.elasticsearch.reach import Reach
from indexer.judging.judged import Judged

MAX_APPORTS = 200  # values that offers give: a few dozen in the vocabulary
# Buckets in one answer: a person with needs makes a few thousand; a match of a country without
# needs makes far more, which are then listed a part at a time.
MAX_COMBINED = 20_000
COMBINED_AT_ONCE = 10_000


class MatchSearches:
    """The searches of one match."""

    def __init__(self, criteres: MatchCriteria, judged: Judged) -> None:
        self._criteres = criteres
        requirements = Requirements(judged)
        self.judgement = Judgement(requirements, self._marks(criteres))
        self._of_giving = Judgement(requirements, frozenset((APPORTE,)))
        self.reach = Reach(criteres.origine, criteres.rayon_km)

    @staticmethod
    def _marks(criteres: MatchCriteria) -> frozenset[str] | None:
        """What the candidates are for; None when they may be for anything."""
        if criteres.offres is not None or not criteres.besoins:
            return None
        return frozenset(map(categorie_of, criteres.besoins))

    @cached_property
    def _candidates(self) -> Json:
        """What is judged: the offers asked by their ids, or those that answer a need."""
        if self._criteres.offres is not None:
            return all_of(LIVING, {"ids": {"values": sorted(set(self._criteres.offres))}})
        if not self._criteres.besoins:
            return LIVING
        return all_of(LIVING, scoring.in_the_domain_of(self._criteres.besoins))

    @cached_property
    def _in_reach(self) -> Json:
        return EVERYTHING if self._criteres.offres is not None else self.reach.in_reach

    def _scored(
        self, filters: list[Json], judgement: Judgement | None, *, with_needs: bool
    ) -> Json:
        """Returns what meets the filters, scored; with a judgement, only what is open."""
        poids = self._criteres.poids
        clauses = [
            self.reach.proximite(poids.proximite),
            scoring.fraicheur(poids.fraicheur, self._criteres.date),
            scoring.qualite(poids.qualite),
        ]
        if judgement is not None:
            filters = [*filters, judgement.open]
            clauses.append(judgement.acces(poids.acces))
        if with_needs and self._criteres.besoins:
            clauses.append(scoring.besoins(poids.besoin, self._criteres.besoins))
        return {"bool": {"filter": filters, "should": clauses}}

    @cached_property
    def groups(self) -> list[Group]:
        """The parts of what is judged that are sorted alike."""
        return groups(self.reach, all_count=self._criteres.offres is not None)

    @cached_property
    def last(self) -> int:
        """How many hits reach the end of the page."""
        return self._criteres.page * self._criteres.par_page

    @property
    def has_source(self) -> bool:
        """True when the documents of the page come with the first round trip."""
        return self.last <= MAX_WITH_SOURCE

    @cached_property
    def named(self) -> Mapping[str, Json]:
        """The searches of one round trip, by name."""
        named = {
            "open": self._open(),
            "closed": self._closed(),
            "judged": self._judged(),
            "giving": self._giving(),
        }
        return {name: search for name, search in named.items() if search is not None}

    def _open(self) -> Json:
        """What is perhaps open: the page, the totals, what to ask, and what is beyond reach.

        One search for all of it: the longest lists of ids say what is open and what waits for the
        person, and reading them is most of the work.
        """
        firsts = {
            f"need {rank}": scoring.answering(besoin)
            for rank, besoin in enumerate(self._criteres.besoins)
        }
        query = self._scored([self._candidates], self.judgement, with_needs=True)
        reached = {**self._grouped(firsts, self._shown_open), **self._counts(firsts)}
        aggs: Json = {"reached": {"filter": self._in_reach, "aggs": reached}}
        if self.reach.centre is not None and self._criteres.offres is None:
            nearest = {"size": 1, "sort": [from_nearest(self.reach.centre)], "_source": True}
            aggs["beyond"] = {
                "filter": none_of(self._in_reach),
                "aggs": {"nearest": {"top_hits": nearest}},
            }
        return {"query": query, "size": 0, "track_total_hits": False, "aggs": aggs}

    def _closed(self) -> Json | None:
        """The page among what is closed, when it is asked: it comes after all the rest."""
        if Verdict.NON_ACCESSIBLE not in self._criteres.verdicts:
            return None
        filters = [self._candidates, self._in_reach, self.judgement.closed]
        query = self._scored(filters, None, with_needs=True)
        aggs = self._grouped({}, EVERYTHING)
        return {"query": query, "size": 0, "track_total_hits": False, "aggs": aggs}

    def _grouped(self, firsts: Mapping[str, Json], shown: Json) -> Json:
        """The best hits of each group: those of the page, and the first ones of each need."""
        aggs: Json = {}
        for rank, group in enumerate(self.groups):
            page = best_hits(group, self.last, source=self.has_source)
            aggs[f"group {rank}"] = {
                "filter": group.filter,
                "aggs": {
                    "shown": {"filter": shown, "aggs": {"page": page}},
                    **{
                        name: {"filter": filter_, "aggs": {"best": best_hits(group, PREMIERS)}}
                        for name, filter_ in firsts.items()
                    },
                },
            }
        return aggs

    @cached_property
    def _shown_open(self) -> Json:
        """What is shown of what is open."""
        match self._criteres.verdicts & SHOWN_VERDICTS:
            case asked if asked == SHOWN_VERDICTS:
                return EVERYTHING
            case asked if Verdict.ACCESSIBLE in asked:
                return self.judgement.certain
            case asked if Verdict.A_VERIFIER in asked:
                return none_of(self.judgement.certain)
            case _:
                return NOTHING

    def _counts(self, needs: Mapping[str, Json]) -> Json:
        """Totals by verdict and by need, and the expressions of what only the person settles."""
        # Counted by value: numbers common to all segments would be made again after each write.
        combined = {"terms": {"field": COMBINED, "size": MAX_COMBINED, "execution_hint": "map"}}
        by_listing = self.judgement.by_listing
        alone = {"filter": none_of(by_listing), "aggs": {"expressions": combined}}
        return {
            "listing": {"filter": by_listing},
            "person": {"filter": self.judgement.by_person, "aggs": {"alone": alone}},
            **{f"all of {name}": {"filter": filter_} for name, filter_ in needs.items()},
        }

    def _judged(self) -> Json:
        """How many are in reach, open or not."""
        query = all_of(self._candidates, self._in_reach)
        return {"query": query, "size": 0, "track_total_hits": True}

    def _giving(self) -> Json:
        """The best offers that give each fact, needs left aside."""
        filters = [LIVING, having("apporte"), self.reach.in_reach]
        return {
            "query": self._scored(filters, self._of_giving, with_needs=False),
            "size": 0,
            "track_total_hits": False,
            "aggs": {
                f"group {rank}": {
                    "filter": group.filter,
                    "aggs": {
                        "apporte": {
                            "terms": {"field": "apporte", "size": MAX_APPORTS},
                            "aggs": {"best": best_hits(group, PREMIERS)},
                        }
                    },
                }
                for rank, group in enumerate(self.giving_groups)
            },
        }

    @cached_property
    def giving_groups(self) -> list[Group]:
        """The parts of what gives a fact that are sorted alike."""
        return groups(self.reach)

    def all_combined(self, after: Json | None) -> Json:
        """Returns the search that lists every combination of expressions, a part at a time."""
        source = {"expressions": {"terms": {"field": COMBINED}}}
        composite: Json = {"size": COMBINED_AT_ONCE, "sources": [source]}
        if after is not None:
            composite["after"] = after
        judgement = self.judgement
        query = all_of(self._candidates, self._in_reach, judgement.open, judgement.asking)
        aggs = {"expressions": {"composite": composite}}
        return {"query": query, "size": 0, "track_total_hits": False, "aggs": aggs}
