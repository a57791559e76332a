"""Keeps accounts and the structures that they speak for."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select, update

from app.domain.adhesions import AdhesionInconnue, AdhesionListee
from app.domain.annuaire import DernierAdministrateur, Statut
from app.domain.comptes import Adhesion, Compte, Role
from app.domain.errors import OffreIntrouvable
from app.domain.offre import StructureId
from app.persistence.answering import in_utc, reading, writing
from app.persistence.connexions import compte_of, new_compte
from app.persistence.tables.catalogue import structures
from app.persistence.tables.cles import cles
from app.persistence.tables.comptes import adhesions, comptes, sessions


class SqlCompteStore:
    """Implements `app.domain.adhesions.CompteStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def adhesions_of(self, compte_id: int) -> Sequence[AdhesionListee]:
        """Returns the structures of an account by name, those that it still waits for included."""
        query = _ADHESIONS.where(adhesions.c.compte_id == compte_id).order_by(
            structures.c.cle_nom, structures.c.id
        )
        return self._listed(query)

    def members_of(self, structure_id: StructureId) -> Sequence[AdhesionListee]:
        """Returns who speaks for a structure, or asks to, the oldest first; no closed account."""
        query = _ADHESIONS.where(adhesions.c.structure_id == structure_id, comptes.c.actif)
        return self._listed(query.order_by(adhesions.c.demandee_le, adhesions.c.compte_id))

    def waiting(self) -> Sequence[AdhesionListee]:
        """Returns who asks to speak for a structure, the oldest first; no closed account."""
        query = _ADHESIONS.where(adhesions.c.admise_le.is_(None), comptes.c.actif)
        return self._listed(query.order_by(adhesions.c.demandee_le, adhesions.c.compte_id))

    def _listed(self, query) -> Sequence[AdhesionListee]:  # type: ignore[no-untyped-def]
        with reading(self._engine) as connection:
            rows = connection.execute(query).mappings().all()
        return [
            AdhesionListee(
                adhesion=Adhesion(
                    compte=compte_of(row),
                    structure_id=StructureId(row["structure_id"]),
                    demandee_le=in_utc(row["demandee_le"]),
                    admise_le=in_utc(row["admise_le"]) if row["admise_le"] else None,
                ),
                structure_nom=row["structure_nom"],
            )
            for row in rows
        ]

    def ask(self, compte_id: int, structure_id: StructureId, quand: datetime) -> None:
        """Notes that an account asks to speak for a structure; asking twice changes nothing."""
        mine = (adhesions.c.compte_id == compte_id) & (adhesions.c.structure_id == structure_id)
        with writing(self._engine) as connection:
            exists = select(structures.c.id).where(structures.c.id == structure_id)
            if connection.execute(exists).first() is None:
                raise OffreIntrouvable(structure_id)
            if connection.execute(select(adhesions.c.compte_id).where(mine)).first() is None:
                values = {
                    "compte_id": compte_id,
                    "structure_id": structure_id,
                    "demandee_le": quand,
                }
                connection.execute(insert(adhesions).values(values))

    def admit(
        self, compte_id: int, structure_id: StructureId, auteur: str, quand: datetime
    ) -> None:
        """Admits an account to a structure; once admitted, it stays so."""
        mine = (adhesions.c.compte_id == compte_id) & (adhesions.c.structure_id == structure_id)
        with writing(self._engine) as connection:
            if connection.execute(select(adhesions.c.compte_id).where(mine)).first() is None:
                raise AdhesionInconnue
            _admit_in(connection, mine, auteur, quand)

    def remove(self, compte_id: int, structure_id: StructureId) -> None:
        """Ends what links an account to a structure, or refuses it."""
        mine = (adhesions.c.compte_id == compte_id) & (adhesions.c.structure_id == structure_id)
        with writing(self._engine) as connection:
            if connection.execute(delete(adhesions).where(mine)).rowcount == 0:
                raise AdhesionInconnue

    def find(self, courriel: str) -> Compte | None:
        """Returns the account of an address."""
        query = select(comptes).where(comptes.c.courriel == courriel)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        return compte_of(row) if row is not None else None

    def save(
        self, courriel: str, nom: str, role: Role, perimetre: str | None, quand: datetime
    ) -> Compte:
        """Makes the account of an address, or gives it another name, role or perimeter.

        What it may do changes at once, so its sessions are closed.
        """
        values = {"nom": nom, "role": role.value, "perimetre": perimetre, "actif": True}
        has_address = comptes.c.courriel == courriel
        with writing(self._engine) as connection:
            known = connection.execute(select(comptes.c.id).where(has_address)).scalar()
            if known is None:
                row = new_compte(courriel, role, quand) | values
                connection.execute(insert(comptes).values(row))
            else:
                keep_an_administrator(connection, known, Statut(role=role, perimetre=perimetre))
                connection.execute(update(comptes).where(has_address).values(values))
                connection.execute(delete(sessions).where(sessions.c.compte_id == known))
            return compte_of(
                connection.execute(select(comptes).where(has_address)).mappings().one()
            )

    def set_nom(self, compte_id: int, nom: str) -> None:
        """Gives an account the name that other members read."""
        with writing(self._engine) as connection:
            connection.execute(update(comptes).where(comptes.c.id == compte_id).values(nom=nom))

    def close(self, compte_id: int) -> None:
        """Closes an account, its sessions and its keys; what it wrote stays."""
        with writing(self._engine) as connection:
            keep_an_administrator(connection, compte_id, None)
            close_in(connection, compte_id)

    def get(self, compte_id: int) -> Compte | None:
        """Returns an account by its number, None when it was closed."""
        query = select(comptes).where(comptes.c.id == compte_id, comptes.c.actif)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        return compte_of(row) if row is not None else None

    def coordinateurs(self) -> Mapping[str, int]:
        """Returns the number of coordinators by the slug of their territory or basin."""
        query = (
            select(comptes.c.perimetre, func.count())
            .where(comptes.c.role == Role.COORDINATEUR.value, comptes.c.actif)
            .group_by(comptes.c.perimetre)
        )
        with reading(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def names(self, ids: Sequence[int]) -> dict[int, str]:
        """Returns the names of some accounts."""
        query = select(comptes.c.id, comptes.c.nom).where(comptes.c.id.in_(ids))
        with reading(self._engine) as connection:
            return {row.id: row.nom for row in connection.execute(query)}


def close_in(connection: Connection, compte_id: int) -> None:
    """Closes an account inside a transaction, with all that opens something in its name."""
    connection.execute(update(comptes).where(comptes.c.id == compte_id).values(actif=False))
    connection.execute(delete(sessions).where(sessions.c.compte_id == compte_id))
    connection.execute(delete(cles).where(cles.c.compte_id == compte_id))


def keep_an_administrator(connection: Connection, compte_id: int, voulu: Statut | None) -> None:
    """Raises `DernierAdministrateur` when a change would leave none. `voulu` None closes.

    Writers go one at a time: two administrators who close each other at once do not both succeed.
    """
    if voulu is not None and voulu.is_actif and voulu.role is Role.ADMINISTRATEUR:
        return
    query = select(comptes.c.id).where(comptes.c.role == Role.ADMINISTRATEUR.value, comptes.c.actif)
    if list(connection.execute(query).scalars()) == [compte_id]:
        raise DernierAdministrateur


def join_in(
    connection: Connection,
    compte_id: int,
    structure_id: StructureId,
    auteur: str,
    quand: datetime,
) -> None:
    """Makes an account speak for a structure, inside a transaction, whether it asked or not."""
    mine = (adhesions.c.compte_id == compte_id) & (adhesions.c.structure_id == structure_id)
    if connection.execute(select(adhesions.c.compte_id).where(mine)).first() is None:
        values = {"compte_id": compte_id, "structure_id": structure_id, "demandee_le": quand}
        connection.execute(insert(adhesions).values(values))
    _admit_in(connection, mine, auteur, quand)


def _admit_in(
    connection: Connection, mine: ColumnElement[bool], auteur: str, quand: datetime
) -> None:
    connection.execute(
        update(adhesions)
        .where(mine, adhesions.c.admise_le.is_(None))
        .values(admise_le=quand, admise_par=auteur)
    )


_ADHESIONS = (
    select(
        comptes,
        adhesions.c.structure_id,
        adhesions.c.demandee_le,
        adhesions.c.admise_le,
        structures.c.nom.label("structure_nom"),
    )
    .join(adhesions, adhesions.c.compte_id == comptes.c.id)
    .join(structures, structures.c.id == adhesions.c.structure_id)
)
