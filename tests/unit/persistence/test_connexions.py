"""Links sent by e-mail and the sessions that they open, on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text, update

from app.domain.comptes import DUREE_SESSION, DUREE_SESSION_BOITE, Role
from app.domain.connexion import (
    FENETRE_LIENS,
    GARDE_LIENS,
    MAX_LIENS,
    VALIDITE_LIEN,
    Empreinte,
    Lien,
    LienRefuse,
    MotifRefus,
    Session,
    TropDeLiens,
    Usage,
    empreinte_of,
    new_jeton,
)
from app.domain.errors import CatalogueUnavailable
from app.domain.offre import StructureId
from app.persistence.comptes import SqlCompteStore
from app.persistence.connexions import SqlConnexionStore
from app.persistence.database import writing
from app.persistence.tables.comptes import comptes as comptes_table
from tests.builders import make_structure
from tests.unit.persistence.dumps import dump, row, rows
from tests.unit.persistence.filling import Catalogue

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
CAMILLE = "camille@exemple.fr"
STRUCTURE = StructureId("structure-1")


@pytest.fixture
def store(engine: Engine) -> SqlConnexionStore:
    return SqlConnexionStore(engine)


@pytest.fixture
def comptes(engine: Engine) -> SqlCompteStore:
    return SqlCompteStore(engine)


@pytest.fixture
def structure(catalogue: Catalogue) -> StructureId:
    catalogue.put(make_structure(id=STRUCTURE))
    return STRUCTURE


def send(
    store: SqlConnexionStore,
    courriel: str = CAMILLE,
    quand: datetime = NOON,
    structure_id: StructureId | None = None,
) -> Empreinte:
    """Keeps a link, of a mailbox when it names a structure, and returns its digest."""
    sent = Lien(
        usage=Usage.CONNEXION if structure_id is None else Usage.BOITE,
        courriel=courriel,
        structure_id=structure_id,
        expire_le=quand + VALIDITE_LIEN,
    )
    empreinte = empreinte_of(new_jeton())
    store.add_lien(empreinte, sent, quand)
    return empreinte


def sign_in(
    store: SqlConnexionStore, courriel: str = CAMILLE, quand: datetime = NOON
) -> tuple[Empreinte, Session]:
    """Opens a session by a link, and returns its digest with it."""
    session = empreinte_of(new_jeton())
    return session, store.open_with_lien(send(store, courriel, quand), session, quand)


def refusal(store: SqlConnexionStore, lien: Empreinte, quand: datetime = NOON) -> MotifRefus:
    """Returns why a link opens nothing, which looking at it and using it say alike."""
    with pytest.raises(LienRefuse) as looked:
        store.get_lien(lien, quand)
    with pytest.raises(LienRefuse) as used:
        store.open_with_lien(lien, empreinte_of(new_jeton()), quand)
    assert used.value.motif is looked.value.motif
    return used.value.motif


def account(engine: Engine, courriel: str = CAMILLE) -> dict[str, object]:
    return row(engine, "comptes", courriel=courriel)


def test_a_link_is_read_as_it_was_kept(store: SqlConnexionStore) -> None:
    found = store.get_lien(send(store), NOON)

    assert found == Lien(usage=Usage.CONNEXION, courriel=CAMILLE, expire_le=NOON + VALIDITE_LIEN)
    assert found.expire_le.tzinfo is UTC


def test_looking_changes_nothing_however_often(store: SqlConnexionStore, engine: Engine) -> None:
    lien = send(store)
    before = dump(engine)

    looked = [store.get_lien(lien, NOON + timedelta(minutes=minute)) for minute in range(10)]

    assert len(set(looked)) == 1
    assert dump(engine) == before
    assert store.open_with_lien(lien, empreinte_of(new_jeton()), NOON).compte is not None


def test_a_link_opens_one_session_once(store: SqlConnexionStore, engine: Engine) -> None:
    lien = send(store)
    store.open_with_lien(lien, empreinte_of(new_jeton()), NOON)
    before = dump(engine)

    assert refusal(store, lien) is MotifRefus.DEJA_UTILISE
    assert refusal(store, lien, NOON + VALIDITE_LIEN) is MotifRefus.DEJA_UTILISE
    assert dump(engine) == before
    assert len(rows(engine, "sessions")) == 1


def test_a_link_used_leaves_the_others_of_its_address(store: SqlConnexionStore) -> None:
    first, second = send(store), send(store)

    store.open_with_lien(first, empreinte_of(new_jeton()), NOON)

    assert store.get_lien(second, NOON).courriel == CAMILLE


def test_a_link_is_over_at_its_very_instant(store: SqlConnexionStore, engine: Engine) -> None:
    lien, before = send(store), NOON + VALIDITE_LIEN - INSTANT
    written = dump(engine)

    assert refusal(store, lien, NOON + VALIDITE_LIEN) is MotifRefus.EXPIRE
    assert dump(engine) == written
    assert store.get_lien(lien, before).courriel == CAMILLE
    assert store.open_with_lien(lien, empreinte_of(new_jeton()), before).compte is not None


def test_a_link_that_nobody_sent_opens_nothing(store: SqlConnexionStore, engine: Engine) -> None:
    jeton = new_jeton()
    sent = Lien(usage=Usage.CONNEXION, courriel=CAMILLE, expire_le=NOON + VALIDITE_LIEN)
    store.add_lien(empreinte_of(jeton), sent, NOON)
    forged = [
        new_jeton(),
        jeton[:-1],
        jeton.swapcase(),
        f"{jeton} ",
        empreinte_of(jeton),
        "",
        "%",
        "' OR 1=1 --",
        "\x00",
        "\ud800",
    ]
    before = dump(engine)

    for text_ in forged:
        assert refusal(store, empreinte_of(text_)) is MotifRefus.INCONNU
    assert dump(engine) == before


def test_five_links_an_hour_go_to_one_address(store: SqlConnexionStore, engine: Engine) -> None:
    sent = [send(store, quand=NOON + timedelta(minutes=rank)) for rank in range(5)]
    before = dump(engine)

    for quand in (NOON + timedelta(minutes=5), NOON + timedelta(hours=1) - INSTANT):
        with pytest.raises(TropDeLiens):
            send(store, quand=quand)

    assert dump(engine) == before
    assert store.get_lien(sent[0], NOON + timedelta(minutes=6)).courriel == CAMILLE


def test_a_link_may_be_sent_again_for_each_that_is_an_hour_old(store: SqlConnexionStore) -> None:
    for rank in range(MAX_LIENS):
        send(store, quand=NOON + timedelta(minutes=rank))

    send(store, quand=NOON + FENETRE_LIENS)

    with pytest.raises(TropDeLiens):
        send(store, quand=NOON + FENETRE_LIENS + timedelta(seconds=59))
    send(store, quand=NOON + FENETRE_LIENS + timedelta(minutes=1))


def test_links_are_counted_by_address_and_by_usage(
    store: SqlConnexionStore, structure: StructureId
) -> None:
    for _ in range(MAX_LIENS):
        send(store)

    for _ in range(MAX_LIENS):
        send(store, "dominique@exemple.fr")
        send(store, structure_id=structure)
    with pytest.raises(TropDeLiens):
        send(store)
    with pytest.raises(TropDeLiens):
        send(store, structure_id=structure)


def test_a_used_link_still_counts(store: SqlConnexionStore) -> None:
    for _ in range(MAX_LIENS):
        sign_in(store)

    with pytest.raises(TropDeLiens):
        send(store)


def test_links_are_erased_a_day_after_they_are_over(
    store: SqlConnexionStore, engine: Engine
) -> None:
    unused, used = send(store), send(store)
    store.open_with_lien(used, empreinte_of(new_jeton()), NOON)
    over = NOON + VALIDITE_LIEN + GARDE_LIENS

    last = send(store, quand=over)
    assert refusal(store, unused, over) is MotifRefus.EXPIRE
    assert refusal(store, used, over) is MotifRefus.DEJA_UTILISE

    newest = send(store, quand=over + INSTANT)
    assert {one["empreinte"] for one in rows(engine, "liens")} == {last, newest}
    assert refusal(store, unused, over) is MotifRefus.INCONNU


def test_a_new_address_gets_an_account_of_a_partner(
    store: SqlConnexionStore, engine: Engine
) -> None:
    _, session = sign_in(store)

    assert session.compte is not None
    assert (session.structure_id, session.expire_le) == (None, NOON + DUREE_SESSION)
    kept = account(engine)
    assert (kept["id"], kept["role"], kept["perimetre"]) == (session.compte.id, "partenaire", None)
    assert (session.compte.role, session.compte.nom) == (Role.PARTENAIRE, "")
    assert session.compte.is_actif
    assert rows(engine, "adhesions") == []


def test_asking_for_a_link_makes_no_account(store: SqlConnexionStore, engine: Engine) -> None:
    store.get_lien(send(store), NOON)

    assert rows(engine, "comptes") == []


@pytest.mark.parametrize("role", Role)
def test_a_known_address_keeps_its_account_and_its_role(
    store: SqlConnexionStore, comptes: SqlCompteStore, engine: Engine, role: Role
) -> None:
    known = comptes.save(CAMILLE, "Camille", role, "grand-avignon", NOON - timedelta(days=9))

    _, session = sign_in(store)

    assert session.compte == known
    kept = account(engine)
    assert kept["vu_le"] in (NOON, NOON.replace(tzinfo=None))
    assert kept["cree_le"] != kept["vu_le"]


def test_a_closed_account_is_refused_and_its_link_stays(
    store: SqlConnexionStore, comptes: SqlCompteStore, engine: Engine
) -> None:
    known = comptes.save(CAMILLE, "Camille", Role.PARTENAIRE, None, NOON)
    comptes.close(known.id)
    lien = send(store)
    before = dump(engine)

    with pytest.raises(LienRefuse) as refused:
        store.open_with_lien(lien, empreinte_of(new_jeton()), NOON)

    assert refused.value.motif is MotifRefus.COMPTE_FERME
    assert dump(engine) == before
    comptes.save(CAMILLE, "Camille", Role.PARTENAIRE, None, NOON)
    assert store.open_with_lien(lien, empreinte_of(new_jeton()), NOON).compte == known


def test_a_session_is_read_as_it_was_opened(store: SqlConnexionStore) -> None:
    empreinte, opened = sign_in(store)

    found = store.get_session(empreinte, NOON)

    assert found == opened
    assert found is not None
    assert found.expire_le.tzinfo is UTC


def test_a_session_ends_at_its_very_instant(store: SqlConnexionStore) -> None:
    empreinte, opened = sign_in(store)

    assert store.get_session(empreinte, NOON + DUREE_SESSION - INSTANT) == opened
    assert store.get_session(empreinte, NOON + DUREE_SESSION) is None


def test_a_link_is_no_session(store: SqlConnexionStore) -> None:
    lien = send(store)
    store.open_with_lien(lien, empreinte_of(new_jeton()), NOON)

    assert store.get_session(lien, NOON) is None


def test_sessions_that_are_over_are_erased_when_another_opens(
    store: SqlConnexionStore, engine: Engine
) -> None:
    sign_in(store)

    newest, _ = sign_in(store, "dominique@exemple.fr", NOON + DUREE_SESSION + INSTANT)

    assert [one["empreinte"] for one in rows(engine, "sessions")] == [newest]


def test_sessions_are_closed_one_by_one(store: SqlConnexionStore) -> None:
    (first, _), (second, opened) = sign_in(store), sign_in(store)

    for _ in range(2):
        store.close_session(first)

    assert store.get_session(first, NOON) is None
    assert store.get_session(second, NOON) == opened


def test_all_the_sessions_of_an_account_are_closed_and_no_other(
    store: SqlConnexionStore, structure: StructureId
) -> None:
    (first, session), (second, _) = sign_in(store), sign_in(store)
    other, others = sign_in(store, "dominique@exemple.fr")
    boite = empreinte_of(new_jeton())
    store.open_with_lien(send(store, structure_id=structure), boite, NOON)
    assert session.compte is not None

    assert store.close_sessions_of(session.compte.id) == 2

    assert [store.get_session(one, NOON) for one in (first, second)] == [None, None]
    assert store.get_session(other, NOON) == others
    assert store.get_session(boite, NOON) is not None
    assert store.close_sessions_of(session.compte.id) == 0


def test_a_session_of_a_closed_account_is_over(store: SqlConnexionStore, engine: Engine) -> None:
    """However it was closed: here behind the back of whoever erases sessions."""
    empreinte, _ = sign_in(store)
    with writing(engine) as connection:
        connection.execute(update(comptes_table).values(actif=False))

    assert store.get_session(empreinte, NOON) is None


def test_a_mailbox_opens_its_structure_without_an_account(
    store: SqlConnexionStore, structure: StructureId, engine: Engine
) -> None:
    lien, empreinte = send(store, structure_id=structure), empreinte_of(new_jeton())
    assert store.get_lien(lien, NOON).structure_id == structure

    opened = store.open_with_lien(lien, empreinte, NOON)

    assert opened == Session(
        compte=None, structure_id=structure, expire_le=NOON + DUREE_SESSION_BOITE
    )
    assert store.get_session(empreinte, NOON + DUREE_SESSION_BOITE - INSTANT) == opened
    assert store.get_session(empreinte, NOON + DUREE_SESSION_BOITE) is None
    assert refusal(store, lien) is MotifRefus.DEJA_UTILISE
    assert rows(engine, "comptes") == []


def test_the_database_holds_digests_and_no_token(
    store: SqlConnexionStore, structure: StructureId, engine: Engine
) -> None:
    jetons = [new_jeton() for _ in range(4)]
    lien, session, of_boite, boite = map(empreinte_of, jetons)
    expire_le = NOON + VALIDITE_LIEN
    store.add_lien(lien, Lien(usage=Usage.CONNEXION, courriel=CAMILLE, expire_le=expire_le), NOON)
    named = Lien(usage=Usage.BOITE, courriel=CAMILLE, structure_id=structure, expire_le=expire_le)
    store.add_lien(of_boite, named, NOON)
    store.open_with_lien(lien, session, NOON)
    store.open_with_lien(of_boite, boite, NOON)

    content = "\n".join(line for lines in dump(engine).values() for line in lines)

    assert [jeton for jeton in jetons if jeton in content] == []
    assert all(digest in content for digest in (lien, session, of_boite, boite))


@pytest.mark.parametrize("table", ["liens", "sessions"])
def test_a_record_that_does_not_answer_is_told(
    store: SqlConnexionStore, engine: Engine, table: str
) -> None:
    with writing(engine) as connection:
        connection.execute(text(f"DROP TABLE {table}"))

    with pytest.raises(CatalogueUnavailable):
        store.get_session(send(store), NOON)


def test_a_link_is_found_whatever_became_of_it(
    store: SqlConnexionStore, structure: StructureId
) -> None:
    used, over = (send(store, structure_id=structure) for _ in range(2))
    store.open_with_lien(used, empreinte_of(new_jeton()), NOON)
    assert refusal(store, over, NOON + VALIDITE_LIEN) is MotifRefus.EXPIRE

    found = [store.find_lien(lien) for lien in (used, over)]

    sent = Lien(
        usage=Usage.BOITE,
        courriel=CAMILLE,
        structure_id=structure,
        expire_le=NOON + VALIDITE_LIEN,
    )
    assert found == [sent, sent]
    assert store.find_lien(empreinte_of(new_jeton())) is None
