"""Reads published listings by id, already rendered as their public JSON document."""

from collections.abc import Collection, Sequence

from sqlalchemy import Engine, Select, bindparam, case, func, select

from app.domain.offre import OffreId, StructureId
from app.domain.ports import ListedOffre
from app.domain.publication import STRUCTURE
from app.domain.vocabulaire import EtatPublication
from app.persistence.answering import reading
from app.persistence.mappers import row_to_offre
from app.persistence.redirections import kept_instead
from app.persistence.tables.catalogue import doublons, offres, structures
from app.persistence.tables.doublons import distinctions

_PUBLISHED = EtatPublication.PUBLIE.value
# Made once: building a statement would cost more than running it.
_DOCUMENTS = (
    select(offres.c.id, offres.c.document)
    .join(structures, structures.c.id == offres.c.structure_id)
    .where(offres.c.id.in_(bindparam("ids", expanding=True)))
    .where(offres.c.etat_publication == _PUBLISHED, structures.c.etat_publication == _PUBLISHED)
)

_LISTED = (
    select(offres)
    .join(structures, structures.c.id == offres.c.structure_id)
    .where(offres.c.id.in_(bindparam("ids", expanding=True)))
    .where(offres.c.etat_publication == _PUBLISHED, structures.c.etat_publication == _PUBLISHED)
)


class SqlOffreRepository:
    """The published catalogue; what is withdrawn since the index was written is not returned."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get_many(self, ids: Sequence[OffreId]) -> dict[OffreId, str]:
        """Returns the documents of those ids that are published."""
        if not ids:
            return {}
        with reading(self._engine) as connection:
            found = connection.execute(_DOCUMENTS, {"ids": list(ids)})
            return {OffreId(ident): document for ident, document in found}

    def get_listed(self, ids: Sequence[OffreId]) -> dict[OffreId, ListedOffre]:
        """Returns the offers and the documents of those ids that are published."""
        if not ids:
            return {}
        with reading(self._engine) as connection:
            rows = connection.execute(_LISTED, {"ids": list(ids)}).mappings()
            return {
                OffreId(row["id"]): ListedOffre(offre=row_to_offre(row), document=row["document"])
                for row in rows
            }

    def get_structure(self, structure_id: StructureId) -> str | None:
        """Returns the document of a published structure."""
        query = select(structures.c.document).where(
            structures.c.id == structure_id, structures.c.etat_publication == _PUBLISHED
        )
        with reading(self._engine) as connection:
            document: str | None = connection.execute(query).scalar()
            return document

    def list_structures(
        self,
        first: int,
        count: int,
        codes_insee: Collection[str] | None = None,
        departement: str | None = None,
    ) -> tuple[int, list[str]]:
        """Returns how many published structures there are and the documents of one page, by id."""
        conditions = [structures.c.etat_publication == _PUBLISHED]
        if codes_insee is not None:
            conditions.append(structures.c.code_insee.in_(sorted(codes_insee)))
        if departement:
            conditions.append(structures.c.code_insee.startswith(departement, autoescape=True))
        page = select(structures.c.document).where(*conditions).order_by(structures.c.id)
        with reading(self._engine) as connection:
            count_query = select(func.count()).select_from(structures).where(*conditions)
            total = connection.execute(count_query).scalar_one()
            documents = connection.execute(page.offset(first).limit(count)).scalars().all()
        return total, list(documents)

    def offre_ids_of(self, structure_id: StructureId) -> list[OffreId]:
        """Returns the published offers of a structure, by name."""
        query = (
            select(offres.c.id)
            .where(offres.c.structure_id == structure_id)
            .where(offres.c.etat_publication == _PUBLISHED)
            .order_by(offres.c.nom, offres.c.id)
        )
        with reading(self._engine) as connection:
            return [OffreId(ident) for ident in connection.execute(query).scalars()]

    def kept_instead(self, objet: str, ident: str) -> str | None:
        """Returns the listing with which another was merged, None when it was not."""
        with reading(self._engine) as connection:
            return kept_instead(connection, objet, [ident]).get(ident)

    def likely_duplicates(self, structure_id: StructureId) -> list[StructureId]:
        """Returns the structures that another source seems to list under another id."""
        mine = doublons.alias()
        query = (
            select(doublons.c.structure_id)
            .join(
                mine,
                (mine.c.critere == doublons.c.critere)
                & (mine.c.valeur == doublons.c.valeur)
                & (mine.c.code_insee == doublons.c.code_insee),
            )
            .where(mine.c.structure_id == structure_id, doublons.c.structure_id != structure_id)
            .where(doublons.c.structure_id.not_in(_told_apart_from(structure_id)))
            .distinct()
            .order_by(doublons.c.structure_id)
        )
        with reading(self._engine) as connection:
            return [StructureId(ident) for ident in connection.execute(query).scalars()]


def _told_apart_from(structure_id: StructureId) -> Select[tuple[str]]:
    """Returns what chooses the structures that a coordinator has told apart from one, for good."""
    une, autre = distinctions.c.une_id, distinctions.c.autre_id
    other = case((une == structure_id, autre), else_=une)
    return select(other).where(
        distinctions.c.objet == STRUCTURE, (une == structure_id) | (autre == structure_id)
    )
