"""Campaigns, their messages and how structures want to be asked, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, event

from app.domain.campagnes import (
    BAIL,
    MAX_PASSAGERS,
    MEME_GESTE,
    Appel,
    Campagne,
    CampagneInconnue,
    Contact,
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


def test_pressing_twice_makes_one_campaign(store: SqlCampagneStore, numero: int) -> None:
    again = NOON + MEME_GESTE - timedelta(seconds=1)
    assert store.add(HIVER, "compte:1", again) == numero

    others = {
        store.add(HIVER, "compte:2", again),
        store.add(replace(HIVER, message="Bonjour."), "compte:1", again),
        store.add(HIVER, "compte:1", NOON + 2 * MEME_GESTE),
    }
    assert len(others | {numero}) == 4


def test_two_requests_at_once_make_one_campaign(store: SqlCampagneStore) -> None:
    barrier = Barrier(2)

    def add(rank: int) -> int:
        barrier.wait()
        return store.add(replace(HIVER, nom=f"Hiver {rank}"), "compte:1", NOON)

    with ThreadPoolExecutor(2) as pool:
        for rank in range(ROUNDS):
            first, second = pool.map(add, (rank, rank))
            assert first == second
    assert len(store.all()) == ROUNDS


def test_a_campaign_that_is_stopped_lets_no_message_leave(
    store: SqlCampagneStore, numero: int
) -> None:
    before = rappel(numero)
    store.take(before, NOON)
    store.sent(before, NOON)

    store.stop(numero, "compte:1", NOON.date())
    store.stop(numero, "compte:2", LATER.date())

    assert store.get(numero).arretee_le == NOON.date()
    assert not store.take(rappel(numero, rang=1), LATER)
    assert [envoi.rang for envoi in store.envois(numero)] == [0]
    assert store.add(HIVER, "compte:1", NOON) != numero  # opened again on purpose


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


def test_structures_without_a_commune_come_with_all_their_offers(
    store: SqlCampagneStore, catalogue: Catalogue
) -> None:
    gone = EtatPublication.RETIRE
    for ident in ("c", "d"):
        catalogue.put(make_structure(id=ident, code_insee=None))
    catalogue.put(make_structure(id="e", code_insee=None, etat_publication=gone))
    catalogue.put(make_offre(id="c1", structure_id="c", zone_eligibilite=("84007",)))
    catalogue.put(make_offre(id="c2", structure_id="c", etat_publication=gone))

    found = {one.id: [fiche.ref.id for fiche in offres] for one, offres in store.sans_commune()}
    ((_, offres), _) = store.sans_commune()

    assert found == {"c": ["c1", "c2"], "d": []}
    assert offres[0].value == make_offre(id="c1", structure_id="c", zone_eligibilite=("84007",))
    assert [one.id for one in store.participantes([], [StructureId("c")])] == ["c"]
    assert [one.code_insee for one in store.participantes(["84007"], [StructureId("c")])] == [
        "84007",
        "84007",
        None,
    ]


def test_structures_without_a_commune_are_read_together(
    store: SqlCampagneStore, catalogue: Catalogue, engine: Engine
) -> None:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    def read(count: int) -> int:
        for rank in range(count):
            catalogue.put(make_structure(id=f"c{rank}", code_insee=None))
            catalogue.put(make_offre(id=f"c{rank}-1", structure_id=f"c{rank}"))
        statements.clear()
        assert len(store.sans_commune()) == count
        return len(statements)

    event.listen(engine, "before_cursor_execute", note)
    assert read(1) == read(9)


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
    made = first.fiches[1].changement
    assert made is not None
    assert (made.action, made.id < first.fiches[1].revision) == ("creation", True)


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

    assert store.failed(sent.retour, NOON.date(), definitif=True)
    assert not store.failed(BACK, NOON.date(), definitif=True)

    assert store.contact(A).is_en_echec(ADRESSE)
    assert store.contact(A).is_en_echec(ADRESSE.upper())
    assert not store.contact(A).is_en_echec("direction@a.fr")


def test_an_address_fails_since_the_first_message_that_came_back(
    store: SqlCampagneStore, numero: int
) -> None:
    sent = rappel(numero)
    store.take(sent, NOON)
    store.failed(sent.retour, NOON.date(), definitif=True)
    store.failed(sent.retour, LATER.date(), definitif=True)
    store.set_contact(A, ModeContact.COURRIEL, ADRESSE)

    assert (store.contact(A).echec_le, store.contact(A).is_en_echec(ADRESSE)) == (
        NOON.date(),
        True,
    )


def test_an_address_is_tried_again(store: SqlCampagneStore, numero: int) -> None:
    sent = rappel(numero)
    store.take(sent, NOON)
    store.set_contact(A, ModeContact.TELEPHONE, ADRESSE)
    for definitif in (False, True, False):
        store.failed(sent.retour, NOON.date(), definitif=definitif)

    store.forget_failures(A)

    assert store.contact(A) == Contact(mode=ModeContact.TELEPHONE, courriel=ADRESSE)


def test_passing_failures_in_a_row_become_a_lasting_one(
    store: SqlCampagneStore, numero: int
) -> None:
    sent = rappel(numero)
    store.take(sent, NOON)

    for _ in range(MAX_PASSAGERS - 1):
        store.failed(sent.retour, NOON.date(), definitif=False)
    assert not store.contact(A).is_en_echec(ADRESSE)
    store.set_contact(A, ModeContact.COURRIEL, "direction@a.fr")
    assert store.contact(A).passagers == 0  # another address starts anew
    for _ in range(MAX_PASSAGERS):
        store.failed(sent.retour, NOON.date(), definitif=False)

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


def test_a_call_that_is_noted_twice_is_one(store: SqlCampagneStore, numero: int) -> None:
    one = Appel(structure_id=A, quand=NOON, auteur="compte:1", resultat=Resultat.A_RAPPELER)
    others = [
        replace(one, auteur="compte:2"),
        replace(one, resultat=Resultat.INJOIGNABLE),
        replace(one, resultat=Resultat.INJOIGNABLE, quand=NOON + MEME_GESTE),
    ]
    store.add_appel(numero, one)
    store.add_appel(numero, replace(one, quand=NOON + MEME_GESTE - timedelta(seconds=1)))
    store.add_appel(numero, replace(one, structure_id=StructureId("b")))

    for other in others:
        store.add_appel(numero, other)

    kept = [appel for appel in store.appels(numero) if appel.structure_id == A]
    assert kept == [one, *others]
    assert len(store.appels(numero)) == len(kept) + 1


def test_two_calls_noted_at_once_are_one(store: SqlCampagneStore, numero: int) -> None:
    barrier = Barrier(2)

    def note(rank: int) -> None:
        barrier.wait()
        store.add_appel(
            numero,
            Appel(
                structure_id=A,
                quand=NOON + rank * MEME_GESTE,
                auteur="compte:1",
                resultat=Resultat.A_RAPPELER,
            ),
        )

    with ThreadPoolExecutor(2) as pool:
        for rank in range(ROUNDS):
            list(pool.map(note, (rank, rank)))
    assert len(store.appels(numero)) == ROUNDS
