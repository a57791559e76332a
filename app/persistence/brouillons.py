"""Keeps drafts, beside the changes that wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, delete, insert, select, update

from app.domain.brouillons import Brouillon, Typed
from app.domain.edition import FicheRef
from app.domain.offre import StructureId
from app.persistence.answering import in_utc, reading, writing
from app.persistence.tables.editions import propositions

ETAT = "brouillon"
_TYPED, _IDENT = "saisie", "identifiant"
_IS_DRAFT = propositions.c.etat == ETAT


class SqlBrouillonStore:
    """Implements `app.domain.brouillons.BrouillonStore` on SQLAlchemy.

    The id that a new listing will have is beside what is typed: no listing has it yet. Raises
    `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(
        self,
        ref: FicheRef,
        structure_id: StructureId,
        auteur: str,
        base: int,
        typed: Typed,
        quand: datetime,
        *,
        is_new: bool,
    ) -> None:
        """Keeps a draft in place of the one that its author has of the same listing."""
        values = {
            "objet": ref.objet,
            "objet_id": None if is_new else ref.id,
            "structure_id": structure_id,
            "base": base,
            "champs": {_IDENT: ref.id, _TYPED: [list(pair) for pair in typed]},
            "modifie_le": quand,
        }
        with writing(self._engine) as connection:
            known = _known(connection, auteur, ref)
            if known:
                connection.execute(update(propositions).where(_is_one_of(known)).values(values))
            else:
                created = {"etat": ETAT, "auteur": auteur, "cree_le": quand}
                connection.execute(insert(propositions).values({**values, **created}))

    def find(self, auteur: str, ref: FicheRef) -> Brouillon | None:
        """Returns an author's draft of a listing."""
        return next((one for one in self.of(auteur) if one.ref == ref), None)

    def of(self, auteur: str) -> Sequence[Brouillon]:
        """Returns an author's drafts, the newest first."""
        query = (
            select(propositions)
            .where(_IS_DRAFT, propositions.c.auteur == auteur)
            .order_by(propositions.c.modifie_le.desc(), propositions.c.id.desc())
        )
        with reading(self._engine) as connection:
            return [_brouillon(row) for row in connection.execute(query).mappings()]

    def forget(self, auteur: str, ref: FicheRef) -> None:
        """Erases an author's draft of a listing, if there is one."""
        with writing(self._engine) as connection:
            known = _known(connection, auteur, ref)
            connection.execute(delete(propositions).where(_is_one_of(known)))

    def purge_before(self, quand: datetime) -> int:
        """Erases the drafts that have not changed since an instant; returns how many."""
        old = delete(propositions).where(_IS_DRAFT, propositions.c.modifie_le < quand)
        with writing(self._engine) as connection:
            return connection.execute(old).rowcount


def _known(connection: Connection, auteur: str, ref: FicheRef) -> list[int]:
    """Returns the numbers of an author's drafts of a listing, whether it existed then or not."""
    query = select(propositions).where(
        _IS_DRAFT, propositions.c.auteur == auteur, propositions.c.objet == ref.objet
    )
    rows = connection.execute(query).mappings()
    return [row["id"] for row in rows if row["champs"][_IDENT] == ref.id]


def _is_one_of(ids: Sequence[int]) -> ColumnElement[bool]:
    return propositions.c.id.in_(ids)


def _brouillon(row: RowMapping) -> Brouillon:
    champs: dict[str, Any] = row["champs"]
    return Brouillon(
        id=row["id"],
        ref=FicheRef(objet=row["objet"], id=champs[_IDENT]),
        structure_id=StructureId(row["structure_id"]),
        auteur=row["auteur"],
        base=row["base"],
        typed=[(nom, valeur) for nom, valeur in champs[_TYPED]],
        modifie_le=in_utc(row["modifie_le"]),
        is_new=row["objet_id"] is None,
    )
