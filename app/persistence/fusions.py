"""What follows a structure that is merged, and what undoing it gives back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from app.domain.doublons import LIEU, Fusion
from app.domain.edition import FicheRef, Listing
from app.domain.offre import Offre
from app.domain.publication import OFFRE, STRUCTURE
from app.persistence.editions import is_of, together
from app.persistence.mappers import (
    offre_to_row,
    plain,
    row_to_offre,
    row_to_structure,
    structure_to_row,
)
from app.persistence.tables.catalogue import offres, provenances
from app.persistence.tables.comptes import adhesions
from app.persistence.tables.doublons import fusions
from app.persistence.tables.editions import champs

A_RELIRE = "a-relire"  # no record has this digest: the next feed reads these listings again
_DATES = ("date_maj", "derniere_confirmation", "prochaine_session")


def moved_offres(connection: Connection, structure_id: str) -> Sequence[Offre]:
    """Returns all the offers of a structure, withdrawn ones included."""
    query = select(offres).where(offres.c.structure_id == structure_id).order_by(offres.c.id)
    return [row_to_offre(row) for row in connection.execute(query).mappings()]


def move_members(connection: Connection, gone: str, kept: str) -> list[dict[str, Any]]:
    """Lets who speaks for a structure speak for another; returns what there was, to undo it."""
    there = {row["compte_id"]: row for row in _members(connection, kept)}
    before = []
    for row in _members(connection, gone):
        has = there.get(row["compte_id"])
        was_waiting = has is not None and has["admise_le"] is None
        is_better = row["admise_le"] is not None and (has is None or was_waiting)
        before.append(
            _in_json(row)
            | {"ajoutee": has is None, "remplacee": _in_json(has) if has and is_better else None}
        )
        if has is None or is_better:
            _remove_member(connection, row["compte_id"], kept)
            connection.execute(insert(adhesions).values({**row, "structure_id": kept}))
        _remove_member(connection, row["compte_id"], gone)
    return before


def give_back(
    connection: Connection, gone: str, kept: str, before: Sequence[Mapping[str, Any]]
) -> None:
    """Lets members speak again for what they spoke for; who was sent away since stays away."""
    there = {row["compte_id"] for row in _members(connection, kept)}
    again = {row["compte_id"] for row in _members(connection, gone)}
    for row in before:
        compte_id = row["compte_id"]
        if compte_id not in there:
            continue
        if compte_id not in again:
            connection.execute(insert(adhesions).values({**_adhesion(row), "structure_id": gone}))
        if row["ajoutee"] or row["remplacee"]:
            _remove_member(connection, compte_id, kept)
        if row["remplacee"]:
            connection.execute(insert(adhesions).values(_adhesion(row["remplacee"])))


def tenues_of(
    connection: Connection, ref: FicheRef, names: Collection[str]
) -> list[dict[str, Any]]:
    """Returns who holds some fields, to undo what a merge makes of it."""
    query = select(champs).where(is_of(champs, ref), champs.c.champ.in_(sorted(together(names))))
    return [
        {**row, "tenu_depuis": _iso(row["tenu_depuis"]), "source_le": _iso(row["source_le"])}
        for row in connection.execute(query).mappings()
    ]


def take_back(
    connection: Connection,
    ref: FicheRef,
    names: Collection[str],
    before: Sequence[Mapping[str, Any]],
) -> None:
    """Makes some fields held as they were."""
    given = together(names)
    connection.execute(delete(champs).where(is_of(champs, ref), champs.c.champ.in_(sorted(given))))
    rows = [
        {
            **row,
            "tenu_depuis": _instant(row["tenu_depuis"]),
            "source_le": _instant(row["source_le"]),
        }
        for row in before
        if row["champ"] in given
    ]
    if rows:
        connection.execute(insert(champs), rows)


def given_back_value(
    value: Listing, changes: Mapping[str, Sequence[Any]]
) -> tuple[Listing, Collection[str]]:
    """Returns a listing as it was before some changes, and which of its fields went back.

    What was changed again since stays; so does a whole place when a part of it was.
    """
    row = offre_to_row(value) if isinstance(value, Offre) else structure_to_row(value)
    same = {name for name, (_, after) in changes.items() if plain(row[name]) == after}
    if not set(LIEU) & changes.keys() <= same:
        same -= set(LIEU)
    back = {name: _typed(name, changes[name][0]) for name in same}
    restored: Listing
    if isinstance(value, Offre):
        restored = row_to_offre({**row, **back})
    else:
        restored = row_to_structure({**row, **back})
    return restored, same


def following(connection: Connection, garde: FicheRef) -> bool:
    """Tells whether a listing was itself merged with another."""
    query = select(fusions.c.id).where(
        fusions.c.objet == garde.objet,
        fusions.c.absorbe_id == garde.id,
        fusions.c.annulee_le.is_(None),
    )
    return connection.execute(query).first() is not None


def read_again(connection: Connection, fusion: Fusion) -> None:
    """Makes the next feed read the offers of both again: those that came since find their own."""
    both = (fusion.garde.id, fusion.absorbe.id)
    own = select(offres.c.id).where(offres.c.structure_id.in_(both))
    for objet, chosen in (
        (OFFRE, provenances.c.objet_id.in_(own)),
        (STRUCTURE, provenances.c.objet_id.in_(both)),
    ):
        connection.execute(
            update(provenances)
            .where(provenances.c.objet == objet, chosen)
            .values(empreinte=A_RELIRE)
        )


def _members(connection: Connection, structure_id: str) -> list[RowMapping]:
    query = select(adhesions).where(adhesions.c.structure_id == structure_id)
    return list(connection.execute(query.order_by(adhesions.c.compte_id)).mappings())


def _remove_member(connection: Connection, compte_id: int, structure_id: str) -> None:
    connection.execute(
        delete(adhesions).where(
            adhesions.c.compte_id == compte_id, adhesions.c.structure_id == structure_id
        )
    )


def _in_json(row: RowMapping) -> dict[str, Any]:
    instants = {name: _iso(row[name]) for name in ("demandee_le", "admise_le")}
    return {**row, **instants}


def _adhesion(said: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: said[name] for name in ("compte_id", "structure_id", "admise_par")}
    return row | {name: _instant(said[name]) for name in ("demandee_le", "admise_le")}


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None


def _typed(name: str, value: Any) -> Any:
    """Returns a value of a row as the database gives it: days are days."""
    is_day = name in _DATES and value is not None
    return datetime.fromisoformat(value).date() if is_day else value
