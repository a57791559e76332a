"""Writes listings: rows, expressions, revisions, provenance and the index's debt, in one commit.

Every change of the catalogue goes through here, so that no listing can change without a revision
and an outbox row. The outbox row is the last statement of its transaction.
"""

import dataclasses
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, insert, select, update

from app.domain.expressions import ARBRE, PUBLICS, ZONE, expressions_of
from app.domain.noms import name_key
from app.domain.offre import EXTENSIONS, Offre, Structure, StructureId
from app.domain.publication import Origin, Received, Written
from app.domain.regles import EtatRegles
from app.domain.vocabulaire import EtatPublication
from app.persistence.expressions import intern_expressions, keys_of
from app.persistence.holding import WITHDRAWN_DIGEST, forget_digests, holding_of
from app.persistence.mappers import (
    OFFRE_FIELDS,
    STRUCTURE_FIELDS,
    changed_fields,
    offre_to_row,
    row_to_offre,
    row_to_structure,
    structure_to_row,
)
from app.persistence.redirections import kept_instead
from app.persistence.statements import chunks, rows_by_id, upsert
from app.persistence.tables.catalogue import offres, outbox, provenances, revisions, structures

T = TypeVar("T", Offre, Structure)
EXPRESSION_COLUMNS = {ARBRE: "arbre_expr", PUBLICS: "publics_expr", ZONE: "zone_expr"}
RenderOffre = Callable[[Offre, Structure], str]
RenderStructure = Callable[[Structure], str]


