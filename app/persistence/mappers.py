"""Rows to domain values and back; the only place that knows both forms."""

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.arbre import (
    eligibilite_from_json,
    eligibilite_to_json,
    node_from_json,
    node_to_json,
)
from app.domain.offre import Apport, Offre, Structure
from app.domain.regles import regles_from_json, regles_to_json
from app.domain.vocabulaire import EtatPublication

Row = Mapping[Any, Any]  # SQLAlchemy row mappings also accept columns as keys
_LISTS = frozenset(
    (
        "thematiques",
        "publics",
        "modes_accueil",
        "zone_eligibilite",
        "modes_mobilisation",
        "mobilisable_par",
        "langues",
        "a_apporter",
        "reseaux_porteurs",
    )
)
OFFRE_FIELDS = tuple(f.name for f in dataclasses.fields(Offre))
STRUCTURE_FIELDS = tuple(f.name for f in dataclasses.fields(Structure))


def offre_to_row(offre: Offre) -> dict[str, Any]:
    """Returns the columns of an offer, without what is derived from it."""
    row = {name: getattr(offre, name) for name in OFFRE_FIELDS}
    _lists_to_json(row)
    row["etat_publication"] = offre.etat_publication.value
    if offre.eligibilite:
        row["eligibilite"] = eligibilite_to_json(offre.eligibilite)
    if offre.apporte:
        row["apporte"] = [dataclasses.asdict(apport) for apport in offre.apporte]
    for name in ("suppose", "prioritaires"):
        if row[name] is not None:
            row[name] = node_to_json(row[name])
    if offre.regles:
        row["regles"] = regles_to_json(offre.regles)
    return row


def structure_to_row(structure: Structure) -> dict[str, Any]:
    """Returns the columns of a structure, without what is derived from it."""
    row = {name: getattr(structure, name) for name in STRUCTURE_FIELDS}
    _lists_to_json(row)
    row["etat_publication"] = structure.etat_publication.value
    return row


def _lists_to_json(row: dict[str, Any]) -> None:
    for name in _LISTS & row.keys():
        if row[name] is not None:
            row[name] = list(row[name])


def row_to_offre(row: Row) -> Offre:
    """Returns the offer of a row; trees were validated when written and are not read again."""
    values = _values(row, OFFRE_FIELDS)
    if values["eligibilite"] is not None:
        values["eligibilite"] = eligibilite_from_json(values["eligibilite"])
    if values["apporte"] is not None:
        values["apporte"] = tuple(Apport(**apport) for apport in values["apporte"])
    for name in ("suppose", "prioritaires"):
        if values[name] is not None:
            values[name] = node_from_json(values[name])
    if values["regles"] is not None:
        values["regles"] = regles_from_json(values["regles"])
    return Offre(**values)


def row_to_structure(row: Row) -> Structure:
    """Returns the structure of a row."""
    return Structure(**_values(row, STRUCTURE_FIELDS))


def _values(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: row[name] for name in names}
    for name in _LISTS & values.keys():
        if values[name] is not None:
            values[name] = tuple(values[name])
    values["etat_publication"] = EtatPublication(values["etat_publication"])
    return values


def changed_fields(before: Row, after: Row, names: tuple[str, ...]) -> dict[str, list[Any]]:
    """Returns what differs between two rows, field by field, in JSON types."""
    return {
        name: [plain(before[name]), plain(after[name])]
        for name in names
        if before[name] != after[name]
    }


def plain(value: Any) -> Any:
    """Returns a value of a row in JSON types."""
    return value.isoformat() if isinstance(value, date) else value
