"""Reading a tree: what is accepted, and every fault with its place and its motive."""

import json
import math
from typing import Any

import pytest
from hypothesis import given

from app.domain.arbre import (
    MAX_DEPTH,
    MAX_LEAVES,
    Critere,
    Eligibilite,
    Noeud,
    Sauf,
    Toutes,
    UneParmi,
    eligibilite_to_json,
    node_to_json,
)
from app.domain.errors import ArbreInvalide, Probleme
from app.domain.lecture_arbre import read_eligibilite
from tests.builders import CREUE, VENTOUX_SUD, VIGNEULLES, WORKED_EXAMPLE
from tests.strategies import GEOGRAPHIE, PROPERTY, VOCABULAIRE, trees

AGE = {"fait": "age", "min": 16}
RSA = {"fait": "allocations", "parmi": ["rsa"]}


def read(data: object) -> Eligibilite:
    return read_eligibilite(data, VOCABULAIRE.faits, GEOGRAPHIE)


def problems(data: object) -> list[Probleme]:
    with pytest.raises(ArbreInvalide) as refusal:
        read(data)
    return list(refusal.value.problemes)


def nested(levels: int, leaf: dict[str, Any]) -> dict[str, Any]:
    tree = leaf
    for _ in range(levels):
        tree = {"sauf": tree}
    return tree


def test_the_worked_example_is_read_as_written() -> None:
    tree = read(WORKED_EXAMPLE)

    assert tree == Eligibilite(
        racine=Toutes(
            (
                Critere(fait="age", min=16.0, max=25.0),
                Critere(fait="residence", parmi=("departement:84",)),
                UneParmi(
                    (
                        Critere(fait="activite", parmi=("demandeur-emploi",)),
                        Critere(fait="allocations", parmi=("rsa",)),
                        Toutes(
                            (
                                Critere(fait="situations", parmi=("rqth",)),
                                Critere(fait="age", max=29.0),
                            )
                        ),
                    )
                ),
                Sauf(Critere(fait="residence", parmi=(VENTOUX_SUD,))),
            )
        ),
        a_verifier=("Projet validé par un conseiller",),
    )
    assert eligibilite_to_json(tree) == WORKED_EXAMPLE


@pytest.mark.parametrize(
    ("data", "racine"),
    [
        pytest.param(RSA, Critere(fait="allocations", parmi=("rsa",)), id="leaf"),
        pytest.param({"toutes": []}, Toutes(()), id="empty-conjunction"),
        pytest.param({"sauf": {"toutes": []}}, Sauf(Toutes(())), id="negation"),
        pytest.param(
            {"fait": "age", "min_exclu": 15.5, "max_exclu": 26},
            Critere(fait="age", min_exclu=15.5, max_exclu=26.0),
            id="strict-bounds",
        ),
        pytest.param(
            {"fait": "age", "min": 18, "max": 18}, Critere(fait="age", min=18.0, max=18.0), id="one"
        ),
        pytest.param(
            {"fait": "niveau_francais", "min": "a1", "max_exclu": "b2"},
            Critere(fait="niveau_francais", min="a1", max_exclu="b2"),
            id="bounds-on-levels",
        ),
        pytest.param(
            {"fait": "niveau_francais", "parmi": ["a1", "b1"]},
            Critere(fait="niveau_francais", parmi=("a1", "b1")),
            id="named-levels",
        ),
        pytest.param(
            {"fait": "allocations", "parmi": ["rsa", "aah", "rsa"]},
            Critere(fait="allocations", parmi=("rsa", "aah")),
            id="value-said-twice",
        ),
        pytest.param(
            {"fait": "residence", "parmi": ["84", "99100", CREUE, "99137"]},
            Critere(
                fait="residence", parmi=("departement:84", "france", VIGNEULLES, "etranger:99137")
            ),
            id="places-become-canonical",
        ),
    ],
)
def test_any_node_may_be_the_root(data: object, racine: Noeud) -> None:
    assert read(data) == Eligibilite(racine=racine)


@pytest.mark.parametrize("notes", [None, []], ids=["null", "empty"])
def test_nothing_to_check_may_be_written(notes: object) -> None:
    assert read({**RSA, "a_verifier": notes}).a_verifier == ()


