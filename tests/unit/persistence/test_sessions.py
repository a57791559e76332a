"""One's own open sessions, named without their tokens, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app.domain.comptes import DUREE_SESSION, Role
from app.domain.connexion import Moyen, empreinte_of, new_jeton
from app.domain.sessions import NomSession, nom_of
from app.persistence.comptes import SqlCompteStore
from app.persistence.sessions import SqlSessionStore
from tests.unit.persistence.dumps import dump, rows
from tests.unit.persistence.test_mots_de_passe import ADRESSE, INSTANT, NOON, by_link

OTHER = "dominique@exemple.fr"


@pytest.fixture
def store(engine: Engine) -> SqlSessionStore:
    return SqlSessionStore(engine)


def account(engine: Engine, courriel: str = ADRESSE) -> int:
    return SqlCompteStore(engine).save(courriel, "", Role.PARTENAIRE, None, NOON).id


def test_an_account_sees_its_own_open_sessions(store: SqlSessionStore, engine: Engine) -> None:
    camille = account(engine)
    mine = {nom_of(by_link(engine)) for _ in range(2)}
    by_link(engine, OTHER)

    found = store.sessions_of(camille, NOON)

    assert {one.nom for one in found} == mine
    assert {one.moyen for one in found} == {Moyen.LIEN}
    assert {(one.ouverte_le, one.expire_le) for one in found} == {(NOON, NOON + DUREE_SESSION)}


def test_a_session_that_is_over_is_not_shown(store: SqlSessionStore, engine: Engine) -> None:
    camille = account(engine)
    by_link(engine)

    assert len(store.sessions_of(camille, NOON + DUREE_SESSION - INSTANT)) == 1
    assert store.sessions_of(camille, NOON + DUREE_SESSION) == []


def test_one_session_is_closed_by_its_name(store: SqlSessionStore, engine: Engine) -> None:
    camille, kept, closed = account(engine), by_link(engine), by_link(engine)

    assert [store.close_named(camille, nom_of(closed)) for _ in range(2)] == [1, 0]

    assert [one.nom for one in store.sessions_of(camille, NOON)] == [nom_of(kept)]


def test_nobody_closes_the_session_of_another(store: SqlSessionStore, engine: Engine) -> None:
    camille, theirs = account(engine), by_link(engine, OTHER)
    mine = by_link(engine)
    before = dump(engine)

    for nom in (nom_of(theirs), NomSession(theirs), NomSession(mine), NomSession("")):
        assert store.close_named(camille, nom) == 0

    assert dump(engine) == before


def test_all_the_others_are_closed_at_once(store: SqlSessionStore, engine: Engine) -> None:
    camille, mine, theirs = account(engine), by_link(engine), by_link(engine, OTHER)
    for _ in range(3):
        by_link(engine)

    assert [store.close_others(camille, mine) for _ in range(2)] == [3, 0]

    assert {one["empreinte"] for one in rows(engine, "sessions")} == {mine, theirs}


def test_a_name_tells_neither_token_nor_digest() -> None:
    jeton = new_jeton()
    empreinte = empreinte_of(jeton)
    nom = nom_of(empreinte)

    assert nom == nom_of(empreinte)
    assert not {jeton, empreinte, empreinte[:32], empreinte_of(empreinte)[:32]} & {nom}
    assert nom != nom_of(empreinte_of(new_jeton()))


def test_sessions_are_listed_from_the_newest(store: SqlSessionStore, engine: Engine) -> None:
    camille = account(engine)
    for _ in range(4):
        by_link(engine)
    opened = [one.ouverte_le for one in store.sessions_of(camille, NOON + timedelta(minutes=1))]

    assert opened == sorted(opened, reverse=True)
