"""A tree and where its rules come from are held, kept and released together."""

import dataclasses
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from app.domain.arbre import Critere, Eligibilite
from app.domain.edition import FicheRef
from app.domain.publication import OFFRE
from app.domain.regles import EtatRegles, Regles
from app.persistence.editions import SqlEditionStore
from tests.builders import make_offre, make_structure
from tests.unit.persistence.filling import LATER, Catalogue, make_writer

L_OFFRE = FicheRef(objet=OFFRE, id="offre-1")
SIEN = Eligibilite(racine=Critere(fait="age", min=18.0))
DE_LA_SOURCE = Eligibilite(racine=Critere(fait="age", min=16.0))
NOUVEAU = Eligibilite(racine=Critere(fait="age", min=21.0))
LOI = Regles(source="Code du travail", lien="https://exemple.fr/loi", lue_le=date(2026, 11, 1))
CONFIRMEES = dataclasses.replace(LOI, etat=EtatRegles.CONFIRMEES)
REGLEMENT = dataclasses.replace(LOI, source="Règlement départemental")
NAMED = {"eligibilite", "regles"}


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    """An offer whose source gives a tree and the law that it was written from."""
    catalogue.put(make_structure())
    catalogue.put(make_offre(eligibilite=DE_LA_SOURCE, regles=LOI), given=NAMED)
    catalogue.next_import()
    return catalogue


@pytest.fixture
def store(engine: Engine) -> SqlEditionStore:
    return SqlEditionStore(engine, make_writer())


def change(store: SqlEditionStore, **fields: Any) -> None:
    fiche = store.get(L_OFFRE)
    assert fiche is not None
    value = dataclasses.replace(fiche.value, **fields)
    store.save(value, fiche.revision, "compte:1", LATER)


def both(store: SqlEditionStore) -> tuple[object, object]:
    """Returns the tree of the offer and where its rules come from."""
    fiche = store.get(L_OFFRE)
    assert fiche is not None
    offre: Any = fiche.value
    return offre.eligibilite, offre.regles


@pytest.mark.parametrize("regles", [None, LOI], ids=["without-rules", "with-rules"])
def test_a_tree_holds_where_its_rules_come_from(
    filled: Catalogue, store: SqlEditionStore, regles: Regles | None
) -> None:
    change(store, eligibilite=SIEN, regles=regles)

    filled.put(make_offre(eligibilite=NOUVEAU, regles=REGLEMENT), given=NAMED)

    tenues = store.tenues(L_OFFRE)
    assert set(tenues) == NAMED
    assert both(store) == (SIEN, regles)
    assert tenues["eligibilite"].valeur_source == {"fait": "age", "min": 21}
    assert tenues["regles"].valeur_source["source"] == "Règlement départemental"


def test_a_source_that_no_longer_speaks_of_trees_is_no_divergence(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    change(store, eligibilite=SIEN, regles=None)

    filled.put(make_offre(nom="Atelier vélo"))

    assert both(store) == (SIEN, None)
    assert [tenue.diverge for tenue in store.tenues(L_OFFRE).values()] == [False, False]


@pytest.mark.parametrize("named", [NAMED, {"eligibilite"}], ids=["with-rules", "without-rules"])
def test_rules_that_a_person_confirmed_do_not_stay_on_another_tree(
    filled: Catalogue, store: SqlEditionStore, named: set[str]
) -> None:
    """Either the tree stays with the rules that were confirmed, or both are the source's."""
    change(store, regles=CONFIRMEES)

    said = REGLEMENT if "regles" in named else None
    filled.put(make_offre(eligibilite=NOUVEAU, regles=said), given=named)

    assert both(store) in [(DE_LA_SOURCE, CONFIRMEES), (NOUVEAU, said)]


def test_a_released_tree_takes_with_it_where_its_rules_came_from(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    change(store, eligibilite=SIEN, regles=None)

    store.release(L_OFFRE, "eligibilite")
    filled.put(make_offre(eligibilite=NOUVEAU, regles=REGLEMENT), given=NAMED)

    assert both(store) == (NOUVEAU, REGLEMENT)
