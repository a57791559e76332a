"""Transactions whose faults are ours: what the use cases hear when the database is away."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from app.domain.errors import CatalogueUnavailable
from app.persistence import database


def reading(engine: Engine) -> AbstractContextManager[Connection]:
    """Opens a transaction that reads. Raises `CatalogueUnavailable`."""
    return _answering(database.reading(engine))


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """Opens a transaction that writes. Raises `CatalogueUnavailable`."""
    return _answering(database.writing(engine))


@contextmanager
def _answering(transaction: AbstractContextManager[Connection]) -> Iterator[Connection]:
    try:
        with transaction as connection:
            yield connection
    except DBAPIError as exc:
        raise CatalogueUnavailable from exc


def in_utc(instant: datetime) -> datetime:
    """Returns an instant as it was written: SQLite keeps no time zone, and all are in UTC."""
    if instant.tzinfo is None:
        return instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC)
