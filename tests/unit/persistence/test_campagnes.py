"""Campaigns, their messages and how structures want to be asked, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from app.domain.campagnes import (
    BAIL,
    MAX_PASSAGERS,
    Appel,
    Campagne,
    CampagneInconnue,
    ModeContact,
    Rappel,
    Resultat,
    adresse_empreinte,
)
from app.domain.connexion import empreinte_of, new_jeton
from app.domain.edition import FicheRef
from app.domain.offre import StructureId
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.vocabulaire import EtatPublication
from app.persistence.campagnes import SqlCampagneStore
from app.persistence.editions import SqlEditionStore
from tests.builders import make_offre, make_structure
from tests.unit.persistence.dumps import rows
from tests.unit.persistence.filling import LATER, NOON, Catalogue, make_writer

ROUNDS = 8  # a fault of order shows at some of them
A = StructureId("a")
ADRESSE = "accueil@a.fr"
BACK = empreinte_of("une autre adresse de retour")
HIVER = Campagne(
    nom="Hiver",
    perimetre="vaucluse",
    debut=date(2026, 11, 1),
    fin=date(2026, 12, 31),
    reseaux=("ccas-cias",),
    thematiques=("mobilite--preparer-un-permis", "sante--acces-aux-soins"),
    relances=(10, 20),
    message="Merci.",
    mois=None,
)


@pytest.fixture
def store(engine: Engine, catalogue: Catalogue) -> SqlCampagneStore:
    for ident in ("a", "b"):
        catalogue.put(make_structure(id=ident, nom=f"Maison {ident}", code_insee="84007"))
    catalogue.put(make_offre(id="a1", structure_id="a", date_maj=date(2026, 1, 5)))
    return SqlCampagneStore(engine)


@pytest.fixture
def numero(store: SqlCampagneStore) -> int:
    return store.add(HIVER, "compte:1", NOON)


def rappel(numero: int, rang: int = 0, structure_id: StructureId = A) -> Rappel:
    """Returns a message to structure A, with tokens of its own."""
    return Rappel(
        campagne_id=numero,
        structure_id=structure_id,
        rang=rang,
        retour=empreinte_of(new_jeton()),
        arret=empreinte_of(new_jeton()),
        adresse=adresse_empreinte(ADRESSE),
    )


def test_a_campaign_is_read_as_it_was_written(store: SqlCampagneStore, numero: int) -> None:
    later = replace(HIVER, nom="Janvier", debut=date(2026, 12, 1), mois=6, relances=())
    other = store.add(later, "compte:1", NOON)

    assert store.get(numero) == replace(HIVER, id=numero)
    assert list(store.all()) == [replace(later, id=other), replace(HIVER, id=numero)]


@pytest.mark.parametrize("unknown", [0, 99, 2**31, 2**80])
def test_a_number_that_is_no_campaign_is_told(
    store: SqlCampagneStore, numero: int, unknown: int
) -> None:
    with pytest.raises(CampagneInconnue):
        store.get(unknown)


def test_published_structures_take_part_with_their_published_offers(
    store: SqlCampagneStore, catalogue: Catalogue
) -> None:
    gone = EtatPublication.RETIRE
    catalogue.put(make_structure(id="c", code_insee="55545", etat_publication=gone))
    catalogue.put(make_offre(id="a2", structure_id="a", etat_publication=gone))

    assert set(store.communes()) == {"84007"}
    assert [one.id for one in store.participantes(["84007", "55545"])] == ["a", "b"]
    first, second = store.participantes(["84007"])
    assert [fiche.ref for fiche in first.fiches] == [
        FicheRef(objet=STRUCTURE, id="a"),
        FicheRef(objet=OFFRE, id="a1"),
    ]
    assert [fiche.ref.id for fiche in second.fiches] == ["b"]
    assert store.participantes([]) == []


def test_the_dates_of_a_listing_come_from_its_history(
    store: SqlCampagneStore, engine: Engine
) -> None:
    editions = SqlEditionStore(engine, make_writer())
    offre = editions.get(FicheRef(objet=OFFRE, id="a1"))
    assert offre is not None
    confirmed = replace(offre.value, derniere_confirmation=LATER.date())
    editions.save(confirmed, offre.revision, "compte:1", LATER)

    (first, _) = store.participantes(["84007"])

    assert first.fiches[1].dates == (
        (NOON.date(), date(2026, 1, 5)),
        (LATER.date(), LATER.date()),
    )


def test_a_message_is_taken_once_and_is_due_until_it_has_left(
    store: SqlCampagneStore, numero: int
) -> None:
    mine = rappel(numero)

    assert store.take(mine, NOON)
    assert not store.take(rappel(numero), NOON)
    assert store.envois(numero) == []
    store.sent(mine, LATER)
    assert not store.take(rappel(numero), NOON + BAIL)

    assert [(e.structure_id, e.rang, e.parti_le) for e in store.envois(numero)] == [(A, 0, LATER)]
    assert store.take(rappel(numero, rang=1), NOON)
    assert store.take(rappel(numero, structure_id=StructureId("b")), NOON)


def test_a_message_that_is_given_back_is_taken_again(store: SqlCampagneStore, numero: int) -> None:
    mine = rappel(numero)
    store.take(mine, NOON)

    store.give_back(mine)

    assert store.take(rappel(numero), NOON)


def test_what_a_dead_process_had_taken_is_taken_after_its_lease(
    store: SqlCampagneStore, numero: int, engine: Engine
) -> None:
    dead, heir = rappel(numero), rappel(numero)
    store.take(dead, NOON)

    assert not store.take(heir, NOON + BAIL - timedelta(seconds=1))
    assert store.take(heir, NOON + BAIL + timedelta(seconds=1))

    # It was slow, not dead: what it says now is of a message that is no longer its own.
    store.sent(dead, LATER)
    store.give_back(dead)
    assert store.envois(numero) == []
    assert [row["retour"] for row in rows(engine, "rappels")] == [heir.retour]


def test_of_two_processes_that_take_a_message_one_has_it(
    store: SqlCampagneStore, numero: int
) -> None:
    barrier = Barrier(2)

    def take(one: Rappel) -> bool:
        barrier.wait()
        return store.take(one, NOON)

    with ThreadPoolExecutor(2) as pool:
        for rang in range(ROUNDS):
            taken = list(pool.map(take, (rappel(numero, rang), rappel(numero, rang))))
            assert sorted(taken) == [False, True]


def test_a_structure_says_how_it_is_asked(store: SqlCampagneStore) -> None:
    assert store.contact(A).mode is ModeContact.COURRIEL

    store.set_contact(A, ModeContact.TELEPHONE, "direction@a.fr")

    assert (store.contact(A).mode, store.contact(A).courriel) == (
        ModeContact.TELEPHONE,
        "direction@a.fr",
    )
    (first, second) = store.participantes(["84007"])
    assert first.contact == store.contact(A)
    assert second.contact.mode is ModeContact.COURRIEL


def test_a_message_leads_back_to_whose_reminders_it_stops(
    store: SqlCampagneStore, numero: int
) -> None:
    sent = rappel(numero)
    store.take(sent, NOON)

    assert store.structure_of_arret(sent.arret) == A
    assert store.structure_of_arret(empreinte_of(new_jeton())) is None


def test_an_address_that_is_refused_for_good_is_known_again(
    store: SqlCampagneStore, numero: int
) -> None:
    sent = rappel(numero)
    store.take(sent, NOON)

    assert store.failed(sent.retour, definitif=True)
    assert not store.failed(BACK, definitif=True)

    assert store.contact(A).is_en_echec(ADRESSE)
    assert store.contact(A).is_en_echec(ADRESSE.upper())
    assert not store.contact(A).is_en_echec("direction@a.fr")


def test_passing_failures_in_a_row_become_a_lasting_one(
    store: SqlCampagneStore, numero: int
) -> None:
    sent = rappel(numero)
    store.take(sent, NOON)

    for _ in range(MAX_PASSAGERS - 1):
        store.failed(sent.retour, definitif=False)
    assert not store.contact(A).is_en_echec(ADRESSE)
    store.set_contact(A, ModeContact.COURRIEL, "direction@a.fr")
    assert store.contact(A).passagers == 0  # another address starts anew
    for _ in range(MAX_PASSAGERS):
        store.failed(sent.retour, definitif=False)

    assert store.contact(A).is_en_echec(ADRESSE)


def test_calls_are_kept_in_order(store: SqlCampagneStore, numero: int) -> None:
    made = [
        Appel(structure_id=A, quand=quand, auteur="compte:1", resultat=resultat)
        for quand, resultat in ((NOON, Resultat.INJOIGNABLE), (LATER, Resultat.CONFIRME))
    ]

    for appel in made:
        store.add_appel(numero, appel)

    assert list(store.appels(numero)) == made
    assert store.appels(numero + 1) == []
