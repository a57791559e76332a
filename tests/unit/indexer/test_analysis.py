"""Text becomes the same tokens whatever its case, accents, apostrophes and inflection."""

import pytest

from indexer.analysis import LINKING_WORDS, stop_words, synonym_lines, token_of, tokens, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(
            "L’aide à la Garde d'enfants", ["l", "aide", "a", "la", "garde", "d", "enfants"]
        ),
        pytest.param("Cœur, ŒUVRE et æquo", ["coeur", "oeuvre", "et", "aequo"], id="ligatures"),
        pytest.param("ÉÈÀÇ ñ", ["eeac", "n"], id="accents"),
        pytest.param("e\u0301cole", ["ecole"], id="combining accent"),
        pytest.param("auto-école/permis_B", ["auto", "ecole", "permis", "b"], id="punctuation"),
        pytest.param("84\u00a0000\u202f€", ["84", "000"], id="no-break spaces"),
        pytest.param("🚲 ★", [], id="neither letters nor digits"),
        pytest.param("مرحبا", ["مرحبا"], id="another script"),
        pytest.param("ﬁn ２ⅷ", ["fin", "2viii"], id="compatibility forms"),
    ],
)
def test_words_are_lower_case_without_accents(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_linking_words_are_never_tokens() -> None:
    assert tokens("L'aide à la garde d'enfants") == tokens("AIDE garde enfants")
    assert not set(tokens(" ".join(sorted(LINKING_WORDS))))


@pytest.mark.parametrize(
    "forms",
    [
        ("permis", "Permis", "PERMIS"),
        ("crèche", "crèches", "creche"),
        ("logement", "logements"),
        ("emploi", "emplois"),
        ("loyer", "loyers"),
        ("employé", "employée", "employées"),
        ("saisonnier", "saisonnière", "saisonnières"),
        ("accompagné", "accompagnée"),
        ("vélo", "vélos"),
        ("enfant", "enfants"),
        ("cœur", "coeur", "cœurs"),
    ],
)
def test_forms_of_a_word_are_one_token(forms: tuple[str, ...]) -> None:
    assert len({tuple(tokens(form)) for form in forms}) == 1


@pytest.mark.parametrize(
    "pair",
    [("loyer", "loi"), ("employeur", "emploi"), ("demandeur", "demande"), ("aidant", "aide")],
)
def test_field_words_are_not_confused(pair: tuple[str, str]) -> None:
    assert tokens(pair[0]) != tokens(pair[1])


@pytest.mark.parametrize("word", ["b2", "84000", "rsa", "cv", "x" * 5_000])
def test_short_words_numbers_and_endless_words_have_a_token(word: str) -> None:
    assert token_of(word).isalnum()


def test_tokens_are_stable_under_a_second_reading() -> None:
    unstable = [w for line in synonym_lines() for w in words(line) if not token_of(w)]

    assert unstable == []


def test_stop_words_are_written_as_words_are_read() -> None:
    assert [word for word in sorted(stop_words()) if words(word) != [word]] == []


def test_no_word_that_names_a_need_is_a_stop_word() -> None:
    needed = {"formation", "atelier", "garde", "droit", "contrat", "urgence", "gratuit", "enfant"}

    assert not needed & stop_words()
