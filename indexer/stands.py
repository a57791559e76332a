"""The trees of the catalogue by what their offers are for, so that some are judged by themselves.

Whoever looks for a few needs names the trees of their offers only: a stand holds those of one mark.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import Ids, Values
from indexer.cells import Batch, Cells
from indexer.evaluation import Evaluation
from indexer.listed import Listed

_ASIDE = np.uint8(255)  # in the place of the value of what another part has already


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Trees in the order of their cells; `marks` has a bit for each of the marks of each tree.

    The first ones are inner cells, which an evaluation holds; those of the batches are found anew.
    """

    ids: Ids
    marks: NDArray[np.uint64]
    inner: Ids
    tops: Sequence[Batch]

    @classmethod
    def of(cls, cells: Cells, ids: Ids, at: Ids, marks: NDArray[np.uint64]) -> "Stand":
        """Returns the stand of some trees, given their cells, which are in order."""
        first_top = int(np.searchsorted(at, cells.first_top))
        return cls(ids=ids, marks=marks, inner=at[:first_top], tops=[*_tops(cells, at)])

    def values(self, evaluation: Evaluation) -> Values:
        """Returns the values of its trees."""
        found = np.empty(len(self.ids), dtype=np.uint8)
        found[: len(self.inner)] = np.take(evaluation.values, self.inner)
        for batch in self.tops:
            batch.evaluate(evaluation.values, found)
        return found


def _tops(cells: Cells, at: Ids) -> Iterable[Batch]:
    """Yields what is left of each batch of tops, of which only some cells are asked."""
    for batch in cells.tops:
        start, end = np.searchsorted(at, (batch.places.start, batch.places.stop)).tolist()
        if start < end:
            yield batch.of(at[start:end], start)


class Trees:
    """All the trees in the order of their cells, and the stands of the marks that are asked."""

    def __init__(
        self, cells: Cells, ids: Ids, at: Ids, usages: Ids, marks: Sequence[Set[str]]
    ) -> None:
        """`usages` has the rank in `marks` of the usage of each tree."""
        self._cells = cells
        # Read in the order of their cells, hundreds of thousands of values come twice as fast.
        order = np.argsort(at)
        self.ids, self.at = ids[order], at[order]
        # The vocabulary has sixteen categories: with what gives a fact, far fewer marks than bits.
        known = sorted(frozenset[str]().union(*marks))
        self._bit_of = {mark: 1 << rank for rank, mark in enumerate(known)}
        bits = [sum(self._bit_of[mark] for mark in own) for own in marks]
        self._marks = np.array(bits, dtype=np.uint64)[usages[order]]
        self._stands: dict[str, Stand] = {}

    def listed(self, evaluation: Evaluation, marks: Set[str] | None) -> Listed:
        """Returns the trees that have one of the marks, each once; without marks, all of them."""
        if marks is None:
            return Listed([(self.ids, np.take(evaluation.everywhere(), self.at))])
        parts, earlier = [], 0
        for mark in sorted(marks & self._bit_of.keys()):
            stand = self._stand(mark)
            values = stand.values(evaluation)
            if earlier:
                is_known = (stand.marks & np.uint64(earlier)) != 0
                values |= is_known.view(np.uint8) * _ASIDE
            parts.append((stand.ids, values))
            earlier |= self._bit_of[mark]
        return Listed(parts)

    def _stand(self, mark: str) -> Stand:
        """Returns the stand of a mark, made when it is first asked: one engine never asks."""
        if mark not in self._stands:
            own = (self._marks & np.uint64(self._bit_of[mark])) != 0
            self._stands[mark] = Stand.of(
                self._cells, self.ids[own], self.at[own], self._marks[own]
            )
        return self._stands[mark]
