"""Scans the columns for one search: who passes, who fails one test only, in which order.

An offer that fails two tests is out of every count; one that fails a single test still counts in
that filter's own facet, in `hors_zone`, in `hors_portee` or in what a relaxation would bring. So
each test drops the documents that fail twice, and the scan works on fewer and fewer of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.brute_force import DISTANCE_DECIMALS, PORTEE, ZONE
from app.domain.geographie import Geographie
from app.domain.portee import Origine
from app.domain.ranking import FRESH_DAYS, SCORE_DECIMALS, STALE_DAYS
from app.domain.search import SearchCriteria, Tri
from app.domain.territoire import Zone
from app.domain.vocabulaire import TOUS_PUBLICS
from indexer.embedded.columns import Bools, Ints, Snapshot
from indexer.embedded.reach import Floats, Reach, reach_of
from indexer.expressions import ExpressionIndex

Test = Callable[[Ints], Any]  # a boolean for each rank
PASSED = 0  # the number of “no test failed”; test k has number k + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivors:
    """The documents that fail at most one test, the one that each fails, and the tests' names."""

    ranks: NDArray[np.intp]
    failed: NDArray[np.uint8]
    names: list[str]

    def failing_only(self, name: str) -> NDArray[np.intp]:
        """Returns the documents that fail this test and no other."""
        if name not in self.names:
            return self.ranks[:0]
        return self._where(self.failed == self.names.index(name) + 1)

    def passing_all_but(self, name: str) -> NDArray[np.intp]:
        """Returns the documents that fail nothing, or nothing but this test."""
        if name not in self.names:
            return self._where(self.failed == PASSED)
        own = self.names.index(name) + 1
        return self._where((self.failed == PASSED) | (self.failed == own))

    def _where(self, kept: Any) -> NDArray[np.intp]:
        found: NDArray[np.intp] = self.ranks[kept]
        return found


