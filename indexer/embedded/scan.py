"""Scans the columns for one search: who passes, who fails one test only, in which order.

An offer that fails two tests is out of every count; one that fails a single test still counts in
that filter's own facet, in `hors_zone`, in `hors_portee` or in what a relaxation would bring. So
each test is answered for every document, and the failures are added up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.domain.brute_force import DISTANCE_DECIMALS, OUVERT, PORTEE, ZONE
from app.domain.geographie import Geographie
from app.domain.poids import Poids
from app.domain.portee import Origine
from app.domain.ranking import FRESH_DAYS, SCORE_DECIMALS, STALE_DAYS
from app.domain.search import OpeningTest, SearchCriteria, Tri
from app.domain.territoire import Zone
from app.domain.vocabulaire import TOUS_PUBLICS, ModeAccueil
from indexer.embedded.columns import Snapshot
from indexer.embedded.reach import Floats, reach_of
from indexer.embedded.rows import STRUCTURE
from indexer.judging.arrays import Bools
from indexer.judging.expressions import ExpressionIndex

Ranks = NDArray[np.intp]
NO_VALUE = -1  # of no listing
ON_SITE = ModeAccueil.EN_PRESENTIEL.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivors:
    """The documents that pass, and those that fail one test only, by its name."""

    passing: Ranks
    failing_only: dict[str, Ranks]

    def passing_all_but(self, name: str) -> Ranks:
        """Returns the documents that fail nothing, or nothing but this test."""
        failing = self.failing_only.get(name)
        if failing is None or not len(failing):
            return self.passing
        return np.concatenate((self.passing, failing))


class Scan:
    """One search over one snapshot; `structure` is the file's number of the structure asked."""

    def __init__(
        self,
        snapshot: Snapshot,
        criteres: SearchCriteria,
        expressions: ExpressionIndex,
        geographie: Geographie,
        structure: int | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._structure = NO_VALUE if structure is None else structure
        self._criteres = criteres
        self._expressions = expressions
        self._geographie = geographie
        self._origine = criteres.origine or Origine()
        self.reach = reach_of(snapshot, self._origine, criteres.rayon_km)

    def run(self, matching: Bools | None) -> Survivors:
        """Applies every test to the live documents that answer the text, if there is one."""
        candidates = self._snapshot.living
        if matching is not None:
            candidates = candidates & matching
        names = []
        failures = np.zeros(len(candidates), dtype=np.uint8)
        which = np.zeros(len(candidates), dtype=np.uint8)  # the test failed, if there is only one
        for number, (name, passes) in enumerate(self._tests(), 1):
            names.append(name)
            fails = (~passes).view(np.uint8)
            failures += fails
            which += fails * np.uint8(number)
        if (judge := self._criteres.filtres.ouvert) is not None:
            # Hours are long to judge: only those of documents that still count.
            names.append(OUVERT)
            fails = self._closed(judge, candidates & (failures <= 1)).view(np.uint8)
            failures += fails
            which += fails * np.uint8(len(names))
        passing = np.flatnonzero(candidates & (failures == 0))
        failing = np.flatnonzero(candidates & (failures == 1))
        kinds = which[failing]
        return Survivors(
            passing=passing,
            failing_only={name: failing[kinds == at] for at, name in enumerate(names, 1)},
        )

    def _tests(self) -> Iterator[tuple[str, Bools]]:
        """Yields each test that is asked, answered for every document."""
        filtres, unsaid = self._criteres.filtres, self._criteres.filtres.inclure_non_precises
        if self._origine.point is not None or self._origine.cercle is not None:
            yield PORTEE, self.reach.in_reach
        if self._criteres.residence is not None:
            yield ZONE, self._touching(self._criteres.residence)
        if filtres.structure_id is not None:
            yield STRUCTURE, self._snapshot.column(STRUCTURE) == self._structure
        if filtres.thematiques is not None:
            yield "thematiques", self._saying("thematiques", filtres.thematiques, absent=False)
        if filtres.publics is not None:
            publics = filtres.publics | {TOUS_PUBLICS}
            yield "publics", self._saying("publics", publics, absent=unsaid)
        if filtres.types is not None:
            yield "types", self._saying("types", filtres.types, absent=False)
        if filtres.frais is not None:
            yield "frais", self._saying("frais", filtres.frais, absent=unsaid)
        if (modes := filtres.modes_accueil) is not None:
            yield "modes_accueil", self._saying("modes_accueil", modes, absent=ON_SITE in modes)
        if filtres.bassin is not None:
            yield "bassin", self._serving(filtres.bassin)

    def _saying(self, nature: str, asked: frozenset[str], *, absent: bool) -> Bools:
        table = self._snapshot.repertoires[nature].saying_any(asked, absent=absent)
        return np.take(table, self._snapshot.numbers(nature))

    def _touching(self, zone: Zone) -> Bools:
        table = self._expressions.zones_touching(zone)
        return np.take(table, self._snapshot.column("zone"))

    def _closed(self, judge: OpeningTest, counting: Bools) -> Bools:
        numbers = self._snapshot.numbers("horaires")
        states = self._snapshot.repertoires["horaires"].judged(judge, numbers[counting])
        surely = [number for number, state in states.items() if state is False]
        closed: Bools = counting & np.isin(numbers, surely)
        return closed

    def _serving(self, bassin: Zone) -> Bools:
        """In the basin; or remote, or placeless, with a zone that touches it."""

        def is_inside(values: tuple[str, ...]) -> bool:
            return any(not (self._geographie.zone(c) & bassin).is_empty for c in values)

        communes, numbers = self._snapshot.repertoires["commune"], self._snapshot.numbers("commune")
        inside = np.take(communes.matching(is_inside), numbers)
        placeless = np.take(communes.saying_any((), absent=True), numbers)
        remote = self._snapshot.column("a_distance")
        served: Bools = inside | ((remote | placeless) & self._touching(bassin))
        return served


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The parts of the score of some documents, already in points, and their rounded sum."""

    besoin: Floats
    acces: Floats
    proximite: Floats
    fraicheur: Floats
    qualite: Floats

    @property
    def total(self) -> Floats:
        """The rounded score, summed in the order of the reference."""
        parts = self.besoin + self.acces + self.proximite + self.fraicheur + self.qualite
        return np.round(parts, SCORE_DECIMALS)

    def take(self, positions: Ranks) -> "Scores":
        """Returns the same for some of the documents."""
        return Scores(
            besoin=self.besoin[positions],
            acces=self.acces[positions],
            proximite=self.proximite[positions],
            fraicheur=self.fraicheur[positions],
            qualite=self.qualite[positions],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a score that a request decides, each in [0, 1]; those not asked are 0."""

    proximite: Floats
    besoin: Floats | None = None
    acces: Floats | None = None


def score(snapshot: Snapshot, poids: Poids, date: date, ranks: Ranks, parts: Parts) -> Scores:
    """Returns the score of documents, part by part."""
    days = np.maximum(0, date.toordinal() - snapshot.column("jour")[ranks])
    fresh = 1.0 - (days - FRESH_DAYS) / (STALE_DAYS - FRESH_DAYS)
    return Scores(
        besoin=_weighted(poids.besoin, parts.besoin, len(ranks)),
        acces=_weighted(poids.acces, parts.acces, len(ranks)),
        proximite=poids.proximite * parts.proximite,
        fraicheur=poids.fraicheur * np.minimum(1.0, np.maximum(0.0, fresh)),
        qualite=poids.qualite * (snapshot.column("qualite")[ranks] / 100.0),
    )


def _weighted(weight: float, part: Floats | None, count: int) -> Floats:
    return np.zeros(count) if part is None else weight * part


def search_keys(
    snapshot: Snapshot, tri: Tri, ranks: Ranks, shown_distance_km: Floats, scores: Floats
) -> list[Floats]:
    """Returns the keys of a sort, the first first; the id comes after all."""
    distance = sortable(shown_distance_km)
    newest = -snapshot.column("jour")[ranks].astype(np.float64)
    keys: dict[Tri, list[Floats]] = {
        Tri.PERTINENCE: [-scores, distance, newest],
        Tri.DISTANCE: [distance, -scores],
        Tri.DATE_MAJ: [newest, distance],
    }
    return keys[tri]


def sortable(shown_distance_km: Floats) -> Floats:
    """Returns the distances to sort by: rounded, and infinite where they are not known."""
    distance = np.round(shown_distance_km, DISTANCE_DECIMALS)
    return np.where(np.isnan(distance), np.inf, distance)


def page_order(
    snapshot: Snapshot, ranks: Ranks, keys: list[Floats], page: int, par_page: int
) -> Ranks:
    """Returns the positions of one page in the total order of some keys."""
    last = page * par_page
    first = keys[0]
    positions = np.arange(len(ranks))
    if last < len(ranks):
        # Only what the first key puts on this page or before needs the other keys.
        limit = np.partition(first, last - 1)[last - 1]
        positions = np.flatnonzero(first <= limit)
    ordre = snapshot.column("ordre")[ranks[positions]]
    order = np.lexsort([ordre, *(key[positions] for key in reversed(keys))])
    return positions[order[last - par_page : last]]
