"""A match on the cluster: what its answers say, in the domain's words."""

from collections.abc import Mapping, Sequence

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
    besoin_part,
    exact_needs,
    fraicheur_part,
    proximite_part,
)
from app.domain.search import HorsPortee
from app.domain.verdict import Jugement, Verdict
from indexer.documents import read_apport
from indexer.elasticsearch.encoding import Found, read_combined
from indexer.elasticsearch.mapping import EXPRESSIONS, Json
from indexer.elasticsearch.match_searches import MatchSearches
from indexer.elasticsearch.paging import (
    Group,
    documents_of,
    found,
    hits_of,
    merge,
    total,
)
from indexer.judging.asking import questions
from indexer.judging.judged import Judged


class Match:
    """One match over the whole catalogue."""

    def __init__(self, criteres: MatchCriteria, judged: Judged) -> None:
        self._criteres = criteres
        self._judged = judged
        self._asked = MatchSearches(criteres, judged)
        self._groups = self._asked.groups

    def searches(self) -> list[Json]:
        """Returns the searches of one round trip."""
        return list(self._asked.named.values())

    def all_combined(self, after: Json | None) -> Json:
        """Returns the search that lists every combination of expressions, a part at a time."""
        return self._asked.all_combined(after)

    def missing(self, answers: Sequence[Json]) -> list[str]:
        """Returns the ids of the page whose documents must be read by another round trip."""
        if self._asked.has_source:
            return []
        return [hit["_id"] for hit in self._page(self._by_name(answers))]

    def is_cut_short(self, answers: Sequence[Json]) -> bool:
        """True when more expressions were found than one answer lists."""
        opened = self._by_name(answers)["open"]["aggregations"]["reached"]
        return bool(opened["person"]["alone"]["expressions"]["sum_other_doc_count"])

    def read(
        self,
        answers: Sequence[Json],
        documents: Mapping[str, Found],
        known: frozenset[str],
        combined: Sequence[Json] | None,
    ) -> MatchPage:
        """Returns the page; what comes after `answers` is what other round trips have read."""
        named = self._by_name(answers)
        open_, in_reach = named["open"]["aggregations"], total([named["judged"]])
        opened = open_["reached"]
        alone = opened["person"]["alone"]
        to_check = opened["listing"]["doc_count"] + alone["doc_count"]
        return MatchPage(
            total=sum(shown["doc_count"] for shown in self._shown(named)),
            par_verdict={
                Verdict.NON_ACCESSIBLE: in_reach - opened["doc_count"],
                Verdict.A_VERIFIER: to_check,
                Verdict.ACCESSIBLE: opened["doc_count"] - to_check,
            },
            hors_portee=self._hors_portee(open_.get("beyond")),
            solutions=self._solutions(self._page(named), documents),
            par_besoin=self._par_besoin(opened),
            questions=self._questions(combined or alone["expressions"]["buckets"]),
            inconnues=[i for i in self._criteres.offres or () if i not in known],
            apports=self._apports(named["giving"]["aggregations"]),
        )

    def _by_name(self, answers: Sequence[Json]) -> Mapping[str, Json]:
        return dict(zip(self._asked.named, answers, strict=True))

    def _shown(self, named: Mapping[str, Json]) -> list[Json]:
        """Returns what is shown of each group: what is open, then what is closed."""
        parts = [named["open"]["aggregations"]["reached"]]
        if "closed" in named:
            parts.append(named["closed"]["aggregations"])
        return [
            part[f"group {rank}"]["shown"] for part in parts for rank in range(len(self._groups))
        ]

    def _page(self, named: Mapping[str, Json]) -> list[Json]:
        size = len(self._groups)
        lists = [hits_of(shown["page"]) for shown in self._shown(named)]
        merged = [*merge(self._groups, lists[:size])]
        if len(lists) > size:
            merged += merge(self._groups, lists[size:])
        return merged[self._asked.last - self._criteres.par_page : self._asked.last]

    def _hors_portee(self, answer: Json | None) -> HorsPortee:
        if answer is None or not answer["doc_count"]:
            return HorsPortee(total=0)
        nearest = self._asked.reach.least_km(found(hits_of(answer["nearest"])[0]).emplacement.point)
        return HorsPortee(total=answer["doc_count"], plus_proche_km=nearest)

    def _par_besoin(self, opened: Json) -> list[BesoinCount]:
        counts = []
        for rank, besoin in enumerate(self._criteres.besoins):
            name = f"need {rank}"
            lists = [
                hits_of(opened[f"group {at}"][name]["best"]) for at in range(len(self._groups))
            ]
            premiers = _first_ids(self._groups, lists)
            count = opened[f"all of {name}"]["doc_count"]
            counts.append(BesoinCount(besoin=besoin, total=count, premiers=premiers))
        return counts

    def _questions(self, combined: Sequence[Json]) -> list[Question]:
        ids = read_combined(bucket["key"] for bucket in combined)
        # An expression written since this worker caught up: nothing can be asked of it yet.
        ids[ids > self._judged.layout.last_known] = 0
        counts = np.array([bucket["doc_count"] for bucket in combined], dtype=np.int64)
        return questions(self._judged, ids[:, 0], [ids[:, 1], ids[:, 2]], counts)

    def _apports(self, grouped: Json) -> dict[tuple[str, str], Sequence[OffreId]]:
        by_key: dict[str, list[list[Json]]] = {}
        for at in range(len(self._asked.giving_groups)):
            for bucket in grouped[f"group {at}"]["apporte"]["buckets"]:
                lists = by_key.setdefault(bucket["key"], [[] for _ in self._asked.giving_groups])
                lists[at] = hits_of(bucket["best"])
        return {
            read_apport(key): _first_ids(self._asked.giving_groups, lists)
            for key, lists in by_key.items()
        }

    def _solutions(self, hits: Sequence[Json], documents: Mapping[str, Found]) -> list[Solution]:
        page = [document for _, document in documents_of(hits, documents)]
        ids = np.array([document.expressions for document in page], dtype=np.intp)
        is_imprecise = np.array([document.is_imprecise for document in page], dtype=np.bool_)
        jugements = self._judged.jugements(ids.reshape(len(page), len(EXPRESSIONS)), is_imprecise)
        judged = zip(page, jugements, strict=True)
        solutions = [(self._solution(d, jugement), d.fraicheur) for d, jugement in judged]
        # The cluster adds up in single precision: inside a page, exact scores decide.
        solutions.sort(key=lambda pair: sort_key(pair[0], pair[1]))
        return [solution for solution, _ in solutions]

    def _solution(self, document: Found, jugement: Jugement) -> Solution:
        criteres, poids = self._criteres, self._criteres.poids
        place, thematiques = document.emplacement, document.thematiques
        reached = portee(place, criteres.origine, criteres.rayon_km)
        near = proximite_part(reached, criteres.rayon_km, is_remote=place.is_remote)
        detail = ScoreDetail(
            besoin=poids.besoin * besoin_part(thematiques, criteres.besoins),
            acces=poids.acces * acces_part(jugement),
            proximite=poids.proximite * near,
            fraicheur=poids.fraicheur * fraicheur_part(document.fraicheur, criteres.date),
            qualite=poids.qualite * document.qualite,
        )
        answered = exact_needs(thematiques)
        return Solution(
            offre_id=document.offre_id,
            score=detail.total,
            detail=detail,
            jugement=jugement,
            portee=reached,
            besoins=tuple(b for b in criteres.besoins if b in answered),
        )


def _first_ids(asked: Sequence[Group], lists: Sequence[Sequence[Json]]) -> tuple[OffreId, ...]:
    merged = merge(asked, lists)
    return tuple(OffreId(hit["_id"]) for hit, _ in zip(merged, range(PREMIERS), strict=False))
