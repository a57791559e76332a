"""The trees of the catalogue evaluated for one person, no further than they are asked."""

import numpy as np

from indexer.judging.arrays import INCONNU, NON, OUI, Ids, Masks, Values
from indexer.judging.cells import ALWAYS, NEVER, Cells
from indexer.judging.leaves import Asking


class Evaluation:
    """The value of each cell, for one person, given the values of the leaves and what they ask.

    Tops are evaluated when they are asked: until then their cells in `values` hold anything. `room`
    more cells follow, for whoever evaluates more.
    """

    def __init__(self, cells: Cells, leaf_values: Values, asking: Asking, *, room: int = 0) -> None:
        self._cells = cells
        self._asking = asking
        self.values = values = np.empty(len(cells) + room, dtype=np.uint8)
        values[ALWAYS], values[NEVER] = OUI, NON
        own = np.take(leaf_values, cells.leaf)
        values[cells.leaves] = np.where(cells.negated, OUI - own, own)
        for batch in cells.inner:
            batch.evaluate(values)
        self._has_tops = False

    def everywhere(self) -> Values:
        """Returns the value of every cell."""
        if not self._has_tops:
            for batch in self._cells.tops:
                batch.evaluate(self.values)
            self._has_tops = True
        return self.values

    def at(self, cells: Ids) -> Values:
        """Returns the values of some cells."""
        values = self.values[cells]
        if self._has_tops:
            return values
        is_top = (cells >= self._cells.first_top) & (cells < len(self._cells))
        if is_top.any():
            children, counts = self._cells.children_of(cells[is_top])
            starts = np.cumsum(counts) - counts
            values[is_top] = np.minimum.reduceat(self.values[children], starts)
        return values

    def unanswered(self, cells: Ids) -> Masks:
        """Returns, for each cell asked, the bits of the questions that stand unanswered in it.

        They are those of its undecided leaves that no settled node holds; going down from the few
        nodes that are asked costs less than going up from every leaf.
        """
        masks = np.zeros((len(cells), self._asking.words), dtype=np.uint64)
        roots, at = np.arange(len(cells)), cells
        while len(at):
            undecided = self.at(at) == INCONNU
            roots, at = roots[undecided], at[undecided]
            leaves = self._cells.leaf_of[at]
            is_leaf = leaves >= 0
            found, asked = roots[is_leaf], self._asking.of(leaves[is_leaf])
            for word in range(masks.shape[1]):
                np.bitwise_or.at(masks[:, word], found, asked[:, word])
            at, counts = self._cells.children_of(at[~is_leaf])
            roots = np.repeat(roots[~is_leaf], counts)
        return masks
