"""The fields that a person holds: a feed no longer changes them, and what it says is kept beside.

So a partner's correction outlives the next import, and everyone sees where the source differs.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, select, update

from app.domain.edition import ETAT
from app.domain.offre import Offre, Structure
from app.domain.publication import Origin
from app.domain.vocabulaire import EtatPublication
from app.persistence.mappers import plain
from app.persistence.statements import chunks
from app.persistence.tables.catalogue import provenances
from app.persistence.tables.editions import champs

WITHDRAWN_DIGEST = ""  # a withdrawn listing that comes back is never “unchanged”
T = TypeVar("T", Offre, Structure)
ToRow = Callable[[T], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What is held of the listings of a batch, by id and field, and what their source says now."""

    objet: str
    origin: Origin
    held: Mapping[str, Mapping[str, Any]]
    """The source's value when it differs, else None, as last noted."""
    _noted: list[tuple[str, str, Any, bool]] = field(default_factory=list)

    def kept(self, received: T, before: T | None, to_row: ToRow[T]) -> T:
        """Returns a listing as its source sends it, with the fields that are held as they are."""
        if before is None or self.origin.import_id is None:
            return received
        received = _confirmed_by_the_newest(received, before)
        names = self.held.get(received.id, {})
        if not names:
            return received
        says, has = to_row(received), to_row(before)
        for champ, noted in names.items():
            value, own = plain(says[champ]), plain(has[champ])
            said = _NOTHING if value == own else value
            if said != noted:
                self._noted.append((received.id, champ, value, said is not _NOTHING))
        own_values = {champ: getattr(before, champ) for champ in names}
        newest = max(received.date_maj, before.date_maj)
        return dataclasses.replace(received, date_maj=newest, **own_values)

    def write(self, connection: Connection) -> None:
        """Notes where sources now differ from what is held, or no longer do."""
        for ident, champ, value, differs in self._noted:
            connection.execute(
                update(champs)
                .where(champs.c.objet == self.objet, champs.c.objet_id == ident)
                .where(champs.c.champ == champ)
                .values(
                    valeur_source=value if differs else None,
                    source_le=self.origin.quand if differs else None,
                )
            )


def _confirmed_by_the_newest(received: T, before: T) -> T:
    """Returns a listing whose confirmation a feed does not make older than it is."""
    known = [day for day in (received.derniere_confirmation, before.derniere_confirmation) if day]
    return dataclasses.replace(received, derniere_confirmation=max(known, default=None))


_NOTHING = object()  # the source says the same: None would be “the source says nothing”


def note_withdrawn(connection: Connection, objet: str, ids: list[str], origin: Origin) -> None:
    """Notes that the source no longer sends listings that a person has published."""
    for chunk in chunks(ids, 500):
        connection.execute(
            update(champs)
            .where(champs.c.objet == objet, champs.c.objet_id.in_(chunk), champs.c.champ == ETAT)
            .values(valeur_source=EtatPublication.RETIRE.value, source_le=origin.quand)
        )
        forget_digests(connection, objet, chunk)  # its record is read again when it comes back


def forget_digests(connection: Connection, objet: str, ids: list[str]) -> None:
    """Forgets the last records of listings, so that the next ones are never “unchanged”."""
    connection.execute(
        update(provenances)
        .where(provenances.c.objet == objet, provenances.c.objet_id.in_(ids))
        .values(empreinte=WITHDRAWN_DIGEST)
    )


def holding_of(connection: Connection, objet: str, ids: list[str], origin: Origin) -> Holding:
    """Returns what is held of some listings; a person's own change is held by nothing."""
    held: dict[str, dict[str, Any]] = {}
    if origin.import_id is not None:
        for chunk in chunks(ids, 500):
            query = select(champs).where(champs.c.objet == objet, champs.c.objet_id.in_(chunk))
            for row in connection.execute(query).mappings():
                said = row["valeur_source"] if row["source_le"] is not None else _NOTHING
                held.setdefault(row["objet_id"], {})[row["champ"]] = said
    return Holding(objet=objet, origin=origin, held=held)
