"""The journal of sensitive actions and the keys, on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from app.domain.cles import MAX_CLES, CleInconnue, CleListee, CleRefusee, TropDeCles, new_cle
from app.domain.comptes import Role
from app.domain.connexion import empreinte_of
from app.domain.journal import DUREE_JOURNAL, PAR_PAGE, Filtre, Ligne, Sensible
from app.persistence.cles import SqlCleStore
from app.persistence.comptes import SqlCompteStore
from app.persistence.journal import SqlJournalStore

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def journal(engine: Engine) -> SqlJournalStore:
    return SqlJournalStore(engine)


@pytest.fixture
def compte_id(engine: Engine) -> int:
    saved = SqlCompteStore(engine).save("c@exemple.fr", "", Role.PARTENAIRE, None, NOON)
    return saved.id


def ligne(action: Sensible = Sensible.RETRAIT, auteur: str = "compte:1", after: int = 0) -> Ligne:
    return Ligne(
        quand=NOON + timedelta(minutes=after), auteur=auteur, action=action, objet="essai--a"
    )


def test_lines_are_read_newest_first_as_they_were_written(journal: SqlJournalStore) -> None:
    sent = [
        ligne(),
        replace(
            ligne(Sensible.DROIT_REFUSE, after=1), objet=None, details={"adresse": "x", "n": 2}
        ),
    ]
    for one in sent:
        journal.add(one)

    found = journal.find(Filtre())

    assert [replace(one, id=0) for one in found] == sent[::-1]
    assert found[0].id > found[1].id > 0


@pytest.mark.parametrize(
    ("filtre", "expected"),
    [
        (Filtre(action=Sensible.CONNEXION), [1]),
        (Filtre(auteur="compte:2"), [2]),
        (Filtre(objet="essai--a"), [2, 1, 0]),
        (Filtre(objet="essai"), []),
        (Filtre(depuis=NOON + timedelta(minutes=1)), [2, 1]),
        (Filtre(jusqu_a=NOON + timedelta(minutes=1)), [0]),
        (Filtre(action=Sensible.RETRAIT, auteur="compte:1"), [0]),
    ],
)
def test_each_filter_is_exact(
    journal: SqlJournalStore, filtre: Filtre, expected: list[int]
) -> None:
    journal.add(ligne())
    journal.add(ligne(Sensible.CONNEXION, after=1))
    journal.add(ligne(auteur="compte:2", after=2))

    found = journal.find(filtre)

    assert [round((one.quand - NOON).total_seconds() / 60) for one in found] == expected


def test_pages_follow_one_another_without_a_gap(journal: SqlJournalStore) -> None:
    for rank in range(PAR_PAGE + 3):
        journal.add(ligne(after=rank))

    first = journal.find(Filtre())
    second = journal.find(Filtre(avant=first[-1].id))

    assert (len(first), len(second)) == (PAR_PAGE, 3)
    ids = [one.id for one in (*first, *second)]
    assert ids == sorted(set(ids), reverse=True)


def test_only_what_is_old_is_purged(journal: SqlJournalStore) -> None:
    journal.add(ligne())
    journal.add(ligne(after=1))

    assert journal.purge(NOON) == 0
    assert journal.purge(NOON + INSTANT) == 1
    assert [one.quand for one in journal.find(Filtre())] == [NOON + timedelta(minutes=1)]


def test_lines_are_kept_as_long_as_the_cnil_advises() -> None:
    # Délibération 2021-122: six months at least, a year at most.
    assert timedelta(days=182) <= DUREE_JOURNAL <= timedelta(days=366)


def make_cle(compte_id: int, **more: object) -> CleListee:
    values = {"cree_le": NOON, "expire_le": NOON + timedelta(days=30), **more}
    return CleListee(id=0, compte_id=compte_id, nom="Essai", **values)  # type: ignore[arg-type]


def test_a_key_is_used_and_its_day_noted_once(engine: Engine, compte_id: int) -> None:
    store, digest = SqlCleStore(engine), empreinte_of(new_cle())
    kept = store.add(digest, make_cle(compte_id))

    _, compte = store.use(digest, NOON)

    assert compte.id == compte_id
    assert store.of(compte_id) == [replace(kept, vue_le=date(2026, 11, 26))]
    store.use(digest, NOON + timedelta(days=1))
    assert store.of(compte_id)[0].vue_le == date(2026, 11, 27)
    store.use(digest, kept.expire_le - INSTANT)
    for quand in (kept.expire_le, kept.expire_le + INSTANT):
        with pytest.raises(CleRefusee):
            store.use(digest, quand)


def test_a_key_is_revoked_by_its_account_alone(engine: Engine, compte_id: int) -> None:
    store, digest = SqlCleStore(engine), empreinte_of(new_cle())
    kept = store.add(digest, make_cle(compte_id))

    with pytest.raises(CleInconnue):
        store.revoke(compte_id + 1, kept.id)
    store.use(digest, NOON)
    store.revoke(compte_id, kept.id)

    with pytest.raises(CleRefusee):
        store.use(digest, NOON)
    with pytest.raises(CleInconnue):
        store.revoke(compte_id, kept.id)


def test_an_account_has_a_bounded_number_of_keys(engine: Engine, compte_id: int) -> None:
    store = SqlCleStore(engine)
    for _ in range(MAX_CLES):
        store.add(empreinte_of(new_cle()), make_cle(compte_id))

    with pytest.raises(TropDeCles):
        store.add(empreinte_of(new_cle()), make_cle(compte_id))
    assert len(store.of(compte_id)) == MAX_CLES


def test_keys_of_a_closed_account_are_erased(engine: Engine, compte_id: int) -> None:
    store, digest = SqlCleStore(engine), empreinte_of(new_cle())
    store.add(digest, make_cle(compte_id))

    SqlCompteStore(engine).close(compte_id)

    assert store.of(compte_id) == []
    with pytest.raises(CleRefusee):
        store.use(digest, NOON)
