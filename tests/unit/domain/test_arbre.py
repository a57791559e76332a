"""The tree's one JSON form, and the canonical text that is its identity."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.arbre import (
    JAMAIS,
    Critere,
    Eligibilite,
    Noeud,
    Sauf,
    Toutes,
    UneParmi,
    canonical_json,
    criteres,
    eligibilite_to_json,
    node_to_json,
)
from app.domain.eligibility import evaluate
from app.domain.lecture_arbre import read_eligibilite
from app.domain.verdict import Valeur
from tests.strategies import GEOGRAPHIE, PROPERTY, VOCABULAIRE, reordered, trees

AGE = Critere(fait="age", min=16.0, max=25.0)
RSA = Critere(fait="allocations", parmi=("rsa",))
RQTH = Critere(fait="situations", parmi=("rqth",))


def test_leaves_come_in_written_order() -> None:
    tree = Toutes((RSA, Sauf(UneParmi((RQTH, AGE))), RSA))

    assert list(criteres(tree)) == [RSA, RQTH, AGE, RSA]


@pytest.mark.parametrize(
    ("noeud", "form"),
    [
        pytest.param(AGE, {"fait": "age", "min": 16.0, "max": 25.0}, id="inclusive-bounds"),
        pytest.param(
            Critere(fait="age", min_exclu=0.0, max_exclu=26.0),
            {"fait": "age", "min_exclu": 0.0, "max_exclu": 26.0},
            id="strict-bounds-and-zero",
        ),
        pytest.param(RSA, {"fait": "allocations", "parmi": ["rsa"]}, id="values"),
        pytest.param(Toutes(()), {"toutes": []}, id="empty-conjunction"),
        pytest.param(
            Sauf(UneParmi((RSA, Toutes((RQTH,))))),
            {
                "sauf": {
                    "une_parmi": [
                        {"fait": "allocations", "parmi": ["rsa"]},
                        {"toutes": [{"fait": "situations", "parmi": ["rqth"]}]},
                    ]
                }
            },
            id="nested",
        ),
    ],
)
def test_a_node_has_one_json_form(noeud: Noeud, form: dict[str, object]) -> None:
    assert node_to_json(noeud) == form


def test_what_a_human_must_check_sits_at_the_root() -> None:
    tree = Eligibilite(racine=RSA, a_verifier=("Projet validé",))

    assert eligibilite_to_json(tree) == {
        "fait": "allocations",
        "parmi": ["rsa"],
        "a_verifier": ["Projet validé"],
    }


def test_nothing_to_check_is_not_written() -> None:
    assert eligibilite_to_json(Eligibilite(racine=RSA)) == node_to_json(RSA)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(Toutes((AGE, RSA)), Toutes((RSA, AGE)), id="conjunction"),
        pytest.param(UneParmi((AGE, RSA)), UneParmi((RSA, AGE)), id="disjunction"),
        pytest.param(
            Critere(fait="allocations", parmi=("rsa", "aah")),
            Critere(fait="allocations", parmi=("aah", "rsa")),
            id="values",
        ),
        pytest.param(Critere(fait="allocations", parmi=("rsa", "rsa")), RSA, id="value-said-twice"),
        pytest.param(
            Sauf(Toutes((UneParmi((AGE, RSA)), RQTH))),
            Sauf(Toutes((RQTH, UneParmi((RSA, AGE))))),
            id="nested",
        ),
    ],
)
def test_order_is_no_part_of_the_identity_of_a_tree(a: Noeud, b: Noeud) -> None:
    assert canonical_json(a) == canonical_json(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(Toutes((AGE, RSA)), UneParmi((AGE, RSA)), id="all-or-one"),
        pytest.param(AGE, Sauf(AGE), id="negation"),
        pytest.param(
            Critere(fait="age", max=26.0), Critere(fait="age", max_exclu=26.0), id="strictness"
        ),
        pytest.param(
            Critere(fait="age", min=26.0), Critere(fait="age", max=26.0), id="side-of-a-bound"
        ),
        pytest.param(
            Toutes((UneParmi((AGE, RSA)), RQTH)), Toutes((AGE, UneParmi((RSA, RQTH)))), id="shape"
        ),
    ],
)
def test_different_trees_have_different_canonical_texts(a: Noeud, b: Noeud) -> None:
    assert canonical_json(a) != canonical_json(b)


def test_canonical_text_is_compact_and_keeps_accents() -> None:
    text = canonical_json(Critere(fait="métier", parmi=("maçon", "boulanger")))

    assert text == '{"fait":"métier","parmi":["boulanger","maçon"]}'


def test_never_is_false_whatever_is_known() -> None:
    assert evaluate(JAMAIS, lambda _: Valeur.INCONNU) is Valeur.NON


@PROPERTY
@given(st.data(), trees())
def test_reordering_a_tree_keeps_its_canonical_text(data: st.DataObject, noeud: Noeud) -> None:
    other = data.draw(reordered(noeud))

    assert canonical_json(other) == canonical_json(noeud)


@PROPERTY
@given(trees())
def test_canonical_text_read_again_is_its_own_canonical_text(noeud: Noeud) -> None:
    text = canonical_json(noeud)

    again = read_eligibilite(json.loads(text), VOCABULAIRE.faits, GEOGRAPHIE).racine

    assert canonical_json(again) == text
    assert json.loads(text) == node_to_json(again)
