"""Keeps the keys of partners' software, by their digest."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, RowMapping, delete, func, insert, select, update

from app.domain.cles import MAX_CLES, CleInconnue, CleListee, CleRefusee, TropDeCles
from app.domain.comptes import Compte
from app.domain.connexion import Empreinte
from app.persistence.answering import in_utc, reading, writing
from app.persistence.connexions import compte_of
from app.persistence.statements import MAX_ID
from app.persistence.tables.cles import cles
from app.persistence.tables.comptes import comptes


class SqlCleStore:
    """Implements `app.domain.cles.CleStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, empreinte: Empreinte, cle: CleListee) -> CleListee:
        """Keeps a key and returns it with its id. Writers go one at a time: the count holds."""
        mine = cles.c.compte_id == cle.compte_id
        values = {
            "compte_id": cle.compte_id,
            "nom": cle.nom,
            "empreinte": empreinte,
            "cree_le": cle.cree_le,
            "expire_le": cle.expire_le,
        }
        with writing(self._engine) as connection:
            counted = select(func.count()).select_from(cles).where(mine)
            if connection.execute(counted).scalar_one() >= MAX_CLES:
                raise TropDeCles
            connection.execute(insert(cles).values(values))
            kept = select(cles).where(cles.c.empreinte == empreinte)
            return _cle(connection.execute(kept).mappings().one())

    def of(self, compte_id: int) -> Sequence[CleListee]:
        """Returns the keys of an account, those that are over included, the newest first."""
        query = select(cles).where(cles.c.compte_id == compte_id).order_by(cles.c.id.desc())
        with reading(self._engine) as connection:
            return [_cle(row) for row in connection.execute(query).mappings()]

    def use(self, empreinte: Empreinte, quand: datetime) -> tuple[CleListee, Compte]:
        """Returns a key that may be used, and its account; its day is noted once."""
        found = select(cles).where(cles.c.empreinte == empreinte)
        with reading(self._engine) as connection:
            row = connection.execute(found).mappings().first()
            if row is None or in_utc(row["expire_le"]) <= quand:
                raise CleRefusee
            holder = select(comptes).where(comptes.c.id == row["compte_id"])
            compte = compte_of(connection.execute(holder).mappings().one())
        if not compte.is_actif:
            raise CleRefusee
        if row["vue_le"] != quand.date():
            with writing(self._engine) as connection:
                seen = update(cles).where(cles.c.id == row["id"]).values(vue_le=quand.date())
                connection.execute(seen)
        return _cle(row), compte

    def revoke(self, compte_id: int, cle_id: int) -> None:
        """Erases a key of an account."""
        mine = (cles.c.compte_id == compte_id) & (cles.c.id == cle_id)
        with writing(self._engine) as connection:
            if cle_id > MAX_ID or connection.execute(delete(cles).where(mine)).rowcount == 0:
                raise CleInconnue


def _cle(row: RowMapping) -> CleListee:
    return CleListee(
        id=row["id"],
        compte_id=row["compte_id"],
        nom=row["nom"],
        cree_le=in_utc(row["cree_le"]),
        expire_le=in_utc(row["expire_le"]),
        vue_le=row["vue_le"],
    )
