"""The append-only table of eligibility expressions: each has one id for ever."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.expressions import ARBRE, PUBLICS, ZONE, Expressions
from app.persistence.tables.catalogue import expressions

Key = tuple[str, str, str | None]  # nature, canonical text, usage of a tree


def keys_of(found: Expressions) -> dict[str, Key]:
    """Returns the key of each expression of an offer, by nature."""
    keys: dict[str, Key | None] = {
        ARBRE: (ARBRE, found.arbre, found.usage) if found.arbre is not None else None,
        PUBLICS: (PUBLICS, found.publics, None) if found.publics is not None else None,
        ZONE: (ZONE, found.zone, None) if found.zone is not None else None,
    }
    return {nature: key for nature, key in keys.items() if key is not None}


def intern_expressions(connection: Connection, keys: Iterable[Key]) -> dict[Key, int]:
    """Returns the id of each expression, adding those not yet known."""
    by_digest = {_digest(key): key for key in keys}
    found = _known(connection, by_digest)
    missing = [
        {"nature": nature, "empreinte": digest, "canonique": text, "usage": usage}
        for digest, (nature, text, usage) in by_digest.items()
        if (nature, text, usage) not in found
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
    said = "\0".join(part for part in key if part is not None)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
