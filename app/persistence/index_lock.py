"""The lock of whoever writes to an index that several machines share."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

_INDEX_LOCK = 1_162_758_735  # any constant, but that of the writers of the record


@contextmanager
def advisory_lock(engine: Engine, *, wait: bool) -> Iterator[bool]:
    """Holds PostgreSQL's lock; yields False at once when it is taken and `wait` is not set.

    The server releases the lock of a connection that dies.
    """
    # Outside of a transaction: a rebuild is long, and would keep the record from cleaning itself.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        key = {"key": _INDEX_LOCK}
        if wait:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), key)
        elif not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one():
            yield False
            return
        try:
            yield True
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
