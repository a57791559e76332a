"""Keeps the changes that wait for moderation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, delete, insert, select, update

from app.domain.edition import FicheRef
from app.domain.offre import StructureId
from app.domain.propositions import (
    EtatProposition,
    Proposition,
    PropositionEnAttente,
    PropositionInconnue,
)
from app.domain.publication import STRUCTURE
from app.persistence.answering import in_utc, reading, writing
from app.persistence.statements import MAX_ID
from app.persistence.tables.editions import propositions

_WAITS = propositions.c.etat == EtatProposition.A_MODERER.value
MAX_SENT = 20  # what one screen shows of what was sent; older answers were read long ago


class SqlPropositionStore:
    """Implements `app.domain.propositions.PropositionStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        ref: FicheRef,
        structure_id: StructureId,
        auteur: str,
        base: int,
        record: Mapping[str, Any],
        quand: datetime,
        vue: int | None = None,
    ) -> None:
        """Keeps a change, in place of the one that its author has waiting on the same listing."""
        values = {
            "objet": ref.objet,
            "objet_id": ref.id,
            "structure_id": structure_id,
            "etat": EtatProposition.A_MODERER.value,
            "auteur": auteur,
            "base": base,
            "champs": dict(record),
            "cree_le": quand,
            "modifie_le": quand,
        }
        with writing(self._engine) as connection:
            before = _waiting_on(connection, ref, auteur)
            if before is not None and before.record == record:
                return
            if before is not None and before.id != vue:
                raise PropositionEnAttente(before)
            connection.execute(delete(propositions).where(_is_of(ref, auteur), _WAITS))
            connection.execute(insert(propositions).values(values))

    def waiting_on(self, ref: FicheRef, auteur: str) -> Proposition | None:
        """Returns the change that an author has waiting on a listing."""
        with reading(self._engine) as connection:
            return _waiting_on(connection, ref, auteur)

    def get(self, numero: int) -> Proposition:
        """Returns a change that waits."""
        if not 0 < numero <= MAX_ID:
            raise PropositionInconnue
        query = select(propositions).where(propositions.c.id == numero, _WAITS)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise PropositionInconnue
        return _proposition(row)

    def waiting(self) -> Sequence[Proposition]:
        """Returns the changes that wait, the oldest first."""
        query = select(propositions).where(_WAITS).order_by(propositions.c.id)
        with reading(self._engine) as connection:
            return [_proposition(row) for row in connection.execute(query).mappings()]

    def sent_by(self, auteur: str, structure_id: StructureId) -> Sequence[Proposition]:
        """Returns what an author sent about a structure, answered or not, the newest first."""
        query = (
            select(propositions)
            .where(
                propositions.c.auteur == auteur,
                propositions.c.structure_id == structure_id,
                propositions.c.etat.in_(etat.value for etat in EtatProposition),
            )
            .order_by(propositions.c.id.desc())
            .limit(MAX_SENT)
        )
        with reading(self._engine) as connection:
            return [_proposition(row) for row in connection.execute(query).mappings()]

    def begun_by(self, auteur: str) -> Sequence[Proposition]:
        """Returns the new structures that an author sent, answered or not, the newest first."""
        query = (
            select(propositions)
            .where(
                propositions.c.auteur == auteur,
                propositions.c.objet == STRUCTURE,
                propositions.c.base == 0,
                propositions.c.etat.in_(etat.value for etat in EtatProposition),
            )
            .order_by(propositions.c.id.desc())
            .limit(MAX_SENT)
        )
        with reading(self._engine) as connection:
            return [_proposition(row) for row in connection.execute(query).mappings()]

    def settle(
        self, numero: int, etat: EtatProposition, par: str, motif: str | None, quand: datetime
    ) -> None:
        """Answers a change, once."""
        with writing(self._engine) as connection:
            settle_in(connection, numero, etat, par, motif, quand)


def _waiting_on(connection: Connection, ref: FicheRef, auteur: str) -> Proposition | None:
    query = select(propositions).where(_is_of(ref, auteur), _WAITS)
    row = connection.execute(query.order_by(propositions.c.id.desc())).mappings().first()
    return _proposition(row) if row is not None else None


def _is_of(ref: FicheRef, auteur: str) -> ColumnElement[bool]:
    return (
        (propositions.c.objet == ref.objet)
        & (propositions.c.objet_id == ref.id)
        & (propositions.c.auteur == auteur)
    )


def settle_in(
    connection: Connection,
    numero: int,
    etat: EtatProposition,
    par: str,
    motif: str | None,
    quand: datetime,
) -> None:
    """Answers a change, once, inside a transaction: of two answers at once the first counts.

    Raises `PropositionInconnue` for the other.
    """
    answer = {"etat": etat.value, "traite_par": par, "motif": motif, "traite_le": quand}
    settled = connection.execute(
        update(propositions).where(propositions.c.id == numero, _WAITS).values(answer)
    )
    if settled.rowcount == 0:
        raise PropositionInconnue


def _proposition(row: RowMapping) -> Proposition:
    return Proposition(
        id=row["id"],
        ref=FicheRef(objet=row["objet"], id=row["objet_id"]),
        structure_id=StructureId(row["structure_id"]),
        auteur=row["auteur"],
        base=row["base"],
        record=row["champs"],
        envoyee_le=in_utc(row["modifie_le"]),
        etat=EtatProposition(row["etat"]),
        motif=row["motif"],
        traitee_le=in_utc(row["traite_le"]) if row["traite_le"] else None,
    )
