"""Where listings went that were merged: what a feed says of them no longer brings them back."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from app.persistence.statements import chunks
from app.persistence.tables.doublons import fusions


def kept_instead(connection: Connection, objet: str, ids: Collection[str]) -> dict[str, str]:
    """Returns, for those that were merged, the listing that is kept today."""
    found = _next(connection, objet, ids)
    while further := _next(connection, objet, set(found.values())):
        found = {ident: further.get(kept, kept) for ident, kept in found.items()}
    return found


def merged_into(connection: Connection, objet: str) -> frozenset[str]:
    """Returns the listings that others were merged with: more than one source speaks of them."""
    query = select(fusions.c.garde_id).where(
        fusions.c.objet == objet, fusions.c.annulee_le.is_(None)
    )
    return frozenset(connection.execute(query).scalars())


def _next(connection: Connection, objet: str, ids: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in chunks(sorted(ids), 500):
        query = select(fusions.c.absorbe_id, fusions.c.garde_id).where(
            fusions.c.objet == objet,
            fusions.c.absorbe_id.in_(chunk),
            fusions.c.annulee_le.is_(None),
        )
        found.update((row.absorbe_id, row.garde_id) for row in connection.execute(query))
    return found
