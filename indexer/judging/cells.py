"""The nodes of the forest laid out in cells, so that many are evaluated by one operation.

First come the constants and the leaves, then the groups, from the lowest to the highest. Last are
the tops, conjunctions that nothing contains: nearly all the groups, which wait until somebody asks.
In each part, groups of one kind and width are neighbours: a conjunction is a minimum, a disjunction
a maximum.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from indexer.judging.arrays import Bools, Ids, Values

ALWAYS, NEVER = 0, 1  # the first two nodes, and their cells
_OWN_WIDTH = 4


def _width(size: int) -> int:
    """Small groups, nearly all of them, keep their size; the others take the next power of two."""
    return size if size <= _OWN_WIDTH else 1 << (size - 1).bit_length()


@dataclass(frozen=True, slots=True)
class Batch:
    """Groups of one kind and width, in neighbouring places; one group in each column.

    A group is widened by naming its last child again, which changes neither a minimum nor a
    maximum.
    """

    places: slice
    children: Ids
    is_all: bool

    def evaluate(self, values: Values) -> None:
        """Writes the values of the groups, from those of the cells of their children."""
        reduce = np.minimum if self.is_all else np.maximum
        reduce.reduce(np.take(values, self.children), axis=0, out=values[self.places])


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Groups of a forest by node; `children` has those of each group in turn."""

    nodes: Ids
    heights: Ids
    are_all: Bools
    sizes: Ids
    children: Ids

    @property
    def widths(self) -> Ids:
        """How many children each is evaluated with."""
        largest = int(self.sizes.max(initial=0))
        return np.array([_width(size) for size in range(largest + 1)], dtype=np.intp)[self.sizes]

    def in_order(self, order: Ids) -> "Groups":
        """Returns the same groups in another order."""
        firsts = (np.cumsum(self.sizes) - self.sizes)[order]
        return Groups(
            nodes=self.nodes[order],
            heights=self.heights[order],
            are_all=self.are_all[order],
            sizes=self.sizes[order],
            children=self.children[ranges(firsts, self.sizes[order])],
        )


def ranges(firsts: Ids, counts: Ids) -> Ids:
    """Returns the numbers of several ranges, one range after the other."""
    starts = np.repeat(firsts - np.cumsum(counts) + counts, counts)
    found: Ids = starts + np.arange(len(starts))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Where each node is evaluated (`of_node`), and from which cells.

    `leaf_of` is -1 for what is no leaf. The children of a cell are `count` ones from `first` on.
    """

    of_node: Ids
    leaves: slice
    leaf: Ids
    negated: Bools
    inner: Sequence[Batch]
    tops: Sequence[Batch]
    first_top: int
    leaf_of: Ids
    first: Ids
    count: Ids
    is_all: Bools
    children: Ids

    @classmethod
    def of(cls, leaves: Ids, groups: Groups) -> "Cells":
        """Lays out a forest: `leaves` has rows of node, leaf, and whether it is negated."""
        start = 2 + len(leaves)
        size = start + len(groups.nodes)
        is_inner = np.zeros(size, dtype=np.bool_)
        is_inner[groups.children] = True
        is_top = groups.are_all & ~is_inner[groups.nodes]
        # Whatever their height, tops are needed by nothing else.
        heights = np.where(is_top, groups.heights.max(initial=0) + 1, groups.heights)
        keys = np.stack([groups.widths, groups.are_all, heights])
        order = np.lexsort(keys)
        groups, keys = groups.in_order(order), keys[:, order]
        of_node = np.empty(size, dtype=np.intp)
        of_node[np.concatenate([(ALWAYS, NEVER), leaves[:, 0], groups.nodes])] = np.arange(size)
        children = of_node[groups.children]
        leaf_of = np.full(size, -1, dtype=np.intp)
        leaf_of[2:start] = leaves[:, 1]
        count = np.concatenate([np.zeros(start, dtype=np.intp), groups.sizes])
        first = np.cumsum(count) - count
        first_top = size - int(np.count_nonzero(is_top))
        batches = [*_batches(start, keys, first, count, children)]
        return cls(
            of_node=of_node,
            leaves=slice(2, start),
            leaf=leaves[:, 1],
            negated=leaves[:, 2].astype(np.bool_),
            inner=[batch for batch in batches if batch.places.start < first_top],
            tops=[batch for batch in batches if batch.places.start >= first_top],
            first_top=first_top,
            leaf_of=leaf_of,
            first=first,
            count=count,
            is_all=np.concatenate([np.zeros(start, dtype=np.bool_), groups.are_all]),
            children=children,
        )

    def __len__(self) -> int:
        return len(self.of_node)

    def children_of(self, cells: Ids) -> tuple[Ids, Ids]:
        """Returns the children of some cells, one after the other, and how many each has."""
        counts = self.count[cells]
        return self.children[ranges(self.first[cells], counts)], counts

    def conditions_of(self, cells: Ids) -> Ids:
        """Returns, for some cells together, the children of conjunctions, and any other cell."""
        is_all = self.is_all[cells]
        return np.concatenate([cells[~is_all], self.children_of(cells[is_all])[0]])


def _batches(start: int, keys: Ids, first: Ids, count: Ids, children: Ids) -> Iterator[Batch]:
    """Yields the groups that have the same keys, which are neighbours from `start` on."""
    changes = np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(axis=0)) + 1
    bounds = [0, *changes.tolist(), keys.shape[1]] if keys.shape[1] else []
    for low, high in pairwise(bounds):
        width, is_all, _ = keys[:, low].tolist()
        places = slice(start + low, start + high)
        ranks = np.minimum(np.arange(width)[:, None], count[places] - 1)
        yield Batch(places, children[first[places] + ranks], bool(is_all))
