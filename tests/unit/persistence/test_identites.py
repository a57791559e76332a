"""Identities joined to accounts, on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine

from app.domain.comptes import DUREE_SESSION, Role
from app.domain.connexion import Session, empreinte_of, new_jeton
from app.domain.identites import Identite, IdentiteRefusee, MotifIdentite
from app.persistence.comptes import SqlCompteStore
from app.persistence.connexions import SqlConnexionStore
from app.persistence.identites import SqlIdentiteStore
from tests.unit.persistence.dumps import dump, row, rows
from tests.unit.persistence.test_connexions_together import together
from tests.unit.persistence.test_mots_de_passe import ADRESSE, NOON, by_link

ISSUER = "https://fournisseur.exemple.fr"
CAMILLE = Identite(
    emetteur=ISSUER,
    sujet="sujet-1",
    courriel=ADRESSE,
    is_verifie=True,
    nom="Camille Durand",
    jeton="preuve.signee",
)


@pytest.fixture
def store(engine: Engine) -> SqlIdentiteStore:
    return SqlIdentiteStore(engine)


@pytest.fixture
def comptes(engine: Engine) -> SqlCompteStore:
    return SqlCompteStore(engine)


def enter(
    store: SqlIdentiteStore, identite: Identite = CAMILLE, courriel: str = ADRESSE
) -> Session:
    return store.open_with_identite(identite, courriel, empreinte_of(new_jeton()), NOON).session


def refusal(store: SqlIdentiteStore, engine: Engine, identite: Identite) -> MotifIdentite:
    """Returns why an identity opens nothing, and checks that it changes nothing."""
    before = dump(engine)
    with pytest.raises(IdentiteRefusee) as refused:
        enter(store, identite)
    assert dump(engine) == before
    return refused.value.motif


def test_a_new_identity_makes_an_account(store: SqlIdentiteStore, engine: Engine) -> None:
    session = empreinte_of(new_jeton())

    entree = store.open_with_identite(CAMILLE, ADRESSE, session, NOON)

    opened = entree.session
    assert (entree.is_creee, entree.is_jointe) == (True, True)
    assert opened.compte is not None
    assert (opened.compte.nom, opened.compte.role) == ("Camille Durand", Role.PARTENAIRE)
    assert opened.expire_le == NOON + DUREE_SESSION
    assert row(engine, "comptes")["identite"] == f"{ISSUER} sujet-1"
    assert row(engine, "sessions")["ouverte_par"] == "proconnect"
    assert SqlConnexionStore(engine).get_session(session, NOON) == opened
    assert store.jeton_of(session) == "preuve.signee"
    assert store.has_identite(opened.compte.id)


def test_the_account_of_the_address_is_joined_with_its_name_and_role(
    store: SqlIdentiteStore, comptes: SqlCompteStore
) -> None:
    known = comptes.save(ADRESSE, "Cam", Role.COORDINATEUR, "vaucluse", NOON)

    first, second = (
        store.open_with_identite(CAMILLE, ADRESSE, empreinte_of(new_jeton()), NOON)
        for _ in range(2)
    )

    assert (first.session.compte, first.is_creee, first.is_jointe) == (known, False, True)
    assert (second.session.compte, second.is_creee, second.is_jointe) == (known, False, False)


def test_an_account_without_a_name_takes_the_one_of_the_identity(
    store: SqlIdentiteStore, comptes: SqlCompteStore
) -> None:
    known = comptes.save(ADRESSE, "", Role.PARTENAIRE, None, NOON)

    assert enter(store).compte == replace(known, nom="Camille Durand")


def test_an_identity_finds_its_account_whatever_its_address_becomes(
    store: SqlIdentiteStore, comptes: SqlCompteStore, engine: Engine
) -> None:
    first = enter(store).compte
    comptes.save("nouvelle@exemple.fr", "Un autre", Role.ADMINISTRATEUR, None, NOON)

    assert enter(store, CAMILLE, "nouvelle@exemple.fr").compte == first
    assert enter(store, CAMILLE, "encore@exemple.fr").compte == first
    assert len(rows(engine, "comptes")) == 2


@pytest.mark.parametrize("change", [{"sujet": "sujet-2"}, {"emetteur": "https://autre.exemple.fr"}])
def test_another_identity_does_not_take_an_account_over(
    store: SqlIdentiteStore, engine: Engine, change: dict[str, str]
) -> None:
    first = enter(store).compte
    assert first is not None
    other = replace(CAMILLE, **change)

    assert refusal(store, engine, other) is MotifIdentite.AUTRE_IDENTITE
    assert [store.detach(first.id) for _ in range(2)] == [True, False]
    assert not store.has_identite(first.id)
    assert enter(store, other).compte == first


@pytest.mark.parametrize("is_joined", [True, False])
def test_a_closed_account_is_refused(
    store: SqlIdentiteStore, comptes: SqlCompteStore, engine: Engine, is_joined: bool
) -> None:
    known = comptes.save(ADRESSE, "Camille", Role.PARTENAIRE, None, NOON)
    if is_joined:
        enter(store)
    comptes.close(known.id)

    assert refusal(store, engine, CAMILLE) is MotifIdentite.COMPTE_FERME


def test_a_session_opened_otherwise_has_no_proof(store: SqlIdentiteStore, engine: Engine) -> None:
    assert store.jeton_of(by_link(engine)) is None
    assert store.jeton_of(empreinte_of(new_jeton())) is None


def test_two_first_sign_ins_at_once_make_one_account(
    store: SqlIdentiteStore, engine: Engine
) -> None:
    for rank in range(4):
        identite = replace(CAMILLE, sujet=f"sujet-{rank}")
        courriel = f"camille{rank}@exemple.fr"

        given = together(*[partial(enter, store, identite, courriel)] * 2)

        first, second = given
        assert isinstance(first, Session)
        assert isinstance(second, Session)
        assert first.compte == second.compte
        assert len(rows(engine, "comptes", courriel=courriel)) == 1


def test_closing_an_account_closes_its_session_of_a_provider(engine: Engine) -> None:
    """Its sessions are closed with it, whichever way they were opened."""
    store, comptes = SqlIdentiteStore(engine), SqlCompteStore(engine)
    session = empreinte_of(new_jeton())
    opened = store.open_with_identite(CAMILLE, ADRESSE, session, NOON).session
    assert opened.compte is not None

    comptes.close(opened.compte.id)

    assert SqlConnexionStore(engine).get_session(session, NOON + timedelta(minutes=1)) is None
