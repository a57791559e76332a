"""What a password must be: long, any characters, and not what a guesser tries first."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comptes import Compte, Role
from app.domain.mots_de_passe import (
    MAX_CARACTERES,
    MIN_CARACTERES,
    MotDePasseRefuse,
    MotifMotDePasse,
    check,
    cle_of,
    normalized,
)
from seed.reference import load_mots_de_passe
from tests.strategies import PROPERTY

COMPTE = Compte(
    id=1, courriel="camille.durand@maison-emploi.fr", nom="Camille Durand", role=Role.PARTENAIRE
)
COURANTS = frozenset(("password", "azerty", "123456", "mot de passe long", "soleil"))
SENTENCE = "trois vélos rouges sous la pluie"
# Letters whose neighbours in the alphabet are left out: nothing in a word follows by chance.
words = st.permutations("bdgkmpsvxz").map(lambda letters: "".join(letters[:6]))


def refusal(text: str, compte: Compte = COMPTE) -> MotifMotDePasse | None:
    """Returns why a password cannot be chosen, None when it can."""
    try:
        check(normalized(text), compte, COURANTS)
    except MotDePasseRefuse as refused:
        return refused.motif
    return None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SENTENCE, id="sentence"),
        pytest.param("  espaces  autour  et dedans  ", id="spaces"),
        pytest.param("jVq8#mTz2!pLw5x", id="drawn-by-a-machine"),
        pytest.param("🦊🚲🌧️🏠🦉🎈🍋🚀🌵🐙🧩🎻🪁🥁🔑", id="pictures"),
        pytest.param("минутная прогулка в лесу", id="another-alphabet"),
        pytest.param("Durand aime les mûres du jardin", id="one-s-name-among-others"),
        pytest.param("soleil d’hiver sur le port", id="a-common-word-among-others"),
    ],
)
def test_any_characters_are_fine(text: str) -> None:
    assert refusal(text) is None


@pytest.mark.parametrize(
    ("text", "motif"),
    [
        pytest.param("", MotifMotDePasse.COURT, id="nothing"),
        pytest.param("vXq8#mTz2!pLw5", MotifMotDePasse.COURT, id="14-characters"),
        pytest.param("a" * 40, MotifMotDePasse.PREVISIBLE, id="one-character"),
        pytest.param("123456789012345", MotifMotDePasse.PREVISIBLE, id="digits-in-order"),
        pytest.param("abcdefghijklmnopqrstuvwxyz", MotifMotDePasse.PREVISIBLE, id="alphabet"),
        pytest.param("zyxwvutsrqponmlk", MotifMotDePasse.PREVISIBLE, id="backwards"),
        pytest.param("tapirtapirtapir", MotifMotDePasse.PREVISIBLE, id="repeated"),
        pytest.param("aaaabbbbccccddddeeee", MotifMotDePasse.PREVISIBLE, id="by-steps"),
        pytest.param("Mot De Passe Long", MotifMotDePasse.COURANT, id="common"),
        pytest.param("mot dé pâsse long", MotifMotDePasse.COURANT, id="common-with-accents"),
        pytest.param("soleilazerty1234567", None, id="three-pieces"),
        pytest.param("Password12345678", MotifMotDePasse.COURANT, id="common-then-digits"),
        pytest.param("9876543210password", MotifMotDePasse.COURANT, id="digits-then-common"),
        pytest.param("azertysoleilsoleil", MotifMotDePasse.COURANT, id="two-common"),
        pytest.param("camille.durand@maison-emploi.fr", MotifMotDePasse.PERSONNEL, id="address"),
        pytest.param("CamilleDurand2026", MotifMotDePasse.PERSONNEL, id="name-and-year"),
        pytest.param("maison-emploi 84", MotifMotDePasse.PERSONNEL, id="domain"),
        pytest.param("Éventail!Éventail?2026", MotifMotDePasse.PERSONNEL, id="this-site"),
        pytest.param("motdepasse-eventail", MotifMotDePasse.PERSONNEL, id="what-it-is"),
    ],
)
def test_what_is_guessed_first_is_refused(text: str, motif: MotifMotDePasse | None) -> None:
    assert refusal(text) is motif


def test_128_characters_are_taken_and_no_more() -> None:
    longest = (SENTENCE * 5)[:MAX_CARACTERES]

    assert refusal(longest) is None
    assert refusal(f"{longest}z") is MotifMotDePasse.LONG


def test_length_is_counted_once_composed() -> None:
    composed = "éèàùçÉÈÀÙÇêâîôû"
    spread = unicodedata.normalize("NFD", composed)

    assert (len(composed), len(spread)) == (MIN_CARACTERES, 2 * MIN_CARACTERES)
    assert refusal(spread[:20]) is MotifMotDePasse.COURT
    assert refusal(spread) is refusal(composed) is None


def test_the_rules_are_those_of_each_account() -> None:
    other = replace(COMPTE, courriel="dominique@ailleurs.fr", nom="")

    assert refusal("CamilleDurand2026") is MotifMotDePasse.PERSONNEL
    assert refusal("CamilleDurand2026", other) is None


def test_the_shipped_list_has_the_passwords_of_everyone() -> None:
    courants = load_mots_de_passe()

    assert {"123456", "password", "azerty", "passwordpassword", "q1w2e3r4t5y6u7i8"} <= courants
    assert len(courants) > 20_000
    assert all(word == word.casefold() == word.strip() for word in courants)
    assert not [word for word in courants if word.startswith("#")]


@PROPERTY
@given(st.text(min_size=1, max_size=60))
def test_a_keyboard_changes_nothing(text: str) -> None:
    composed, spread = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))

    assert normalized(composed) == normalized(spread)
    assert refusal(composed) is refusal(spread)


@PROPERTY
@given(st.text(max_size=200))
def test_every_text_is_taken_or_refused(text: str) -> None:
    motif = refusal(text)

    if len(normalized(text)) < MIN_CARACTERES:
        assert motif is MotifMotDePasse.COURT
    elif len(normalized(text)) > MAX_CARACTERES:
        assert motif is MotifMotDePasse.LONG


@PROPERTY
@given(st.text(min_size=1, max_size=7), st.integers(min_value=16, max_value=18))
def test_a_short_text_repeated_is_always_refused(unit: str, times: int) -> None:
    assert refusal(unit * times) is not None


@PROPERTY
@given(st.lists(words, min_size=3, max_size=6, unique=True))
def test_words_that_nobody_uses_are_always_taken(pieces: list[str]) -> None:
    assert refusal("-".join(pieces)) is None


@PROPERTY
@given(st.text(max_size=30), st.text(max_size=30))
def test_tries_are_counted_by_address_without_keeping_it(one: str, other: str) -> None:
    assert (cle_of(one) == cle_of(other)) is (one == other)
    assert len(cle_of(one)) == 64
    assert len(one) < 8 or one not in cle_of(one)
