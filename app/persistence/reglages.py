"""Keeps what territories set from the site."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, Select, func, insert, select

from app.domain.reglages import Nature, Reglage, ReglageModifie, Valeurs
from app.persistence.answering import in_utc, reading, writing
from app.persistence.tables.reglages import reglages


class SqlReglageStore:
    """Implements `app.domain.reglages.ReglageStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def newest(self) -> int:
        """Returns the number of the newest version of anything, 0 without any."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.max(reglages.c.id))).scalar() or 0

    def in_force(self) -> Sequence[Reglage]:
        """Returns the newest version of each setting."""
        newest = select(func.max(reglages.c.id)).group_by(reglages.c.territoire, reglages.c.nature)
        query = select(reglages).where(reglages.c.id.in_(newest)).order_by(reglages.c.id)
        with reading(self._engine) as connection:
            return [_reglage(row) for row in connection.execute(query).mappings()]

    def history(self, territoire: str, nature: Nature) -> Sequence[Reglage]:
        """Returns all versions of a setting, newest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(_versions(territoire, nature)).mappings()
            return [_reglage(row) for row in rows]

    def add(
        self,
        territoire: str,
        nature: Nature,
        valeurs: Valeurs,
        *,
        base: int,
        auteur: str,
        quand: datetime,
    ) -> None:
        """Writes a version, unless it is in force already or another came since `base`."""
        with writing(self._engine) as connection:
            row = connection.execute(_versions(territoire, nature).limit(1)).mappings().first()
            if (row["valeurs"] if row else {}) == dict(valeurs):
                return
            if (row["id"] if row else 0) != base:
                raise ReglageModifie
            connection.execute(
                insert(reglages).values(
                    territoire=territoire,
                    nature=nature.value,
                    valeurs=dict(valeurs),
                    auteur=auteur,
                    quand=quand,
                )
            )


def _versions(territoire: str, nature: Nature) -> Select[Any]:
    return (
        select(reglages)
        .where(reglages.c.territoire == territoire, reglages.c.nature == nature.value)
        .order_by(reglages.c.id.desc())
    )


def _reglage(row: RowMapping) -> Reglage:
    return Reglage(
        id=row["id"],
        territoire=row["territoire"],
        nature=Nature(row["nature"]),
        valeurs=row["valeurs"],
        auteur=row["auteur"],
        quand=in_utc(row["quand"]),
    )
