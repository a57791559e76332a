"""Every expression of the catalogue judged for one person, and where each has its cell.

Trees stand at the cells of their nodes, then come zones, then lists of publics; two cells end it,
for “no condition” and for what this worker does not know, which excludes nobody.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from app.domain.expressions import ARBRE, PUBLICS, ZONE
from app.domain.questions import Asked
from app.domain.verdict import Cause, Valeur
from indexer.forest import Ids, Masks, Values

MAX_SELECTIONS = 64  # sets of needs whose trees are kept apart: the commonest of a few hundred


@dataclass(frozen=True, slots=True)
class Listed:
    """The ids of some expressions of one nature, and the cell of each."""

    ids: Ids
    cells: Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """The trees by usage: those of one usage are neighbours, in the order of their cells.

    `at` has the places of the trees of each mark.
    """

    all: Listed
    at: Mapping[str, Ids]
    _selected: dict[frozenset[str], Listed] = field(default_factory=dict)

    @classmethod
    def of(cls, ids: Ids, cells: Ids, usages: Ids, marks: Sequence[frozenset[str]]) -> "Trees":
        """Returns trees in their order; `usages` has the rank of each one's usage in `marks`."""
        # Read in the order of their cells, hundreds of thousands of values come twice as fast.
        order = np.lexsort((cells, usages))
        ends = np.cumsum(np.bincount(usages, minlength=len(marks))).tolist()
        places: dict[str, list[Ids]] = {}
        for own, (start, end) in zip(marks, pairwise([0, *ends]), strict=True):
            for mark in own:
                places.setdefault(mark, []).append(np.arange(start, end))
        at = {mark: np.concatenate(found) for mark, found in places.items()}
        return cls(all=Listed(ids[order], cells[order]), at=at)

    def of_usage(self, marks: Set[str]) -> Listed:
        """Returns the trees of offers that have one of these marks."""
        wanted = frozenset(marks)
        found = self._selected.get(wanted)
        if found is None:
            chosen = np.zeros(len(self.all.ids), dtype=bool)
            for mark in wanted & self.at.keys():
                chosen[self.at[mark]] = True
            found = Listed(self.all.ids[chosen], self.all.cells[chosen])
            if len(self._selected) >= MAX_SELECTIONS:
                self._selected.clear()
            self._selected[wanted] = found
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The cells of the expressions: by id, and the ids and cells of each nature."""

    nodes: int
    zones: slice
    publics: slice
    cells: Ids
    ids: Mapping[str, Ids]
    trees: Trees
    last_known: int

    @classmethod
    def of(cls, ids: Mapping[str, Ids], trees: Trees, nodes: int, highest_id: int) -> "Layout":
        """Returns the layout of so many nodes.

        Ids up to `highest_id` that no nature holds are named by documents and not known here.
        """
        zones = slice(nodes, nodes + len(ids[ZONE]))
        publics = slice(zones.stop, zones.stop + len(ids[PUBLICS]))
        cells = np.full(highest_id + 1, publics.stop + 1, dtype=np.intp)
        cells[0] = publics.stop
        cells[trees.all.ids] = trees.all.cells
        cells[ids[ZONE]] = np.arange(zones.start, zones.stop)
        cells[ids[PUBLICS]] = np.arange(publics.start, publics.stop)
        return cls(
            nodes=nodes,
            zones=zones,
            publics=publics,
            cells=cells,
            ids=ids,
            trees=trees,
            last_known=max((int(found.max(initial=0)) for found in ids.values()), default=0),
        )

    def cell(self, ident: int) -> int:
        """Returns the cell of an expression, that of what is not known for an id not seen yet."""
        return int(self.cells[ident]) if ident < len(self.cells) else int(self.publics.stop) + 1

    @property
    def room(self) -> int:
        """How many cells follow those of the nodes."""
        return int(self.publics.stop) + 2 - self.nodes


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Value, causes and questions of every expression, for one person.

    `cells` holds the values by cell, `publics_causes` the causes of the lists of publics: all the
    rest is undecided for want of an answer. `masks` has the bits of the questions, in the order of
    `asked`, for everything that is no tree; `unanswered_in` returns those of trees at some cells.
    """

    layout: Layout
    cells: Values
    publics_causes: Values
    masks: Masks
    unanswered_in: Callable[[Ids], Masks]
    asked: list[Asked]

    @cached_property
    def values(self) -> Values:
        """Values by id; cell 0 stands for “no condition”."""
        return np.take(self.cells, self.layout.cells)

    @cached_property
    def causes(self) -> Values:
        """Causes by id."""
        causes = (self.cells == Valeur.INCONNU).view(np.uint8) * np.uint8(Cause.FAIT_INCONNU)
        causes[self.layout.publics] = self.publics_causes
        return np.take(causes, self.layout.cells)

    def value(self, ident: int) -> Valeur:
        """Returns the value of one expression, undecided when it is not known here."""
        return Valeur(int(self.cells[self.layout.cell(ident)]))

    def causes_of(self, ident: int) -> Cause:
        """Returns the causes of one expression."""
        at = self.layout.cell(ident) - self.layout.publics.start
        if 0 <= at < len(self.publics_causes):
            return Cause(int(self.publics_causes[at]))
        is_undecided = self.value(ident) is Valeur.INCONNU
        return Cause.FAIT_INCONNU if is_undecided else Cause.AUCUNE

    def listed(self, nature: str, marks: Set[str] | None = None) -> tuple[Ids, Values]:
        """Returns the ids of one nature with their values.

        With marks, trees are those of offers that have one of them; other natures are whole.
        """
        layout = self.layout
        if nature == ARBRE:
            trees = layout.trees.all if marks is None else layout.trees.of_usage(marks)
            return trees.ids, np.take(self.cells, trees.cells)
        return layout.ids[nature], self.cells[layout.zones if nature == ZONE else layout.publics]

    def unanswered(self, arbres: Ids) -> Masks:
        """Returns the questions that keep some trees undecided, by their ids."""
        return self.unanswered_in(self.layout.cells[arbres])

    def questions_of(self, ids: Ids) -> Masks:
        """Returns the questions of expressions that are no trees; 0 has none."""
        return self.masks[self.layout.cells[ids] - self.layout.nodes]
