"""The trees of the catalogue by what their offers are for, so that some are judged by themselves.

Whoever looks for a few needs names the trees of their offers only: a stand holds those of one mark.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
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
        """Returns the stand of some trees, given the cell of each."""
        order = np.argsort(at)
        at = at[order]
        first_top = int(np.searchsorted(at, cells.first_top))
        return cls(
            ids=ids[order],
            marks=marks[order],
            inner=at[:first_top],
            tops=[*_tops(cells, at)],
        )

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """All the trees in the order of their cells, and the stand of each mark, in order of bits."""

    ids: Ids
    at: Ids
    stands: Mapping[str, Stand]

    @classmethod
    def of(cls, cells: Cells, ids: Ids, at: Ids, usages: Ids, marks: Sequence[Set[str]]) -> "Trees":
        """Lays trees out, given their cells; `usages` has the rank of each usage in `marks`."""
        known = sorted(frozenset[str]().union(*marks))
        # As many marks as the vocabulary has categories, and one more.
        bits = [sum(1 << known.index(mark) for mark in own) for own in marks]
        bits_of = np.array(bits, dtype=np.uint64)[usages]
        stands = {}
        for rank, mark in enumerate(known):
            own = (bits_of & np.uint64(1 << rank)).astype(np.bool_)
            stands[mark] = Stand.of(cells, ids[own], at[own], bits_of[own])
        # Read in the order of their cells, hundreds of thousands of values come twice as fast.
        order = np.argsort(at)
        return cls(ids=ids[order], at=at[order], stands=stands)

    def listed(self, evaluation: Evaluation, marks: Set[str] | None) -> Listed:
        """Returns the trees that have one of the marks, each once; without marks, all of them."""
        if marks is None:
            return Listed([(self.ids, np.take(evaluation.everywhere(), self.at))])
        parts, earlier = [], 0
        for rank, (mark, stand) in enumerate(self.stands.items()):
            if mark in marks:
                values = stand.values(evaluation)
                if earlier:
                    is_known = (stand.marks & np.uint64(earlier)) != 0
                    values |= is_known.view(np.uint8) * _ASIDE
                parts.append((stand.ids, values))
                earlier |= 1 << rank
        return Listed(parts)
