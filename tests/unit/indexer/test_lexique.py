"""The shipped lexicon: synonyms both ways, needs named surely, weights within their bounds."""

import pytest

from app.domain.mots import MotLocal, MotsLocaux
from app.domain.vocabulaire import Vocabulaire
from indexer.analysis import synonym_lines, tokens
from indexer.lexique import COMMONEST, RAREST, Lexique, Terme
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


def without(lexique: Lexique, *cles: str) -> Lexique:
    return lexique.with_local(MotsLocaux(eteints=frozenset(cles)))


def test_terms_of_a_line_turned_off_mean_themselves_alone(lexique: Lexique) -> None:
    assert tokens("pôle emploi") in lexique.termes[tokens("anpe")].phrases

    off = without(lexique, "france travail")

    for term in ("france travail", "pôle emploi", "anpe"):
        alone = tokens(term)
        assert off.termes[alone] == Terme(frozenset((alone,)), frozenset())


def test_a_term_of_a_line_turned_off_names_no_need(lexique: Lexique) -> None:
    phrase = tokens("pass culture")
    assert lexique.termes[phrase].thematiques

    assert not without(lexique, "pass culture").termes[phrase].thematiques


def test_the_label_of_a_need_names_it_whatever_is_turned_off(
    lexique: Lexique, vocabulaire: Vocabulaire
) -> None:
    need = "famille--garde-denfants"
    label = tokens(vocabulaire.referentiels["thematiques"][need].libelle)

    off = without(lexique, "garde d'enfants")

    assert off.termes[label].phrases == {label} != lexique.termes[label].phrases
    assert off.termes[label].thematiques == {need}
    assert not off.termes[tokens("crèche")].thematiques


def test_a_way_of_saying_keeps_its_meaning(lexique: Lexique) -> None:
    group = lexique.termes[tokens("crèche")].phrases
    off = without(lexique, "garde d'enfants")

    ways = [t for t in lexique.termes.values() if t.est_tournure and t.phrases == group]
    assert ways
    assert [t for t in off.termes.values() if t.est_tournure and t.phrases == group] == ways


@pytest.mark.parametrize("cle", ["sdf", "suicide", "xyzzy", ""])
def test_numbers_to_call_stay_and_unknown_lines_change_nothing(lexique: Lexique, cle: str) -> None:
    assert without(lexique, cle).termes == lexique.termes


def test_a_lexicon_forgets_for_itself_alone(lexique: Lexique) -> None:
    before = dict(lexique.termes)

    assert without(lexique, *(group[0] for group in terms())).termes != before

    assert lexique.termes == before


def test_words_of_a_line_turned_off_are_not_corrected(lexique: Lexique) -> None:
    assert without(lexique, "france travail").is_known("anpe")


def test_a_local_word_may_take_the_place_of_a_line(lexique: Lexique) -> None:
    mot = MotLocal(noms=("mde",), sens="maison du département")
    own = lexique.with_local(MotsLocaux(mots=(mot,), eteints=frozenset(["maison de l'emploi"])))

    assert tokens("maison département") in own.termes[("mde",)].phrases
    assert tokens("relais emploi") not in own.termes[("mde",)].phrases
