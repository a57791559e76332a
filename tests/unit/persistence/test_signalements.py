"""Reports in the system of record, on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, inspect, text

from app.domain.errors import CatalogueUnavailable
from app.domain.offre import OffreId
from app.domain.signalements import REPEAT_WINDOW, Constat, Motif, Signalement
from app.persistence.database import writing
from app.persistence.signalements import SqlSignalementStore
from tests.builders import make_offre, make_structure
from tests.unit.persistence.dumps import row, rows
from tests.unit.persistence.filling import Catalogue

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)
OFFRE = OffreId("o1")
HORAIRES = Constat(motif=Motif.HORAIRES, precision="Fermé le lundi")
LIEN = Constat(motif=Motif.LIEN_CASSE)


@pytest.fixture
def store(engine: Engine) -> SqlSignalementStore:
    return SqlSignalementStore(engine)


def open_reports(store: SqlSignalementStore) -> list[Signalement]:
    return [listed.signalement for listed in store.list_open()]


def test_a_report_is_read_as_it_was_kept(store: SqlSignalementStore) -> None:
    store.add(OFFRE, HORAIRES, NOON)

    (found,) = open_reports(store)
    assert found == Signalement(
        id=found.id,
        offre_id=OFFRE,
        motif=Motif.HORAIRES,
        precision="Fermé le lundi",
        recu_le=NOON,
        traite_le=None,
        fois=1,
    )
    assert found.recu_le.tzinfo is UTC


def test_nothing_says_who_reports(engine: Engine) -> None:
    columns = {column["name"] for column in inspect(engine).get_columns("signalements")}

    assert columns == {"id", "offre_id", "motif", "precision", "recu_le", "fois", "traite_le"}


@pytest.mark.parametrize("motif", Motif)
def test_every_reason_can_be_kept(store: SqlSignalementStore, motif: Motif) -> None:
    store.add(OFFRE, Constat(motif=motif), NOON)

    assert [one.motif for one in open_reports(store)] == [motif]


def test_the_newest_comes_first_with_the_name_of_its_offer(
    store: SqlSignalementStore, catalogue: Catalogue
) -> None:
    catalogue.put(make_structure(id="s1"))
    catalogue.put(make_offre(id="o1", structure_id="s1", nom="Atelier"))
    store.add(OFFRE, HORAIRES, NOON)
    store.add(OffreId("gone"), LIEN, LATER)
    store.add(OFFRE, LIEN, LATER)

    listed = store.list_open()

    assert [(one.signalement.motif, one.offre_nom) for one in listed] == [
        (Motif.LIEN_CASSE, "Atelier"),
        (Motif.LIEN_CASSE, None),
        (Motif.HORAIRES, "Atelier"),
    ]
    assert store.count_open() == 3


def test_a_repetition_is_counted(store: SqlSignalementStore) -> None:
    store.add(OFFRE, LIEN, NOON)
    store.add(OFFRE, LIEN, LATER)
    store.add(OFFRE, Constat(motif=Motif.LIEN_CASSE, precision="La page d’accueil"), LATER)

    (found,) = open_reports(store)
    assert (found.fois, found.recu_le, found.precision) == (3, NOON, "La page d’accueil")


@pytest.mark.parametrize(
    ("offre_id", "constat", "quand"),
    [
        pytest.param("o2", HORAIRES, LATER, id="another-offer"),
        pytest.param("o1", LIEN, LATER, id="another-reason"),
        pytest.param("o1", Constat(motif=Motif.HORAIRES, precision="Mardi"), LATER, id="words"),
        pytest.param("o1", HORAIRES, NOON + REPEAT_WINDOW, id="a-day-later"),
    ],
)
def test_what_is_not_a_repetition_is_kept_apart(
    store: SqlSignalementStore, offre_id: str, constat: Constat, quand: datetime
) -> None:
    store.add(OFFRE, HORAIRES, NOON)

    store.add(OffreId(offre_id), constat, quand)

    assert [one.fois for one in open_reports(store)] == [1, 1]


def test_what_comes_back_after_being_handled_is_new(
    store: SqlSignalementStore, engine: Engine
) -> None:
    store.add(OFFRE, LIEN, NOON)
    (first,) = open_reports(store)

    assert store.mark_handled(first.id, LATER)
    store.add(OFFRE, LIEN, LATER)

    (again,) = open_reports(store)
    assert again.id != first.id
    assert row(engine, "signalements", id=first.id)["fois"] == 1


def test_handling_twice_keeps_the_first_date(store: SqlSignalementStore, engine: Engine) -> None:
    store.add(OFFRE, LIEN, NOON)
    (one,) = open_reports(store)

    assert store.mark_handled(one.id, NOON + timedelta(hours=1))
    assert store.mark_handled(one.id, NOON + timedelta(hours=2))

    kept = row(engine, "signalements", id=one.id)["traite_le"]
    assert isinstance(kept, datetime)
    assert kept.hour == 13
    assert store.count_open() == 0


@pytest.mark.parametrize("ident", [-1, 0, 7, 2**31, 2**80])
def test_a_number_that_nobody_has_is_told(store: SqlSignalementStore, ident: int) -> None:
    store.add(OFFRE, LIEN, NOON)

    assert not store.mark_handled(ident, LATER)
    assert store.count_open() == 1


def test_the_purge_erases_what_was_handled_before_and_nothing_else(
    store: SqlSignalementStore, engine: Engine
) -> None:
    for number, handled in enumerate((NOON, LATER, None)):
        store.add(OffreId(f"o{number}"), LIEN, NOON)
        if handled is not None:
            store.mark_handled(open_reports(store)[0].id, handled)

    erased = store.purge_before(LATER)

    assert erased == 1
    assert [one["offre_id"] for one in rows(engine, "signalements")] == ["o1", "o2"]
    assert store.purge_before(LATER) == 0


def test_a_record_that_does_not_answer_is_told(store: SqlSignalementStore, engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE signalements"))

    with pytest.raises(CatalogueUnavailable):
        store.add(OFFRE, LIEN, NOON)
    with pytest.raises(CatalogueUnavailable):
        store.count_open()
