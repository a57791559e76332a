"""Joins the identities of a provider to accounts."""

from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, select, update

from app.domain.comptes import DUREE_SESSION
from app.domain.connexion import Empreinte, Moyen, Session
from app.domain.identites import Entree, Identite, IdentiteRefusee, MotifIdentite
from app.persistence.answering import reading, writing
from app.persistence.connexions import account_of, compte_of, open_session
from app.persistence.tables.comptes import comptes, sessions


class SqlIdentiteStore:
    """Implements `app.domain.identites.IdentiteStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_with_identite(
        self, identite: Identite, courriel: str, session: Empreinte, quand: datetime
    ) -> Entree:
        """Opens a session of the account of an identity. Writers go one at a time."""
        with writing(self._engine) as connection:
            entree = _joined(connection, identite, courriel, quand)
            open_session(
                connection,
                session,
                entree.session,
                Moyen.PROCONNECT,
                quand,
                jeton_identite=identite.jeton,
            )
            return entree

    def has_identite(self, compte_id: int) -> bool:
        """Tells whether an account is joined to an identity."""
        query = select(comptes.c.identite).where(comptes.c.id == compte_id)
        with reading(self._engine) as connection:
            return connection.execute(query).scalar() is not None

    def detach(self, compte_id: int) -> bool:
        """Parts an account from its identity; False when it had none."""
        joined = (comptes.c.id == compte_id) & comptes.c.identite.is_not(None)
        with writing(self._engine) as connection:
            query = update(comptes).where(joined).values(identite=None)
            return connection.execute(query).rowcount > 0

    def jeton_of(self, session: Empreinte) -> str | None:
        """Returns the proof that a session was opened with."""
        query = select(sessions.c.jeton_identite).where(sessions.c.empreinte == session)
        with reading(self._engine) as connection:
            jeton: str | None = connection.execute(query).scalar()
            return jeton


def _joined(connection: Connection, identite: Identite, courriel: str, quand: datetime) -> Entree:
    """Returns the session of an identity, whose address joins its account the first time."""
    known = _row_of(connection, identite)
    if known is not None:
        compte = compte_of(known)
        if not compte.is_actif:
            raise IdentiteRefusee(MotifIdentite.COMPTE_FERME)
        mine = comptes.c.id == compte.id
        connection.execute(update(comptes).where(mine).values(vu_le=quand))
        return _entree(known, quand, is_creee=False, is_jointe=False)
    by_address = select(comptes.c.id).where(comptes.c.courriel == courriel)
    is_creee = connection.execute(by_address).first() is None
    compte = account_of(connection, courriel, quand)
    if not compte.is_actif:
        raise IdentiteRefusee(MotifIdentite.COMPTE_FERME)
    mine = comptes.c.id == compte.id
    if connection.execute(select(comptes.c.identite).where(mine)).scalar() is not None:
        # An address given to somebody else is not the person that the account was joined to.
        raise IdentiteRefusee(MotifIdentite.AUTRE_IDENTITE)
    values = {"identite": identite.cle}
    if not compte.nom:
        values["nom"] = identite.nom
    connection.execute(update(comptes).where(mine).values(values))
    joined = connection.execute(select(comptes).where(mine)).mappings().one()
    return _entree(joined, quand, is_creee=is_creee, is_jointe=True)


def _entree(row: RowMapping, quand: datetime, *, is_creee: bool, is_jointe: bool) -> Entree:
    opened = Session(compte=compte_of(row), structure_id=None, expire_le=quand + DUREE_SESSION)
    return Entree(session=opened, is_creee=is_creee, is_jointe=is_jointe)


def _row_of(connection: Connection, identite: Identite) -> RowMapping | None:
    query = select(comptes).where(comptes.c.identite == identite.cle)
    return connection.execute(query).mappings().first()
