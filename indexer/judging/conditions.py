"""What the trees of the catalogue ask, condition by condition.

Whoever does not meet one condition of a conjunction does not meet it, and thousands of trees share
each: naming the false conditions says which offers are closed in far fewer words than naming their
trees. A condition has the same key for whoever writes an offer and for whoever judges it.
"""

from collections.abc import Iterable, Sequence, Set
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from app.domain.arbre import Noeud
from indexer.judging.arrays import Bools, Ids, Values
from indexer.judging.cells import Cells
from indexer.judging.forest import Forest

Keys = NDArray[np.int64]
"""Keys of conditions, as `indexer.judging.keys` makes them."""


def condition_keys(tree: Noeud) -> list[int]:
    """Returns the keys of the conditions of a tree: it is as true as the least true of them."""
    forest = Forest()
    return sorted(map(forest.key, forest.conditions(forest.add(tree))))


class Conditions:
    """The conditions of the trees, and those of the offers of each mark, found when it is asked."""

    def __init__(
        self, cells: Cells, keys: Keys, trees: Ids, usages: Ids, marks: Sequence[Set[str]]
    ) -> None:
        """`keys` has the key of each cell before the tops, `trees` the cell of each tree.

        `usages` has the rank in `marks` of the usage of each tree.
        """
        self._cells = cells
        self._keys = keys
        self._trees = trees
        self._usages = usages
        self._marks = marks
        self._found: dict[str | None, Bools] = {}

    def having(self, value: np.uint8, values: Values, marks: Set[str] | None) -> Keys:
        """Returns the keys of those that have a value, given those of the cells.

        With marks, they are those of offers that have one of them.
        """
        asked = self._asked(marks)
        return self._keys.compress(asked & (values[: len(asked)] == value))

    def _asked(self, marks: Set[str] | None) -> Bools:
        wanted: Iterable[str | None] = (None,) if marks is None else sorted(marks)
        nothing = np.zeros(len(self._keys), dtype=np.bool_)
        return reduce(np.logical_or, map(self._of, wanted), nothing)

    def _of(self, mark: str | None) -> Bools:
        """Tells which cells are conditions of the offers that have a mark; of all, without."""
        if mark not in self._found:
            have_mark = [mark is None or mark in own for own in self._marks]
            trees = self._trees[np.array(have_mark, dtype=np.bool_)[self._usages]]
            found = np.zeros(len(self._keys), dtype=np.bool_)
            found[self._cells.conditions_of(trees)] = True
            self._found[mark] = found
        return self._found[mark]
