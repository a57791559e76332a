"""Every distinct tree of the catalogue, held together so that all are evaluated for one person.

Nodes are shared between trees, and negations pushed down to the leaves, which changes nothing in
Kleene's logic.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi
from indexer.judging.cells import ALWAYS, NEVER, Cells, Groups
from indexer.judging.keys import ALWAYS_KEY, NEVER_KEY, group_key, leaf_key


@dataclass(slots=True)
class Forest:
    """Grows by `add`, which numbers nodes; the leaves are numbered apart, in their order."""

    leaves: list[Critere] = field(default_factory=list)
    _keys: dict[int, int] = field(default_factory=lambda: {ALWAYS: ALWAYS_KEY, NEVER: NEVER_KEY})
    _leaf_ids: dict[Critere, int] = field(default_factory=dict)
    _leaf_nodes: dict[tuple[int, bool], int] = field(default_factory=dict)
    _group_nodes: dict[bytes, int] = field(default_factory=dict)
    _heights: "array[int]" = field(default_factory=lambda: array("i", [0, 0]))
    _groups: "_Groups" = field(default_factory=lambda: _Groups())
    _cells: Cells | None = None

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
        leaf = self._leaf_ids.get(critere)
        if leaf is None:
            canonical = critere.canonical
            self._leaf_ids[critere] = leaf = self._leaf_ids.setdefault(canonical, len(self.leaves))
            if leaf == len(self.leaves):
                self.leaves.append(canonical)
        if (leaf, negated) not in self._leaf_nodes:
            self._leaf_nodes[leaf, negated] = node = self._new_node(0)
            self._keys[node] = leaf_key(critere, negated=negated)
        return self._leaf_nodes[leaf, negated]

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
            self._groups.add(node, height, is_all, held)
        return self._group_nodes[key]

    def _new_node(self, height: int) -> int:
        self._heights.append(height)
        self._cells = None
        return len(self._heights) - 1

    def conditions(self, node: int) -> Sequence[int]:
        """Returns the nodes of which the least true is as true as this one: itself, if need be."""
        is_all, children = self._groups.of(node)
        return children if is_all else (node,)

    def key(self, node: int) -> int:
        """Returns the key of a node; most groups are no condition, and are never asked theirs."""
        if node not in self._keys:
            is_all, children = self._groups.of(node)
            self._keys[node] = group_key(map(self.key, children), is_all=is_all)
        return self._keys[node]

    @property
    def cells(self) -> Cells:
        """The cells where the nodes are evaluated, laid out again when the forest has grown."""
        if self._cells is None:
            leaves = [(node, leaf, neg) for (leaf, neg), node in self._leaf_nodes.items()]
            self._cells = Cells.of(
                np.array(leaves, dtype=np.intp).reshape(-1, 3), self._groups.arrays()
            )
        return self._cells


@dataclass(slots=True)
class _Groups:
    """The groups as plain numbers, child after child: a country has hundreds of thousands."""

    nodes: "array[int]" = field(default_factory=lambda: array("i"))
    heights: "array[int]" = field(default_factory=lambda: array("i"))
    are_all: "array[int]" = field(default_factory=lambda: array("b"))
    sizes: "array[int]" = field(default_factory=lambda: array("i"))
    firsts: "array[int]" = field(default_factory=lambda: array("i"))
    children: "array[int]" = field(default_factory=lambda: array("i"))

    def add(self, node: int, height: int, is_all: bool, children: "array[int]") -> None:
        """Adds a group."""
        self.nodes.append(node)
        self.heights.append(height)
        self.are_all.append(is_all)
        self.sizes.append(len(children))
        self.firsts.append(len(self.children))
        self.children.extend(children)

    def of(self, node: int) -> tuple[bool, Sequence[int]]:
        """Tells whether a node is a conjunction, and its children; what is no group has none."""
        rank = bisect_left(self.nodes, node)
        if rank == len(self.nodes) or self.nodes[rank] != node:
            return False, ()
        first = self.firsts[rank]
        return bool(self.are_all[rank]), self.children[first : first + self.sizes[rank]]

    def arrays(self) -> Groups:
        """Returns them as arrays."""
        return Groups(
            nodes=np.array(self.nodes, dtype=np.intp),
            heights=np.array(self.heights, dtype=np.intp),
            are_all=np.array(self.are_all, dtype=np.bool_),
            sizes=np.array(self.sizes, dtype=np.intp),
            children=np.array(self.children, dtype=np.intp),
        )
