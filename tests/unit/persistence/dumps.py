"""A database as plain values, to say that two of them, or two moments of one, are the same."""

from collections.abc import Iterable

from sqlalchemy import Engine, inspect, select, text

from app.persistence.database import reading
from app.persistence.tables.catalogue import outbox, provenances, revisions
from app.persistence.tables.every import metadata

Row = dict[str, object]


def dump(engine: Engine, *, without: Iterable[str] = ()) -> dict[str, list[str]]:
    """Returns every row of every table, in a stable order, and the schema's version."""
    left_out = set(without)
    with reading(engine) as connection:
        tables = set(inspect(connection).get_table_names())
        content = {
            name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for name, table in metadata.tables.items()
            if name in tables - left_out
        }
        if "alembic_version" in tables:
            rows = connection.execute(text("SELECT version_num FROM alembic_version"))
            content["alembic_version"] = [row.version_num for row in rows]
    return content


def rows(engine: Engine, table: str, **values: object) -> list[Row]:
    """Returns the rows of a table that have these values, by primary key."""
    selected = metadata.tables[table]
    query = select(selected).order_by(*selected.primary_key)
    for name, value in values.items():
        query = query.where(selected.c[name] == value)
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def row(engine: Engine, table: str, **values: object) -> Row:
    """Returns the only row that has these values."""
    (found,) = rows(engine, table, **values)
    return found


def history(engine: Engine, ident: str) -> list[Row]:
    """Returns the revisions of a listing, oldest first."""
    return rows(engine, revisions.name, objet_id=ident)


def provenance(engine: Engine, ident: str) -> Row:
    """Returns where a listing comes from."""
    return row(engine, provenances.name, objet_id=ident)


def owed(engine: Engine) -> list[object]:
    """Returns the offers that the index must take in, in order."""
    return [row["offre_id"] for row in rows(engine, outbox.name)]
