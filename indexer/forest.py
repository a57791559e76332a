"""Every distinct tree of the catalogue, evaluated together for one person.

Nodes are shared between trees, negations pushed down to the leaves (which changes nothing in
Kleene's logic), and nodes of one height computed at once: a conjunction is a minimum, a disjunction
a maximum, and the questions of an undecided node are those of its undecided children.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi
from app.domain.verdict import Valeur

Values = NDArray[np.uint8]
Masks = NDArray[np.uint64]
ALWAYS, NEVER = 0, 1  # the first two nodes


@dataclass(frozen=True, slots=True)
class _Level:
    """The groups of one height and kind: where their children start in `children`."""

    groups: NDArray[np.intp]
    children: NDArray[np.intp]
    starts: NDArray[np.intp]


@dataclass(slots=True)
class Forest:
    """Grows by `add`; evaluating it takes the values of the leaves, in their order."""

    leaves: list[Critere] = field(default_factory=list)
    _leaf_ids: dict[Critere, int] = field(default_factory=dict)
    _nodes: dict[tuple[object, ...], int] = field(default_factory=dict)
    _heights: list[int] = field(default_factory=lambda: [0, 0])
    _of_leaf: list[tuple[int, int, bool]] = field(default_factory=list)  # node, leaf, negated
    _groups: dict[tuple[int, bool], list[tuple[int, tuple[int, ...]]]] = field(default_factory=dict)
    _compiled: "_Compiled | None" = None

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
        if key not in self._nodes:
            self._nodes[key] = self._new_node(0)
            self._of_leaf.append((self._nodes[key], leaf, negated))
        return self._nodes[key]

    def _add_group(self, is_all: bool, children: tuple[int, ...]) -> int:
        if not children:
            return ALWAYS if is_all else NEVER
        if len(children) == 1:
            return children[0]
        key = ("group", is_all, children)
        if key not in self._nodes:
            height = 1 + max(self._heights[child] for child in children)
            self._nodes[key] = self._new_node(height)
            self._groups.setdefault((height, is_all), []).append((self._nodes[key], children))
        return self._nodes[key]

    def _new_node(self, height: int) -> int:
        self._heights.append(height)
        self._compiled = None
        return len(self._heights) - 1

    def evaluate(self, leaf_values: Values, leaf_masks: Masks) -> tuple[Values, Masks]:
        """Returns, by node, its value and the bits of the questions that stand unanswered in it.

        `leaf_masks` has a row for each leaf; rows of settled leaves count for nothing.
        """
        compiled = self._compiled = self._compiled or self._compile()
        size = len(self._heights)
        values = np.empty(size, dtype=np.uint8)
        masks = np.zeros((size, leaf_masks.shape[1]), dtype=np.uint64)
        values[ALWAYS], values[NEVER] = Valeur.OUI, Valeur.NON
        own = leaf_values[compiled.leaf]
        values[compiled.leaf_node] = np.where(compiled.negated, Valeur.OUI - own, own)
        undecided = own == Valeur.INCONNU
        masks[compiled.leaf_node[undecided]] = leaf_masks[compiled.leaf[undecided]]
        for level, is_all in compiled.levels:
            reduce = np.minimum if is_all else np.maximum
            found = reduce.reduceat(values[level.children], level.starts)
            values[level.groups] = found
            asked = np.bitwise_or.reduceat(masks[level.children], level.starts, axis=0)
            # A settled child has no bit; a settled group asks nothing.
            asked[found != Valeur.INCONNU] = 0
            masks[level.groups] = asked
        return values, masks

    def _compile(self) -> "_Compiled":
        of_leaf = np.array(self._of_leaf, dtype=np.intp).reshape(-1, 3)
        levels = []
        for (_, is_all), groups in sorted(self._groups.items()):
            sizes = [len(children) for _, children in groups]
            level = _Level(
                groups=np.array([node for node, _ in groups], dtype=np.intp),
                children=np.array([c for _, children in groups for c in children], dtype=np.intp),
                starts=np.concatenate(([0], np.cumsum(sizes[:-1]))).astype(np.intp),
            )
            levels.append((level, is_all))
        return _Compiled(
            leaf_node=of_leaf[:, 0],
            leaf=of_leaf[:, 1],
            negated=of_leaf[:, 2].astype(np.bool_),
            levels=levels,
        )


@dataclass(frozen=True, slots=True)
class _Compiled:
    leaf_node: NDArray[np.intp]
    leaf: NDArray[np.intp]
    negated: NDArray[np.bool_]
    levels: list[tuple[_Level, bool]]
