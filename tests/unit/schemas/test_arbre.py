"""The trees of an offer, and what it gives."""

import json
from collections.abc import Callable

import pytest
from marshmallow import ValidationError, fields

from app.domain.arbre import Critere, Eligibilite, Toutes
from app.domain.offre import Apport
from schemas.arbre import Apporte, Arbre, ArbreEligibilite
from schemas.base import ListingSchema, ReadingContext

Load = Callable[[fields.Field, object], object]
Refusals = Callable[[fields.Field, object], list[str]]

TREE = {"fait": "residence", "parmi": ["55136", "84", "84007"]}
CRITERE = Critere(fait="residence", parmi=("55551", "departement:84", "84007"))


def deep_list(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("value", [TREE, json.dumps(TREE)], ids=["object", "text of a cell"])
def test_tree_reads_and_tells_former_communes(
    load: Load, resolved: list[tuple[str, str]], value: object
) -> None:
    tree = load(ArbreEligibilite(), value)

    assert tree == Eligibilite(racine=CRITERE)
    assert resolved == [("55136", "55551")]


def test_tree_tells_former_communes_at_any_depth(
    load: Load, resolved: list[tuple[str, str]]
) -> None:
    load(Arbre(), {"une_parmi": [{"sauf": {"toutes": [TREE]}}, {"fait": "age", "min": 3}]})

    assert resolved == [("55136", "55551")]


def test_notes_belong_to_eligibility_only(load: Load, refusals_of: Refusals) -> None:
    noted = {"toutes": [], "a_verifier": ["Projet validé"]}

    assert load(ArbreEligibilite(), noted) == Eligibilite(
        racine=Toutes(()), a_verifier=("Projet validé",)
    )
    assert load(Arbre(), {"toutes": []}) == Toutes(())
    assert refusals_of(Arbre(), noted) == [
        "« a_verifier » ne s’écrit qu’à la racine de « eligibilite » : déplacez-le."
    ]


def test_every_fault_carries_its_path(context: ReadingContext) -> None:
    schema = ListingSchema.from_dict({"eligibilite": ArbreEligibilite()})(context)

    with pytest.raises(ValidationError) as refused:
        schema.load({"eligibilite": {"toutes": [{"fait": "agee", "min": 1}, {"fait": "age"}]}})

    assert list(refused.value.normalized_messages()["eligibilite"]) == [
        "eligibilite.toutes[0].fait",
        "eligibilite.toutes[1]",
    ]


@pytest.mark.parametrize("field", [ArbreEligibilite(), Arbre(), Apporte()], ids=repr)
@pytest.mark.parametrize(
    "value",
    ["{", "[" * 100_000, 3, True, "null", [3], {"fait": deep_list(50_000)}, {"sauf": deep_list(9)}],
    ids=range(8),
)
def test_garbage_is_refused_in_french(
    refusals_of: Refusals, field: fields.Field, value: object
) -> None:
    assert all(message.endswith(".") for message in refusals_of(field, value))
    assert refusals_of(field, value)


def test_what_an_offer_gives(load: Load) -> None:
    permis = {"fait": "situations", "valeur": "permis-b"}
    read = (Apport(fait="situations", valeur="permis-b"),)

    assert load(Apporte(), [permis, permis]) == read
    assert load(Apporte(), json.dumps([permis])) == read
    assert load(Apporte(), []) is None
    assert load(Apporte(), " ") is None


@pytest.mark.parametrize(
    ("item", "message"),
    [
        pytest.param({"fait": "situation", "valeur": "permis-b"}, "« situations »", id="fact"),
        pytest.param({"fait": "situations", "valeur": "permis"}, "« permis-b »", id="value"),
        pytest.param({"fait": 3, "valeur": "permis-b"}, "« … » n’existe pas", id="number"),
        pytest.param({"fait": "situations", "valeur": []}, "« … » n’est pas", id="list"),
        pytest.param({"fait": "situations"}, "Un apport est un objet", id="half"),
        pytest.param({"fait": "age", "valeur": "16"}, "écrivez un code", id="number fact"),
        pytest.param("permis-b", "Un apport est un objet", id="text"),
    ],
)
def test_what_an_offer_cannot_give(refusals_of: Refusals, item: object, message: str) -> None:
    (refusal,) = refusals_of(Apporte(), [item])

    assert message in refusal
