"""Reads the offers whose rules have a source, all at once: they are a few hundred."""

from collections.abc import Sequence

from sqlalchemy import Engine, func, or_, select

from app.domain.dispositifs import SOURCE, OffreSourcee
from app.domain.edition import Fiche, FicheRef
from app.domain.publication import OFFRE
from app.persistence.answering import in_utc, reading
from app.persistence.mappers import row_to_offre, row_to_structure
from app.persistence.statements import rows_by_id
from app.persistence.tables.catalogue import offres, revisions
from app.persistence.tables.catalogue import structures as structures_table
from app.persistence.tables.editions import champs

HELD_TOGETHER = ("eligibilite", "regles")


class SqlReglesStore:
    """Implements `app.domain.dispositifs.ReglesStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def offres(self) -> Sequence[OffreSourcee]:
        """Returns those of shipped schemes and those that cite a text, in whatever state."""
        has_rules = or_(offres.c.source == SOURCE, offres.c.regles.is_not(None))
        ids = select(offres.c.id).where(has_rules)
        newest = (
            select(revisions.c.objet_id, func.max(revisions.c.id))
            .where(revisions.c.objet == OFFRE, revisions.c.objet_id.in_(ids))
            .group_by(revisions.c.objet_id)
        )
        held = select(champs).where(
            champs.c.objet == OFFRE,
            champs.c.objet_id.in_(ids),
            champs.c.champ.in_(HELD_TOGETHER),
            champs.c.source_le.is_not(None),
        )
        with reading(self._engine) as connection:
            query = select(offres).where(has_rules).order_by(offres.c.id)
            rows = connection.execute(query).mappings().all()
            carriers = {row["structure_id"] for row in rows}
            structures = {
                row["id"]: row_to_structure(row)
                for row in rows_by_id(connection, structures_table, sorted(carriers))
            }
            revision_of = {row[0]: row[1] for row in connection.execute(newest)}
            said: dict[str, dict[str, object]] = {}
            news: dict[str, set[str]] = {}
            for row in connection.execute(held).mappings():
                said.setdefault(row["objet_id"], {})[row["champ"]] = row["valeur_source"]
                if in_utc(row["source_le"]) > in_utc(row["tenu_depuis"]):
                    news.setdefault(row["objet_id"], set()).add(row["champ"])
        return [
            OffreSourcee(
                fiche=Fiche(
                    ref=FicheRef(objet=OFFRE, id=row["id"]),
                    value=row_to_offre(row),
                    structure=structures[row["structure_id"]],
                    revision=revision_of.get(row["id"], 0),
                ),
                source=said.get(row["id"], {}),
                nouveautes=frozenset(news.get(row["id"], ())),
            )
            for row in rows
        ]
