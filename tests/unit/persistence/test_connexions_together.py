"""Links used at the same time: what is given once is given once, on SQLite and PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import Engine

from app.domain.connexion import (
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
from app.domain.errors import CatalogueError
from app.persistence.connexions import SqlConnexionStore
from tests.unit.persistence.dumps import rows

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ROUNDS = 8  # a fault of order shows at some of them


@pytest.fixture
def store(engine: Engine) -> SqlConnexionStore:
    return SqlConnexionStore(engine)


def send(store: SqlConnexionStore, courriel: str) -> Empreinte:
    empreinte = empreinte_of(new_jeton())
    sent = Lien(usage=Usage.CONNEXION, courriel=courriel, expire_le=NOON + VALIDITE_LIEN)
    store.add_lien(empreinte, sent, NOON)
    return empreinte


def together(*calls: Callable[[], object]) -> list[object]:
    """Makes calls start at once, each in its thread; returns what each gave or refused."""
    barrier = Barrier(len(calls))

    def call(one: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return one()
        except CatalogueError as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def opening(store: SqlConnexionStore, lien: Empreinte) -> Callable[[], object]:
    return partial(store.open_with_lien, lien, empreinte_of(new_jeton()), NOON)


def test_of_two_who_use_one_link_exactly_one_enters(
    store: SqlConnexionStore, engine: Engine
) -> None:
    for rank in range(ROUNDS):
        lien = send(store, f"camille{rank}@exemple.fr")

        given = together(opening(store, lien), opening(store, lien))

        (opened,) = [one for one in given if isinstance(one, Session)]
        (refused,) = [one for one in given if isinstance(one, LienRefuse)]
        assert opened.compte is not None
        assert refused.motif is MotifRefus.DEJA_UTILISE
        assert len(rows(engine, "sessions")) == rank + 1


def test_two_links_of_a_new_address_make_one_account(
    store: SqlConnexionStore, engine: Engine
) -> None:
    for rank in range(ROUNDS):
        courriel = f"camille{rank}@exemple.fr"
        links = send(store, courriel), send(store, courriel)

        given = together(*(opening(store, lien) for lien in links))

        sessions = [one for one in given if isinstance(one, Session)]
        assert len(sessions) == 2
        assert sessions[0].compte == sessions[1].compte
        assert len(rows(engine, "comptes", courriel=courriel)) == 1


def test_the_last_link_of_the_hour_is_sent_once(store: SqlConnexionStore, engine: Engine) -> None:
    for rank in range(ROUNDS):
        courriel = f"camille{rank}@exemple.fr"
        for _ in range(MAX_LIENS - 1):
            send(store, courriel)

        given = together(*[partial(send, store, courriel)] * 2)

        assert [isinstance(one, TropDeLiens) for one in given].count(True) == 1
        assert len(rows(engine, "liens", courriel=courriel)) == MAX_LIENS
