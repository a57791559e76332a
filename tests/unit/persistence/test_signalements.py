"""Reports in the system of record, on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, inspect, text

from app.domain.edition import FicheRef
from app.domain.errors import CatalogueUnavailable, SignalementInconnu
from app.domain.signalements import REPEAT_WINDOW, Constat, Motif, Signalement
from app.persistence.database import writing
from app.persistence.signalements import SqlSignalementStore
from tests.builders import make_offre, make_structure
from tests.unit.persistence.dumps import row, rows
from tests.unit.persistence.filling import Catalogue

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)
OFFRE, OTHER = FicheRef(objet="offre", id="o1"), FicheRef(objet="offre", id="o2")
STRUCTURE = FicheRef(objet="structure", id="s1")
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
        fiche=OFFRE,
        motif=Motif.HORAIRES,
        precision="Fermé le lundi",
        recu_le=NOON,
        traite_le=None,
        fois=1,
    )
    assert found.recu_le.tzinfo is UTC


def test_nothing_says_who_reports(engine: Engine) -> None:
    columns = {column["name"] for column in inspect(engine).get_columns("signalements")}

    of_report = {"id", "objet", "objet_id", "motif", "precision", "recu_le", "fois"}
    of_answer = {"traite_le", "traite_par", "reponse"}
    assert columns == of_report | of_answer


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
    store.add(OTHER, LIEN, LATER)
    store.add(OFFRE, LIEN, LATER)

    listed = store.list_open()

    assert [(one.signalement.motif, one.fiche_nom) for one in listed] == [
        (Motif.LIEN_CASSE, "Atelier"),
        (Motif.LIEN_CASSE, None),
        (Motif.HORAIRES, "Atelier"),
    ]
    assert store.count_open() == 3


def test_a_structure_and_an_offer_of_one_id_are_two_listings(
    store: SqlSignalementStore, catalogue: Catalogue
) -> None:
    catalogue.put(make_structure(id="s1", nom="Maison"))
    catalogue.put(make_offre(id="s1", structure_id="s1", nom="Atelier"))
    offre = replace(STRUCTURE, objet="offre")
    for fiche in (STRUCTURE, offre, STRUCTURE):
        store.add(fiche, LIEN, NOON, MOI)

    said = [
        (one.signalement.fiche, one.fiche_nom, one.signalement.fois) for one in store.list_open()
    ]
    assert said == [(offre, "Atelier", 1), (STRUCTURE, "Maison", 2)]
    for one in open_reports(store):
        store.answer(one.id, "Corrigé.", WHO, LATER)
    assert [(due.fiche, due.fiche_nom) for due in store.owed()] == [
        (STRUCTURE, "Maison"),
        (offre, "Atelier"),
    ]


def test_a_repetition_is_counted(store: SqlSignalementStore) -> None:
    store.add(OFFRE, LIEN, NOON)
    store.add(OFFRE, LIEN, LATER)
    store.add(OFFRE, Constat(motif=Motif.LIEN_CASSE, precision="La page d’accueil"), LATER)

    (found,) = open_reports(store)
    assert (found.fois, found.recu_le, found.precision) == (3, NOON, "La page d’accueil")


@pytest.mark.parametrize(
    ("fiche", "constat", "quand"),
    [
        pytest.param(OTHER, HORAIRES, LATER, id="another-offer"),
        pytest.param(OFFRE, LIEN, LATER, id="another-reason"),
        pytest.param(OFFRE, Constat(motif=Motif.HORAIRES, precision="Mardi"), LATER, id="words"),
        pytest.param(OFFRE, HORAIRES, NOON + REPEAT_WINDOW, id="a-day-later"),
    ],
)
def test_what_is_not_a_repetition_is_kept_apart(
    store: SqlSignalementStore, fiche: FicheRef, constat: Constat, quand: datetime
) -> None:
    store.add(OFFRE, HORAIRES, NOON)

    store.add(fiche, constat, quand)

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
        store.add(replace(OFFRE, id=f"o{number}"), LIEN, NOON)
        if handled is not None:
            store.mark_handled(open_reports(store)[0].id, handled)

    erased = store.purge_before(LATER)

    assert erased == 1
    assert [one["objet_id"] for one in rows(engine, "signalements")] == ["o1", "o2"]
    assert store.purge_before(LATER) == 0


def test_a_record_that_does_not_answer_is_told(store: SqlSignalementStore, engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE signalements"))

    with pytest.raises(CatalogueUnavailable):
        store.add(OFFRE, LIEN, NOON)
    with pytest.raises(CatalogueUnavailable):
        store.count_open()


MOI, TOI = "moi@exemple.fr", "toi@exemple.fr"
WHO = "compte:1"


def test_who_asks_for_an_answer_is_kept_apart_and_once(
    store: SqlSignalementStore, engine: Engine
) -> None:
    store.add(OFFRE, LIEN, NOON, MOI)
    store.add(OFFRE, LIEN, LATER, MOI)
    store.add(OFFRE, LIEN, LATER, TOI)
    store.add(OFFRE, HORAIRES, LATER)

    repeated = next(one for one in open_reports(store) if one.motif is Motif.LIEN_CASSE)
    assert repeated.fois == 3
    assert store.asked() == {repeated.id: 2}
    assert [one["courriel"] for one in rows(engine, "reponses")] == [MOI, TOI]
    assert store.owed() == []


def test_an_answer_is_owed_until_it_has_left(store: SqlSignalementStore, engine: Engine) -> None:
    store.add(OFFRE, LIEN, NOON, MOI)
    (one,) = open_reports(store)
    assert store.get_open(one.id).signalement == one

    store.answer(one.id, "Corrigé.", WHO, LATER)

    (due,) = store.owed()
    assert (due.courriel, due.texte, due.fiche, due.fiche_nom) == (MOI, "Corrigé.", OFFRE, None)
    assert MOI not in repr(due)
    kept = row(engine, "signalements", id=one.id)
    assert (kept["reponse"], kept["traite_par"]) == ("Corrigé.", WHO)
    assert (store.asked(), open_reports(store)) == ({}, [])
    store.forget(due.id)
    assert (store.owed(), rows(engine, "reponses")) == ([], [])


def test_a_report_is_answered_once(store: SqlSignalementStore) -> None:
    store.add(OFFRE, LIEN, NOON)
    (one,) = open_reports(store)
    store.answer(one.id, "Corrigé.", WHO, LATER)

    with pytest.raises(SignalementInconnu):
        store.answer(one.id, "Autre chose.", WHO, LATER)
    for ident in (one.id, 0, -1, 2**40):
        with pytest.raises(SignalementInconnu):
            store.get_open(ident)


def test_a_report_closed_without_a_word_still_owes_an_answer(store: SqlSignalementStore) -> None:
    store.add(OFFRE, LIEN, NOON, MOI)
    store.mark_handled(open_reports(store)[0].id, LATER)

    assert [due.texte for due in store.owed()] == [None]


def test_addresses_are_erased_after_a_while_and_with_their_report(
    store: SqlSignalementStore, engine: Engine
) -> None:
    store.add(OFFRE, LIEN, NOON, MOI)
    store.add(OFFRE, HORAIRES, LATER, TOI)

    assert (store.forget_before(NOON), store.forget_before(LATER)) == (0, 1)
    assert [one["courriel"] for one in rows(engine, "reponses")] == [TOI]
    for one in open_reports(store):
        store.mark_handled(one.id, LATER)
    assert store.purge_before(LATER + timedelta(days=1)) == 2
    assert rows(engine, "reponses") == []
