"""The three expressions of an offer, interned by their canonical text."""

import pytest
from hypothesis import given

from app.domain.arbre import Critere, Noeud, Toutes, canonical_json
from app.domain.expressions import (
    APPORTE,
    Expressions,
    expressions_of,
    read_arbre,
    read_list,
    read_usage,
    usage_of,
)
from app.domain.offre import Apport
from tests.builders import AVIGNON, make_eligibilite, make_offre
from tests.strategies import PROPERTY, trees

RSA = Critere(fait="allocations", parmi=("rsa",))
AGE = Critere(fait="age", min=16.0, max_exclu=26.0)


def test_an_offer_without_condition_has_no_expression() -> None:
    assert expressions_of(make_offre()) == Expressions(
        arbre=None, publics=None, zone=None, usage=""
    )


def test_an_offer_has_one_canonical_text_for_each_condition() -> None:
    offre = make_offre(
        eligibilite=make_eligibilite(Toutes((RSA, AGE)), "Motivation"),
        publics=("seniors", "jeunes", "seniors"),
        thematiques=("mobilite--permis",),
        apporte=(Apport(fait="situations", valeur="permis-b"),),
        zone_eligibilite=("france", AVIGNON),
    )

    assert expressions_of(offre) == Expressions(
        arbre=canonical_json(Toutes((AGE, RSA))),
        publics='["jeunes","seniors"]',
        zone='["84007","france"]',
        usage="+apporte mobilite",
    )


@pytest.mark.parametrize("publics", [("tous-publics",), ("jeunes", "tous-publics")])
def test_everybody_is_no_condition(publics: tuple[str, ...]) -> None:
    assert expressions_of(make_offre(publics=publics)).publics is None


def test_an_interned_list_is_read_back() -> None:
    text = expressions_of(make_offre(publics=("seniors", "jeunes"))).publics

    assert text is not None
    assert read_list(text) == ("jeunes", "seniors")


@pytest.mark.parametrize(
    ("thematiques", "gives", "marks"),
    [
        ((), False, set()),
        ((), True, {APPORTE}),
        (("sante--addictions", "mobilite--velo", "mobilite--permis"), False, {"mobilite", "sante"}),
        (("mobilite",), True, {"mobilite", APPORTE}),
    ],
)
def test_a_usage_says_what_an_offer_is_for(
    thematiques: tuple[str, ...], gives: bool, marks: set[str]
) -> None:
    usage = usage_of(thematiques, gives=gives)

    assert usage == usage_of(thematiques[::-1], gives=gives)
    assert read_usage(usage) == marks


@PROPERTY
@given(trees())
def test_an_interned_tree_is_read_back(noeud: Noeud) -> None:
    text = canonical_json(noeud)

    assert canonical_json(read_arbre(text)) == text
