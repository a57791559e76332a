"""Settings and their history, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine

from app.domain.reglages import Nature, ReglageModifie
from app.persistence.reglages import SqlReglageStore
from tests.unit.persistence.filling import LATER, NOON, Catalogue

POIDS, AUTRES = {"besoin": 20.0}, {"besoin": 30.0}


@pytest.fixture
def store(engine: Engine) -> SqlReglageStore:
    return SqlReglageStore(engine)


def add(store: SqlReglageStore, valeurs: dict[str, float], base: int = 0, **said: object) -> int:
    given = {"territoire": "vaucluse", "nature": Nature.POIDS, **said}
    store.add(valeurs=valeurs, base=base, auteur="compte:1", quand=LATER, **given)  # type: ignore[arg-type]
    return store.newest()


def test_nothing_is_set_at_first(store: SqlReglageStore) -> None:
    assert store.newest() == 0
    assert list(store.in_force()) == []
    assert list(store.history("vaucluse", Nature.POIDS)) == []


def test_the_newest_version_of_each_setting_is_in_force(store: SqlReglageStore) -> None:
    first = add(store, POIDS)
    add(store, {"besoin": 50.0}, territoire="meuse")
    add(store, {"nom": 1.0}, nature=Nature.TERRITOIRE)
    last = add(store, AUTRES, first)

    found = {(r.territoire, r.nature): r.valeurs for r in store.in_force()}
    assert found == {
        ("meuse", Nature.POIDS): {"besoin": 50.0},
        ("vaucluse", Nature.TERRITOIRE): {"nom": 1.0},
        ("vaucluse", Nature.POIDS): AUTRES,
    }
    history = store.history("vaucluse", Nature.POIDS)
    assert [(r.id, r.valeurs, r.auteur, r.quand) for r in history] == [
        (last, AUTRES, "compte:1", LATER),
        (first, POIDS, "compte:1", LATER),
    ]


def test_what_another_has_changed_is_not_written_over(store: SqlReglageStore) -> None:
    first = add(store, POIDS)

    with pytest.raises(ReglageModifie):
        add(store, AUTRES)

    assert store.newest() == first
    assert add(store, POIDS) == first  # pressed twice: no conflict, no version


def test_what_is_shipped_needs_no_version(store: SqlReglageStore) -> None:
    assert add(store, {}) == 0


def test_of_two_who_save_at_once_one_is_told(store: SqlReglageStore) -> None:
    barrier = Barrier(2)

    def save(besoin: float) -> bool:
        barrier.wait()
        try:
            add(store, {"besoin": besoin})
        except ReglageModifie:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        saved = list(pool.map(save, (10.0, 20.0)))

    assert sorted(saved) == [False, True]
    assert len(store.history("vaucluse", Nature.POIDS)) == 1


def test_an_import_leaves_settings_alone(catalogue: Catalogue, engine: Engine) -> None:
    store = SqlReglageStore(engine)
    first = add(store, POIDS)

    catalogue.next_import()

    assert store.newest() == first
    assert store.in_force()[0].quand > NOON
