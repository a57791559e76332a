"""What is not finished in a tree is told at its place; a finished tree is told nothing."""

from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.arbre import Noeud, Sauf, Toutes, UneParmi, node_to_json
from app.web.espace.arbre_fautes import (
    EMPTY,
    NO_BOUND,
    NO_FACT,
    NO_PLACE,
    NO_VALUE,
    NOT_A_NUMBER,
    unfinished,
)
from app.web.espace.arbre_saisie import Branche, Genre, branche_of
from app.web.espace.champs_offre import SECTIONS_OFFRE
from app.web.espace.fiche_form import Faute
from tests.strategies import LOGIC, VOCABULAIRE, trees

RACINE = "eligibilite"
MESSAGES = (NO_FACT, NO_BOUND, NO_VALUE, NO_PLACE, NOT_A_NUMBER, EMPTY)


def told(racine: Branche, nom: str = RACINE) -> list[Faute]:
    racine.renumbered(nom)
    return list(unfinished({nom: racine}, VOCABULAIRE, SECTIONS_OFFRE))


def criterion(fait: str = "", *parmi: str, **bornes: str) -> Branche:
    return Branche(chemin="", genre=Genre.CRITERE, fait=fait, bornes=bornes, parmi=list(parmi))


def group(*enfants: Branche, genre: Genre = Genre.TOUTES) -> Branche:
    return Branche(chemin="", genre=genre, enfants=list(enfants))


def empty_groups(noeud: Noeud, *, is_root: bool = True) -> Iterator[Noeud]:
    """Yields the groups, under the root, that hold nothing: always true, they ask nothing."""
    match noeud:
        case Toutes(noeuds) | UneParmi(noeuds):
            if not noeuds and not is_root:
                yield noeud
            for child in noeuds:
                yield from empty_groups(child, is_root=False)
        case Sauf(child):
            yield from empty_groups(child, is_root=False)


@LOGIC
@given(trees())
def test_a_finished_tree_is_told_nothing(tree: Noeud) -> None:
    assume(not list(empty_groups(tree)))

    assert told(branche_of(node_to_json(tree), RACINE)) == []


@LOGIC
@given(trees())
def test_only_groups_that_hold_nothing_are_told_of_a_valid_tree(tree: Noeud) -> None:
    fautes = told(branche_of(node_to_json(tree), RACINE))

    assert [faute.message for faute in fautes] == [EMPTY] * len(list(empty_groups(tree)))


@LOGIC
@given(trees(), st.data())
def test_a_condition_left_blank_is_the_only_one_told(tree: Noeud, data: st.DataObject) -> None:
    assume(not list(empty_groups(tree)))
    racine = branche_of(node_to_json(tree), RACINE)
    groups = [branche for branche in racine.walk() if branche.genre is not Genre.CRITERE]
    parent = data.draw(st.sampled_from(groups))
    parent.enfants.insert(data.draw(st.integers(0, len(parent.enfants))), blank := criterion())

    (faute,) = told(racine)

    assert (faute.ancre, faute.message) == (blank.chemin, NO_FACT)


@pytest.mark.parametrize(
    ("branche", "message"),
    [
        pytest.param(criterion(), NO_FACT, id="no fact"),
        pytest.param(criterion("taille", min="3"), NO_FACT, id="unknown fact"),
        pytest.param(criterion("age"), NO_BOUND, id="number without a bound"),
        pytest.param(criterion("age", "16"), NO_BOUND, id="number with values"),
        pytest.param(criterion("age", min="seize"), NOT_A_NUMBER, id="number in letters"),
        pytest.param(criterion("age", min="16", max="vingt"), NOT_A_NUMBER, id="half in letters"),
        pytest.param(criterion("age", max_exclu="26 ans"), NOT_A_NUMBER, id="with its unit"),
        pytest.param(criterion("niveau_francais"), NO_BOUND, id="level without a bound"),
        pytest.param(criterion("activite"), NO_VALUE, id="choice without a value"),
        pytest.param(criterion("allocations"), NO_VALUE, id="set without a value"),
        pytest.param(criterion("residence"), NO_PLACE, id="no place"),
        pytest.param(group(), EMPTY, id="empty group"),
        pytest.param(group(genre=Genre.AUCUNE), EMPTY, id="none of nothing"),
        pytest.param(group(genre=Genre.UNE_PARMI), EMPTY, id="one of nothing"),
        pytest.param(criterion("age", min="16"), "", id="number"),
        pytest.param(criterion("age", max_exclu="26,5"), "", id="decimal"),
        pytest.param(criterion("niveau_francais", max="b1"), "", id="level"),
        pytest.param(criterion("niveau_francais", "b1", "b2"), "", id="some levels"),
        pytest.param(criterion("activite", "salarie"), "", id="choice"),
        pytest.param(criterion("allocations", "rsa", "ass"), "", id="set"),
        pytest.param(criterion("residence", "Avignon"), "", id="place"),
        pytest.param(group(criterion("age", min="16")), "", id="group of one"),
    ],
)
@pytest.mark.parametrize("nom", ["eligibilite", "prioritaires", "suppose"])
def test_each_case_has_its_message(branche: Branche, message: str, nom: str) -> None:
    other = criterion("age", max="30")

    fautes = told(group(other, group(other, branche, genre=Genre.UNE_PARMI)), nom)

    expected = [(nom, f"{nom}.1.1", message)] if message else []
    assert [(faute.champ, faute.ancre, faute.message) for faute in fautes] == expected


def test_every_blank_condition_is_told_in_the_order_of_the_page() -> None:
    racine = group(criterion("age"), group(criterion(), criterion("residence")), group())

    assert [(faute.ancre, faute.message) for faute in told(racine)] == [
        (f"{RACINE}.0", NO_BOUND),
        (f"{RACINE}.1.0", NO_FACT),
        (f"{RACINE}.1.1", NO_PLACE),
        (f"{RACINE}.2", EMPTY),
    ]


@pytest.mark.parametrize("genre", [Genre.TOUTES, Genre.UNE_PARMI, Genre.AUCUNE])
def test_asking_nothing_is_no_fault(genre: Genre) -> None:
    assert told(group(genre=genre)) == []


def test_each_tree_is_told_under_its_own_label() -> None:
    blank = {nom: group(criterion()).renumbered(nom) for nom in ("suppose", "prioritaires")}

    fautes = unfinished(blank, VOCABULAIRE, SECTIONS_OFFRE)

    assert [(faute.champ, faute.libelle, faute.ancre) for faute in fautes] == [
        ("suppose", "Ce que l’offre suppose", "suppose.0"),
        ("prioritaires", "Personnes prioritaires", "prioritaires.0"),
    ]


def test_messages_are_distinct_sentences() -> None:
    assert len(set(MESSAGES)) == len(MESSAGES)
    assert all(message.endswith(".") and "'" not in message for message in MESSAGES)
