"""A match on the cluster: the page, the totals, what is beyond reach, what to ask, in one trip."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from app.domain.brute_force_match import sort_key
from app.domain.matching import (
    PREMIERS,
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
from indexer.elasticsearch.paging import Group, PageSearch, found, groups, merge, total
from indexer.elasticsearch.queries import (
    EVERYTHING,
    LIVING,
    all_of,
    any_of,
    from_nearest,
    having,
    none_of,
)
from indexer.elasticsearch.reach import Reach
from indexer.expressions import Judged

MAX_APPORTS = 200  # values that offers give: a few dozen in the vocabulary
MAX_COMBINED = 65_536  # buckets that a cluster returns at once (`search.max_buckets`)


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

    @cached_property
    def _verdicts(self) -> Mapping[Verdict, Json]:
        return {
            Verdict.NON_ACCESSIBLE: self._judgement.closed,
            Verdict.A_VERIFIER: self._judgement.undecided,
            Verdict.ACCESSIBLE: self._judgement.accessible,
        }

    @cached_property
    def _shown(self) -> Json:
        asked = self._criteres.verdicts
        if asked == frozenset(Verdict):
            return EVERYTHING
        if asked == {Verdict.A_VERIFIER, Verdict.ACCESSIBLE}:
            return self._judgement.open
        return any_of(*(self._verdicts[verdict] for verdict in sorted(asked)))

    def _scored(self, filters: list[Json], *, with_needs: bool, with_closed: bool = False) -> Json:
        poids = self._criteres.poids
        clauses = [
            self._reach.proximite(poids.proximite),
            scoring.fraicheur(poids.fraicheur, self._criteres.date),
            scoring.qualite(poids.qualite),
            self._judgement.acces(poids.acces, with_closed=with_closed),
        ]
        if with_needs and self._criteres.besoins:
            clauses.append(scoring.besoins(poids.besoin, self._criteres.besoins))
        return {"bool": {"filter": filters, "should": clauses}}

    @cached_property
    def _page(self) -> PageSearch:
        filters = [self._candidates, self._in_reach, self._shown]
        last = self._criteres.page * self._criteres.par_page
        with_closed = Verdict.NON_ACCESSIBLE in self._criteres.verdicts
        closed = self._judgement.closed if with_closed else None
        return PageSearch(
            query=self._scored(filters, with_needs=True, with_closed=with_closed),
            groups=groups(self._reach, closed=closed, all_count=self._criteres.offres is not None),
            first=last - self._criteres.par_page,
            last=last,
        )

    @cached_property
    def _open_groups(self) -> list[Group]:
        return groups(self._reach, all_count=self._criteres.offres is not None)

    @cached_property
    def _giving_groups(self) -> list[Group]:
        return groups(self._reach)

    def searches(self) -> list[Json]:
        """Returns the searches of one round trip."""
        return [
            *self._page.searches(),
            self._counts(),
            *self._beyond(),
            *self._firsts(),
            *self._giving(),
        ]

    def _counts(self) -> Json:
        """Totals by verdict and by need, and the expressions of what only the person settles."""
        judgement = self._judgement
        aggs: Json = {
            "ouvertes": {
                "filter": judgement.open,
                "aggs": {
                    "accessible": {"filter": none_of(judgement.by_person, judgement.by_listing)},
                    "asking": {
                        "filter": {
                            "bool": {
                                "filter": [judgement.by_person],
                                "must_not": [judgement.by_listing],
                            }
                        },
                        "aggs": {
                            "expressions": {"terms": {"field": COMBINED, "size": MAX_COMBINED}}
                        },
                    },
                    **{
                        f"need {rank}": {"filter": scoring.answering(besoin)}
                        for rank, besoin in enumerate(self._criteres.besoins)
                    },
                },
            }
        }
        return {
            "query": all_of(self._candidates, self._in_reach),
            "size": 0,
            "track_total_hits": True,
            "aggs": aggs,
        }

    def _beyond(self) -> list[Json]:
        """What is out of reach and perhaps open, the nearest first."""
        if self._reach.centre is None or self._criteres.offres is not None:
            return []
        query = all_of(self._candidates, none_of(self._in_reach), self._judgement.open)
        return [
            {
                "query": query,
                "size": 1,
                "track_total_hits": True,
                "sort": [from_nearest(self._reach.centre)],
            }
        ]

    def _firsts(self) -> list[Json]:
        """The first offers of each need."""
        if not self._criteres.besoins:
            return []
        aggs: Json = {}
        for rank, besoin in enumerate(self._criteres.besoins):
            aggs[f"need {rank}"] = {"filter": scoring.answering(besoin)}
        filters = [self._candidates, self._in_reach, self._judgement.open]
        return [
            {
                "query": self._scored([*filters, group.filter], with_needs=True),
                "size": 0,
                "track_total_hits": False,
                "aggs": {
                    name: {**agg, "aggs": {"best": _best(group)}} for name, agg in aggs.items()
                },
            }
            for group in self._open_groups
        ]

    def _giving(self) -> list[Json]:
        """The best offers that give each fact, needs left aside."""
        filters = [LIVING, having("apporte"), self._reach.in_reach, self._judgement.open]
        return [
            {
                "query": self._scored([*filters, group.filter], with_needs=False),
                "size": 0,
                "track_total_hits": False,
                "aggs": {
                    "apporte": {
                        "terms": {"field": "apporte", "size": MAX_APPORTS},
                        "aggs": {"best": _best(group)},
                    }
                },
            }
            for group in self._giving_groups
        ]

    # --- the answers ---

    def missing(self, answers: Sequence[Json]) -> list[str]:
        """Returns the ids of the page whose documents must be read by another round trip."""
        if self._page.has_source:
            return []
        return [hit["_id"] for hit in self._page.page(answers[: len(self._page.groups)])]

    def read(
        self, answers: Sequence[Json], documents: Mapping[str, Found], known: frozenset[str]
    ) -> MatchPage:
        """Returns the page; `documents` and `known` come from a second round trip."""
        rest = list(answers)
        page_answers = _take(rest, len(self._page.groups))
        (counts,) = _take(rest, 1)
        beyond = _take(rest, len(self._beyond()))
        firsts = _take(rest, len(self._open_groups) if self._criteres.besoins else 0)
        opened = counts["aggregations"]["ouvertes"]
        accessible = opened["accessible"]["doc_count"]
        return MatchPage(
            total=total(page_answers),
            par_verdict={
                Verdict.NON_ACCESSIBLE: total([counts]) - opened["doc_count"],
                Verdict.A_VERIFIER: opened["doc_count"] - accessible,
                Verdict.ACCESSIBLE: accessible,
            },
            hors_portee=self._hors_portee(beyond),
            solutions=self._solutions(page_answers, documents),
            par_besoin=self._par_besoin(opened, firsts),
            questions=self._questions(opened["asking"]["expressions"]["buckets"]),
            inconnues=[i for i in self._criteres.offres or () if i not in known],
            apports=self._apports(rest),
        )

    def _hors_portee(self, answers: Sequence[Json]) -> HorsPortee:
        if not answers or not total(answers):
            return HorsPortee(total=0)
        point = found(answers[0]["hits"]["hits"][0]).emplacement.point
        centre = self._reach.centre
        nearest = distance_km(centre, point) - self._reach.slack_km if centre and point else None
        return HorsPortee(total=total(answers), plus_proche_km=nearest)

    def _par_besoin(self, opened: Json, firsts: Sequence[Json]) -> list[BesoinCount]:
        counts = []
        for rank, besoin in enumerate(self._criteres.besoins):
            name = f"need {rank}"
            best = [answer["aggregations"][name]["best"]["hits"]["hits"] for answer in firsts]
            premiers = _first_ids(self._open_groups, best)
            count = opened[name]["doc_count"]
            counts.append(BesoinCount(besoin=besoin, total=count, premiers=premiers))
        return counts

    def _questions(self, buckets: Sequence[Json]) -> list[Question]:
        ids = np.array([read_combined(b["key"]) for b in buckets], dtype=np.intp).reshape(-1, 3)
        # An expression written since this worker caught up: nothing can be asked of it yet.
        ids[ids >= len(self._judged.values)] = 0
        counts = np.array([b["doc_count"] for b in buckets], dtype=np.int64)
        return questions(self._judged, ids[:, 0], [ids[:, 1], ids[:, 2]], counts)

    def _apports(self, answers: Sequence[Json]) -> dict[tuple[str, str], Sequence[OffreId]]:
        by_key: dict[str, list[list[Json]]] = {}
        for at, answer in enumerate(answers):
            for bucket in answer["aggregations"]["apporte"]["buckets"]:
                lists = by_key.setdefault(bucket["key"], [[] for _ in self._giving_groups])
                lists[at] = bucket["best"]["hits"]["hits"]
        return {
            read_apport(key): _first_ids(self._giving_groups, lists)
            for key, lists in by_key.items()
        }

    def _solutions(self, answers: Sequence[Json], documents: Mapping[str, Found]) -> list[Solution]:
        page = [documents.get(hit["_id"]) or found(hit) for hit in self._page.page(answers)]
        solutions = [(self._solution(document), document.fraicheur) for document in page]
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


def _each_combined() -> Json:
    return {"terms": {"field": COMBINED, "size": MAX_COMBINED}}


def _best(group: Group) -> Json:
    return {"top_hits": {"size": PREMIERS, "sort": group.sort, "_source": False}}


def _first_ids(asked: Sequence[Group], lists: Sequence[Sequence[Json]]) -> tuple[OffreId, ...]:
    merged = merge(asked, lists)
    return tuple(OffreId(hit["_id"]) for hit, _ in zip(merged, range(PREMIERS), strict=False))


def _take(answers: list[Json], count: int) -> list[Json]:
    taken, answers[:] = answers[:count], answers[count:]
    return taken
