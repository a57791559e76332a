"""Trees evaluated together say what the domain says of each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi, criteres
from app.domain.eligibility import evaluate
from app.domain.questions import unanswered
from app.domain.verdict import Valeur
from indexer.judging.cells import ALWAYS, NEVER
from indexer.judging.evaluation import Evaluation
from indexer.judging.forest import Forest
from indexer.judging.leaves import Asking
from tests.builders import make_vocabulaire
from tests.strategies import trees as noeuds

VOCABULAIRE = make_vocabulaire()
NOTHING_ASKED = Asking(np.empty((0, 1), dtype=np.uint64), np.zeros(1, dtype=np.uint64))


@given(st.lists(noeuds(), min_size=1, max_size=6), st.data())
def test_values_and_questions_are_those_of_the_domain(
    roots: list[Noeud], data: st.DataObject
) -> None:
    forest = Forest()
    nodes = [forest.add(tree) for tree in roots]
    found = {leaf: data.draw(st.sampled_from(Valeur)) for leaf in forest.leaves}
    leaf_values = np.array([found[leaf] for leaf in forest.leaves], dtype=np.uint8)
    bits = np.array([[1 << at] for at in range(len(forest.leaves))], dtype=np.uint64)

    def said(leaf: Critere) -> Valeur:
        return found[leaf.canonical]

    asked = forest.cells.of_node[nodes]
    asking = Asking(bits.reshape(-1, 1), ~np.zeros(1, dtype=np.uint64))
    for_one = Evaluation(forest.cells, leaf_values, asking)
    masks = for_one.unanswered(asked)
    whole = Evaluation(forest.cells, leaf_values, asking).everywhere()

    for tree, cell, value, (mask,) in zip(roots, asked, for_one.at(asked), masks, strict=True):
        assert value == whole[cell] == evaluate(tree, said)
        leaves = {forest.leaves.index(leaf.canonical) for leaf in unanswered(tree, said)}
        assert {at for at in range(len(forest.leaves)) if int(mask) >> at & 1} == leaves


@pytest.mark.parametrize("size", [2, 4, 5, 8, 9, 37])
@pytest.mark.parametrize("kind", [Toutes, UneParmi])
def test_a_group_of_any_size_hears_each_of_its_children(
    kind: type[Toutes | UneParmi], size: int
) -> None:
    forest = Forest()
    wide = kind(tuple(Critere(fait="age", min=at) for at in range(size)))
    node = forest.add(wide)
    others = Valeur.OUI if kind is Toutes else Valeur.NON

    for alone in range(size):
        leaf_values = np.full(size, others, dtype=np.uint8)
        leaf_values[alone] = Valeur.INCONNU
        evaluation = Evaluation(forest.cells, leaf_values, NOTHING_ASKED)
        assert evaluation.everywhere()[forest.cells.of_node[node]] == Valeur.INCONNU


def test_empty_groups_are_constants() -> None:
    forest = Forest()

    assert forest.add(Toutes(())) == ALWAYS
    assert forest.add(Sauf(Toutes(()))) == NEVER


@given(noeuds())
def test_the_same_tree_is_held_once(tree: Noeud) -> None:
    forest = Forest()

    assert forest.add(tree) == forest.add(Toutes((tree,))) == forest.add(UneParmi((tree,)))
    assert len(forest.leaves) == len({leaf.canonical for leaf in criteres(tree)})
