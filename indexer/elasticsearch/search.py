"""A search on the cluster: which filters, which counts, and how the answers become a page."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from app.domain.brute_force import OUVERT, PORTEE, ZONE, sort_key
from app.domain.geographie import Geographie
from app.domain.portee import Origine, portee
from app.domain.ranking import ScoreDetail, fraicheur_part, proximite_part
from app.domain.search import (
    FACET_FILTER,
    FACETS,
    FEW,
    RADIUS_LADDER_KM,
    Hit,
    HorsPortee,
    SearchCriteria,
    SearchPage,
    facet_values,
    relaxations,
)
from app.domain.territoire import Point, Zone
from app.domain.vocabulaire import TOUS_PUBLICS, ModeAccueil
from indexer.elasticsearch import scoring
from indexer.elasticsearch.encoding import Found
from indexer.elasticsearch.judgement import ids_filter
from indexer.elasticsearch.mapping import ZONE as ZONE_FIELD
from indexer.elasticsearch.mapping import Json
from indexer.elasticsearch.paging import PageSearch, documents_of, found, groups, total
from indexer.elasticsearch.queries import (
    LIVING,
    REMOTE,
    all_of,
    any_of,
    from_nearest,
    having,
    none_of,
    saying,
    term,
    terms_of_many,
)
from indexer.elasticsearch.reach import Reach
from indexer.judging.arrays import NON, OUI
from indexer.judging.expressions import ExpressionIndex
from indexer.judging.listed import Listed

MAX_VALUES = 1_000  # of a facet: the longest list of the vocabulary has a hundred
MAX_HOURS = 65_536  # distinct opening hours; the whole country writes four thousand
ON_SITE = ModeAccueil.EN_PRESENTIEL.value


class Search:
    """One search; `closed_hours` are the opening hours that are surely closed at the time asked."""

    def __init__(
        self,
        criteres: SearchCriteria,
        expressions: ExpressionIndex,
        geographie: Geographie,
        closed_hours: Sequence[str] = (),
    ) -> None:
        self._criteres = criteres
        self._expressions = expressions
        self._geographie = geographie
        self._closed_hours = closed_hours
        self._reach = Reach(criteres.origine or Origine(), criteres.rayon_km)

    @cached_property
    def tests(self) -> Mapping[str, Json]:
        """What must hold of an offer, by the name of each test that is asked."""
        filtres, unsaid = self._criteres.filtres, self._criteres.filtres.inclure_non_precises
        tests: dict[str, Json] = {}
        if self._reach.centre is not None:
            tests[PORTEE] = self._reach.in_reach
        if self._criteres.residence is not None:
            tests[ZONE] = self._touching(self._criteres.residence)
        if filtres.structure_id is not None:
            tests["structure_id"] = term("structure_id", filtres.structure_id)
        if filtres.thematiques is not None:
            tests["thematiques"] = saying("thematiques", filtres.thematiques, absent=False)
        if filtres.publics is not None:
            tests["publics"] = saying("publics", filtres.publics | {TOUS_PUBLICS}, absent=unsaid)
        if filtres.types is not None:
            tests["types"] = saying("types", filtres.types, absent=False)
        if filtres.frais is not None:
            tests["frais"] = saying("frais", filtres.frais, absent=unsaid)
        if (modes := filtres.modes_accueil) is not None:
            tests["modes_accueil"] = saying("modes_accueil", modes, absent=ON_SITE in modes)
        if filtres.bassin is not None:
            tests["bassin"] = self._serving(filtres.bassin)
        if filtres.ouvert is not None:
            tests[OUVERT] = none_of(terms_of_many("horaires", self._closed_hours))
        return tests

    def _touching(self, zone: Zone) -> Json:
        touching, ids = self._expressions.zones_touching_by_id(zone)
        last = self._expressions.last_id
        listed = Listed(ids, np.where(touching, OUI, NON))
        named = ids_filter(ZONE_FIELD, listed, OUI, (NON,), last)
        # A zone that is not known yet excludes nobody.
        unknown = {"range": {ZONE_FIELD: {"gt": last}}}
        return any_of(none_of(having(ZONE_FIELD)), named, unknown)

    def _serving(self, bassin: Zone) -> Json:
        """In the basin; or remote, or placeless, with a zone that touches it."""
        communes = {
            self._geographie.whole_commune(p.code) for p in self._geographie.places_of(bassin)
        }
        inside = terms_of_many("commune", communes)
        placeless = none_of(having("commune"))
        return any_of(inside, all_of(any_of(REMOTE, placeless), self._touching(bassin)))

    @cached_property
    def _asked(self) -> Json:
        """The live documents that answer the text."""
        texte = self._criteres.texte
        must = [scoring.texte(self._criteres.poids.besoin, texte)] if texte else []
        return {"bool": {"filter": [LIVING], "must": must}}

    def hours(self) -> Json:
        """Returns the search of every distinct opening hours among what answers the text."""
        aggs = {"hours": {"terms": {"field": "horaires", "size": MAX_HOURS}}}
        return {"query": self._asked, "size": 0, "track_total_hits": False, "aggs": aggs}

    @cached_property
    def _page(self) -> PageSearch:
        poids, criteres = self._criteres.poids, self._criteres
        query = {
            "bool": {
                **self._asked["bool"],
                "filter": [*self._asked["bool"]["filter"], *self.tests.values()],
                "should": [
                    self._reach.proximite(poids.proximite),
                    scoring.fraicheur(poids.fraicheur, criteres.date),
                    scoring.qualite(poids.qualite),
                ],
            }
        }
        last = criteres.page * criteres.par_page
        return PageSearch(
            query=query,
            groups=groups(self._reach, criteres.tri),
            first=last - criteres.par_page,
            last=last,
        )

    def searches(self) -> list[Json]:
        """Returns the searches of one round trip: the page, the counts, the nearest beyond."""
        return [*self._page.searches(), self._counts(), *self._nearest_beyond()]

    def _all_but(self, name: str) -> Json:
        return all_of(LIVING, *(test for other, test in self.tests.items() if other != name))

    def _failing_only(self, name: str) -> Json:
        return all_of(self._all_but(name), none_of(self.tests[name]))

    def _counts(self) -> Json:
        aggs: Json = {}
        for name in dict.fromkeys(FACET_FILTER[facet] for facet in FACETS):
            inner: Json = {}
            for facet in (f for f in FACETS if FACET_FILTER[f] == name):
                inner[facet] = {"terms": {"field": facet, "size": MAX_VALUES}}
            inner["silent"] = {"missing": {"field": name}}
            aggs[f"facets {name}"] = {"filter": self._all_but(name), "aggs": inner}
        for name in self.tests:
            aggs[f"only {name}"] = {"filter": self._failing_only(name)}
        if self._reach.centre is not None:
            aggs[f"only {PORTEE}"]["aggs"] = {"ladder": self._ladder(self._reach.centre)}
        return {"query": self._asked, "size": 0, "track_total_hits": False, "aggs": aggs}

    def _ladder(self, centre: Point) -> Json:
        """Counts what each wider radius holds; a circle takes its slack off every distance."""
        slack = self._reach.slack_km
        return {
            "geo_distance": {
                "field": "lieu",
                "origin": {"lat": centre.lat, "lon": centre.lon},
                "unit": "km",
                "keyed": True,
                "ranges": [{"key": str(r), "to": r + slack} for r in RADIUS_LADDER_KM],
            }
        }

    def _nearest_beyond(self) -> list[Json]:
        if self._reach.centre is None:
            return []
        query = all_of(self._asked, self._failing_only(PORTEE), having("lieu"))
        nearest = {"query": query, "size": 1, "sort": [from_nearest(self._reach.centre)]}
        return [nearest]

    def missing(self, answers: Sequence[Json]) -> list[str]:
        """Returns the ids of the page whose documents must be read by another round trip."""
        if self._page.has_source:
            return []
        return [hit["_id"] for hit in self._page.page(answers[: len(self._page.groups)])]

    def read(self, answers: Sequence[Json], documents: Mapping[str, Found]) -> SearchPage:
        """Returns the page; `documents` holds those that a second round trip has read."""
        sorted_answers = answers[: len(self._page.groups)]
        counts, *nearest = answers[len(self._page.groups) :]
        count = total(sorted_answers)
        aggs = counts["aggregations"]
        single = {
            name: aggs[f"only {name}"]["doc_count"]
            for name in self.tests
            if aggs[f"only {name}"]["doc_count"]
        }
        hors_zone = single.pop(ZONE, 0)
        too_far = single.pop(PORTEE, 0)
        ladder = aggs[f"only {PORTEE}"]["ladder"]["buckets"] if PORTEE in self.tests else {}
        gained = {r: ladder[str(r)]["doc_count"] for r in RADIUS_LADDER_KM} if ladder else {}
        hits = [
            (self._hit(document, hit.get("matched_queries", ())), document.fraicheur)
            for hit, document in documents_of(self._page.page(sorted_answers), documents)
        ]
        # The cluster adds up in single precision: inside a page, exact scores decide.
        hits.sort(key=lambda pair: sort_key(pair[0], pair[1], self._criteres.tri))
        return SearchPage(
            total=count,
            hits=[hit for hit, _ in hits],
            facettes={facet: self._facet(facet, aggs) for facet in FACETS},
            hors_zone=hors_zone,
            hors_portee=HorsPortee(total=too_far, plus_proche_km=self._nearest_km(nearest)),
            elargir=relaxations(count, self._criteres.rayon_km, gained, single)
            if count < FEW
            else [],
        )

    def _nearest_km(self, answers: Sequence[Json]) -> float | None:
        hits = answers[0]["hits"]["hits"] if answers else []
        return self._reach.least_km(found(hits[0]).emplacement.point) if hits else None

    def _facet(self, facet: str, aggs: Json) -> Mapping[str, int]:
        inner = aggs[f"facets {FACET_FILTER[facet]}"]
        counts = {b["key"]: b["doc_count"] for b in inner[facet]["buckets"]}
        if silent := inner["silent"]["doc_count"]:
            for value in facet_values(facet, ()):
                counts[value] = counts.get(value, 0) + silent
        return counts

    def _hit(self, document: Found, matched: Sequence[str]) -> Hit:
        criteres, poids = self._criteres, self._criteres.poids
        place = document.emplacement
        reached = portee(place, self._reach.origine, criteres.rayon_km)
        near = proximite_part(reached, criteres.rayon_km, is_remote=place.is_remote)
        besoin = scoring.texte_part(criteres.texte, matched) if criteres.texte else 0.0
        judge, horaires = criteres.filtres.ouvert, document.horaires
        detail = ScoreDetail(
            besoin=poids.besoin * besoin,
            acces=0.0,
            proximite=poids.proximite * near,
            fraicheur=poids.fraicheur * fraicheur_part(document.fraicheur, criteres.date),
            qualite=poids.qualite * document.qualite,
        )
        return Hit(
            offre_id=document.offre_id,
            score=detail.total,
            detail=detail,
            portee=reached,
            ouvert=judge(horaires) if judge and horaires else None,
        )
