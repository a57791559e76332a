"""The conditions of an offer are said whole, in words, whatever the depth of the tree."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.domain.wording import Voix, Wording
from app.web.public.conditions import Condition, conditions_of
from seed.reference import load_geographie, load_vocabulaire

GEOGRAPHIE = load_geographie()
WORDING = Wording(load_vocabulaire(None, GEOGRAPHIE), GEOGRAPHIE, Voix.VOUS)
YOUNG = {"fait": "age", "min": 16, "max": 25}
RSA = {"fait": "allocations", "parmi": ["rsa"]}
LICENCE = {"fait": "situations", "parmi": ["permis-b"]}
DISABLED = {"fait": "situations", "parmi": ["rqth"]}
STUDIES = {"fait": "activite", "parmi": ["etudiant", "scolaire"]}
NO_PROJECT = {"fait": "creation_entreprise", "parmi": ["aucun-projet"]}
RQTH = "Avoir la reconnaissance de la qualité de travailleur handicapé (RQTH)."


def said(form: Mapping[str, Any] | None) -> list[object]:
    return [_plain(condition) for condition in conditions_of(form, WORDING)]


def _plain(condition: Condition) -> object:
    phrase = condition.phrase.replace("\u00a0", " ").replace("\u202f", " ")
    return {phrase: [_plain(part) for part in condition.parts]} if condition.parts else phrase


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param(None, [], id="nothing"),
        pytest.param({"a_verifier": ["Un projet."]}, [], id="free-text-alone"),
        pytest.param({"toutes": []}, [], id="always"),
        pytest.param(YOUNG, ["Il faut avoir de 16 à 25 ans."], id="one"),
        pytest.param(
            {"toutes": [YOUNG, {"toutes": [RSA]}]},
            ["Il faut avoir de 16 à 25 ans.", "Il faut toucher le RSA."],
            id="all-flattened",
        ),
        pytest.param(
            {"une_parmi": [RSA, LICENCE]},
            ["Il faut toucher le RSA ou avoir le permis B."],
            id="short-alternative-in-a-sentence",
        ),
        pytest.param({"une_parmi": [RSA]}, ["Il faut toucher le RSA."], id="only-alternative"),
        pytest.param(
            {"une_parmi": [YOUNG, {"toutes": [RSA, {"une_parmi": [LICENCE, DISABLED]}]}]},
            [
                {
                    "L’une de ces conditions suffit :": [
                        "Avoir de 16 à 25 ans.",
                        {
                            "Toutes ces conditions à la fois :": [
                                "Toucher le RSA.",
                                f"Avoir le permis B ou {RQTH[0].lower()}{RQTH[1:]}",
                            ]
                        },
                    ]
                }
            ],
            id="nested",
        ),
        pytest.param(
            {"une_parmi": [{"toutes": [RSA]}, {"sauf": {"sauf": LICENCE}}, {"sauf": DISABLED}]},
            [
                {
                    "L’une de ces conditions suffit :": [
                        "Toucher le RSA.",
                        "Avoir le permis B.",
                        f"Ne pas {RQTH[0].lower()}{RQTH[1:]}",
                    ]
                }
            ],
            id="groups-of-one",
        ),
        pytest.param({"sauf": LICENCE}, ["Il ne faut pas avoir le permis B."], id="except"),
        pytest.param(
            {"sauf": {"une_parmi": [RSA, LICENCE]}},
            ["Il ne faut pas toucher le RSA.", "Il ne faut pas avoir le permis B."],
            id="neither",
        ),
        pytest.param(
            {"sauf": {"toutes": [RSA, LICENCE]}},
            [
                {
                    "Ne pas remplir toutes ces conditions à la fois :": [
                        "Toucher le RSA.",
                        "Avoir le permis B.",
                    ]
                }
            ],
            id="not-both",
        ),
        pytest.param(
            {"sauf": {"toutes": [RSA]}}, ["Il ne faut pas toucher le RSA."], id="not-all-of-one"
        ),
        pytest.param(
            {"sauf": {"toutes": []}},
            ["Personne ne peut demander cette offre pour l’instant."],
            id="never",
        ),
        pytest.param(
            {"sauf": STUDIES},
            [
                {
                    "Aucune de ces situations :": [
                        "Faire des études supérieures.",
                        "Aller à l’école, au collège ou au lycée.",
                    ]
                }
            ],
            id="except-several",
        ),
        pytest.param(
            {"fait": "statut_logement", "parmi": ["sans-domicile"]},
            ["Il faut être sans domicile."],
            id="value",
        ),
        pytest.param(
            {
                "une_parmi": [
                    {"fait": "statut_logement", "parmi": ["sans-domicile"]},
                    {"fait": "situations", "parmi": ["sans-domicile", "enceinte"]},
                    STUDIES,
                ]
            },
            [
                {
                    "L’une de ces conditions suffit :": [
                        "Être sans domicile.",
                        "Être sans domicile ou être enceinte.",
                        "Faire des études supérieures.",
                        "Aller à l’école, au collège ou au lycée.",
                    ]
                }
            ],
            id="values-listed-when-long",
        ),
        pytest.param(
            {"sauf": NO_PROJECT},
            ["Il ne faut pas être dans ce cas : ne pas avoir de projet d’entreprise."],
            id="no-double-negation",
        ),
    ],
)
def test_a_tree_is_said_in_words(form: Mapping[str, Any] | None, expected: list[object]) -> None:
    assert said(form) == expected


def test_a_fact_no_longer_declared_does_not_break_the_sheet() -> None:
    assert said({"toutes": [RSA, {"fait": "oublie", "min": 1}]}) == [
        "Cette offre a des conditions que ce site ne sait pas dire."
    ]


def test_two_facts_said_alike_are_said_once() -> None:
    homeless = [
        {"fait": fait, "parmi": ["sans-domicile"]} for fait in ("statut_logement", "situations")
    ]

    (condition,) = said({"une_parmi": [*homeless, STUDIES]})

    assert isinstance(condition, dict)
    (parts,) = condition.values()
    assert parts.count("Être sans domicile.") == 1


def test_a_condition_is_one_line_of_plain_text() -> None:
    (condition,) = conditions_of({"sauf": {"toutes": [RSA, LICENCE]}}, WORDING)

    text = condition.as_text().replace("\u00a0", " ")

    assert text == (
        "Ne pas remplir toutes ces conditions à la fois : Toucher le RSA / Avoir le permis B."
    )
