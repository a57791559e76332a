"""Every expression of the catalogue judged for one person, and where each has its cell.

Trees stand at the cells of their nodes, then come zones, then lists of publics; two cells end it,
for “no condition” and for what this worker does not know, which excludes nobody.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.domain.expressions import ARBRE, PUBLICS, ZONE
from app.domain.questions import Asked
from app.domain.verdict import Jugement
from indexer.judging.arrays import (
    AUCUNE,
    FAIT_INCONNU,
    INCONNU,
    JUGEMENTS,
    OFFRE_NON_PRECISEE,
    OUI,
    Bools,
    Ids,
    Masks,
    Values,
)
from indexer.judging.conditions import Conditions, Keys
from indexer.judging.evaluation import Evaluation
from indexer.judging.listed import Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The cells of the expressions: by id, and the ids and cells of each nature."""

    nodes: int
    zones: slice
    publics: slice
    cells: Ids
    ids: Mapping[str, Ids]
    conditions: Conditions
    last_known: int

    @classmethod
    def of(
        cls,
        ids: Mapping[str, Ids],
        trees: Ids,
        conditions: Conditions,
        *,
        nodes: int,
        highest_id: int,
    ) -> "Layout":
        """Returns the layout of so many nodes, given the cell of each tree.

        Ids up to `highest_id` that no nature holds are named by documents and not known here.
        """
        zones = slice(nodes, nodes + len(ids[ZONE]))
        publics = slice(zones.stop, zones.stop + len(ids[PUBLICS]))
        cells = np.full(highest_id + 1, publics.stop + 1, dtype=np.intp)
        cells[0] = publics.stop
        cells[ids[ARBRE]] = trees
        cells[ids[ZONE]] = np.arange(zones.start, zones.stop)
        cells[ids[PUBLICS]] = np.arange(publics.start, publics.stop)
        return cls(
            nodes=nodes,
            zones=zones,
            publics=publics,
            cells=cells,
            ids=ids,
            conditions=conditions,
            last_known=max((int(found.max(initial=0)) for found in ids.values()), default=0),
        )

    def cells_of(self, ids: Ids) -> Ids:
        """Returns the cells of expressions, that of what is not known for ids not seen yet."""
        is_seen = ids < len(self.cells)
        return np.where(is_seen, self.cells[np.where(is_seen, ids, 0)], self.publics.stop + 1)

    @property
    def room(self) -> int:
        """How many cells follow those of the nodes."""
        return int(self.publics.stop) + 2 - self.nodes


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Value, causes and questions of every expression, for one person.

    `evaluation` holds the values by cell, `publics_causes` the causes of the lists of publics: all
    the rest is undecided for want of an answer. `masks` has the bits of the questions, in the order
    of `asked`, for everything that is no tree.
    """

    layout: Layout
    evaluation: Evaluation
    publics_causes: Values
    masks: Masks
    asked: list[Asked]

    @cached_property
    def values(self) -> Values:
        """Values by id; cell 0 stands for “no condition”."""
        return np.take(self.evaluation.everywhere(), self.layout.cells)

    @cached_property
    def causes(self) -> Values:
        """Causes by id."""
        undecided = self.evaluation.everywhere() == INCONNU
        causes = undecided.view(np.uint8) * FAIT_INCONNU
        causes[self.layout.publics] = self.publics_causes
        return np.take(causes, self.layout.cells)

    def jugements(self, ids: Ids, is_imprecise: Bools) -> list[Jugement]:
        """Returns the judgement of some offers, undecided by what is not known here.

        `ids` has a row of expressions for each, and `is_imprecise` tells whose listing leaves
        something unsaid.
        """
        layout = self.layout
        cells = layout.cells_of(ids)
        values = self.evaluation.at(cells.ravel()).reshape(cells.shape)
        causes = (values == INCONNU).view(np.uint8) * FAIT_INCONNU
        of_publics = (layout.publics.start <= cells) & (cells < layout.publics.stop)
        causes[of_publics] = self.publics_causes[cells[of_publics] - layout.publics.start]
        silent = is_imprecise.view(np.uint8)
        lowest = np.minimum(values.min(axis=1), OUI - silent)
        together = np.bitwise_or.reduce(causes, axis=1) | silent * OFFRE_NON_PRECISEE
        together[lowest != INCONNU] = AUCUNE
        pairs = zip(lowest.tolist(), together.tolist(), strict=True)
        return [JUGEMENTS[value][causes] for value, causes in pairs]

    def conditions(self, value: np.uint8, marks: Set[str] | None) -> Keys:
        """Returns the keys of the conditions of trees that have a value.

        With marks, they are those of offers that have one of them.
        """
        return self.layout.conditions.having(value, self.evaluation.values, marks)

    def zones(self) -> Listed:
        """Returns the zones."""
        return Listed(self.layout.ids[ZONE], self.evaluation.values[self.layout.zones])

    def publics(self) -> Listed:
        """Returns the lists of publics."""
        return Listed(self.layout.ids[PUBLICS], self.evaluation.values[self.layout.publics])

    def unanswered(self, arbres: Ids) -> Masks:
        """Returns the questions that keep some trees undecided, by their ids."""
        return self.evaluation.unanswered(self.layout.cells[arbres])

    def questions_of(self, ids: Ids) -> Masks:
        """Returns the questions of expressions that are no trees; 0 has none."""
        return self.masks[self.layout.cells[ids] - self.layout.nodes]