class CatalogueWriter:
    """Writes batches of listings inside a transaction that the caller commits."""

    def __init__(self, render_offre: RenderOffre, render_structure: RenderStructure) -> None:
        self._render_offre = render_offre
        self._render_structure = render_structure

    def write_structures(
        self, connection: Connection, batch: Sequence[Received[Structure]], origin: Origin
    ) -> Written:
        """Writes structures; the offers of those that changed are rendered and indexed again."""
        written, rows, history = Written(), [], []
        existing = {
            row["id"]: row_to_structure(row)
            for row in rows_by_id(connection, structures, [r.value.id for r in batch])
        }
        digests = known_digests(connection, "structure", list(existing))
        holding = holding_of(connection, "structure", list(existing), origin)
        gone = kept_instead(connection, "structure", list(existing))
        for received in batch:
            before = existing.get(received.value.id)
            after = holding.kept(_merged(received, before, digests), before, structure_to_row)
            after = _withdrawn(after) if after.id in gone else after
            change = _compare(before, after, structure_to_row, STRUCTURE_FIELDS)
            _sort_into(written, after.id, before, change)
            if change is None:
                continue
            rows.append(self._structure_row(after))
            history.append(_revision("structure", after.id, before, change, origin))
        holding.write(connection)
        upsert(connection, structures, rows)
        _record(connection, "structure", batch, history, origin)
        owe_to_index(connection, self._rerender_offres(connection, written.changed))
        return written

    def write_offres(
        self, connection: Connection, batch: Sequence[Received[Offre]], origin: Origin
    ) -> Written:
        """Writes offers; those whose structure does not exist are left out and told."""
        written, history, afters = Written(), [], []
        existing = {
            row["id"]: row_to_offre(row)
            for row in rows_by_id(connection, offres, [r.value.id for r in batch])
        }
        digests = known_digests(connection, "offre", list(existing))
        holding = holding_of(connection, "offre", list(existing), origin)
        gone = kept_instead(connection, "offre", list(existing))
        batch = _under_kept_structures(connection, batch)
        carriers = _structures(connection, {r.value.structure_id for r in batch})
        kept = [r for r in batch if r.value.structure_id in carriers]
        written.orphans = [r.value.id for r in batch if r.value.structure_id not in carriers]
        for received in kept:
            before = existing.get(received.value.id)
            after = holding.kept(_merged(received, before, digests), before, offre_to_row)
            after = _withdrawn(after) if after.id in gone else after
            change = _compare(before, after, offre_to_row, OFFRE_FIELDS)
            _sort_into(written, after.id, before, change)
            if change is None:
                continue
            afters.append(after)
            history.append(_revision("offre", after.id, before, change, origin))
        holding.write(connection)
        upsert(connection, offres, self._offre_rows(connection, afters, carriers))
        _record(connection, "offre", kept, history, origin)
        owe_to_index(connection, [offre.id for offre in afters])
        return written

    def withdraw(
        self, connection: Connection, objet: str, ids: list[str], origin: Origin
    ) -> list[str]:
        """Withdraws listings: they stay in the record, and leave search and export.

        Returns the offers that the caller then owes to the index.
        """
        table = structures if objet == "structure" else offres
        retire = {"etat_publication": EtatPublication.RETIRE.value}
        for chunk in chunks(ids, 500):
            connection.execute(update(table).where(table.c.id.in_(chunk)).values(retire))
            forget_digests(connection, objet, chunk)
            change = {"etat_publication": [EtatPublication.PUBLIE.value, *retire.values()]}
            history = [_revision(objet, ident, None, change, origin, "retrait") for ident in chunk]
            connection.execute(insert(revisions), history)
        return ids if objet == "offre" else _offres_of(connection, ids)

    def _structure_row(self, structure: Structure) -> dict[str, Any]:
        return structure_to_row(structure) | {
            "cle_nom": name_key(structure.nom),
            "document": self._render_structure(structure),
        }

    def _offre_rows(
        self, connection: Connection, values: Sequence[Offre], carriers: Mapping[str, Structure]
    ) -> list[dict[str, Any]]:
        keys = [keys_of(expressions_of(offre)) for offre in values]
        ids = intern_expressions(connection, (key for of_one in keys for key in of_one.values()))
        return [
            offre_to_row(offre)
            | {"document": self._document(offre, carriers[offre.structure_id])}
            | {
                column: ids[of_one[nature]] if nature in of_one else None
                for nature, column in EXPRESSION_COLUMNS.items()
            }
            for offre, of_one in zip(values, keys, strict=True)
        ]

    def _rerender_offres(self, connection: Connection, structure_ids: list[str]) -> list[str]:
        """Renders again the offers of structures that changed, and returns their ids.

        An offer's document and tokens carry its structure's name, and hide with its address.
        """
        rendered_ids: list[str] = []
        for chunk in chunks(structure_ids, 200):
            carriers = _structures(connection, chunk)
            query = select(offres).where(offres.c.structure_id.in_(chunk)).order_by(offres.c.id)
            values = [row_to_offre(row) for row in connection.execute(query).mappings()]
            documents = [
                {"key": offre.id, "text": self._document(offre, carriers[offre.structure_id])}
                for offre in values
            ]
            if documents:
                statement = update(offres).where(offres.c.id == bindparam("key"))
                connection.execute(statement.values(document=bindparam("text")), documents)
            rendered_ids += [offre.id for offre in values]
        return rendered_ids

    def _document(self, offre: Offre, carrier: Structure) -> str:
        return self._render_offre(offre.hidden_with(carrier.adresse_confidentielle), carrier)


def known_digests(connection: Connection, objet: str, ids: list[str]) -> dict[str, str]:
    """Returns the digest of the last record received for each known id."""
    found: dict[str, str] = {}
    for chunk in chunks(ids, 500):
        query = select(provenances.c.objet_id, provenances.c.empreinte).where(
            provenances.c.objet == objet, provenances.c.objet_id.in_(chunk)
        )
        found.update((ident, digest) for ident, digest in connection.execute(query))
    return found


def mark_seen(connection: Connection, objet: str, ids: list[str], import_id: int) -> None:
    """Notes that an import has met these listings, whatever became of their records."""
    for chunk in chunks(ids, 500):
        connection.execute(
            update(provenances)
            .where(provenances.c.objet == objet, provenances.c.objet_id.in_(chunk))
            .values(dernier_import=import_id)
        )


def owe_to_index(connection: Connection, ids: Iterable[str]) -> None:
    """Adds offers to the outbox; the last statement of a transaction."""
    rows = [{"offre_id": ident} for ident in ids]
    if rows:
        connection.execute(insert(outbox), rows)


def _offres_of(connection: Connection, structure_ids: list[str]) -> list[str]:
    """Returns the offers of structures: they are found, or not, with their structure."""
    found: list[str] = []
    for chunk in chunks(structure_ids, 500):
        query = select(offres.c.id).where(offres.c.structure_id.in_(chunk)).order_by(offres.c.id)
        found += connection.execute(query).scalars()
    return found


