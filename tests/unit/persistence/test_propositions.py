"""Changes that wait for moderation in the system of record, on SQLite and PostgreSQL."""

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import Engine

from app.domain.comptes import Role
from app.domain.edition import Acceptation, FicheRef, ModifieeEntretemps
from app.domain.errors import CatalogueError
from app.domain.offre import StructureId
from app.domain.propositions import EtatProposition, PropositionEnAttente, PropositionInconnue
from app.domain.publication import OFFRE
from app.persistence.comptes import SqlCompteStore
from app.persistence.editions import SqlEditionStore
from app.persistence.propositions import SqlPropositionStore
from tests.builders import make_offre, make_structure
from tests.unit.persistence.filling import LATER, NOON, Catalogue, make_writer

L_OFFRE = FicheRef(objet=OFFRE, id="offre-1")
STRUCTURE = StructureId("structure-1")
BOITE, CAMILLE = "boite:structure-1", "compte:1"
ROUNDS = 6  # a fault of order shows at some of them


@pytest.fixture
def store(engine: Engine) -> SqlPropositionStore:
    return SqlPropositionStore(engine)


@pytest.fixture
def editions(engine: Engine, catalogue: Catalogue) -> SqlEditionStore:
    catalogue.put(make_structure())
    catalogue.put(make_offre())
    return SqlEditionStore(engine, make_writer())


def sent(store: SqlPropositionStore, vue: int | None = None, **record: str) -> int:
    """Sends a change from the mailbox of the structure, and returns its number."""
    store.add(L_OFFRE, STRUCTURE, BOITE, 1, record, NOON, vue)
    waiting = store.waiting_on(L_OFFRE, BOITE)
    assert waiting is not None
    return waiting.id


def test_a_change_replaces_the_one_that_it_was_made_from_alone(store: SqlPropositionStore) -> None:
    first = sent(store, nom="Premier")
    assert sent(store, nom="Premier") == first  # pressed twice

    with pytest.raises(PropositionEnAttente) as other:
        sent(store, nom="Second")
    assert other.value.proposition.record == {"nom": "Premier"}

    sent(store, vue=first, nom="Second")
    assert [one.record for one in store.waiting()] == [{"nom": "Second"}]


def test_each_author_has_a_change_of_their_own(store: SqlPropositionStore) -> None:
    sent(store, nom="De la boîte")
    store.add(L_OFFRE, STRUCTURE, CAMILLE, 1, {"nom": "De Camille"}, NOON)

    assert store.waiting_on(FicheRef(objet=OFFRE, id="autre"), BOITE) is None
    assert len(store.waiting()) == 2


def test_what_is_accepted_is_published_or_still_waits(
    store: SqlPropositionStore, editions: SqlEditionStore, engine: Engine
) -> None:
    comptes = SqlCompteStore(engine)
    member = comptes.save("a@exemple.fr", "A", Role.PARTENAIRE, None, NOON)
    fiche = editions.get(L_OFFRE)
    assert fiche is not None
    value = dataclasses.replace(fiche.value, nom="Proposé")
    accepte = Acceptation(numero=sent(store, nom="Proposé"), par=CAMILLE, membre=member.id)

    with pytest.raises(ModifieeEntretemps):
        editions.save(value, fiche.revision + 1, BOITE, LATER, accepte=accepte)
    assert store.get(accepte.numero).etat is EtatProposition.A_MODERER
    assert comptes.adhesions_of(member.id) == []

    editions.save(value, fiche.revision, BOITE, LATER, accepte=accepte)
    with pytest.raises(PropositionInconnue):
        editions.save(value, fiche.revision, BOITE, LATER, accepte=accepte)
    assert [listed.adhesion.admise_le for listed in comptes.adhesions_of(member.id)] == [LATER]
    (answered,) = store.sent_by(BOITE, STRUCTURE)
    assert answered.etat is EtatProposition.ACCEPTEE


def test_of_a_yes_and_a_no_at_once_one_counts(
    store: SqlPropositionStore, editions: SqlEditionStore
) -> None:
    for round_ in range(ROUNDS):
        fiche = editions.get(L_OFFRE)
        assert fiche is not None
        value = dataclasses.replace(fiche.value, nom=f"Proposé {round_}")
        numero = sent(store, nom=value.nom)
        accepte = Acceptation(numero=numero, par=CAMILLE)
        accept = partial(editions.save, value, fiche.revision, BOITE, LATER, accepte=accepte)
        refuse = partial(store.settle, numero, EtatProposition.REFUSEE, CAMILLE, None, LATER)

        is_accepted, is_refused = at_once(accept, refuse)

        assert is_accepted is not is_refused
        now = editions.get(L_OFFRE)
        assert now is not None
        assert (now.value.nom == value.nom) is is_accepted


def at_once(*answers: Callable[[], object]) -> list[bool]:
    """Gives answers at the same instant, and tells which of them counted."""
    together = Barrier(len(answers))

    def given(answer: Callable[[], object]) -> bool:
        together.wait()
        try:
            answer()
        except CatalogueError:
            return False
        return True

    with ThreadPoolExecutor(len(answers)) as pool:
        return list(pool.map(given, answers))
