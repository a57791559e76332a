"""Accounts and the structures that they speak for, on SQLite and PostgreSQL."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from app.domain.adhesions import AdhesionInconnue, AdhesionListee
from app.domain.comptes import Adhesion, Compte, Role
from app.domain.connexion import Lien, LienRefuse, Session, Usage, empreinte_of, new_jeton
from app.domain.errors import CatalogueUnavailable, OffreIntrouvable
from app.domain.offre import StructureId
from app.persistence.comptes import SqlCompteStore
from app.persistence.connexions import SqlConnexionStore
from app.persistence.database import writing
from tests.builders import make_structure
from tests.unit.persistence.dumps import dump, row, rows
from tests.unit.persistence.filling import Catalogue

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)
# The order of their names is not that of their ids.
MAISON, ATELIER = StructureId("1-maison"), StructureId("2-atelier")
NOBODY = 999


@pytest.fixture
def store(engine: Engine) -> SqlCompteStore:
    return SqlCompteStore(engine)


@pytest.fixture(autouse=True)
def _two_structures(catalogue: Catalogue) -> None:
    catalogue.put(
        make_structure(id=MAISON, nom="Maison de l’emploi"),
        make_structure(id=ATELIER, nom="Écoute vélo"),
    )


def make(store: SqlCompteStore, name: str = "camille", role: Role = Role.PARTENAIRE) -> Compte:
    return store.save(f"{name}@exemple.fr", name.capitalize(), role, None, NOON)


def test_coordinators_are_counted_where_they_work(store: SqlCompteStore) -> None:
    for name, role, perimetre in (
        ("a", Role.COORDINATEUR, "meuse"),
        ("b", Role.COORDINATEUR, "meuse"),
        ("c", Role.COORDINATEUR, "grand-avignon"),
        ("d", Role.PARTENAIRE, None),
    ):
        store.save(f"{name}@exemple.fr", name, role, perimetre, NOON)
    closed = store.save("e@exemple.fr", "e", Role.COORDINATEUR, "meuse", NOON)
    store.close(closed.id)

    assert store.coordinateurs() == {"meuse": 2, "grand-avignon": 1}


def signed_in(engine: Engine, compte: Compte) -> Callable[[], Session | None]:
    """Opens a session of an account, and returns how to read it."""
    store, lien, session = SqlConnexionStore(engine), new_jeton(), empreinte_of(new_jeton())
    expire_le = NOON + timedelta(minutes=15)
    sent = Lien(usage=Usage.CONNEXION, courriel=compte.courriel, expire_le=expire_le)
    store.add_lien(empreinte_of(lien), sent, NOON)
    store.open_with_lien(empreinte_of(lien), session, NOON)
    return lambda: store.get_session(session, NOON)


def names_of(listed: Sequence[AdhesionListee]) -> list[tuple[str, str, bool]]:
    """Returns who, of which structure, and whether they were admitted."""
    return [
        (one.adhesion.compte.nom, one.structure_nom, one.adhesion.admise_le is not None)
        for one in listed
    ]


def test_an_account_is_made_and_found_by_its_address(store: SqlCompteStore) -> None:
    made = store.save("camille@exemple.fr", "Camille", Role.COORDINATEUR, "vaucluse", NOON)

    assert made == Compte(
        id=made.id,
        courriel="camille@exemple.fr",
        nom="Camille",
        role=Role.COORDINATEUR,
        perimetre="vaucluse",
        is_actif=True,
    )
    assert store.find("camille@exemple.fr") == made
    assert store.find("dominique@exemple.fr") is None


def test_saving_again_changes_the_same_account(store: SqlCompteStore, engine: Engine) -> None:
    before = make(store)
    other = make(store, "dominique")

    after = store.save("camille@exemple.fr", "C. Martin", Role.COORDINATEUR, "vaucluse", LATER)

    assert (after.id, after.nom, after.role) == (before.id, "C. Martin", Role.COORDINATEUR)
    assert after.perimetre == "vaucluse"
    assert store.find("camille@exemple.fr") == after
    assert store.find("dominique@exemple.fr") == other
    kept = row(engine, "comptes", id=before.id)
    assert kept["cree_le"] in (NOON, NOON.replace(tzinfo=None))


def test_saving_without_perimeter_takes_it_away(store: SqlCompteStore) -> None:
    store.save("camille@exemple.fr", "Camille", Role.COORDINATEUR, "vaucluse", NOON)

    assert make(store).perimetre is None


def test_saving_an_account_closes_its_sessions_and_no_other(
    store: SqlCompteStore, engine: Engine
) -> None:
    camille, dominique = make(store), make(store, "dominique")
    of_camille, of_dominique = signed_in(engine, camille), signed_in(engine, dominique)

    make(store, role=Role.PROFESSIONNEL)

    assert of_camille() is None
    assert of_dominique() is not None


def test_saving_opens_a_closed_account_again(store: SqlCompteStore) -> None:
    camille = make(store)
    store.close(camille.id)
    closed = store.find(camille.courriel)

    opened = make(store)

    assert closed is not None
    assert (closed.is_actif, opened) == (False, camille)


def test_closing_an_account_closes_its_sessions_and_keeps_what_it_is(
    store: SqlCompteStore, engine: Engine
) -> None:
    camille, dominique = make(store), make(store, "dominique")
    store.ask(camille.id, MAISON, NOON)
    of_camille, of_dominique = signed_in(engine, camille), signed_in(engine, dominique)

    store.close(camille.id)

    assert of_camille() is None
    assert of_dominique() is not None
    with pytest.raises(LienRefuse):
        signed_in(engine, camille)
    assert len(store.adhesions_of(camille.id)) == 1
    assert store.find("dominique@exemple.fr") == dominique


def test_asking_waits_for_an_answer(store: SqlCompteStore) -> None:
    camille = make(store)

    store.ask(camille.id, MAISON, NOON)

    (listed,) = store.adhesions_of(camille.id)
    assert listed == AdhesionListee(
        adhesion=Adhesion(compte=camille, structure_id=MAISON, demandee_le=NOON, admise_le=None),
        structure_nom="Maison de l’emploi",
    )
    assert listed.adhesion.demandee_le.tzinfo is UTC
    assert list(store.members_of(MAISON)) == [listed]
    assert list(store.waiting()) == [listed]
    assert list(store.members_of(ATELIER)) == []


def test_asking_twice_changes_nothing(store: SqlCompteStore, engine: Engine) -> None:
    camille = make(store)
    store.ask(camille.id, MAISON, NOON)
    asked = dump(engine)

    store.ask(camille.id, MAISON, LATER)
    assert dump(engine) == asked

    store.admit(camille.id, MAISON, "compte:7", NOON)
    admitted = dump(engine)
    store.ask(camille.id, MAISON, LATER)
    assert dump(engine) == admitted


def test_a_structure_that_does_not_exist_is_told(store: SqlCompteStore, engine: Engine) -> None:
    camille = make(store)
    before = dump(engine)

    with pytest.raises(OffreIntrouvable) as told:
        store.ask(camille.id, StructureId("nulle-part"), NOON)

    assert told.value.identifiant == "nulle-part"
    assert dump(engine) == before


def test_admitting_tells_by_whom_and_when_and_stays_so(
    store: SqlCompteStore, engine: Engine
) -> None:
    camille, dominique = make(store), make(store, "dominique")
    for compte in (camille, dominique):
        store.ask(compte.id, MAISON, NOON)
    store.ask(camille.id, ATELIER, NOON)

    store.admit(camille.id, MAISON, "compte:7", LATER)
    store.admit(camille.id, MAISON, "compte:8", LATER + timedelta(hours=1))

    kept = row(engine, "adhesions", compte_id=camille.id, structure_id=MAISON)
    assert kept["admise_par"] == "compte:7"
    assert [one.adhesion.admise_le for one in store.members_of(MAISON)] == [LATER, None]
    assert names_of(store.waiting()) == [
        ("Camille", "Écoute vélo", False),
        ("Dominique", "Maison de l’emploi", False),
    ]


def test_refusing_and_removing_end_one_membership(store: SqlCompteStore) -> None:
    camille, dominique = make(store), make(store, "dominique")
    for compte in (camille, dominique):
        store.ask(compte.id, MAISON, NOON)
    store.ask(camille.id, ATELIER, NOON)
    store.admit(camille.id, MAISON, "compte:7", NOON)

    store.remove(camille.id, MAISON)
    store.remove(camille.id, ATELIER)

    assert list(store.adhesions_of(camille.id)) == []
    assert names_of(store.members_of(MAISON)) == [("Dominique", "Maison de l’emploi", False)]


def test_who_was_removed_may_ask_again_and_waits(store: SqlCompteStore) -> None:
    camille = make(store)
    store.ask(camille.id, MAISON, NOON)
    store.admit(camille.id, MAISON, "compte:7", NOON)
    store.remove(camille.id, MAISON)

    store.ask(camille.id, MAISON, LATER)

    (listed,) = store.waiting()
    assert (listed.adhesion.demandee_le, listed.adhesion.admise_le) == (LATER, None)


@pytest.mark.parametrize(
    ("who", "structure_id"),
    [
        pytest.param("camille", ATELIER, id="another-structure"),
        pytest.param("camille", StructureId("nulle-part"), id="no-structure"),
        pytest.param("dominique", MAISON, id="another-account"),
        pytest.param("nobody", MAISON, id="no-account"),
    ],
)
def test_what_nobody_asked_for_is_neither_given_nor_taken(
    store: SqlCompteStore, engine: Engine, who: str, structure_id: StructureId
) -> None:
    ids = {"camille": make(store).id, "dominique": make(store, "dominique").id, "nobody": NOBODY}
    store.ask(ids["camille"], MAISON, NOON)
    before = dump(engine)

    with pytest.raises(AdhesionInconnue):
        store.admit(ids[who], structure_id, "compte:7", NOON)
    with pytest.raises(AdhesionInconnue):
        store.remove(ids[who], structure_id)

    assert dump(engine) == before


def test_structures_are_listed_by_name_and_members_by_age(store: SqlCompteStore) -> None:
    camille, dominique = make(store), make(store, "dominique")
    store.ask(camille.id, MAISON, LATER)
    store.ask(dominique.id, MAISON, NOON)
    store.ask(camille.id, ATELIER, LATER + timedelta(hours=1))
    store.admit(camille.id, MAISON, "compte:7", LATER)

    assert names_of(store.adhesions_of(camille.id)) == [
        ("Camille", "Écoute vélo", False),
        ("Camille", "Maison de l’emploi", True),
    ]
    assert names_of(store.members_of(MAISON)) == [
        ("Dominique", "Maison de l’emploi", False),
        ("Camille", "Maison de l’emploi", True),
    ]
    assert names_of(store.waiting()) == [
        ("Dominique", "Maison de l’emploi", False),
        ("Camille", "Écoute vélo", False),
    ]


def test_a_name_is_what_others_read(store: SqlCompteStore) -> None:
    camille, dominique = make(store), make(store, "dominique")
    store.ask(camille.id, MAISON, NOON)

    store.set_nom(camille.id, "Camille M.")

    assert names_of(store.members_of(MAISON)) == [("Camille M.", "Maison de l’emploi", False)]
    ids = [camille.id, dominique.id, NOBODY]
    assert store.names(ids) == {camille.id: "Camille M.", dominique.id: "Dominique"}
    assert store.names([dominique.id]) == {dominique.id: "Dominique"}
    assert store.names([]) == {}
    assert store.get(camille.id) == replace(camille, nom="Camille M.")
    store.close(camille.id)
    assert store.get(camille.id) is None
    assert store.get(999_999) is None


def test_naming_leaves_the_session_open(store: SqlCompteStore, engine: Engine) -> None:
    camille = make(store)
    session = signed_in(engine, camille)

    store.set_nom(camille.id, "Camille M.")

    read = session()
    assert read is not None
    assert read.compte == replace(camille, nom="Camille M.")
    assert len(rows(engine, "comptes")) == 1


def test_a_record_that_does_not_answer_is_told(store: SqlCompteStore, engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE adhesions"))

    with pytest.raises(CatalogueUnavailable):
        store.waiting()
    with pytest.raises(CatalogueUnavailable):
        store.ask(NOBODY, MAISON, NOON)


def test_a_closed_account_is_no_member_and_waits_for_nothing(store: SqlCompteStore) -> None:
    camille, dominique = make(store), make(store, "dominique")
    for compte in (camille, dominique):
        store.ask(compte.id, MAISON, NOON)
        store.ask(compte.id, ATELIER, NOON)
        store.admit(compte.id, ATELIER, "compte:9", NOON)

    store.close(camille.id)

    assert names_of(store.waiting()) == [("Dominique", "Maison de l’emploi", False)]
    assert [name for name, _, _ in names_of(store.members_of(MAISON))] == ["Dominique"]
    assert [name for name, _, _ in names_of(store.members_of(ATELIER))] == ["Dominique"]
    make(store)
    assert len(store.members_of(ATELIER)) == 2
