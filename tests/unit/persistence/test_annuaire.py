"""Accounts as administrators read and change them, on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine

from app.domain.annuaire import (
    CompteInconnu,
    CompteModifie,
    DernierAdministrateur,
    MotifStatut,
    Statut,
    StatutInvalide,
    read_statut,
    statut_of,
)
from app.domain.comptes import Compte, Role
from app.domain.connexion import Lien, Usage, empreinte_of, new_jeton
from app.domain.offre import StructureId
from app.persistence.annuaire import SqlAnnuaireStore
from app.persistence.connexions import SqlConnexionStore
from tests.builders import make_structure
from tests.unit.persistence.dumps import dump, rows
from tests.unit.persistence.filling import Catalogue
from tests.unit.persistence.test_connexions_together import together

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
PRO, COORDINATOR = (
    Statut(role=Role.PROFESSIONNEL),
    Statut(role=Role.COORDINATEUR, perimetre="vaucluse"),
)
ADMIN = Statut(role=Role.ADMINISTRATEUR)
CLOSED = Statut(role=Role.PROFESSIONNEL, is_actif=False)
MAX_INT = 2**63


@pytest.fixture
def store(engine: Engine) -> SqlAnnuaireStore:
    return SqlAnnuaireStore(engine)


def made(store: SqlAnnuaireStore, name: str = "camille", statut: Statut = PRO) -> Compte:
    compte, is_new = store.make(f"{name}@exemple.fr", name.capitalize(), statut, NOON)
    assert is_new
    return compte


def signed_in(engine: Engine, compte: Compte) -> None:
    store, lien = SqlConnexionStore(engine), empreinte_of(new_jeton())
    sent = Lien(usage=Usage.CONNEXION, courriel=compte.courriel, expire_le=LATER)
    store.add_lien(lien, sent, NOON)
    store.open_with_lien(lien, empreinte_of(new_jeton()), NOON + timedelta(minutes=5))


def test_an_empty_record_has_no_account(store: SqlAnnuaireStore) -> None:
    assert store.inscrits() == []
    assert store.structures_of([]) == {}
    for compte_id in (0, 1, MAX_INT):
        with pytest.raises(CompteInconnu):
            store.inscrit(compte_id)
        with pytest.raises(CompteInconnu):
            store.change(compte_id, PRO.cle, COORDINATOR)


def test_an_account_is_made_once_and_read_closed_or_not(
    store: SqlAnnuaireStore, engine: Engine
) -> None:
    camille = made(store, statut=COORDINATOR)

    assert store.make(camille.courriel, "Autre", PRO, LATER) == (camille, False)
    assert (camille.nom, statut_of(camille)) == ("Camille", COORDINATOR)
    read = store.inscrit(camille.id)
    assert (read.compte, read.cree_le, read.vu_le) == (camille, NOON, NOON)
    signed_in(engine, camille)
    assert store.inscrit(camille.id).vu_le == NOON + timedelta(minutes=5)
    store.close(camille.id)
    assert not store.inscrit(camille.id).compte.is_actif
    assert [one.compte.id for one in store.inscrits()] == [camille.id]


def test_two_who_invite_one_address_make_one_account(
    store: SqlAnnuaireStore, engine: Engine
) -> None:
    invite = partial(store.make, "camille@exemple.fr", "", PRO, NOON)

    first, second = together(invite, invite)

    assert isinstance(first, tuple)
    assert isinstance(second, tuple)
    assert first[0] == second[0]
    assert {first[1], second[1]} == {True, False}
    assert len(rows(engine, "comptes")) == 1


def test_a_change_closes_the_sessions_and_twice_is_once(
    store: SqlAnnuaireStore, engine: Engine
) -> None:
    camille, other = made(store), made(store, "dominique")
    for one in (camille, other):
        signed_in(engine, one)

    done = [store.change(camille.id, PRO.cle, COORDINATOR) for _ in range(2)]

    assert done == [True, False]
    assert statut_of(store.inscrit(camille.id).compte) == COORDINATOR
    assert [one["compte_id"] for one in rows(engine, "sessions")] == [other.id]


def test_a_change_made_from_an_older_page_is_refused(
    store: SqlAnnuaireStore, engine: Engine
) -> None:
    camille = made(store)
    store.change(camille.id, PRO.cle, COORDINATOR)
    before = dump(engine)

    for voulu in (Statut(role=Role.PARTENAIRE), ADMIN, CLOSED):
        for lu in (PRO.cle, "", "n’importe quoi"):
            with pytest.raises(CompteModifie):
                store.change(camille.id, lu, voulu)

    assert dump(engine) == before


def test_an_account_is_closed_then_opened_as_it_was(
    store: SqlAnnuaireStore, engine: Engine
) -> None:
    camille = made(store)
    signed_in(engine, camille)

    assert [store.change(camille.id, PRO.cle, CLOSED) for _ in range(2)] == [True, False]
    assert rows(engine, "sessions") == []
    assert store.find(camille.courriel) == store.inscrit(camille.id).compte
    assert store.change(camille.id, CLOSED.cle, PRO)
    assert store.inscrit(camille.id).compte == camille


def test_the_last_administrator_stays(store: SqlAnnuaireStore, engine: Engine) -> None:
    last, closed = made(store, "a", ADMIN), made(store, "b", ADMIN)
    store.close(closed.id)
    before = dump(engine)

    for voulu in (PRO, COORDINATOR, Statut(role=Role.ADMINISTRATEUR, is_actif=False)):
        with pytest.raises(DernierAdministrateur):
            store.change(last.id, ADMIN.cle, voulu)
    with pytest.raises(DernierAdministrateur):
        store.close(last.id)
    with pytest.raises(DernierAdministrateur):
        store.save(last.courriel, "", Role.PARTENAIRE, None, NOON)

    assert dump(engine) == before
    store.close(closed.id)  # what is closed may be closed again
    assert store.save(last.courriel, "A", Role.ADMINISTRATEUR, None, NOON).id == last.id


def test_two_administrators_who_close_each_other_at_once_leave_one(
    store: SqlAnnuaireStore,
) -> None:
    away = Statut(role=Role.ADMINISTRATEUR, is_actif=False)
    both = [made(store, name, ADMIN) for name in ("a", "b")]

    done = together(*(partial(store.change, one.id, ADMIN.cle, away) for one in both))

    assert sorted(type(one).__name__ for one in done) == ["DernierAdministrateur", "bool"]
    assert [one.compte.is_actif for one in store.inscrits()].count(True) == 1


def test_structures_are_named_once_admitted(store: SqlAnnuaireStore, catalogue: Catalogue) -> None:
    camille, other = made(store), made(store, "dominique")
    for ident, nom in (("1-v", "Vélo"), ("2-e", "Écoute"), ("3-a", "Autre")):
        catalogue.put(make_structure(id=StructureId(ident), nom=nom))
        store.ask(camille.id, StructureId(ident), NOON)
    for ident in ("1-v", "2-e"):
        store.admit(camille.id, StructureId(ident), "compte:7", NOON)

    assert store.structures_of([camille.id, other.id]) == {camille.id: ["Écoute", "Vélo"]}


@pytest.mark.parametrize(
    ("role", "perimetre", "motif"),
    [
        ("chef", None, MotifStatut.ROLE_INCONNU),
        ("", "vaucluse", MotifStatut.ROLE_INCONNU),
        ("coordinateur", None, MotifStatut.PERIMETRE_ATTENDU),
        ("coordinateur", "", MotifStatut.PERIMETRE_ATTENDU),
        ("coordinateur", "paris", MotifStatut.PERIMETRE_INCONNU),
        ("partenaire", "paris", MotifStatut.PERIMETRE_INCONNU),
        ("administrateur", "vaucluse", MotifStatut.PERIMETRE_EN_TROP),
    ],
)
def test_a_role_and_a_perimeter_that_do_not_go_together_are_refused(
    role: str, perimetre: str | None, motif: MotifStatut
) -> None:
    with pytest.raises(StatutInvalide) as refused:
        read_statut(role, perimetre, {"vaucluse"})

    assert refused.value.motif is motif
    assert read_statut("coordinateur", "vaucluse", {"vaucluse"}) == COORDINATOR
    assert read_statut("professionnel", "", {"vaucluse"}) == PRO
