"""Opens the database and runs transactions: one for reading, one for writing.

Writers go one at a time, and take their lock when they begin: `BEGIN IMMEDIATE` on SQLite, a
transaction advisory lock on PostgreSQL. So what a writer has read cannot change under it, and the
ids of the outbox become visible in order. Readers never wait.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url

SQLITE_BUSY_MS = 30_000  # a batch of the import holds the lock for well under a second
_WAL_TRIES, _WAL_WAIT_SECONDS = 100, 0.05
_WRITERS_LOCK = 1_162_758_734  # any constant: the advisory lock that writers take


def open_database(url: str) -> Engine:
    """Returns the engine of a `sqlite:///…` or `postgresql+psycopg://…` URL."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    connection.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_MS}")
    _use_wal(connection)
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON", "cache_size = -32000"):
        connection.execute(f"PRAGMA {pragma}")


def _use_wal(connection: Any) -> None:
    """Sets the journal that lets readers and a writer work together, once in a file's life.

    Two processes that open a new file at once both try, and SQLite does not wait here as it does
    elsewhere: the second is told at once that the file is locked.
    """
    for _ in range(_WAL_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            time.sleep(_WAL_WAIT_SECONDS)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Opens a transaction that sees one state of the database."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Opens a transaction that commits when the block ends, and leaves nothing when it raises."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS_LOCK})
        yield connection
