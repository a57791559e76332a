"""Keeps what readers say is wrong with a sheet. Nothing here says who wrote it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, delete, func, insert, select, update

from app.domain.offre import OffreId
from app.domain.signalements import (
    REPEAT_WINDOW,
    Constat,
    Motif,
    Signalement,
    SignalementListe,
    repeated_among,
)
from app.persistence.answering import in_utc, reading, writing
from app.persistence.tables.catalogue import offres, signalements

_MAX_ID = 2**31 - 1  # an INTEGER of PostgreSQL: a larger number is nobody's
_IS_OPEN = signalements.c.traite_le.is_(None)


class SqlSignalementStore:
    """Implements `app.domain.signalements.SignalementStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, offre_id: OffreId, constat: Constat, quand: datetime) -> None:
        """Keeps a report, or counts it on the open one that it repeats."""
        recent = select(signalements).where(
            signalements.c.offre_id == offre_id,
            signalements.c.motif == constat.motif.value,
            signalements.c.recu_le > quand - REPEAT_WINDOW,
            _IS_OPEN,
        )
        with writing(self._engine) as connection:
            known = map(_signalement, connection.execute(recent).mappings())
            repeated = repeated_among(known, constat, quand)
            if repeated is None:
                connection.execute(insert(signalements).values(_new(offre_id, constat, quand)))
            else:
                connection.execute(
                    update(signalements)
                    .where(signalements.c.id == repeated.id)
                    .values(
                        fois=repeated.fois + 1, precision=repeated.precision or constat.precision
                    )
                )

    def list_open(self) -> Sequence[SignalementListe]:
        """Returns what is still to be handled, newest first."""
        query = (
            select(signalements, offres.c.nom.label("offre_nom"))
            .join(offres, offres.c.id == signalements.c.offre_id, isouter=True)
            .where(_IS_OPEN)
            .order_by(signalements.c.recu_le.desc(), signalements.c.id.desc())
        )
        with reading(self._engine) as connection:
            return [
                SignalementListe(signalement=_signalement(row), offre_nom=row["offre_nom"])
                for row in connection.execute(query).mappings()
            ]

    def mark_handled(self, ident: int, quand: datetime) -> bool:
        """Closes a report, once; False when there is none of this id."""
        if not 0 < ident <= _MAX_ID:
            return False
        has_id = signalements.c.id == ident
        with writing(self._engine) as connection:
            if connection.execute(select(signalements.c.id).where(has_id)).first() is None:
                return False
            connection.execute(update(signalements).where(has_id, _IS_OPEN).values(traite_le=quand))
            return True

    def count_open(self) -> int:
        """Returns how many reports are still to be handled."""
        query = select(func.count()).select_from(signalements).where(_IS_OPEN)
        with reading(self._engine) as connection:
            count: int = connection.execute(query).scalar_one()
            return count

    def purge_before(self, quand: datetime) -> int:
        """Erases the reports handled before an instant and returns how many there were."""
        handled = delete(signalements).where(signalements.c.traite_le < quand)
        with writing(self._engine) as connection:
            return connection.execute(handled).rowcount


def _new(offre_id: OffreId, constat: Constat, quand: datetime) -> dict[str, Any]:
    return {
        "offre_id": offre_id,
        "motif": constat.motif.value,
        "precision": constat.precision,
        "recu_le": quand,
        "fois": 1,
    }


def _signalement(row: RowMapping) -> Signalement:
    return Signalement(
        id=row["id"],
        offre_id=OffreId(row["offre_id"]),
        motif=Motif(row["motif"]),
        precision=row["precision"],
        recu_le=in_utc(row["recu_le"]),
        traite_le=in_utc(row["traite_le"]) if row["traite_le"] else None,
        fois=row["fois"],
    )
