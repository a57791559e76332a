"""The shipped synonyms line by line: what a line says, and how one is found."""

import pytest

from app.domain.mots import SynonymeLivre
from indexer.synonymes import read_synonyme, shipped_synonyms, synonyms_with


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cdi | contrat durable", SynonymeLivre(termes=("cdi", "contrat durable"))),
        ("pass culture => sport", SynonymeLivre(termes=("pass culture",), besoins=("sport",))),
        (
            "sdf | sans abri => a, b !115 !17",
            SynonymeLivre(termes=("sdf", "sans abri"), besoins=("a", "b"), urgences=("115", "17")),
        ),
    ],
)
def test_a_line_says_terms_needs_and_numbers(line: str, said: SynonymeLivre) -> None:
    assert read_synonyme(line) == said


def test_every_line_has_a_key_of_its_own() -> None:
    cles = [livre.cle for livre in shipped_synonyms()]

    assert len(cles) == len(set(cles)) >= 120


def found(typed: str) -> list[str]:
    return [livre.cle for livre in synonyms_with(typed)]


@pytest.mark.parametrize(
    "typed",
    ["crèche", "CRECHES", "crech", "micro-crèche", "la crèche", "d'enfant garder"],
)
def test_a_line_is_found_by_its_words_begun_or_inflected(typed: str) -> None:
    assert "garde d'enfants" in found(typed)


def test_all_the_words_are_in_one_term() -> None:
    assert found("maison emploi") == ["maison de l'emploi"]
    assert found("emploi crèche") == []


def test_the_line_that_has_the_very_words_comes_first() -> None:
    first, *others = found("emploi")

    assert first == "emploi"
    assert others


@pytest.mark.parametrize("typed", ["", "  ", "?!", "de la", "xyzzy", "\x00", "x" * 5000])
def test_what_says_nothing_finds_nothing(typed: str) -> None:
    assert found(typed) == []