def _structures(connection: Connection, ids: Iterable[str]) -> dict[str, Structure]:
    rows = rows_by_id(connection, structures, list(ids))
    return {row["id"]: row_to_structure(row) for row in rows}


def _merged(received: Received[T], before: T | None, digests: Mapping[str, str]) -> T:
    """Keeps our own fields that the source does not speak of, such as a partner's trees.

    A listing withdrawn because its source no longer sent it is published again when it comes back;
    one withdrawn by a person stays withdrawn.
    """
    value = received.value
    if before is None:
        return value
    fields = {f.name for f in dataclasses.fields(value)}
    kept = {name: getattr(before, name) for name in (EXTENSIONS & fields) - received.given}
    if digests.get(value.id) == WITHDRAWN_DIGEST:
        kept.pop("etat_publication", None)
    if _brings_another_tree(value, before, received.given):
        kept.pop("regles", None)  # they told where the tree that is replaced came from
    return dataclasses.replace(value, **kept)


def _withdrawn(value: T) -> T:
    """Returns a listing that was merged: whatever is said of it, it stays withdrawn."""
    return dataclasses.replace(value, etat_publication=EtatPublication.RETIRE)


def _under_kept_structures(
    connection: Connection, batch: Sequence[Received[Offre]]
) -> Sequence[Received[Offre]]:
    """Returns offers under the structure that is kept, when theirs was merged with another."""
    moved = kept_instead(connection, "structure", {r.value.structure_id for r in batch})
    return [
        dataclasses.replace(
            received,
            value=dataclasses.replace(
                received.value, structure_id=StructureId(moved[received.value.structure_id])
            ),
        )
        if received.value.structure_id in moved
        else received
        for received in batch
    ]


def _brings_another_tree(value: object, before: object, given: Container[str]) -> bool:
    if not isinstance(value, Offre) or not isinstance(before, Offre):
        return False
    return "eligibilite" in given and value.eligibilite != before.eligibilite


def _compare(
    before: T | None, after: T, to_row: Callable[[T], dict[str, Any]], names: tuple[str, ...]
) -> dict[str, list[Any]] | None:
    """Returns the changed fields, none of them for a creation, None when nothing changed."""
    if before is None:
        return {}
    if before == after:
        return None
    return changed_fields(to_row(before), to_row(after), names)


def _sort_into(written: Written, ident: str, before: object, change: object) -> None:
    if before is None:
        written.created.append(ident)
    elif change is None:
        written.unchanged.append(ident)
    else:
        written.changed.append(ident)


def _revision(
    objet: str,
    ident: str,
    before: object,
    change: dict[str, list[Any]],
    origin: Origin,
    action: str | None = None,
) -> dict[str, Any]:
    return {
        "objet": objet,
        "objet_id": ident,
        "quand": origin.quand,
        "auteur": origin.auteur,
        "action": action or _action(before, change),
        "champs": change or None,
    }


def _action(before: object, change: Mapping[str, list[Any]]) -> str:
    if before is None:
        return "creation"
    if "etat_publication" in change:
        is_back = change["etat_publication"][1] == EtatPublication.PUBLIE.value
        return "publication" if is_back else "retrait"
    if change.keys() == {"regles"}:
        after = change["regles"][1]
        is_confirmed = after is not None and after["etat"] == EtatRegles.CONFIRMEES
        return "regles" if is_confirmed else "modification"
    return "confirmation" if change.keys() == {"derniere_confirmation"} else "modification"


def _record(
    connection: Connection,
    objet: str,
    batch: Sequence[Received[T]],
    history: list[dict[str, Any]],
    origin: Origin,
) -> None:
    if history:
        connection.execute(insert(revisions), history)
    if origin.import_id is None:  # a person's change says nothing of what a source sends
        return
    seen = [
        {
            "objet": objet,
            "objet_id": received.value.id,
            "source": received.value.source,
            "empreinte": received.digest,
            "premier_import": origin.import_id,
            "dernier_import": origin.import_id,
        }
        for received in batch
    ]
    upsert(connection, provenances, seen, keep=("premier_import",))
