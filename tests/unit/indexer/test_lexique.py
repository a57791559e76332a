"""The shipped lexicon: synonyms both ways, needs named surely, weights within their bounds."""

import pytest

from app.domain.vocabulaire import Vocabulaire
from indexer.analysis import synonym_lines, tokens
from indexer.lexique import COMMONEST, RAREST, Lexique
from indexer.tournures import read_cible


def terms() -> list[list[str]]:
    """The groups of synonyms as written."""
    return [
        [term.strip() for term in line.partition("=>")[0].split("|")] for line in synonym_lines()
    ]


def test_at_least_120_groups_are_shipped() -> None:
    assert len(terms()) >= 120


def test_every_term_of_the_file_is_found() -> None:
    assert [term for group in terms() for term in group if not tokens(term)] == []


def test_a_term_is_in_one_group_only() -> None:
    folded = [" ".join(term.lower().split()) for group in terms() for term in group]

    assert sorted(folded) == sorted(set(folded))


def test_every_need_of_the_file_exists(vocabulaire: Vocabulaire) -> None:
    needs = [nom for line in synonym_lines() for nom in read_cible(line.partition("=>")[2]).noms]

    assert [need for need in needs if not vocabulaire.thematiques_of(need)] == []


def test_a_group_is_read_from_each_of_its_terms(lexique: Lexique) -> None:
    terme = lexique.termes[("rsa",)]

    assert lexique.termes[tuple(tokens("revenu de solidarité active"))] is terme
    assert ("rsa",) in terme.phrases


def test_labels_of_thematiques_name_their_need(lexique: Lexique, vocabulaire: Vocabulaire) -> None:
    unnamed = [
        terme.valeur
        for terme in vocabulaire.referentiels["thematiques"].values()
        if not any(
            terme.valeur in found.thematiques and tuple(tokens(terme.libelle)) in found.phrases
            for found in lexique.termes.values()
        )
        and len(tokens(terme.libelle)) == 1
    ]

    assert unnamed == []


@pytest.mark.parametrize("token", ["permi", "logement", "xyzzy", "aid", "rsa", ""])
def test_weights_are_between_the_commonest_and_the_rarest(lexique: Lexique, token: str) -> None:
    assert COMMONEST <= lexique.weight(token) <= RAREST


def test_rarer_words_weigh_more(lexique: Lexique) -> None:
    (numerique,), (abbaye,) = tokens("numérique"), tokens("abbaye")

    assert lexique.weight(numerique) < lexique.weight(abbaye) < lexique.weight("xyzzy") == RAREST


@pytest.mark.parametrize("word", ["permis", "logement", "creche", "rsa", "pour", "orange"])
def test_words_spelled_right_are_known(lexique: Lexique, word: str) -> None:
    assert lexique.is_known(word)


@pytest.mark.parametrize("word", ["logment", "permi", "qsdfghjk"])
def test_misspelt_words_are_not_known(lexique: Lexique, word: str) -> None:
    assert not lexique.is_known(word)
