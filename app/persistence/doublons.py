"""Finds likely duplicates, and keeps what is decided of them."""

import dataclasses
from collections.abc import Iterator, Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update

from app.domain.doublons import Fusion, FusionRefusee, FusionSuivie, Reperes, reperes_of
from app.domain.edition import Fiche, FicheRef, Listing
from app.domain.offre import Offre, Structure, StructureId
from app.domain.publication import STRUCTURE, Origin
from app.domain.vocabulaire import EtatPublication
from app.persistence.answering import in_utc, reading, writing
from app.persistence.catalogue_writer import CatalogueWriter
from app.persistence.editions import MENTION, fiche_in, hold, write_by_hand
from app.persistence.fusions import (
    following,
    give_back,
    given_back_value,
    move_members,
    moved_offres,
    read_again,
    take_back,
    tenues_of,
)
from app.persistence.mappers import (
    OFFRE_FIELDS,
    STRUCTURE_FIELDS,
    changed_fields,
    offre_to_row,
    structure_to_row,
)
from app.persistence.statements import MAX_ID, chunks
from app.persistence.tables.catalogue import doublons, offres, revisions, structures
from app.persistence.tables.doublons import distinctions, fusions

_PUBLISHED = EtatPublication.PUBLIE.value
_IS_PUBLISHED = structures.c.etat_publication == _PUBLISHED
_NAMES = ("id", "source", "nom", "telephone", "courriel", "adresse", "latitude", "longitude")
_REPERES_STRUCTURES = select(
    *(
        structures.c[name]
        for name in (*_NAMES, "code_insee", "siret", "cle_nom", "adresse_confidentielle")
    )
).where(_IS_PUBLISHED)
_REPERES_OFFRES = (
    select(*(offres.c[name] for name in (*_NAMES, "code_insee", "structure_id")))
    .join(structures, structures.c.id == offres.c.structure_id)
    .where(_IS_PUBLISHED, offres.c.etat_publication == _PUBLISHED)
)
_IS_ACTIVE = fusions.c.annulee_le.is_(None)


