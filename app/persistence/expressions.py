"""The append-only table of eligibility expressions: each distinct text has one id for ever."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from app.persistence.tables.catalogue import expressions

Key = tuple[str, str]  # nature, canonical text


def intern_expressions(connection: Connection, keys: Iterable[Key]) -> dict[Key, int]:
    """Returns the id of each expression, adding those not yet known."""
    by_digest = {_digest(key): key for key in keys}
    found = _known(connection, by_digest)
    missing = [
        {"nature": nature, "empreinte": digest, "canonique": text}
        for digest, (nature, text) in by_digest.items()
        if (nature, text) not in found
    ]
    if missing:
        # Another writer may add the same expression between our reading and our writing.
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(expressions).on_conflict_do_nothing(), missing)
        found = _known(connection, by_digest)
    return found


def _known(connection: Connection, by_digest: dict[str, Key]) -> dict[Key, int]:
    query = select(expressions.c.empreinte, expressions.c.id).where(
        expressions.c.empreinte.in_(by_digest)
    )
    return {by_digest[digest]: ident for digest, ident in connection.execute(query)}


def _digest(key: Key) -> str:
    return hashlib.blake2b("\0".join(key).encode(), digest_size=16).hexdigest()
