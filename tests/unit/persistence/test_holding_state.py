"""Published or withdrawn: what a person decided outlives feeds, and the newest confirmation counts.

On SQLite and PostgreSQL.
"""

from datetime import date

import pytest
from sqlalchemy import Engine

from app.domain.edition import Tenue
from app.domain.offre import EXTENSIONS
from app.domain.vocabulaire import EtatPublication
from app.persistence.editions import SqlEditionStore
from tests.builders import make_offre, make_structure
from tests.unit.persistence.filling import LATER, Catalogue, make_writer
from tests.unit.persistence.test_holding import CAMILLE, L_OFFRE, change, read

PUBLIE, RETIRE = EtatPublication.PUBLIE, EtatPublication.RETIRE
TODAY = date(2026, 11, 23)


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    """A structure and its offer, come by an import that is over."""
    catalogue.put(make_structure())
    catalogue.put(make_offre())
    catalogue.next_import()
    return catalogue


@pytest.fixture
def store(engine: Engine) -> SqlEditionStore:
    return SqlEditionStore(engine, make_writer())


def test_what_a_person_withdraws_is_not_published_by_a_feed(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    change(store, etat_publication=RETIRE)

    filled.put(make_offre(nom="Atelier vélo"), given=EXTENSIONS)

    assert read(store) == make_offre(nom="Atelier vélo", etat_publication=RETIRE)
    assert store.tenues(L_OFFRE)["etat_publication"] == Tenue(
        auteur=CAMILLE, depuis=LATER, diverge=True, valeur_source="publie"
    )


def test_what_a_person_publishes_again_outlives_the_silence_of_its_source(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    filled.meet(make_structure())
    filled.withdraw_unseen()
    assert read(store).etat_publication is RETIRE
    change(store, etat_publication=PUBLIE)
    filled.next_import()
    filled.meet(make_structure())

    assert filled.withdraw_unseen().withdrawn == 0

    assert read(store).etat_publication is PUBLIE
    tenue = store.tenues(L_OFFRE)["etat_publication"]
    assert (tenue.diverge, tenue.valeur_source) == (True, "retire")


def test_a_source_that_sends_it_again_no_longer_differs(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    filled.withdraw_unseen()
    change(store, etat_publication=PUBLIE)
    filled.next_import()
    filled.withdraw_unseen()
    filled.next_import()

    assert filled.meet(make_offre()) == frozenset()
    filled.put(make_offre())

    assert not store.tenues(L_OFFRE)["etat_publication"].diverge
    assert read(store).etat_publication is PUBLIE


def test_who_lets_the_source_speak_follows_it_again(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    filled.withdraw_unseen()
    change(store, etat_publication=PUBLIE)
    store.release(L_OFFRE, "etat_publication")
    filled.next_import()

    filled.withdraw_unseen()

    assert read(store).etat_publication is RETIRE


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param(None, TODAY, id="says nothing"),
        pytest.param(date(2026, 11, 1), TODAY, id="older"),
        pytest.param(date(2026, 11, 25), date(2026, 11, 25), id="newer"),
    ],
)
def test_a_feed_makes_no_confirmation_older(
    filled: Catalogue, store: SqlEditionStore, sent: date | None, expected: date
) -> None:
    change(store, derniere_confirmation=TODAY)

    filled.put(make_offre(nom="Atelier vélo", derniere_confirmation=sent), given=EXTENSIONS)

    assert (read(store).derniere_confirmation, read(store).nom) == (expected, "Atelier vélo")