FAULTS = [
    ("not-an-object", ["age"], "eligibilite", "noeud_invalide"),
    ("null", None, "eligibilite", "noeud_invalide"),
    ("empty-object", {}, "eligibilite", "noeud_invalide"),
    ("notes-alone", {"a_verifier": ["x"]}, "eligibilite", "noeud_invalide"),
    ("two-kinds", {"toutes": [], "sauf": RSA}, "eligibilite", "noeud_invalide"),
    ("unknown-kind", {"aucune": [RSA]}, "eligibilite", "noeud_invalide"),
    ("child-not-object", {"toutes": [RSA, 3]}, "eligibilite.toutes[1]", "noeud_invalide"),
    ("negation-of-list", {"sauf": [RSA]}, "eligibilite.sauf", "noeud_invalide"),
    ("not-a-list", {"toutes": RSA}, "eligibilite.toutes", "liste_attendue"),
    ("empty-disjunction", {"une_parmi": []}, "eligibilite.une_parmi", "une_parmi_vide"),
    ("notes-text", {**RSA, "a_verifier": "x"}, "eligibilite.a_verifier", "a_verifier_invalide"),
    ("notes-blank", {**RSA, "a_verifier": [" "]}, "eligibilite.a_verifier", "a_verifier_invalide"),
    ("notes-number", {**RSA, "a_verifier": [1]}, "eligibilite.a_verifier", "a_verifier_invalide"),
    (
        "notes-half",
        {**RSA, "a_verifier": ["\ud800"]},
        "eligibilite.a_verifier",
        "a_verifier_illisible",
    ),
    (
        "notes-below-root",
        {"sauf": {**RSA, "a_verifier": ["x"]}},
        "eligibilite.sauf.a_verifier",
        "a_verifier_hors_racine",
    ),
    ("unknown-fact", {"fait": "pointure", "min": 1}, "eligibilite.fait", "fait_inconnu"),
    ("fact-not-text", {"fait": ["age"], "min": 1}, "eligibilite.fait", "fait_inconnu"),
    ("values-of-number", {"fait": "age", "parmi": [1]}, "eligibilite.parmi", "cle_refusee"),
    ("bound-on-choice", {"fait": "activite", "min": 1}, "eligibilite.min", "cle_refusee"),
    ("bound-on-place", {"fait": "residence", "max": 1}, "eligibilite.max", "cle_refusee"),
    ("fact-and-kind", {**RSA, "toutes": []}, "eligibilite.toutes", "cle_refusee"),
    ("no-condition", {"fait": "age"}, "eligibilite", "condition_absente"),
    ("bound-null", {"fait": "age", "min": None}, "eligibilite.min", "nombre_attendu"),
    ("bound-text", {"fait": "age", "min": "16"}, "eligibilite.min", "nombre_attendu"),
    ("bound-boolean", {"fait": "age", "max": True}, "eligibilite.max", "nombre_attendu"),
    ("bound-nan", {"fait": "age", "max": math.nan}, "eligibilite.max", "nombre_attendu"),
    ("bound-infinite", {"fait": "age", "max": math.inf}, "eligibilite.max", "nombre_attendu"),
    ("bound-huge", {"fait": "age", "max": 10**400}, "eligibilite.max", "nombre_attendu"),
    (
        "strict-and-not",
        {"fait": "age", "min": 1, "min_exclu": 1},
        "eligibilite.min",
        "borne_en_double",
    ),
    (
        "strict-and-not-above",
        {"fait": "age", "max": 1, "max_exclu": 1},
        "eligibilite.max",
        "borne_en_double",
    ),
    (
        "level-unknown",
        {"fait": "niveau_francais", "min": "z9"},
        "eligibilite.min",
        "valeur_inconnue",
    ),
    ("level-number", {"fait": "niveau_francais", "min": 2}, "eligibilite.min", "valeur_inconnue"),
    ("bounds-swapped", {"fait": "age", "min": 26, "max": 25}, "eligibilite", "bornes_inversees"),
    (
        "levels-swapped",
        {"fait": "niveau_francais", "min_exclu": "b1", "max": "a1"},
        "eligibilite",
        "bornes_inversees",
    ),
    ("no-value", {"fait": "allocations", "parmi": []}, "eligibilite.parmi", "parmi_vide"),
    ("value-not-list", {"fait": "allocations", "parmi": "rsa"}, "eligibilite.parmi", "parmi_vide"),
    (
        "value-unknown",
        {"fait": "allocations", "parmi": ["rsa", "rmi"]},
        "eligibilite.parmi[1]",
        "valeur_inconnue",
    ),
    (
        "value-number",
        {"fait": "allocations", "parmi": [1]},
        "eligibilite.parmi[0]",
        "valeur_inconnue",
    ),
    (
        "place-unknown",
        {"fait": "residence", "parmi": ["84007", "00000"]},
        "eligibilite.parmi[1]",
        "lieu_inconnu",
    ),
    (
        "place-number",
        {"fait": "residence", "parmi": [84]},
        "eligibilite.parmi[0]",
        "valeur_inconnue",
    ),
]


