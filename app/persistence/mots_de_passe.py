"""Keeps the digests of passwords, and counts how often they are tried."""

from datetime import datetime

from sqlalchemy import ColumnElement, Engine, delete, func, insert, select, update

from app.domain.comptes import DUREE_SESSION
from app.domain.connexion import Empreinte, Moyen, Session
from app.domain.mots_de_passe import (
    FENETRE_ESSAIS,
    MAX_ESSAIS,
    Cle,
    CompteSecret,
    MotDePasseFaux,
    Secret,
    TropDEssais,
)
from app.persistence.answering import reading, writing
from app.persistence.connexions import compte_of, open_session
from app.persistence.tables.comptes import comptes, essais, sessions


class SqlMotDePasseStore:
    """Implements `app.domain.mots_de_passe.MotDePasseStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_essai(self, cle: Cle, quand: datetime) -> None:
        """Counts a try, and erases those that no longer count. Writers go one at a time."""
        with writing(self._engine) as connection:
            connection.execute(delete(essais).where(essais.c.quand <= quand - FENETRE_ESSAIS))
            made = select(func.count()).select_from(essais).where(essais.c.cle == cle)
            if connection.execute(made).scalar_one() >= MAX_ESSAIS:
                raise TropDEssais
            connection.execute(insert(essais).values(cle=cle, quand=quand))

    def secret_of(self, courriel: str) -> CompteSecret | None:
        """Returns the password of an account that is open and has one."""
        query = select(comptes.c.id, comptes.c.mot_de_passe).where(
            comptes.c.courriel == courriel, comptes.c.actif, comptes.c.mot_de_passe.is_not(None)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        return CompteSecret(compte_id=row[0], secret=Secret(row[1])) if row is not None else None

    def open_with_secret(
        self, found: CompteSecret, cle: Cle, session: Empreinte, quand: datetime
    ) -> Session:
        """Opens a session, if the password that was checked is still that of an open account."""
        with writing(self._engine) as connection:
            still = connection.execute(
                update(comptes).where(_is_still(found), comptes.c.actif).values(vu_le=quand)
            )
            if still.rowcount == 0:
                raise MotDePasseFaux
            connection.execute(delete(essais).where(essais.c.cle == cle))
            query = select(comptes).where(comptes.c.id == found.compte_id)
            opened = Session(
                compte=compte_of(connection.execute(query).mappings().one()),
                structure_id=None,
                expire_le=quand + DUREE_SESSION,
            )
            open_session(connection, session, opened, Moyen.MOT_DE_PASSE, quand)
            return opened

    def replace_secret(self, found: CompteSecret, secret: Secret) -> None:
        """Keeps a newer digest of the same password."""
        with writing(self._engine) as connection:
            newer = update(comptes).where(_is_still(found)).values(mot_de_passe=secret)
            connection.execute(newer)

    def set_secret(self, compte_id: int, secret: Secret | None, garder: Empreinte) -> None:
        """Sets or removes a password, and closes the other sessions with it."""
        with writing(self._engine) as connection:
            connection.execute(
                update(comptes).where(comptes.c.id == compte_id).values(mot_de_passe=secret)
            )
            connection.execute(
                delete(sessions).where(
                    sessions.c.compte_id == compte_id, sessions.c.empreinte != garder
                )
            )

    def forget_essais(self, cle: Cle) -> None:
        """Forgets the tries of an address."""
        with writing(self._engine) as connection:
            connection.execute(delete(essais).where(essais.c.cle == cle))


def _is_still(found: CompteSecret) -> ColumnElement[bool]:
    return (comptes.c.id == found.compte_id) & (comptes.c.mot_de_passe == found.secret)