class Scan:
    """One search over one snapshot."""

    def __init__(
        self,
        snapshot: Snapshot,
        criteres: SearchCriteria,
        expressions: ExpressionIndex,
        geographie: Geographie,
    ) -> None:
        self._snapshot = snapshot
        self._criteres = criteres
        self._expressions = expressions
        self._geographie = geographie
        self._origine = criteres.origine or Origine()

    def run(self, matching: Bools | None) -> Survivors:
        """Applies every test to the live documents that answer the text, if there is one."""
        ranks = self._snapshot.alive
        if matching is not None:
            ranks = ranks[matching[ranks]]
        failed = np.zeros(len(ranks), dtype=np.uint8)
        names = []
        for number, (name, test) in enumerate(self._tests(), 1):
            names.append(name)
            passes = test(ranks)
            twice = ~passes & (failed != PASSED)
            failed[~passes] = number
            if twice.any():
                ranks, failed = ranks[~twice], failed[~twice]
        return Survivors(ranks=ranks, failed=failed, names=names)

    def reach(self, ranks: Ints) -> Reach:
        """Returns how documents are reached."""
        return reach_of(self._snapshot, ranks, self._origine, self._criteres.rayon_km)

    def _tests(self) -> Iterator[tuple[str, Test]]:
        """Yields the tests, those that leave the fewest documents first."""
        filtres, unsaid = self._criteres.filtres, self._criteres.filtres.inclure_non_precises
        if filtres.structure_id is not None:
            asked = (filtres.structure_id,)
            yield "structure_id", self._saying("structure_id", asked, absent=False)
        if filtres.thematiques is not None:
            yield "thematiques", self._saying("thematiques", filtres.thematiques, absent=False)
        if self._origine.point is not None or self._origine.cercle is not None:
            yield PORTEE, lambda ranks: self.reach(ranks).in_reach
        if self._criteres.residence is not None:
            yield ZONE, self._zone_test(self._criteres.residence)
        if filtres.publics is not None:
            publics = filtres.publics | {TOUS_PUBLICS}
            yield "publics", self._saying("publics", publics, absent=unsaid)
        if filtres.types is not None:
            yield "types", self._saying("types", filtres.types, absent=False)
        if filtres.frais is not None:
            yield "frais", self._saying("frais", filtres.frais, absent=unsaid)
        if filtres.modes_accueil is not None:
            on_site = "en-presentiel" in filtres.modes_accueil
            yield (
                "modes_accueil",
                self._saying("modes_accueil", filtres.modes_accueil, absent=on_site),
            )
        if filtres.bassin is not None:
            yield "bassin", self._bassin_test(filtres.bassin)

    def _saying(
        self, nature: str, asked: frozenset[str] | tuple[str, ...], *, absent: bool
    ) -> Test:
        table = self._snapshot.repertoires[nature].saying_any(asked, absent=absent)
        column = self._snapshot.column(nature)
        return lambda ranks: table[column[ranks]]

    def _zone_test(self, residence: Zone) -> Test:
        touching = self._expressions.zones_touching(residence)
        column = self._snapshot.column("zone")
        return lambda ranks: touching[column[ranks]]

    def _bassin_test(self, bassin: Zone) -> Test:
        def is_inside(values: tuple[str, ...]) -> bool:
            return any(not (self._geographie.zone(c) & bassin).is_empty for c in values)

        communes = self._snapshot.repertoires["commune"]
        inside, placeless = communes.matching(is_inside), communes.saying_any((), absent=True)
        commune = self._snapshot.column("commune")
        remote = self._snapshot.column("a_distance")
        zone_touches = self._zone_test(bassin)

        def test(ranks: Ints) -> Any:
            numbers = commune[ranks]
            reachable = (remote[ranks] | placeless[numbers]) & zone_touches(ranks)
            return inside[numbers] | reachable

        return test


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The parts of the score of some documents, already in points, and their rounded sum."""

    besoin: Floats
    proximite: Floats
    fraicheur: Floats
    qualite: Floats

    @property
    def total(self) -> Floats:
        """The rounded score, summed in the order of the reference."""
        parts = self.besoin + 0.0 + self.proximite + self.fraicheur + self.qualite
        return np.round(parts, SCORE_DECIMALS)

    def take(self, positions: Ints) -> "Scores":
        """Returns the same for some of the documents."""
        return Scores(
            besoin=self.besoin[positions],
            proximite=self.proximite[positions],
            fraicheur=self.fraicheur[positions],
            qualite=self.qualite[positions],
        )


def score(
    snapshot: Snapshot, criteres: SearchCriteria, ranks: Ints, reach: Reach, texte: Floats | None
) -> Scores:
    """Returns the score of documents, part by part."""
    poids = criteres.poids
    days = np.maximum(0, criteres.date.toordinal() - snapshot.column("jour")[ranks])
    fresh = 1.0 - (days - FRESH_DAYS) / (STALE_DAYS - FRESH_DAYS)
    return Scores(
        besoin=poids.besoin * texte[ranks] if texte is not None else np.zeros(len(ranks)),
        proximite=poids.proximite * reach.proximite(criteres.rayon_km),
        fraicheur=poids.fraicheur * np.minimum(1.0, np.maximum(0.0, fresh)),
        qualite=poids.qualite * (snapshot.column("qualite")[ranks] / 100.0),
    )


def page_order(
    snapshot: Snapshot, criteres: SearchCriteria, ranks: Ints, reach: Reach, scores: Floats
) -> Ints:
    """Returns the positions of one page in the total order of the sort."""
    last = criteres.page * criteres.par_page
    distance = np.round(reach.shown_distance_km(), DISTANCE_DECIMALS)
    distance = np.where(np.isnan(distance), np.inf, distance)
    newest = -snapshot.column("jour")[ranks].astype(np.float64)
    keys: dict[Tri, list[Floats]] = {
        Tri.PERTINENCE: [-scores, distance, newest],
        Tri.DISTANCE: [distance, -scores],
        Tri.DATE_MAJ: [newest, distance],
    }
    first = keys[criteres.tri][0]
    positions = np.arange(len(ranks))
    if last < len(ranks):
        # Only what the first key puts on this page or before needs the other keys.
        limit = np.partition(first, last - 1)[last - 1]
        positions = positions[first <= limit]
    ordre = snapshot.column("ordre")[ranks[positions]]
    columns = [ordre, *(key[positions] for key in reversed(keys[criteres.tri]))]
    order = np.lexsort(columns)
    return positions[order[last - criteres.par_page : last]]
