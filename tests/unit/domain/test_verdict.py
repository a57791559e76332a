"""Kleene's three values, and what they become for an offer."""

from itertools import product

import pytest

from app.domain.verdict import Cause, Jugement, Valeur, Verdict, conjunction

NON, INCONNU, OUI = Valeur.NON, Valeur.INCONNU, Valeur.OUI


@pytest.mark.parametrize(
    ("valeur", "contraire"),
    [
        pytest.param(OUI, NON, id="true"),
        pytest.param(NON, OUI, id="false"),
        pytest.param(INCONNU, INCONNU, id="undecided"),
    ],
)
def test_the_contrary_of_the_undecided_is_undecided(valeur: Valeur, contraire: Valeur) -> None:
    assert valeur.contraire is contraire


def test_values_are_ordered_from_false_to_true() -> None:
    assert NON < INCONNU < OUI


def test_values_have_the_words_of_the_api() -> None:
    assert [valeur.mot for valeur in Valeur] == ["non", "inconnu", "oui"]


def test_verdicts_have_the_words_of_the_api() -> None:
    assert [verdict.mot for verdict in Verdict] == ["non_accessible", "a_verifier", "accessible"]


@pytest.mark.parametrize(
    ("causes", "mots"),
    [
        pytest.param(Cause.AUCUNE, (), id="none"),
        pytest.param(Cause.FAIT_INCONNU, ("fait_inconnu",), id="ask-the-person"),
        pytest.param(Cause.OFFRE_NON_PRECISEE, ("offre_non_precisee",), id="call-the-structure"),
        pytest.param(
            Cause.OFFRE_NON_PRECISEE | Cause.FAIT_INCONNU,
            ("fait_inconnu", "offre_non_precisee"),
            id="both",
        ),
    ],
)
def test_causes_have_the_words_of_the_api(causes: Cause, mots: tuple[str, ...]) -> None:
    assert causes.mots == mots


@pytest.mark.parametrize(
    ("valeur", "verdict"),
    [
        pytest.param(OUI, Verdict.ACCESSIBLE, id="true"),
        pytest.param(INCONNU, Verdict.A_VERIFIER, id="undecided"),
        pytest.param(NON, Verdict.NON_ACCESSIBLE, id="false"),
    ],
)
def test_a_judgement_says_the_verdict_of_its_value(valeur: Valeur, verdict: Verdict) -> None:
    assert Jugement(valeur).verdict is verdict


@pytest.mark.parametrize(("a", "b"), list(product(Valeur, repeat=2)))
def test_a_conjunction_is_the_lowest_of_its_parts(a: Valeur, b: Valeur) -> None:
    assert conjunction([Jugement(a), Jugement(b)]).valeur is min(a, b)


def test_an_empty_conjunction_holds() -> None:
    assert conjunction([]) == Jugement(OUI)


def test_causes_of_a_conjunction_are_the_union_over_the_undecided_parts() -> None:
    parts = [
        Jugement(OUI),
        Jugement(INCONNU, Cause.FAIT_INCONNU),
        Jugement(INCONNU, Cause.OFFRE_NON_PRECISEE),
    ]

    assert conjunction(parts).causes == Cause.FAIT_INCONNU | Cause.OFFRE_NON_PRECISEE


def test_causes_of_a_settled_part_are_not_kept() -> None:
    parts = [Jugement(OUI, Cause.FAIT_INCONNU), Jugement(INCONNU, Cause.OFFRE_NON_PRECISEE)]

    assert conjunction(parts).causes is Cause.OFFRE_NON_PRECISEE


def test_a_settled_conjunction_has_no_cause() -> None:
    parts = [Jugement(NON), Jugement(INCONNU, Cause.FAIT_INCONNU)]

    assert conjunction(parts) == Jugement(NON)
