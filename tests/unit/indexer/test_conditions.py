"""Trees said by their conditions: as true, under keys that every process gives alike."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi, canonical_json
from app.domain.eligibility import evaluate
from app.domain.profil import Nombre, Profil
from app.domain.verdict import Valeur
from indexer.judging.arrays import INCONNU, NON, OUI
from indexer.judging.conditions import condition_keys
from indexer.judging.evaluation import Evaluation
from indexer.judging.expressions import ExpressionIndex
from indexer.judging.forest import Forest
from indexer.judging.leaves import Asking
from tests.builders import make_geographie, make_vocabulaire
from tests.strategies import reordered
from tests.strategies import trees as noeuds

GEOGRAPHIE = make_geographie()
VOCABULAIRE = make_vocabulaire()
NOTHING_ASKED = Asking(np.empty((0, 1), dtype=np.uint64), np.zeros(1, dtype=np.uint64))
ADULT, CHILD = Critere(fait="age", min=18), Critere(fait="age", max=11)
USAGES = ("mobilite", "mobilite sante", "+apporte sante", "", "logement")


def index_of(rows: Iterable[tuple[Noeud, str]]) -> ExpressionIndex:
    """Returns the index of a catalogue with some trees, and the usage of each."""
    table = [
        (ident, "arbre", canonical_json(tree), usage)
        for ident, (tree, usage) in enumerate(rows, start=1)
    ]
    index = ExpressionIndex(lambda last_id: table[last_id:], GEOGRAPHIE, VOCABULAIRE)
    index.catch_up(len(table))
    return index


@given(noeuds(), st.data())
def test_a_tree_is_as_true_as_the_least_true_of_its_conditions(
    tree: Noeud, data: st.DataObject
) -> None:
    forest = Forest()
    conditions = forest.conditions(forest.add(tree))
    found = {leaf: data.draw(st.sampled_from(Valeur)) for leaf in forest.leaves}
    leaf_values = np.array([found[leaf] for leaf in forest.leaves], dtype=np.uint8)

    values = Evaluation(forest.cells, leaf_values, NOTHING_ASKED).at(
        forest.cells.of_node[np.array(conditions)]
    )

    assert min(values) == evaluate(tree, lambda leaf: found[leaf.canonical])


def test_a_conjunction_is_said_by_what_it_asks_and_nothing_else_is() -> None:
    either = UneParmi((ADULT, CHILD))

    both = condition_keys(Toutes((ADULT, either)))

    assert both == sorted([*condition_keys(ADULT), *condition_keys(either)])
    assert condition_keys(Sauf(either)) == sorted(
        [*condition_keys(Sauf(ADULT)), *condition_keys(Sauf(CHILD))]
    )


@given(noeuds(), st.data())
def test_keys_say_what_a_tree_says_however_it_is_written(tree: Noeud, data: st.DataObject) -> None:
    keys = condition_keys(tree)

    assert all(0 <= key < 2**63 for key in keys)
    assert keys == condition_keys(data.draw(reordered(tree)))
    assert keys == condition_keys(Sauf(Sauf(tree))) == condition_keys(Toutes((tree, tree)))


def test_a_bound_has_one_key_whole_or_not() -> None:
    assert condition_keys(ADULT) == condition_keys(Critere(fait="age", min=18.0))


@given(st.lists(noeuds(), min_size=1, max_size=6))
def test_who_writes_an_offer_and_who_judges_it_give_the_same_keys(roots: list[Noeud]) -> None:
    judged = index_of((tree, f"mark-{rank}") for rank, tree in enumerate(roots)).judge(Profil())

    for rank, tree in enumerate(roots):
        found = [judged.conditions(value, {f"mark-{rank}"}) for value in (NON, INCONNU, OUI)]
        assert sorted(np.concatenate(found)) == condition_keys(tree)


def test_keys_are_those_of_the_offers_already_written() -> None:
    tree = Toutes(
        (ADULT, Sauf(CHILD), UneParmi((CHILD, Critere(fait="residence", parmi=("b", "a")))))
    )

    # With other values, an index already made would not be understood: raise its FORMAT.
    assert condition_keys(tree) == [
        82_181_918_943_991_436,
        5_678_703_627_877_100_318,
        6_057_292_853_308_417_581,
    ]
    assert condition_keys(Toutes(())) == [1]
    assert condition_keys(Sauf(Toutes(()))) == [0]


@pytest.mark.parametrize(
    "marks",
    [{"mobilite"}, {"sante"}, {"+apporte"}, {"logement", "mobilite"}, {"emploi"}, set(), None],
)
def test_the_conditions_of_some_needs_are_those_of_their_offers(marks: set[str] | None) -> None:
    limits = {
        Critere(fait="age", max=21): NON,
        Critere(fait="age", max=26): INCONNU,
        Critere(fait="age", max=31): OUI,
        Critere(fait="age", min=32): NON,
        Critere(fait="age", min=30): INCONNU,
    }
    rows = [(Toutes((ADULT, own)), usage) for own, usage in zip(limits, USAGES, strict=True)]
    adult = Profil(faits={"age": Nombre(min=22, max=31)})
    judged = index_of(rows).judge(adult)

    asked = [tree.noeuds for tree, usage in rows if marks is None or marks & set(usage.split())]
    values = {ADULT: OUI, **limits}
    for value in (NON, INCONNU, OUI):
        having = {leaf for noeuds in asked for leaf in noeuds if values[leaf] == value}
        expected = sorted(key for leaf in having for key in condition_keys(leaf))
        assert sorted(judged.conditions(value, marks)) == expected
