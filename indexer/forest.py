"""Every distinct tree of the catalogue, evaluated together for one person.

Nodes are shared between trees, negations pushed down to the leaves (which changes nothing in
Kleene's logic), and nodes of one height computed at once: a conjunction is a minimum, a disjunction
a maximum. Once compiled, a node has a cell, and everything is asked and answered by cell.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi
from app.domain.verdict import Valeur

Values = NDArray[np.uint8]
Ids = NDArray[np.intp]
Masks = NDArray[np.uint64]
ALWAYS, NEVER = 0, 1  # the first two nodes
_OWN_WIDTH = 4


@dataclass(frozen=True, slots=True)
class _Batch:
    """Groups of one height, kind and width, in neighbouring cells; one group in each column."""

    cells: slice
    children: Ids
    is_all: bool

    def evaluate(self, values: Values) -> None:
        """Writes the values of the groups from those of their children."""
        reduce = np.minimum if self.is_all else np.maximum
        reduce.reduce(np.take(values, self.children), axis=0, out=values[self.cells])


def _width(size: int) -> int:
    """Small groups, nearly all of them, keep their size; the others take the next power of two."""
    return size if size <= _OWN_WIDTH else 1 << (size - 1).bit_length()


@dataclass(slots=True)
class Forest:
    """Grows by `add`; evaluating it takes the values of the leaves, in their order."""

    leaves: list[Critere] = field(default_factory=list)
    _leaf_ids: dict[Critere, int] = field(default_factory=dict)
    _leaf_nodes: dict[tuple[int, bool], int] = field(default_factory=dict)
    _group_nodes: dict[bytes, int] = field(default_factory=dict)
    _heights: "array[int]" = field(default_factory=lambda: array("i", [0, 0]))
    _groups: dict[tuple[int, bool], "_Groups"] = field(default_factory=dict)
    _compiled: "Compiled | None" = None

    def add(self, noeud: Noeud, *, negated: bool = False) -> int:
        """Returns the node of a tree, adding what is new of it."""
        match noeud:
            case Critere():
                return self._add_leaf(noeud, negated=negated)
            case Sauf(child):
                return self.add(child, negated=not negated)
            case Toutes(noeuds) | UneParmi(noeuds):
                # The negation of “all” is “one of the negations”.
                is_all = isinstance(noeud, Toutes) is not negated
                children = {self.add(child, negated=negated) for child in noeuds}
                return self._add_group(is_all, tuple(sorted(children)))

    def _add_leaf(self, critere: Critere, *, negated: bool) -> int:
        leaf = self._leaf_ids.setdefault(critere, len(self.leaves))
        if leaf == len(self.leaves):
            self.leaves.append(critere)
        key = (leaf, negated)
        if key not in self._leaf_nodes:
            self._leaf_nodes[key] = self._new_node(0)
        return self._leaf_nodes[key]

    def _add_group(self, is_all: bool, children: tuple[int, ...]) -> int:
        if not children:
            return ALWAYS if is_all else NEVER
        if len(children) == 1:
            return children[0]
        held = array("i", children)
        key = bytes((is_all,)) + held.tobytes()
        if key not in self._group_nodes:
            height = 1 + max(self._heights[child] for child in children)
            self._group_nodes[key] = node = self._new_node(height)
            self._groups.setdefault((height, is_all), _Groups()).add(node, held)
        return self._group_nodes[key]

    def _new_node(self, height: int) -> int:
        self._heights.append(height)
        self._compiled = None
        return len(self._heights) - 1

    def evaluate(self, leaf_values: Values, room: int = 0) -> Values:
        """Returns the value of every cell, given those of the leaves, and `room` for more."""
        compiled = self.compiled
        values = np.empty(len(self._heights) + room, dtype=np.uint8)
        values[ALWAYS], values[NEVER] = Valeur.OUI, Valeur.NON
        own = np.take(leaf_values, compiled.leaf)
        values[compiled.leaf_cells] = np.where(compiled.negated, Valeur.OUI - own, own)
        for batch in compiled.batches:
            batch.evaluate(values)
        return values

    def unanswered(self, cells: Ids, values: Values, leaf_masks: Masks) -> Masks:
        """Returns, for each cell asked, the bits of the questions that stand unanswered in it.

        They are those of its undecided leaves that no settled node holds; going down from the few
        nodes that are asked costs less than going up from every leaf.
        """
        compiled = self.compiled
        masks = np.zeros((len(cells), leaf_masks.shape[1]), dtype=np.uint64)
        roots, at = np.arange(len(cells)), cells
        while len(at):
            undecided = values[at] == Valeur.INCONNU
            roots, at = roots[undecided], at[undecided]
            leaves = compiled.leaf_of[at]
            is_leaf = leaves >= 0
            found, asked = roots[is_leaf], leaf_masks[leaves[is_leaf]]
            for word in range(masks.shape[1]):
                np.bitwise_or.at(masks[:, word], found, asked[:, word])
            roots, at = roots[~is_leaf], at[~is_leaf]
            counts = compiled.count[at]
            firsts = np.repeat(compiled.first[at] - np.cumsum(counts) + counts, counts)
            at = compiled.children[firsts + np.arange(len(firsts))]
            roots = np.repeat(roots, counts)
        return masks

    @property
    def compiled(self) -> "Compiled":
        """The same as arrays, made again when the forest has grown."""
        if self._compiled is None:
            self._compiled = self._compile()
        return self._compiled

    def _compile(self) -> "Compiled":
        leaves = np.array(
            [(node, leaf, negated) for (leaf, negated), node in self._leaf_nodes.items()],
            dtype=np.intp,
        ).reshape(-1, 3)
        alike = [part for key in sorted(self._groups) for part in self._groups[key].alike(key[1])]
        order = np.concatenate([(ALWAYS, NEVER), leaves[:, 0], *(part.nodes for part in alike)])
        cells = np.empty(len(order), dtype=np.intp)
        cells[order] = np.arange(len(order))
        leaf_cells = slice(2, 2 + len(leaves))
        leaf_of = np.full(len(order), -1, dtype=np.intp)
        leaf_of[leaf_cells] = leaves[:, 1]
        batches, at = [], leaf_cells.stop
        for part in alike:
            end = at + len(part.nodes)
            batches.append(_Batch(slice(at, end), cells[part.columns], part.is_all))
            at = end
        own = [part.own(cells) for part in alike]
        counts = np.concatenate(
            [np.zeros(leaf_cells.stop, dtype=np.intp), *(p.sizes for p in alike)]
        )
        return Compiled(
            cells=cells,
            leaf_cells=leaf_cells,
            leaf=leaves[:, 1],
            negated=leaves[:, 2].astype(np.bool_),
            batches=batches,
            leaf_of=leaf_of,
            first=np.cumsum(counts) - counts,
            count=counts,
            children=np.concatenate([np.empty(0, dtype=np.intp), *own]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alike:
    """Groups of one height, kind and width: `columns` holds the children of one in each column.

    A group is widened by naming its last child again, which changes neither a minimum nor a
    maximum; `sizes` are what they were.
    """

    nodes: Ids
    sizes: Ids
    columns: Ids
    is_all: bool

    def own(self, cells: Ids) -> Ids:
        """Returns the cells of the children, group after group, none twice."""
        is_own = np.arange(len(self.columns)) < self.sizes[:, None]
        found: Ids = cells[self.columns.T[is_own]]
        return found


@dataclass(slots=True)
class _Groups:
    """The groups of one height and kind, as plain numbers: a country has hundreds of thousands."""

    nodes: "array[int]" = field(default_factory=lambda: array("i"))
    sizes: "array[int]" = field(default_factory=lambda: array("i"))
    children: "array[int]" = field(default_factory=lambda: array("i"))

    def add(self, node: int, children: "array[int]") -> None:
        """Adds a group."""
        self.nodes.append(node)
        self.sizes.append(len(children))
        self.children.extend(children)

    def alike(self, is_all: bool) -> Iterator[_Alike]:
        """Yields the groups by width, of which there are few.

        Columns of one width are computed together, far faster than groups of any size.
        """
        found = (self.nodes, self.sizes, self.children)
        nodes, sizes, children = (np.array(numbers, dtype=np.intp) for numbers in found)
        starts = np.cumsum(sizes) - sizes
        widths = np.array([_width(size) for size in range(int(sizes.max(initial=0)) + 1)])[sizes]
        for width in np.unique(widths).tolist():
            chosen = widths == width
            ranks = np.minimum(np.arange(width)[:, None], sizes[chosen] - 1)
            yield _Alike(
                nodes=nodes[chosen],
                sizes=sizes[chosen],
                columns=children[starts[chosen] + ranks],
                is_all=is_all,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The nodes as arrays by cell: constants, leaves, then groups from the lowest to the highest.

    Neighbours are computed together, so that a whole batch is written at once; `cells` tells where
    each node has gone. `leaf_of` is -1 for what is no leaf.
    """

    cells: Ids
    leaf_cells: slice
    leaf: Ids
    negated: NDArray[np.bool_]
    batches: list[_Batch]
    leaf_of: Ids
    first: Ids
    count: Ids
    children: Ids