class SqlDoublonStore:
    """Implements `app.domain.doublons.DoublonStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine, writer: CatalogueWriter) -> None:
        self._engine = engine
        self._writer = writer

    def communes(self) -> Set[str | None]:
        """Returns where published structures are; None is nowhere known."""
        query = select(structures.c.code_insee).where(_IS_PUBLISHED).distinct()
        with reading(self._engine) as connection:
            return set(connection.execute(query).scalars())

    def reperes(self, objet: str, communes: Set[str | None]) -> Sequence[Reperes]:
        """Returns what the published listings of a kind in some communes are compared by."""
        query = _REPERES_STRUCTURES if objet == STRUCTURE else _REPERES_OFFRES
        codes = sorted(code for code in communes if code is not None)
        places = [structures.c.code_insee.in_(chunk) for chunk in chunks(codes, 500)]
        if None in communes:
            places.append(structures.c.code_insee.is_(None))
        with reading(self._engine) as connection:
            return [
                reperes_of(dict(row))
                for place in places
                for row in connection.execute(query.where(place)).mappings()
            ]

    def told_apart(self, objet: str) -> Set[tuple[str, str]]:
        """Returns the pairs that are two for good, each in the order of its ids."""
        query = select(distinctions.c.une_id, distinctions.c.autre_id).where(
            distinctions.c.objet == objet
        )
        with reading(self._engine) as connection:
            return {(row.une_id, row.autre_id) for row in connection.execute(query)}

    def tell_apart(self, objet: str, ids: tuple[str, str], auteur: str, quand: datetime) -> None:
        """Notes that two listings are two; saying it twice changes nothing."""
        une, autre = sorted(ids)
        said = {"objet": objet, "une_id": une, "autre_id": autre, "auteur": auteur, "quand": quand}
        with writing(self._engine) as connection:
            known = select(distinctions.c.objet).where(
                *(distinctions.c[name] == said[name] for name in ("objet", "une_id", "autre_id"))
            )
            if connection.execute(known).first() is None:
                connection.execute(insert(distinctions).values(said))

    def merge(
        self,
        value: Listing,
        absorbe: FicheRef,
        bases: tuple[int, int],
        auteur: str,
        quand: datetime,
    ) -> None:
        """Takes a listing into another, which then says `value`. Raises `FusionRefusee`."""
        garde = FicheRef(objet=absorbe.objet, id=value.id)
        origin = Origin(auteur=auteur, quand=quand, import_id=None)
        with writing(self._engine) as connection:
            kept = _as_read(connection, garde, bases[0])
            gone = _as_read(connection, absorbe, bases[1])
            if garde.id == absorbe.id or not (kept.is_published and gone.is_published):
                raise FusionRefusee
            before: dict[str, Any] = {"champs": _changes(kept.value, value)}
            before["tenues"] = tenues_of(connection, garde, before["champs"])
            self._write(connection, [value], origin)
            saved = fiche_in(connection, garde)
            if saved is None:
                raise AssertionError(garde)
            if saved.revision != kept.revision:
                hold(connection, saved, auteur, quand)
            self._write(connection, [_in_state(gone.value, EtatPublication.RETIRE)], origin)
            if garde.objet == STRUCTURE:
                connection.execute(delete(doublons).where(doublons.c.structure_id == absorbe.id))
                before["adhesions"] = move_members(connection, absorbe.id, garde.id)
                moved = moved_offres(connection, absorbe.id)
                before["offres"] = [offre.id for offre in moved]
                self._write(connection, _carried_by(garde.id, moved), origin)
            _tell(connection, "fusion", kept, gone, origin)
            connection.execute(
                insert(fusions).values(
                    objet=garde.objet,
                    garde_id=garde.id,
                    absorbe_id=absorbe.id,
                    auteur=auteur,
                    quand=quand,
                    avant=before,
                )
            )

    def fusions(self) -> Sequence[Fusion]:
        """Returns what was merged and not undone, newest first."""
        query = select(fusions).where(_IS_ACTIVE).order_by(fusions.c.id.desc())
        with reading(self._engine) as connection:
            return [_fusion(row) for row in connection.execute(query).mappings()]

    def undo(self, numero: int, auteur: str, quand: datetime) -> None:
        """Makes two listings again of one: what was not changed since is as it was before."""
        origin = Origin(auteur=auteur, quand=quand, import_id=None)
        with writing(self._engine) as connection:
            row = _active(connection, numero)
            fusion, before = _fusion(row), row["avant"]
            if following(connection, fusion.garde):
                raise FusionSuivie
            kept, gone = fiche_in(connection, fusion.garde), fiche_in(connection, fusion.absorbe)
            if kept is None or gone is None:
                raise AssertionError(fusion)
            undone = {"annulee_le": quand, "annulee_par": auteur}
            connection.execute(update(fusions).where(fusions.c.id == numero).values(undone))
            value, names = given_back_value(kept.value, before["champs"])
            self._write(connection, [value], origin)
            take_back(connection, fusion.garde, names, before["tenues"])
            self._write(connection, [_in_state(gone.value, EtatPublication.PUBLIE)], origin)
            if fusion.garde.objet == STRUCTURE:
                give_back(connection, fusion.absorbe.id, fusion.garde.id, before["adhesions"])
                ids = set(before["offres"])
                back = [o for o in moved_offres(connection, fusion.garde.id) if o.id in ids]
                self._write(connection, _carried_by(fusion.absorbe.id, back), origin)
                read_again(connection, fusion)
            _tell(connection, "separation", kept, gone, origin)

    def _write(self, connection: Connection, values: Sequence[Listing], origin: Origin) -> None:
        write_by_hand(connection, self._writer, values, origin)


def _as_read(connection: Connection, ref: FicheRef, base: int) -> Fiche:
    """Returns a listing that is as it was read."""
    fiche = fiche_in(connection, ref)
    if fiche is None or fiche.revision != base:
        raise FusionRefusee
    return fiche


def _in_state(value: Listing, etat: EtatPublication) -> Listing:
    return dataclasses.replace(value, etat_publication=etat)


def _carried_by(structure_id: str, values: Sequence[Offre]) -> Sequence[Offre]:
    carrier = StructureId(structure_id)
    return [dataclasses.replace(value, structure_id=carrier) for value in values]


def _changes(before: Listing, after: Listing) -> dict[str, list[Any]]:
    if isinstance(before, Structure) and isinstance(after, Structure):
        return changed_fields(structure_to_row(before), structure_to_row(after), STRUCTURE_FIELDS)
    if isinstance(before, Offre) and isinstance(after, Offre):
        return changed_fields(offre_to_row(before), offre_to_row(after), OFFRE_FIELDS)
    raise AssertionError(type(after))


def _tell(connection: Connection, action: str, kept: Fiche, gone: Fiche, origin: Origin) -> None:
    """Says in the history of both what became of them."""
    connection.execute(insert(revisions), list(_told(action, kept, gone, origin)))


def _told(action: str, kept: Fiche, gone: Fiche, origin: Origin) -> Iterator[dict[str, Any]]:
    for one, other in ((kept, gone), (gone, kept)):
        yield {
            "objet": one.ref.objet,
            "objet_id": one.ref.id,
            "quand": origin.quand,
            "auteur": origin.auteur,
            "action": action,
            "champs": {MENTION: f"{other.value.nom} ({other.ref.id})"},
        }


def _active(connection: Connection, numero: int) -> RowMapping:
    if not 0 < numero <= MAX_ID:
        raise FusionRefusee
    query = select(fusions).where(fusions.c.id == numero, _IS_ACTIVE)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise FusionRefusee
    return row


def _fusion(row: RowMapping) -> Fusion:
    return Fusion(
        id=row["id"],
        garde=FicheRef(objet=row["objet"], id=row["garde_id"]),
        absorbe=FicheRef(objet=row["objet"], id=row["absorbe_id"]),
        auteur=row["auteur"],
        quand=in_utc(row["quand"]),
    )
