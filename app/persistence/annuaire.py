"""Keeps accounts as an administrator reads and changes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, insert, select, update

from app.domain.annuaire import CompteInconnu, CompteModifie, Inscrit, Statut, statut_of
from app.domain.comptes import Compte
from app.persistence.answering import in_utc, reading, writing
from app.persistence.comptes import SqlCompteStore, close_in, keep_an_administrator
from app.persistence.connexions import compte_of, new_compte
from app.persistence.statements import MAX_ID
from app.persistence.tables.catalogue import structures
from app.persistence.tables.comptes import adhesions, comptes, sessions


class SqlAnnuaireStore(SqlCompteStore):
    """Implements `app.domain.annuaire.AnnuaireStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def inscrits(self) -> Sequence[Inscrit]:
        """Returns every account."""
        with reading(self._engine) as connection:
            return [_inscrit(row) for row in connection.execute(select(comptes)).mappings()]

    def inscrit(self, compte_id: int) -> Inscrit:
        """Returns an account, closed or not."""
        query = select(comptes).where(comptes.c.id == min(compte_id, MAX_ID))
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise CompteInconnu
        return _inscrit(row)

    def structures_of(self, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
        """Returns the names of the structures that accounts were admitted to, sorted."""
        query = (
            select(adhesions.c.compte_id, structures.c.nom)
            .join(structures, structures.c.id == adhesions.c.structure_id)
            .where(adhesions.c.compte_id.in_(ids), adhesions.c.admise_le.is_not(None))
            .order_by(structures.c.cle_nom, structures.c.id)
        )
        found: dict[int, list[str]] = {}
        with reading(self._engine) as connection:
            for compte_id, nom in connection.execute(query):
                found.setdefault(compte_id, []).append(nom)
        return found

    def make(self, courriel: str, nom: str, statut: Statut, quand: datetime) -> tuple[Compte, bool]:
        """Makes the account of an address. Writers go one at a time: it is made once."""
        has_address = comptes.c.courriel == courriel
        with writing(self._engine) as connection:
            known = connection.execute(select(comptes).where(has_address)).mappings().first()
            if known is not None:
                return compte_of(known), False
            more = {"nom": nom, "perimetre": statut.perimetre}
            row = new_compte(courriel, statut.role, quand) | more
            connection.execute(insert(comptes).values(row))
            made = connection.execute(select(comptes).where(has_address)).mappings().one()
            return compte_of(made), True

    def change(self, compte_id: int, lu: str, voulu: Statut) -> bool:
        """Changes an account as its page was read, and closes its sessions.

        What is as it should be stays as it is, so that a button pressed twice tells of no conflict.
        """
        mine = comptes.c.id == min(compte_id, MAX_ID)
        with writing(self._engine) as connection:
            row = connection.execute(select(comptes).where(mine)).mappings().first()
            if row is None:
                raise CompteInconnu
            statut = statut_of(compte_of(row))
            if statut == voulu:
                return False
            if statut.cle != lu:
                raise CompteModifie
            keep_an_administrator(connection, compte_id, voulu)
            if not voulu.is_actif:
                close_in(connection, compte_id)
                return True
            values = {"role": voulu.role.value, "perimetre": voulu.perimetre, "actif": True}
            connection.execute(update(comptes).where(mine).values(values))
            connection.execute(delete(sessions).where(sessions.c.compte_id == compte_id))
            return True


def _inscrit(row: RowMapping) -> Inscrit:
    return Inscrit(
        compte=compte_of(row), cree_le=in_utc(row["cree_le"]), vu_le=in_utc(row["vu_le"])
    )
