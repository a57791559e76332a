"""What the index owes: which offers changed since it last caught up, oldest first.

The id of an outbox row is the version of what the index then writes, so that a late or repeated
write never undoes a newer one. Rows are removed only after the index has taken them in.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from operator import itemgetter

from sqlalchemy import Connection, Engine, and_, delete, func, insert, select

from app.domain.expressions import ARBRE, PUBLICS, ZONE
from app.domain.indexation import Debt, IndexedOffre, OutboxPage
from app.domain.offre import Offre, OffreId, Structure
from app.domain.vocabulaire import EtatPublication
from app.persistence.database import reading, writing
from app.persistence.mappers import row_to_offre, row_to_structure
from app.persistence.tables.catalogue import expressions, offres, outbox, structures

PAGE_ROWS = 1_000  # rows read at once: a few megabytes
# An offer is found with its structure only.
IS_PUBLISHED = and_(
    offres.c.etat_publication == EtatPublication.PUBLIE,
    structures.c.etat_publication == EtatPublication.PUBLIE,
)
_MARK = ""  # no offer has an empty id


class SqlOutbox:
    """Reads the debt and settles it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def depth(self) -> int:
        """Returns how many rows wait."""
        with reading(self._engine) as connection:
            depth: int = connection.execute(select(func.count()).select_from(outbox)).scalar_one()
            return depth

    def age_seconds(self) -> float:
        """Returns for how long the oldest row has been waiting, 0 when there is none."""
        query = select(outbox.c.depuis).order_by(outbox.c.id).limit(1)
        with reading(self._engine) as connection:
            since: datetime | None = connection.execute(query).scalar_one_or_none()
        if since is None:
            return 0.0
        if since.tzinfo is None:  # SQLite keeps no time zone
            since = since.replace(tzinfo=UTC)
        return max(0.0, (datetime.now(UTC) - since).total_seconds())

    def mark(self) -> int:
        """Adds a row that names no offer and returns its id: every smaller id is committed."""
        with writing(self._engine) as connection:
            added = connection.execute(insert(outbox).values(offre_id=_MARK))
            return int(added.inserted_primary_key[0])  # type: ignore[index]  # one row was added

    def oldest(self) -> OutboxPage | None:
        """Returns the oldest rows, None when the debt is settled."""
        query = select(outbox).order_by(outbox.c.id).limit(PAGE_ROWS)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            if not rows:
                return None
            versions = {row.offre_id: row.id for row in rows}
            indexed = {value.offre.id: value for value in _indexed(connection, list(versions))}
        debts = [
            Debt(version=version, offre_id=OffreId(ident), indexed=indexed.get(OffreId(ident)))
            for ident, version in sorted(versions.items(), key=itemgetter(1))
            if ident != _MARK
        ]
        return OutboxPage(debts=debts, last_id=rows[-1].id, rows=len(rows))

    def owe(self, ids: Iterable[str]) -> None:
        """Adds a row for each of some offers, as if they had changed."""
        rows = [{"offre_id": ident} for ident in ids]
        if rows:
            with writing(self._engine) as connection:
                connection.execute(insert(outbox), rows)

    def settle(self, last_id: int) -> None:
        """Removes the rows up to an id: the index has taken them in."""
        with writing(self._engine) as connection:
            connection.execute(delete(outbox).where(outbox.c.id <= last_id))


class SqlCatalogueReader:
    """Streams the published catalogue, for a rebuild and for a comparison with the index."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def published(self) -> Iterator[list[IndexedOffre]]:
        """Yields every published offer, by id, a page at a time."""
        last = ""
        while True:
            query = (
                select(offres.c.id)
                .join(structures, structures.c.id == offres.c.structure_id)
                .where(offres.c.id > last, IS_PUBLISHED)
                .order_by(offres.c.id)
                .limit(PAGE_ROWS)
            )
            with reading(self._engine) as connection:
                ids = list(connection.execute(query).scalars())
                page = _indexed(connection, ids)
            if not ids:
                return
            yield sorted(page, key=lambda value: value.offre.id)
            last = ids[-1]

    def has_any(self) -> bool:
        """True when the catalogue holds a listing, whatever its state."""
        with reading(self._engine) as connection:
            return connection.execute(select(structures.c.id).limit(1)).first() is not None

    def exported_offres(self) -> Iterator[Offre]:
        """Yields the published offers, by id, but those whose address is confidential."""
        for page in self.published():
            for value in page:
                if not value.offre.adresse_confidentielle:
                    yield value.offre

    def exported_structures(self) -> Iterator[Structure]:
        """Yields the published structures, by id, but those whose address is confidential."""
        last = ""
        while True:
            query = (
                select(structures)
                .where(structures.c.id > last)
                .where(structures.c.etat_publication == EtatPublication.PUBLIE)
                .where(~structures.c.adresse_confidentielle)
                .order_by(structures.c.id)
                .limit(PAGE_ROWS)
            )
            with reading(self._engine) as connection:
                page = [row_to_structure(row) for row in connection.execute(query).mappings()]
            if not page:
                return
            yield from page
            last = page[-1].id

    def count_published(self) -> int:
        """Returns how many offers are published."""
        query = (
            select(func.count())
            .select_from(offres)
            .join(structures, structures.c.id == offres.c.structure_id)
            .where(IS_PUBLISHED)
        )
        with reading(self._engine) as connection:
            count: int = connection.execute(query).scalar_one()
            return count

    def expressions_after(self, last_id: int) -> Iterator[tuple[int, str, str, str | None]]:
        """Yields id, nature, canonical text and usage of the expressions added since, by id."""
        c = expressions.c
        query = (
            select(c.id, c.nature, c.canonique, c.usage)
            # A tree without a usage is of before they had one: no offer has it any more.
            .where(c.id > last_id, (c.nature != ARBRE) | c.usage.is_not(None))
            .order_by(expressions.c.id)
            # A national catalogue has hundreds of thousands: all at once, 200 MB.
            .execution_options(yield_per=PAGE_ROWS)
        )
        with reading(self._engine) as connection:
            for row in connection.execute(query):
                yield row.id, row.nature, row.canonique, row.usage


def _indexed(connection: Connection, ids: list[str]) -> list[IndexedOffre]:
    query = (
        select(
            offres,
            structures.c.nom.label("structure_nom"),
            structures.c.horaires_accueil.label("structure_horaires"),
            structures.c.adresse_confidentielle.label("structure_cachee"),
        )
        .join(structures, structures.c.id == offres.c.structure_id)
        .where(offres.c.id.in_(ids), IS_PUBLISHED)
    )
    return [
        IndexedOffre(
            offre=row_to_offre(row).hidden_with(row["structure_cachee"]),
            structure_nom=row["structure_nom"],
            structure_horaires=row["structure_horaires"],
            expressions={
                ARBRE: row["arbre_expr"],
                PUBLICS: row["publics_expr"],
                ZONE: row["zone_expr"],
            },
        )
        for row in connection.execute(query).mappings()
    ]
