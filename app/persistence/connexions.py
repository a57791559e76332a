"""Keeps the links sent by e-mail and the sessions that they open."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update

from app.domain.comptes import (
    DUREE_SESSION,
    DUREE_SESSION_BOITE,
    Compte,
    Role,
)
from app.domain.connexion import (
    FENETRE_LIENS,
    GARDE_LIENS,
    MAX_LIENS,
    Empreinte,
    Lien,
    LienRefuse,
    MotifRefus,
    Moyen,
    Session,
    TropDeLiens,
    Usage,
)
from app.domain.offre import StructureId
from app.persistence.answering import in_utc, reading, writing
from app.persistence.tables.comptes import comptes, liens, sessions


class SqlConnexionStore:
    """Implements `app.domain.connexion.ConnexionStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_lien(self, empreinte: Empreinte, lien: Lien, quand: datetime) -> None:
        """Keeps a link, and erases those that are long over."""
        recent = (
            select(func.count())
            .select_from(liens)
            .where(liens.c.courriel == lien.courriel, liens.c.usage == lien.usage.value)
            .where(liens.c.cree_le > quand - FENETRE_LIENS)
        )
        with writing(self._engine) as connection:
            connection.execute(delete(liens).where(liens.c.expire_le < quand - GARDE_LIENS))
            if connection.execute(recent).scalar_one() >= MAX_LIENS:
                raise TropDeLiens
            connection.execute(
                insert(liens).values(
                    empreinte=empreinte,
                    usage=lien.usage.value,
                    courriel=lien.courriel,
                    structure_id=lien.structure_id,
                    cree_le=quand,
                    expire_le=lien.expire_le,
                )
            )

    def get_lien(self, empreinte: Empreinte, quand: datetime) -> Lien:
        """Returns a link that may still be used."""
        with reading(self._engine) as connection:
            return _usable(connection, empreinte, quand)

    def find_lien(self, empreinte: Empreinte) -> Lien | None:
        """Returns a link whatever became of it, None once it is erased."""
        with reading(self._engine) as connection:
            row = _lien_row(connection, empreinte)
        return _lien_of(row) if row is not None else None

    def open_with_lien(self, lien: Empreinte, session: Empreinte, quand: datetime) -> Session:
        """Uses a link and opens its session. Writers go one at a time: it is used once."""
        with writing(self._engine) as connection:
            found = _usable(connection, lien, quand)
            connection.execute(
                update(liens).where(liens.c.empreinte == lien).values(consomme_le=quand)
            )
            if found.usage is Usage.BOITE:
                opened = Session(
                    compte=None,
                    structure_id=found.structure_id,
                    expire_le=quand + DUREE_SESSION_BOITE,
                )
            else:
                compte = account_of(connection, found.courriel, quand)
                if not compte.is_actif:
                    raise LienRefuse(MotifRefus.COMPTE_FERME)
                opened = Session(compte=compte, structure_id=None, expire_le=quand + DUREE_SESSION)
            open_session(connection, session, opened, Moyen.LIEN, quand)
            return opened

    def get_session(self, empreinte: Empreinte, quand: datetime) -> Session | None:
        """Returns an open session, of an account that is not closed."""
        query = (
            select(sessions.c.structure_id, sessions.c.expire_le, sessions.c.compte_id, comptes)
            .join(comptes, comptes.c.id == sessions.c.compte_id, isouter=True)
            .where(sessions.c.empreinte == empreinte, sessions.c.expire_le > quand)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        compte = compte_of(row) if row["compte_id"] is not None else None
        if compte is not None and not compte.is_actif:
            return None
        structure_id = row["structure_id"]
        return Session(
            compte=compte,
            structure_id=StructureId(structure_id) if structure_id is not None else None,
            expire_le=in_utc(row["expire_le"]),
        )

    def close_session(self, empreinte: Empreinte) -> None:
        """Closes a session, if it is open."""
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.empreinte == empreinte))

    def close_sessions_of(self, compte_id: int) -> int:
        """Closes every session of an account, and returns how many."""
        with writing(self._engine) as connection:
            closed = connection.execute(delete(sessions).where(sessions.c.compte_id == compte_id))
            return closed.rowcount


def compte_of(row: RowMapping) -> Compte:
    """Returns the account of a row."""
    return Compte(
        id=row["id"],
        courriel=row["courriel"],
        nom=row["nom"],
        role=Role(row["role"]),
        perimetre=row["perimetre"],
        is_actif=row["actif"],
    )


def new_compte(courriel: str, role: Role, quand: datetime, **more: Any) -> dict[str, Any]:
    """Returns the row of an account that begins; nobody has signed in with it yet."""
    return {
        "courriel": courriel,
        "nom": "",
        "role": role.value,
        "actif": True,
        "cree_le": quand,
        "vu_le": quand,
        **more,
    }


def _usable(connection: Connection, empreinte: Empreinte, quand: datetime) -> Lien:
    row = _lien_row(connection, empreinte)
    if row is None:
        raise LienRefuse(MotifRefus.INCONNU)
    if row["consomme_le"] is not None:
        raise LienRefuse(MotifRefus.DEJA_UTILISE)
    lien = _lien_of(row)
    if lien.expire_le <= quand:
        raise LienRefuse(MotifRefus.EXPIRE)
    return lien


def _lien_row(connection: Connection, empreinte: Empreinte) -> RowMapping | None:
    query = select(liens).where(liens.c.empreinte == empreinte)
    return connection.execute(query).mappings().first()


def _lien_of(row: RowMapping) -> Lien:
    structure_id = row["structure_id"]
    return Lien(
        usage=Usage(row["usage"]),
        courriel=row["courriel"],
        expire_le=in_utc(row["expire_le"]),
        structure_id=StructureId(structure_id) if structure_id is not None else None,
    )


def account_of(connection: Connection, courriel: str, quand: datetime) -> Compte:
    """Returns the account of an address, made when it is new: a partner of no structure yet."""
    has_address = comptes.c.courriel == courriel
    known = connection.execute(select(comptes).where(has_address)).mappings().first()
    if known is None:
        values = new_compte(courriel, Role.PARTENAIRE, quand)
        connection.execute(insert(comptes).values(values))
        known = connection.execute(select(comptes).where(has_address)).mappings().one()
    elif known["actif"]:
        connection.execute(update(comptes).where(has_address).values(vu_le=quand))
    return compte_of(known)


def open_session(
    connection: Connection,
    empreinte: Empreinte,
    session: Session,
    moyen: Moyen,
    quand: datetime,
    *,
    jeton_identite: str | None = None,
) -> None:
    """Writes a session that opens, and erases those that are over."""
    connection.execute(delete(sessions).where(sessions.c.expire_le < quand))
    connection.execute(
        insert(sessions).values(
            empreinte=empreinte,
            compte_id=session.compte.id if session.compte else None,
            structure_id=session.structure_id,
            ouverte_le=quand,
            expire_le=session.expire_le,
            ouverte_par=moyen.value,
            jeton_identite=jeton_identite,
        )
    )
