"""Every distinct tree of the catalogue, evaluated together for one person.

Nodes are shared between trees, negations pushed down to the leaves (which changes nothing in
Kleene's logic), and nodes of one height computed at once: a conjunction is a minimum, a disjunction
a maximum.
"""

from array import array
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
    """Groups of one height, kind and width: `children` holds one group in each column."""

    groups: Ids
    children: Ids
    is_all: bool

    def evaluate(self, values: Values) -> None:
        """Writes the values of the groups from those of their children."""
        reduce = np.minimum if self.is_all else np.maximum
        values[self.groups] = reduce.reduce(np.take(values, self.children), axis=0)


def _batches(nodes: Ids, sizes: Ids, starts: Ids, children: Ids, *, is_all: bool) -> list[_Batch]:
    """Sorts groups of one height into few widths.

    Columns of one width are computed together, far faster than groups of any size. A group is
    widened by naming its last child again, which changes neither a minimum nor a maximum.
    """
    widths = np.array([_width(size) for size in range(int(sizes.max(initial=0)) + 1)])[sizes]
    batches = []
    for width in np.unique(widths).tolist():
        chosen = widths == width
        ranks = np.minimum(np.arange(width)[:, None], sizes[chosen] - 1)
        columns = children[starts[chosen] + ranks]
        batches.append(_Batch(groups=nodes[chosen], children=columns, is_all=is_all))
    return batches


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

    def evaluate(self, leaf_values: Values) -> Values:
        """Returns the value of every node, given those of the leaves."""
        compiled = self.compiled
        values = np.empty(len(self._heights), dtype=np.uint8)
        values[ALWAYS], values[NEVER] = Valeur.OUI, Valeur.NON
        own = np.take(leaf_values, compiled.leaf)
        values[compiled.leaf_node] = np.where(compiled.negated, Valeur.OUI - own, own)
        for batch in compiled.batches:
            batch.evaluate(values)
        return values

    def unanswered(self, nodes: Ids, values: Values, leaf_masks: Masks) -> Masks:
        """Returns, for each node asked, the bits of the questions that stand unanswered in it.

        They are those of its undecided leaves that no settled node holds; going down from the few
        nodes that are asked costs less than going up from every leaf.
        """
        compiled = self.compiled
        masks = np.zeros((len(nodes), leaf_masks.shape[1]), dtype=np.uint64)
        roots, at = np.arange(len(nodes)), nodes
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
        of_leaf = [(node, leaf, negated) for (leaf, negated), node in self._leaf_nodes.items()]
        leaves = np.array(of_leaf, dtype=np.intp).reshape(-1, 3)
        size = len(self._heights)
        first, count = np.zeros(size, dtype=np.intp), np.zeros(size, dtype=np.intp)
        leaf_of = np.full(size, -1, dtype=np.intp)
        leaf_of[leaves[:, 0]] = leaves[:, 1]
        flat, offset = [np.empty(0, dtype=np.intp)], 0
        batches: list[_Batch] = []
        for (_, is_all), groups in sorted(self._groups.items()):
            nodes, sizes, children = groups.arrays()
            starts = np.cumsum(sizes) - sizes
            batches += _batches(nodes, sizes, starts, children, is_all=is_all)
            first[nodes], count[nodes] = offset + starts, sizes
            flat.append(children)
            offset += len(children)
        return Compiled(
            leaf_node=leaves[:, 0],
            leaf=leaves[:, 1],
            negated=leaves[:, 2].astype(np.bool_),
            batches=batches,
            leaf_of=leaf_of,
            first=first,
            count=count,
            children=np.concatenate(flat),
        )


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

    def arrays(self) -> tuple[Ids, Ids, Ids]:
        """Returns the nodes, their sizes, and all their children one after the other."""
        found = (self.nodes, self.sizes, self.children)
        nodes, sizes, children = (np.array(numbers, dtype=np.intp) for numbers in found)
        return nodes, sizes, children


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The nodes as arrays: leaves with their sign, groups by height, and the children of each."""

    leaf_node: Ids
    leaf: Ids
    negated: NDArray[np.bool_]
    batches: list[_Batch]
    leaf_of: Ids
    first: Ids
    count: Ids
    children: Ids
