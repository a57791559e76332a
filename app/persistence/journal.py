"""Keeps the journal of sensitive actions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, RowMapping, delete, insert, select

from app.domain.journal import PAR_PAGE, Filtre, Ligne, Sensible
from app.persistence.answering import in_utc, reading, writing
from app.persistence.tables.comptes import journal


class SqlJournalStore:
    """Implements `app.domain.journal.JournalStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, ligne: Ligne) -> None:
        """Keeps a line, in a transaction of its own."""
        values = {
            "quand": ligne.quand,
            "auteur": ligne.auteur,
            "action": ligne.action.value,
            "objet": ligne.objet,
            "details": dict(ligne.details) or None,
        }
        with writing(self._engine) as connection:
            connection.execute(insert(journal).values(values))

    def find(self, filtre: Filtre) -> Sequence[Ligne]:
        """Returns the newest lines first, `PAR_PAGE` at most."""
        asked = (
            None if filtre.action is None else journal.c.action == filtre.action.value,
            None if filtre.auteur is None else journal.c.auteur == filtre.auteur,
            None if filtre.objet is None else journal.c.objet == filtre.objet,
            None if filtre.depuis is None else journal.c.quand >= filtre.depuis,
            None if filtre.jusqu_a is None else journal.c.quand < filtre.jusqu_a,
            None if filtre.avant is None else journal.c.id < filtre.avant,
        )
        conditions = [condition for condition in asked if condition is not None]
        query = select(journal).where(*conditions).order_by(journal.c.id.desc()).limit(PAR_PAGE)
        with reading(self._engine) as connection:
            return [_ligne(row) for row in connection.execute(query).mappings()]

    def purge(self, avant: datetime) -> int:
        """Erases the lines older than an instant, and returns how many."""
        with writing(self._engine) as connection:
            return connection.execute(delete(journal).where(journal.c.quand < avant)).rowcount


def _ligne(row: RowMapping) -> Ligne:
    return Ligne(
        id=row["id"],
        quand=in_utc(row["quand"]),
        auteur=row["auteur"],
        action=Sensible(row["action"]),
        objet=row["objet"],
        details=row["details"] or {},
    )
