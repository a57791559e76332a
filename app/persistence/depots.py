"""Keeps the files of offers that wait for their sender to publish them."""

from datetime import datetime

from sqlalchemy import Engine, delete, insert, select

from app.domain.depots import GARDE_DEPOT, Depot, DepotInconnu
from app.domain.offre import StructureId
from app.persistence.answering import reading, writing
from app.persistence.tables.depots import depots


class SqlDepotStore:
    """Implements `app.domain.depots.DepotStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, empreinte: str, depot: Depot, quand: datetime) -> None:
        """Keeps a file, and erases those that have waited too long."""
        with writing(self._engine) as connection:
            connection.execute(delete(depots).where(depots.c.depose_le < quand - GARDE_DEPOT))
            connection.execute(
                insert(depots).values(
                    empreinte=empreinte,
                    structure_id=depot.structure_id,
                    auteur=depot.auteur,
                    depose_le=quand,
                    contenu=[dict(ligne) for ligne in depot.lignes],
                )
            )

    def get(self, empreinte: str, quand: datetime) -> Depot:
        """Returns a file that waits. Raises `DepotInconnu`."""
        query = select(depots).where(
            depots.c.empreinte == empreinte, depots.c.depose_le >= quand - GARDE_DEPOT
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise DepotInconnu
        return Depot(
            structure_id=StructureId(row["structure_id"]),
            auteur=row["auteur"],
            lignes=row["contenu"],
        )

    def forget(self, empreinte: str) -> None:
        """Erases a file."""
        with writing(self._engine) as connection:
            connection.execute(delete(depots).where(depots.c.empreinte == empreinte))
