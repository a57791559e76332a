"""Reads and writes listings one at a time, for those who keep them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, select, update

from app.domain.edition import (
    NEVER_HELD,
    Acceptation,
    Fiche,
    FicheRef,
    Listing,
    ModifieeEntretemps,
    Revision,
    Tenue,
    ref_of,
)
from app.domain.errors import OffreIntrouvable
from app.domain.noms import name_key
from app.domain.offre import Offre, Structure, StructureId
from app.domain.propositions import EtatProposition
from app.domain.publication import OFFRE, STRUCTURE, Origin, Received
from app.persistence.answering import in_utc, reading, writing
from app.persistence.catalogue_writer import CatalogueWriter
from app.persistence.comptes import join_in
from app.persistence.mappers import (
    OFFRE_FIELDS,
    STRUCTURE_FIELDS,
    row_to_offre,
    row_to_structure,
)
from app.persistence.propositions import settle_in
from app.persistence.statements import upsert
from app.persistence.tables.catalogue import offres, provenances, revisions, structures
from app.persistence.tables.editions import champs

TREE_AND_RULES = frozenset(("eligibilite", "regles"))
MENTION = "mention"  # beside fields: the other listing of a merge
NO_DIGEST = ""  # a person's change comes from no record


class SqlEditionStore:
    """Implements `app.domain.edition.EditionStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine, writer: CatalogueWriter) -> None:
        self._engine = engine
        self._writer = writer

    def get(self, ref: FicheRef) -> Fiche | None:
        """Returns a listing in whatever state it is."""
        with reading(self._engine) as connection:
            return fiche_in(connection, ref)

    def offres_of(self, structure_id: StructureId) -> Sequence[Fiche]:
        """Returns the offers of a structure by name, withdrawn ones included."""
        query = select(offres).where(offres.c.structure_id == structure_id)
        with reading(self._engine) as connection:
            structure = _structure(connection, structure_id)
            if structure is None:
                return []
            # By the letters of a name, as a reader looks for it: “École” is between D and F.
            rows = sorted(
                connection.execute(query).mappings(),
                key=lambda row: (name_key(row["nom"]), row["id"]),
            )
            newest = _newest(connection, OFFRE, [row["id"] for row in rows])
            return [
                Fiche(
                    ref=FicheRef(objet=OFFRE, id=row["id"]),
                    value=row_to_offre(row),
                    structure=structure,
                    revision=newest.get(row["id"], 0),
                )
                for row in rows
            ]

    def save(
        self,
        value: Listing,
        base: int,
        auteur: str,
        quand: datetime,
        *,
        accepte: Acceptation | None = None,
    ) -> Fiche:
        """Writes a listing, unless it changed since `base`, and holds the fields that changed."""
        origin = Origin(auteur=auteur, quand=quand, import_id=None)
        with writing(self._engine) as connection:
            if accepte is not None:
                settle_in(
                    connection, accepte.numero, EtatProposition.ACCEPTEE, accepte.par, None, quand
                )
            saved = self._saved(connection, value, base, origin)
            if accepte is not None and accepte.membre is not None:
                join_in(connection, accepte.membre, saved.structure.id, accepte.par, quand)
            return saved

    def save_all(
        self,
        changes: Sequence[tuple[Listing, int]],
        auteur: str,
        quand: datetime,
        *,
        answers_source: bool = False,
    ) -> Sequence[Fiche]:
        """Writes several listings, each with its base: all of them, or none."""
        origin = Origin(auteur=auteur, quand=quand, import_id=None)
        with writing(self._engine) as connection:
            saved = [self._saved(connection, value, base, origin) for value, base in changes]
            if answers_source:
                for fiche in saved:
                    _answer_source(connection, fiche.ref, quand)
            return saved

    def _saved(self, connection: Connection, value: Listing, base: int, origin: Origin) -> Fiche:
        ref = ref_of(value)
        current = fiche_in(connection, ref)
        if current is not None and current.value == value:
            return current
        if (current.revision if current else 0) != base:
            raise ModifieeEntretemps(revisions_in(connection, ref, after=base))
        write_by_hand(connection, self._writer, [value], origin)
        saved = fiche_in(connection, ref)
        if saved is None:
            raise AssertionError(ref)
        if current is not None:
            hold(connection, saved, origin.auteur, origin.quand)
        return saved

    def revisions(self, ref: FicheRef) -> Sequence[Revision]:
        """Returns the history of a listing, newest first."""
        with reading(self._engine) as connection:
            return revisions_in(connection, ref)[::-1]

    def tenues(self, ref: FicheRef) -> Mapping[str, Tenue]:
        """Returns the fields that are held, by name."""
        query = select(champs).where(is_of(champs, ref))
        with reading(self._engine) as connection:
            return {
                row["champ"]: Tenue(
                    auteur=row["tenu_par"],
                    depuis=in_utc(row["tenu_depuis"]),
                    diverge=row["source_le"] is not None,
                    valeur_source=row["valeur_source"],
                )
                for row in connection.execute(query).mappings()
            }

    def release(self, ref: FicheRef, champ: str) -> None:
        """Lets the source say a field again, from its next feed on."""
        names = sorted(together((champ,)))
        with writing(self._engine) as connection:
            connection.execute(delete(champs).where(is_of(champs, ref), champs.c.champ.in_(names)))


def write_by_hand(
    connection: Connection, writer: CatalogueWriter, values: Sequence[Listing], origin: Origin
) -> None:
    """Writes listings as a person says them, every field given, inside a transaction.

    Raises `OffreIntrouvable` for the offer of a structure that does not exist.
    """
    of_structures = [
        Received(value=value, digest=NO_DIGEST, given=frozenset(STRUCTURE_FIELDS))
        for value in values
        if isinstance(value, Structure)
    ]
    of_offres = [
        Received(value=value, digest=NO_DIGEST, given=frozenset(OFFRE_FIELDS))
        for value in values
        if isinstance(value, Offre)
    ]
    if of_structures:
        writer.write_structures(connection, of_structures, origin)
    if not of_offres:
        return
    orphans = writer.write_offres(connection, of_offres, origin).orphans
    for received in of_offres:
        if received.value.id in orphans:
            raise OffreIntrouvable(received.value.structure_id)


def fiche_in(connection: Connection, ref: FicheRef) -> Fiche | None:
    """Returns a listing in whatever state it is, inside a transaction."""
    value: Listing | None
    if ref.objet == STRUCTURE:
        value = structure = _structure(connection, ref.id)
    else:
        row = connection.execute(select(offres).where(offres.c.id == ref.id)).mappings().first()
        value = row_to_offre(row) if row is not None else None
        structure = _structure(connection, row["structure_id"]) if row is not None else None
    if value is None or structure is None:
        return None
    newest = _newest(connection, ref.objet, [ref.id])
    return Fiche(ref=ref, value=value, structure=structure, revision=newest.get(ref.id, 0))


def _structure(connection: Connection, ident: str) -> Structure | None:
    query = select(structures).where(structures.c.id == ident)
    row = connection.execute(query).mappings().first()
    return row_to_structure(row) if row is not None else None


def _newest(connection: Connection, objet: str, ids: Sequence[str]) -> dict[str, int]:
    query = (
        select(revisions.c.objet_id, func.max(revisions.c.id))
        .where(revisions.c.objet == objet, revisions.c.objet_id.in_(ids))
        .group_by(revisions.c.objet_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def revisions_in(connection: Connection, ref: FicheRef, after: int = 0) -> list[Revision]:
    """Returns the revisions of a listing in order, those after a number only."""
    query = (
        select(revisions)
        .where(is_of(revisions, ref), revisions.c.id > after)
        .order_by(revisions.c.id)
    )
    return [_revision(row) for row in connection.execute(query).mappings()]


def _revision(row: RowMapping) -> Revision:
    said = dict(row["champs"] or {})
    mention = said.pop(MENTION, None)
    return Revision(
        id=row["id"],
        quand=in_utc(row["quand"]),
        auteur=row["auteur"],
        action=row["action"],
        changes={name: (old, new) for name, (old, new) in said.items()},
        mention=mention,
    )


def hold(connection: Connection, saved: Fiche, auteur: str, quand: datetime) -> None:
    """Holds what the newest revision changed, and notes what the source says instead.

    A field that was not held yet said what its source does, if the listing has one.
    """
    (newest,) = revisions_in(connection, saved.ref, after=saved.revision - 1)[-1:]
    changes = {name: pair for name, pair in newest.changes.items() if name not in NEVER_HELD}
    noted = {
        row["champ"]: (row["valeur_source"], row["source_le"])
        for row in connection.execute(select(champs).where(is_of(champs, saved.ref))).mappings()
    }
    has_source = select(provenances.c.source).where(is_of(provenances, saved.ref))
    is_fed = connection.execute(has_source).first() is not None
    rows = []
    for name in sorted(together(changes)):
        before, after = changes.get(name, (None, None))
        if name in noted:
            said, said_le = noted[name]
        elif is_fed and name in changes:
            said, said_le = before, quand
        else:
            said, said_le = None, None
        if name in changes and said == after:
            said, said_le = None, None
        rows.append(
            {
                "objet": saved.ref.objet,
                "objet_id": saved.ref.id,
                "champ": name,
                "tenu_par": auteur,
                "tenu_depuis": quand,
                "valeur_source": said,
                "source_le": said_le,
            }
        )
    upsert(connection, champs, rows)


def _answer_source(connection: Connection, ref: FicheRef, quand: datetime) -> None:
    """Notes that what a source said of held fields has been read, even when nothing changes."""
    connection.execute(
        update(champs)
        .where(is_of(champs, ref), champs.c.source_le > champs.c.tenu_depuis)
        .values(tenu_depuis=quand)
    )


def together(names: Collection[str]) -> set[str]:
    """Returns fields with those that go with them: a tree, and where its rules come from."""
    return {*names, *TREE_AND_RULES} if TREE_AND_RULES & set(names) else set(names)


def is_of(table: Any, ref: FicheRef) -> Any:
    """Returns what chooses the rows of a listing."""
    return (table.c.objet == ref.objet) & (table.c.objet_id == ref.id)
