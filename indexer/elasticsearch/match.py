"""A match on the cluster: the page, the totals, what is beyond reach, what to ask, in one trip."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from app.domain.brute_force_match import sort_key
from app.domain.matching import (
    PREMIERS,
    SHOWN_VERDICTS,
    BesoinCount,
    MatchCriteria,
    MatchPage,
    Question,
    Solution,
)
from app.domain.offre import OffreId
from app.domain.portee import portee
from app.domain.ranking import (
    ScoreDetail,
    acces_part,
    answers_exactly,
    besoin_part,
    fraicheur_part,
    proximite_part,
)
from app.domain.search import HorsPortee
from app.domain.territoire import distance_km
from app.domain.verdict import Verdict
from indexer.asking import questions
from indexer.documents import read_apport
from indexer.elasticsearch import scoring
from indexer.elasticsearch.encoding import Found, read_combined
from indexer.elasticsearch.judgement import Judgement
from indexer.elasticsearch.mapping import COMBINED, Json
from indexer.elasticsearch.paging import (
    MAX_WITH_SOURCE,
    Group,
    best_hits,
    documents_of,
    found,
    groups,
    hits_of,
    merge,
    total,
)
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
from indexer.expressions import Judged

MAX_APPORTS = 200  # values that offers give: a few dozen in the vocabulary
# Buckets in one answer: a person with needs makes a few thousand; a match of a country without
# needs makes far more, which are then listed a part at a time.
MAX_COMBINED = 20_000
COMBINED_AT_ONCE = 10_000


class Match:
    """One match over the whole catalogue."""

    def __init__(self, criteres: MatchCriteria, judged: Judged) -> None:
        self._criteres = criteres
        self._judged = judged
        self._judgement = Judgement(judged)
        self._reach = Reach(criteres.origine, criteres.rayon_km)

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
        return EVERYTHING if self._criteres.offres is not None else self._reach.in_reach

    def _scored(self, filters: list[Json], *, with_needs: bool, is_open: bool = True) -> Json:
        poids = self._criteres.poids
        clauses = [
            self._reach.proximite(poids.proximite),
            scoring.fraicheur(poids.fraicheur, self._criteres.date),
            scoring.qualite(poids.qualite),
        ]
        if is_open:
            filters = [*filters, self._judgement.open]
            clauses.append(self._judgement.acces(poids.acces))
        if with_needs and self._criteres.besoins:
            clauses.append(scoring.besoins(poids.besoin, self._criteres.besoins))
        return {"bool": {"filter": filters, "should": clauses}}

    @cached_property
    def _groups(self) -> list[Group]:
        return groups(self._reach, all_count=self._criteres.offres is not None)

    @cached_property
    def _last(self) -> int:
        return self._criteres.page * self._criteres.par_page

    @property
    def _has_source(self) -> bool:
        return self._last <= MAX_WITH_SOURCE

    def searches(self) -> list[Json]:
        """Returns the searches of one round trip."""
        return list(self._named.values())

    @cached_property
    def _named(self) -> Mapping[str, Json]:
        named = {
            "open": self._open(),
            "closed": self._closed(),
            "counts": self._counts(),
            "beyond": self._beyond(),
            "giving": self._giving(),
        }
        return {name: search for name, search in named.items() if search is not None}

    def _open(self) -> Json:
        """The page, and the first offers of each need, among what is perhaps open."""
        return self._sorted(
            self._scored([self._candidates, self._in_reach], with_needs=True),
            {
                f"need {rank}": scoring.answering(besoin)
                for rank, besoin in enumerate(self._criteres.besoins)
            },
            self._shown_open,
        )

    def _closed(self) -> Json | None:
        """The page among what is closed, when it is asked: it comes after all the rest."""
        if Verdict.NON_ACCESSIBLE not in self._criteres.verdicts:
            return None
        filters = [self._candidates, self._in_reach, self._judgement.closed]
        query = self._scored(filters, with_needs=True, is_open=False)
        return self._sorted(query, {}, EVERYTHING)

    def _sorted(self, query: Json, firsts: Mapping[str, Json], shown: Json) -> Json:
        aggs: Json = {}
        for rank, group in enumerate(self._groups):
            page = best_hits(group, self._last, source=self._has_source)
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
        return {"query": query, "size": 0, "track_total_hits": False, "aggs": aggs}

    @cached_property
    def _shown_open(self) -> Json:
        """What is shown of what is open."""
        match self._criteres.verdicts & SHOWN_VERDICTS:
            case asked if asked == SHOWN_VERDICTS:
                return EVERYTHING
            case asked if Verdict.ACCESSIBLE in asked:
                return self._judgement.certain
            case asked if Verdict.A_VERIFIER in asked:
                return none_of(self._judgement.certain)
            case _:
                return NOTHING

    def _counts(self) -> Json:
        """Totals by verdict and by need, and the expressions of what only the person settles."""
        judgement = self._judgement
        combined = {"terms": {"field": COMBINED, "size": MAX_COMBINED}}
        by_listing = {"filter": judgement.by_listing}
        alone = {"filter": none_of(judgement.by_listing), "aggs": {"expressions": combined}}
        # The longest list of ids, what waits for the person, is named once.
        opened: Json = {
            "listing": by_listing,
            "person": {"filter": judgement.by_person, "aggs": {"alone": alone}},
        }
        for rank, besoin in enumerate(self._criteres.besoins):
            opened[f"need {rank}"] = {"filter": scoring.answering(besoin)}
        return {
            "query": all_of(self._candidates, self._in_reach),
            "size": 0,
            "track_total_hits": True,
            "aggs": {"open": {"filter": judgement.open, "aggs": opened}},
        }

    def _beyond(self) -> Json | None:
        """What is out of reach and perhaps open, the nearest first."""
        if self._reach.centre is None or self._criteres.offres is not None:
            return None
        return {
            "query": all_of(self._candidates, none_of(self._in_reach), self._judgement.open),
            "size": 1,
            "track_total_hits": True,
            "sort": [from_nearest(self._reach.centre)],
        }

    def _giving(self) -> Json:
        """The best offers that give each fact, needs left aside."""
        filters = [LIVING, having("apporte"), self._reach.in_reach]
        return {
            "query": self._scored(filters, with_needs=False),
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
                for rank, group in enumerate(self._giving_groups)
            },
        }

    @cached_property
    def _giving_groups(self) -> list[Group]:
        return groups(self._reach)

    # --- the answers ---

    def missing(self, answers: Sequence[Json]) -> list[str]:
        """Returns the ids of the page whose documents must be read by another round trip."""
        return (
            [] if self._has_source else [hit["_id"] for hit in self._page(self._by_name(answers))]
        )

    def is_cut_short(self, answers: Sequence[Json]) -> bool:
        """True when more expressions were found than one answer lists."""
        opened = self._by_name(answers)["counts"]["aggregations"]["open"]
        return bool(opened["person"]["alone"]["expressions"]["sum_other_doc_count"])

    def all_combined(self, after: Json | None) -> Json:
        """Returns the search that lists every combination of expressions, a part at a time."""
        source = {"expressions": {"terms": {"field": COMBINED}}}
        composite: Json = {"size": COMBINED_AT_ONCE, "sources": [source]}
        if after is not None:
            composite["after"] = after
        judgement = self._judgement
        query = all_of(self._candidates, self._in_reach, judgement.open, judgement.asking)
        aggs = {"expressions": {"composite": composite}}
        return {"query": query, "size": 0, "track_total_hits": False, "aggs": aggs}

    def read(
        self,
        answers: Sequence[Json],
        documents: Mapping[str, Found],
        known: frozenset[str],
        combined: Mapping[str, int] | None,
    ) -> MatchPage:
        """Returns the page; what comes after `answers` is what other round trips have read."""
        named = self._by_name(answers)
        opened = named["counts"]["aggregations"]["open"]
        alone = opened["person"]["alone"]
        to_check = opened["listing"]["doc_count"] + alone["doc_count"]
        return MatchPage(
            total=sum(shown["doc_count"] for shown in self._shown(named)),
            par_verdict={
                Verdict.NON_ACCESSIBLE: total([named["counts"]]) - opened["doc_count"],
                Verdict.A_VERIFIER: to_check,
                Verdict.ACCESSIBLE: opened["doc_count"] - to_check,
            },
            hors_portee=self._hors_portee(named.get("beyond")),
            solutions=self._solutions(self._page(named), documents),
            par_besoin=self._par_besoin(opened, named["open"]["aggregations"]),
            questions=self._questions(combined or counted(alone["expressions"])),
            inconnues=[i for i in self._criteres.offres or () if i not in known],
            apports=self._apports(named["giving"]["aggregations"]),
        )

    def _by_name(self, answers: Sequence[Json]) -> Mapping[str, Json]:
        return dict(zip(self._named, answers, strict=True))

    def _shown(self, named: Mapping[str, Json]) -> list[Json]:
        """Returns what is shown of each group: what is open, then what is closed."""
        return [
            named[name]["aggregations"][f"group {rank}"]["shown"]
            for name in ("open", "closed")
            if name in named
            for rank in range(len(self._groups))
        ]

    def _page(self, named: Mapping[str, Json]) -> list[Json]:
        size = len(self._groups)
        lists = [hits_of(shown["page"]) for shown in self._shown(named)]
        merged = [*merge(self._groups, lists[:size])]
        if len(lists) > size:
            merged += merge(self._groups, lists[size:])
        return merged[self._last - self._criteres.par_page : self._last]

    def _hors_portee(self, answer: Json | None) -> HorsPortee:
        if answer is None or not total([answer]):
            return HorsPortee(total=0)
        point = found(answer["hits"]["hits"][0]).emplacement.point
        centre = self._reach.centre
        nearest = distance_km(centre, point) - self._reach.slack_km if centre and point else None
        return HorsPortee(total=total([answer]), plus_proche_km=nearest)

    def _par_besoin(self, opened: Json, grouped: Json) -> list[BesoinCount]:
        counts = []
        for rank, besoin in enumerate(self._criteres.besoins):
            name = f"need {rank}"
            lists = [
                hits_of(grouped[f"group {at}"][name]["best"]) for at in range(len(self._groups))
            ]
            premiers = _first_ids(self._groups, lists)
            count = opened[name]["doc_count"]
            counts.append(BesoinCount(besoin=besoin, total=count, premiers=premiers))
        return counts

    def _questions(self, combined: Mapping[str, int]) -> list[Question]:
        ids = np.array([*map(read_combined, combined)], dtype=np.intp).reshape(-1, 3)
        # An expression written since this worker caught up: nothing can be asked of it yet.
        ids[ids >= len(self._judged.values)] = 0
        counts = np.array([*combined.values()], dtype=np.int64)
        return questions(self._judged, ids[:, 0], [ids[:, 1], ids[:, 2]], counts)

    def _apports(self, grouped: Json) -> dict[tuple[str, str], Sequence[OffreId]]:
        by_key: dict[str, list[list[Json]]] = {}
        for at in range(len(self._giving_groups)):
            for bucket in grouped[f"group {at}"]["apporte"]["buckets"]:
                lists = by_key.setdefault(bucket["key"], [[] for _ in self._giving_groups])
                lists[at] = hits_of(bucket["best"])
        return {
            read_apport(key): _first_ids(self._giving_groups, lists)
            for key, lists in by_key.items()
        }

    def _solutions(self, hits: Sequence[Json], documents: Mapping[str, Found]) -> list[Solution]:
        page = documents_of(hits, documents)
        solutions = [(self._solution(document), document.fraicheur) for _, document in page]
        # The cluster adds up in single precision: inside a page, exact scores decide.
        solutions.sort(key=lambda pair: sort_key(pair[0], pair[1]))
        return [solution for solution, _ in solutions]

    def _solution(self, document: Found) -> Solution:
        criteres, poids = self._criteres, self._criteres.poids
        place = document.emplacement
        reached = portee(place, criteres.origine, criteres.rayon_km)
        near = proximite_part(reached, criteres.rayon_km, is_remote=place.is_remote)
        jugement = self._judgement.jugement(
            document.expressions, is_imprecise=document.is_imprecise
        )
        detail = ScoreDetail(
            besoin=poids.besoin * besoin_part(document.thematiques, criteres.besoins),
            acces=poids.acces * acces_part(jugement),
            proximite=poids.proximite * near,
            fraicheur=poids.fraicheur * fraicheur_part(document.fraicheur, criteres.date),
            qualite=poids.qualite * document.qualite,
        )
        return Solution(
            offre_id=document.offre_id,
            score=detail.total,
            detail=detail,
            jugement=jugement,
            portee=reached,
            besoins=tuple(b for b in criteres.besoins if answers_exactly(document.thematiques, b)),
        )


def counted(aggregation: Json) -> dict[str, int]:
    """Returns how many documents each bucket holds."""
    buckets = aggregation["buckets"]
    keys = (b["key"]["expressions"] if isinstance(b["key"], dict) else b["key"] for b in buckets)
    return {key: bucket["doc_count"] for key, bucket in zip(keys, buckets, strict=True)}


def _first_ids(asked: Sequence[Group], lists: Sequence[Sequence[Json]]) -> tuple[OffreId, ...]:
    merged = merge(asked, lists)
    return tuple(OffreId(hit["_id"]) for hit, _ in zip(merged, range(PREMIERS), strict=False))
