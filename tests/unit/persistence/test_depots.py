"""Files that wait to be published, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app.domain.depots import GARDE_DEPOT, Depot, DepotInconnu
from app.domain.offre import StructureId
from app.persistence.depots import SqlDepotStore
from tests.unit.persistence.dumps import rows
from tests.unit.persistence.filling import NOON

DEPOT = Depot(
    structure_id=StructureId("s"),
    auteur="compte:1",
    lignes=[{"id": "o", "base": 3, "changes": {"nom": ["Un", "Été"]}}],
)


@pytest.fixture
def store(engine: Engine) -> SqlDepotStore:
    return SqlDepotStore(engine)


def test_a_file_is_read_as_it_was_kept_until_it_is_forgotten(store: SqlDepotStore) -> None:
    store.keep("e" * 64, DEPOT, NOON)

    assert store.get("e" * 64, NOON + GARDE_DEPOT) == DEPOT
    store.forget("e" * 64)
    with pytest.raises(DepotInconnu):
        store.get("e" * 64, NOON)


def test_a_file_that_has_waited_too_long_is_gone_then_erased(
    store: SqlDepotStore, engine: Engine
) -> None:
    store.keep("a" * 64, DEPOT, NOON)
    late = NOON + GARDE_DEPOT + timedelta(seconds=1)

    with pytest.raises(DepotInconnu):
        store.get("a" * 64, late)
    store.keep("b" * 64, DEPOT, late)
    assert [one["empreinte"] for one in rows(engine, "depots")] == ["b" * 64]
