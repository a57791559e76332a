"""Reads and closes the open sessions of an account."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, select

from app.domain.connexion import Empreinte, Moyen
from app.domain.sessions import NomSession, SessionOuverte, nom_of
from app.persistence.answering import in_utc, reading, writing
from app.persistence.tables.comptes import sessions


class SqlSessionStore:
    """Implements `app.domain.sessions.SessionStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sessions_of(self, compte_id: int, quand: datetime) -> Sequence[SessionOuverte]:
        """Returns the open sessions of an account, the newest first."""
        query = (
            select(sessions)
            .where(sessions.c.compte_id == compte_id, sessions.c.expire_le > quand)
            .order_by(sessions.c.ouverte_le.desc(), sessions.c.empreinte)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).mappings().all()
        return [
            SessionOuverte(
                nom=nom_of(row["empreinte"]),
                moyen=Moyen(row["ouverte_par"]),
                ouverte_le=in_utc(row["ouverte_le"]),
                expire_le=in_utc(row["expire_le"]),
            )
            for row in rows
        ]

    def close_named(self, compte_id: int, nom: NomSession) -> int:
        """Closes a session by its name, which only its digest gives: an account has few."""
        mine = select(sessions.c.empreinte).where(sessions.c.compte_id == compte_id)
        with writing(self._engine) as connection:
            named = [one for one in connection.execute(mine).scalars() if nom_of(one) == nom]
            query = delete(sessions).where(sessions.c.empreinte.in_(named))
            return connection.execute(query).rowcount

    def close_others(self, compte_id: int, garder: Empreinte) -> int:
        """Closes every session of an account but one, and returns how many."""
        others = (sessions.c.compte_id == compte_id) & (sessions.c.empreinte != garder)
        with writing(self._engine) as connection:
            return connection.execute(delete(sessions).where(others)).rowcount