@pytest.mark.parametrize(
    ("data", "chemin", "motif"), [pytest.param(*fault[1:], id=fault[0]) for fault in FAULTS]
)
def test_a_fault_has_its_place_and_its_motive(data: object, chemin: str, motif: str) -> None:
    (problem,) = problems(data)

    assert (problem.chemin, problem.motif) == (chemin, motif)


def test_every_fault_is_listed() -> None:
    found = problems(
        {
            "toutes": [
                {"fait": "pointure", "min": 1},
                {"une_parmi": []},
                {"fait": "age", "min": "a", "max": "b"},
                {"sauf": {"fait": "residence", "parmi": ["00000", "00001"]}},
            ],
            "a_verifier": "x",
        }
    )

    assert [(p.chemin.removeprefix("eligibilite."), p.motif) for p in found] == [
        ("a_verifier", "a_verifier_invalide"),
        ("toutes[0].fait", "fait_inconnu"),
        ("toutes[1].une_parmi", "une_parmi_vide"),
        ("toutes[2].min", "nombre_attendu"),
        ("toutes[2].max", "nombre_attendu"),
        ("toutes[3].sauf.parmi[0]", "lieu_inconnu"),
        ("toutes[3].sauf.parmi[1]", "lieu_inconnu"),
    ]


def test_a_fault_carries_what_is_needed_to_explain_it() -> None:
    (problem,) = problems({"fait": "allocations", "parmi": ["rmi"]})

    assert problem.details == {"valeur": "rmi", "fait": "allocations"}


def test_the_refusal_says_where_and_why() -> None:
    with pytest.raises(ArbreInvalide, match=r"eligibilite\.fait: fait_inconnu"):
        read({"fait": "pointure", "min": 1})


def test_another_field_has_its_own_path() -> None:
    with pytest.raises(ArbreInvalide) as refusal:
        read_eligibilite({}, VOCABULAIRE.faits, GEOGRAPHIE, chemin="suppose")

    assert refusal.value.problemes[0].chemin == "suppose"


def test_twenty_nested_nodes_are_accepted() -> None:
    assert MAX_DEPTH == 20
    assert node_to_json(read(nested(MAX_DEPTH, RSA)).racine) == nested(MAX_DEPTH, RSA)


def test_a_deeper_tree_is_refused_with_its_limit() -> None:
    (problem,) = problems(nested(MAX_DEPTH + 1, RSA))

    assert problem.motif == "trop_profond"
    assert problem.details == {"limite": "20"}


def test_a_hostile_depth_is_refused_without_following_it() -> None:
    (problem,) = problems(nested(50_000, RSA))

    assert problem.motif == "trop_profond"


def test_five_hundred_leaves_are_accepted() -> None:
    assert MAX_LEAVES == 500
    assert read({"toutes": [AGE] * MAX_LEAVES}).a_verifier == ()


@pytest.mark.parametrize("leaves", [MAX_LEAVES + 1, 5_000])
def test_more_leaves_are_refused_with_their_number(leaves: int) -> None:
    (problem,) = problems({"sauf": {"une_parmi": [AGE] * leaves}})

    assert (problem.chemin, problem.motif) == ("eligibilite", "trop_de_feuilles")
    assert problem.details == {"limite": "500", "nombre": str(leaves)}


@PROPERTY
@given(trees())
def test_a_tree_written_as_json_is_read_back(noeud: Noeud) -> None:
    written = json.loads(json.dumps(node_to_json(noeud)))

    assert read(written).racine == noeud
