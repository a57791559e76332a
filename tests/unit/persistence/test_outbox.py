"""What the index owes, for how long, and who may pay it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from app.persistence.database import open_database, writing
from app.persistence.index_lock import advisory_lock
from app.persistence.outbox import SqlOutbox
from app.persistence.tables.catalogue import outbox


def test_an_empty_outbox_has_no_age(engine: Engine) -> None:
    assert SqlOutbox(engine).age_seconds() == 0.0


def test_the_age_is_that_of_the_oldest_row(engine: Engine) -> None:
    debt = SqlOutbox(engine)
    debt.owe(["a"])
    with writing(engine) as connection:
        since = datetime.now(UTC) - timedelta(hours=1)
        connection.execute(update(outbox).values(depuis=since))
    debt.owe(["b", "c"])

    assert debt.depth() == 3
    assert debt.age_seconds() == pytest.approx(3600, abs=60)


def test_a_row_written_before_ages_were_kept_has_none(engine: Engine) -> None:
    debt = SqlOutbox(engine)
    debt.owe(["a"])
    with writing(engine) as connection:
        connection.execute(update(outbox).values(depuis=None))

    assert debt.age_seconds() == 0.0


def test_nothing_owed_writes_nothing(engine: Engine) -> None:
    SqlOutbox(engine).owe([])

    assert SqlOutbox(engine).depth() == 0


def test_one_machine_at_a_time_writes_a_shared_index(postgresql_database: str) -> None:
    one, other = open_database(postgresql_database), open_database(postgresql_database)

    with advisory_lock(one, wait=True) as first, advisory_lock(other, wait=False) as second:
        assert (first, second) == (True, False)
    with advisory_lock(other, wait=False) as again:
        assert again

    one.dispose()
    other.dispose()
