"""Passwords kept by their digests and tries counted for all workers, on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine

from app.domain.comptes import DUREE_SESSION, Compte, Role
from app.domain.connexion import Empreinte, Lien, Usage, empreinte_of, new_jeton
from app.domain.mots_de_passe import (
    FENETRE_ESSAIS,
    MAX_ESSAIS,
    CompteSecret,
    MotDePasseFaux,
    Secret,
    TropDEssais,
    cle_of,
)
from app.persistence.comptes import SqlCompteStore
from app.persistence.connexions import SqlConnexionStore
from app.persistence.mots_de_passe import SqlMotDePasseStore
from tests.unit.persistence.dumps import dump, row, rows
from tests.unit.persistence.test_connexions_together import together

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
ADRESSE = "camille@exemple.fr"
CLE = cle_of(ADRESSE)
FIRST, SECOND = Secret("$argon2id$un"), Secret("$argon2id$deux")


@pytest.fixture
def store(engine: Engine) -> SqlMotDePasseStore:
    return SqlMotDePasseStore(engine)


@pytest.fixture
def comptes(engine: Engine) -> SqlCompteStore:
    return SqlCompteStore(engine)


@pytest.fixture
def camille(comptes: SqlCompteStore) -> Compte:
    return comptes.save(ADRESSE, "Camille", Role.PARTENAIRE, None, NOON)


def by_link(engine: Engine, courriel: str = ADRESSE) -> Empreinte:
    """Opens a session by a link, and returns its digest."""
    connexions, lien, session = SqlConnexionStore(engine), new_jeton(), empreinte_of(new_jeton())
    sent = Lien(usage=Usage.CONNEXION, courriel=courriel, expire_le=NOON + timedelta(minutes=15))
    connexions.add_lien(empreinte_of(lien), sent, NOON)
    connexions.open_with_lien(empreinte_of(lien), session, NOON)
    return session


def with_secret(store: SqlMotDePasseStore, compte: Compte, secret: Secret = FIRST) -> CompteSecret:
    store.set_secret(compte.id, secret, empreinte_of(new_jeton()))
    found = store.secret_of(compte.courriel)
    assert found is not None
    return found


def test_an_account_has_the_password_that_it_was_given(
    store: SqlMotDePasseStore, camille: Compte
) -> None:
    assert store.secret_of(ADRESSE) is None

    assert with_secret(store, camille) == CompteSecret(compte_id=camille.id, secret=FIRST)
    assert with_secret(store, camille, SECOND).secret == SECOND

    store.set_secret(camille.id, None, empreinte_of(new_jeton()))
    assert store.secret_of(ADRESSE) is None


def test_nobody_else_has_it(
    store: SqlMotDePasseStore, comptes: SqlCompteStore, camille: Compte
) -> None:
    other = comptes.save("dominique@exemple.fr", "", Role.PARTENAIRE, None, NOON)
    with_secret(store, camille)

    assert store.secret_of(other.courriel) is None
    assert store.secret_of("inconnue@exemple.fr") is None


def test_a_closed_account_has_no_password_and_finds_it_again(
    store: SqlMotDePasseStore, comptes: SqlCompteStore, camille: Compte
) -> None:
    found = with_secret(store, camille)
    comptes.close(camille.id)

    assert store.secret_of(ADRESSE) is None
    with pytest.raises(MotDePasseFaux):
        store.open_with_secret(found, CLE, empreinte_of(new_jeton()), NOON)
    comptes.save(ADRESSE, "Camille", Role.PARTENAIRE, None, NOON)
    assert store.secret_of(ADRESSE) == found


def test_a_password_opens_a_session_like_a_link(
    store: SqlMotDePasseStore, camille: Compte, engine: Engine
) -> None:
    session, later = empreinte_of(new_jeton()), NOON + timedelta(days=1)

    opened = store.open_with_secret(with_secret(store, camille), CLE, session, later)

    assert opened.compte == camille
    assert SqlConnexionStore(engine).get_session(session, later) == opened
    kept = row(engine, "sessions", empreinte=session)
    assert (kept["ouverte_par"], kept["jeton_identite"]) == ("mot-de-passe", None)
    assert opened.expire_le == later + DUREE_SESSION
    assert row(engine, "comptes")["vu_le"] in (later, later.replace(tzinfo=None))


def test_a_password_that_was_changed_meanwhile_opens_nothing(
    store: SqlMotDePasseStore, camille: Compte, engine: Engine
) -> None:
    found = with_secret(store, camille)
    with_secret(store, camille, SECOND)
    before = dump(engine)

    with pytest.raises(MotDePasseFaux):
        store.open_with_secret(found, CLE, empreinte_of(new_jeton()), NOON)
    store.replace_secret(found, Secret("$argon2id$trois"))

    assert dump(engine) == before


def test_a_newer_digest_replaces_the_older(store: SqlMotDePasseStore, camille: Compte) -> None:
    store.replace_secret(with_secret(store, camille), SECOND)

    found = store.secret_of(ADRESSE)
    assert found is not None
    assert found.secret == SECOND


def test_changing_closes_the_other_sessions_of_the_account_only(
    store: SqlMotDePasseStore, camille: Compte, engine: Engine
) -> None:
    mine, others = by_link(engine), [by_link(engine) for _ in range(2)]
    of_another = by_link(engine, "dominique@exemple.fr")

    store.set_secret(camille.id, FIRST, mine)

    left = {one["empreinte"] for one in rows(engine, "sessions")}
    assert left == {mine, of_another}
    assert not left & set(others)


def test_ten_tries_an_hour_are_counted_for_one_address(
    store: SqlMotDePasseStore, engine: Engine
) -> None:
    for rank in range(MAX_ESSAIS):
        store.add_essai(CLE, NOON + timedelta(minutes=rank))
    before = dump(engine)

    for quand in (NOON + timedelta(minutes=10), NOON + FENETRE_ESSAIS - INSTANT):
        with pytest.raises(TropDEssais):
            store.add_essai(CLE, quand)

    assert dump(engine) == before
    store.add_essai(cle_of("dominique@exemple.fr"), NOON)
    store.add_essai(CLE, NOON + FENETRE_ESSAIS)
    with pytest.raises(TropDEssais):
        store.add_essai(CLE, NOON + FENETRE_ESSAIS)


def test_tries_are_erased_once_they_no_longer_count(
    store: SqlMotDePasseStore, engine: Engine
) -> None:
    store.add_essai(CLE, NOON)
    store.add_essai(cle_of("dominique@exemple.fr"), NOON + FENETRE_ESSAIS)

    assert len(rows(engine, "essais")) == 1


def test_the_right_password_forgets_the_wrong_tries(
    store: SqlMotDePasseStore, camille: Compte, engine: Engine
) -> None:
    found, other = with_secret(store, camille), cle_of("dominique@exemple.fr")
    for cle in (CLE, CLE, other):
        store.add_essai(cle, NOON)

    store.open_with_secret(found, CLE, empreinte_of(new_jeton()), NOON)

    assert [one["cle"] for one in rows(engine, "essais")] == [other]
    store.forget_essais(other)
    assert rows(engine, "essais") == []


def test_the_last_try_of_the_hour_is_made_once(store: SqlMotDePasseStore, engine: Engine) -> None:
    for rank in range(4):
        cle = cle_of(f"camille{rank}@exemple.fr")
        for _ in range(MAX_ESSAIS - 1):
            store.add_essai(cle, NOON)

        given = together(*[partial(store.add_essai, cle, NOON)] * 3)

        assert [isinstance(one, TropDEssais) for one in given].count(True) == 2
        assert len(rows(engine, "essais", cle=cle)) == MAX_ESSAIS


def test_what_was_typed_is_kept_nowhere(store: SqlMotDePasseStore, engine: Engine) -> None:
    """An address may be a password typed in the wrong field."""
    store.add_essai(cle_of("inconnue@exemple.fr"), NOON)

    assert "inconnue" not in str(dump(engine))
