"""Statements that several parts of the record need, the same on SQLite and PostgreSQL."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from app.persistence.mappers import Row

MAX_ID = 2**31 - 1  # an INTEGER of PostgreSQL: it refuses to compare a larger number


def upsert(
    connection: Connection, table: Table, rows: list[dict[str, Any]], keep: tuple[str, ...] = ()
) -> None:
    """Writes rows by their primary key; the columns of `keep` stay as they first were."""
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    replaced = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys and column.name not in keep
    }
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=replaced), rows)


def rows_by_id(connection: Connection, table: Table, ids: list[str]) -> Iterator[Row]:
    """Yields the rows of those ids that exist, in no order."""
    for chunk in chunks(ids, 500):
        yield from connection.execute(select(table).where(table.c.id.in_(chunk))).mappings()


def chunks(values: Sequence[str], size: int) -> Iterator[list[str]]:
    """Cuts a list so that a statement stays under every database's limit of parameters."""
    for first in range(0, len(values), size):
        yield list(values[first : first + size])
