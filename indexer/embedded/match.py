"""Judges, counts and ranks every document for one person.

The expressions are judged beforehand (`indexer.judging`): here a verdict is looked up, three times
a document, and the lowest kept.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.domain.matching import PREMIERS, MatchCriteria, Question
from app.domain.ranking import acces_part
from app.domain.verdict import Jugement
from indexer.documents import read_apport
from indexer.embedded.columns import Snapshot
from indexer.embedded.needs import EXACTLY, answers_to, besoin_by_number
from indexer.embedded.reach import Floats, Reach, reach_of
from indexer.embedded.scan import Parts, Ranks, Scores, page_order, score, sortable
from indexer.judging.arrays import (
    AUCUNE,
    FAIT_INCONNU,
    INCONNU,
    JUGEMENTS,
    NON_ACCESSIBLE,
    OFFRE_NON_PRECISEE,
    OUI,
    Bools,
    Values,
)
from indexer.judging.asking import questions
from indexer.judging.judged import Judged

_COLUMNS = ("arbre", "publics_expr", "zone")
# By verdict and causes, the part of the score; the domain's own function fills it.
_ACCES = np.array([[acces_part(jugement) for jugement in by_causes] for by_causes in JUGEMENTS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """The verdict of some documents, with the causes of the undecided ones."""

    values: Values
    causes: Values

    def jugement(self, position: int) -> Jugement:
        """Returns the judgement of one document."""
        return JUGEMENTS[int(self.values[position])][int(self.causes[position])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Some documents, judged, placed and scored; arrays follow `ranks`."""

    ranks: Ranks
    verdicts: Verdicts
    reach: Reach
    distance: Floats
    scores: Scores
    keys: list[Floats]

    def best(self, snapshot: Snapshot, positions: Ranks, page: int, par_page: int) -> Ranks:
        """Returns one page of some of the documents, as positions in these arrays."""
        keys = [key[positions] for key in self.keys]
        return positions[page_order(snapshot, self.ranks[positions], keys, page, par_page)]


class Match:
    """One match over one snapshot."""

    def __init__(self, snapshot: Snapshot, criteres: MatchCriteria, judged: Judged) -> None:
        self._snapshot = snapshot
        self._criteres = criteres
        self._judged = judged
        self._reach = reach_of(snapshot, criteres.origine, criteres.rayon_km)

    def answering(self) -> Ranks:
        """Returns the live documents that answer a need; all of them without needs."""
        living = self._snapshot.living
        if not self._criteres.besoins:
            return np.flatnonzero(living)
        answers = np.take(self._besoin_by_number > 0, self._snapshot.numbers("thematiques"))
        return np.flatnonzero(living & answers)

    @cached_property
    def _besoin_by_number(self) -> Floats:
        """The need part by number of the thématiques' repertoire."""
        return besoin_by_number(self._snapshot, self._criteres.besoins)

    def answering_exactly(self, besoin: str, ranks: Ranks) -> Bools:
        """Tells which documents answer this very need."""
        table = answers_to(self._snapshot, besoin) == EXACTLY
        return np.take(table, self._snapshot.numbers("thematiques")[ranks])

    def in_reach(self, ranks: Ranks) -> Bools:
        """Tells which documents are in reach, or asked by their ids."""
        if self._criteres.offres is not None:
            return np.ones(len(ranks), dtype=np.bool_)
        return np.take(self._in_reach, ranks)

    @cached_property
    def _in_reach(self) -> Bools:
        return self._reach.in_reach

    def values(self, ranks: Ranks) -> Values:
        """Returns the lowest of tree, publics, zone and precision."""
        # The third value is 2 and silence at most 1.
        lowest = OUI - np.take(self._snapshot.column("imprecis"), ranks).view(np.uint8)
        for name in _COLUMNS:
            ids = np.take(self._snapshot.column(name), ranks)
            np.minimum(lowest, np.take(self._judged.values, ids), out=lowest)
        return lowest

    def verdicts(self, ranks: Ranks, values: Values) -> Verdicts:
        """Returns the verdicts of documents whose values are known, with their causes."""
        silent = np.take(self._snapshot.column("imprecis"), ranks).view(np.uint8)
        causes = silent * OFFRE_NON_PRECISEE
        for name in _COLUMNS:
            causes |= np.take(self._judged.causes, np.take(self._snapshot.column(name), ranks))
        causes[values != INCONNU] = AUCUNE
        return Verdicts(values=values, causes=causes)

    def nearest_beyond(self, ranks: Ranks) -> float | None:
        """Returns the distance to the nearest of some documents, None when it is not known."""
        nearest = self._reach.nearest(ranks)
        return None if nearest is None else float(self._reach.take([nearest]).distance_km()[0])

    def ranked(self, ranks: Ranks, verdicts: Verdicts, *, with_needs: bool = True) -> Ranked:
        """Returns documents with their scores and the keys of their order."""
        reach = self._reach.take(ranks)
        distance = np.where(reach.on_the_spot | ~reach.in_reach, reach.distance_km(), np.nan)
        besoin = None
        if with_needs and self._criteres.besoins:
            besoin = np.take(self._besoin_by_number, self._snapshot.numbers("thematiques")[ranks])
        parts = Parts(
            proximite=reach.proximite(distance, self._criteres.rayon_km),
            besoin=besoin,
            acces=_ACCES[verdicts.values, verdicts.causes],
        )
        scores = score(self._snapshot, self._criteres.poids, self._criteres.date, ranks, parts)
        newest = -self._snapshot.column("jour")[ranks].astype(np.float64)
        closed = verdicts.values == NON_ACCESSIBLE
        # One key for “closed ones last”, then the score: no score is negative.
        first = np.where(closed, 1_000.0 - scores.total, -scores.total)
        return Ranked(
            ranks=ranks,
            verdicts=verdicts,
            reach=reach,
            distance=distance,
            scores=scores,
            keys=[first, sortable(distance), newest],
        )

    def questions(self, ranks: Ranks, verdicts: Verdicts) -> list[Question]:
        """Returns what to ask, given the documents that count."""
        asking = ranks[verdicts.causes == FAIT_INCONNU]
        arbres, *others = (self._snapshot.column(name)[asking] for name in _COLUMNS)
        return questions(self._judged, arbres, others, np.ones(len(asking), dtype=np.int64))

    def giving(self) -> dict[tuple[str, str], Ranks]:
        """Returns the ranks of the best documents that give each fact, needs left aside."""
        repertoire, numbers = (
            self._snapshot.repertoires["apporte"],
            self._snapshot.numbers("apporte"),
        )
        ranks = self._snapshot.saying("apporte")
        ranks = ranks[np.take(self._in_reach, ranks)]
        values = self.values(ranks)
        is_open = values != NON_ACCESSIBLE
        ranks = ranks[is_open]
        ranked = self.ranked(ranks, self.verdicts(ranks, values[is_open]), with_needs=False)
        found: dict[tuple[str, str], Ranks] = {}
        for key in repertoire.said:
            saying = np.take(repertoire.saying_any((key,), absent=False), numbers[ranks])
            best = ranked.best(self._snapshot, np.flatnonzero(saying), 1, PREMIERS)
            if len(best):
                found[read_apport(key)] = ranks[best]
        return found
