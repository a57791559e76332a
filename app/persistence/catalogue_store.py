"""The catalogue's system of record, as the use cases see it: each call is one transaction."""

import contextlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update

from app.domain.edition import ETAT
from app.domain.offre import Offre, Structure
from app.domain.publication import OFFRE, STRUCTURE, Origin, Received, Withdrawal, Written
from app.domain.vocabulaire import EtatPublication
from app.persistence.catalogue_writer import (
    CatalogueWriter,
    known_digests,
    mark_seen,
    owe_to_index,
)
from app.persistence.database import reading, writing
from app.persistence.holding import note_withdrawn
from app.persistence.redirections import merged_into
from app.persistence.statements import chunks
from app.persistence.tables.catalogue import doublons, imports, offres, provenances, structures
from app.persistence.tables.editions import champs

_PUBLISHED = EtatPublication.PUBLIE.value


class _Rehearsed(Exception):
    """Undoes the transaction of a rehearsal."""


class SqlCatalogueStore:
    """Implements `app.domain.publication.CatalogueStore` on SQLAlchemy."""

    def __init__(
        self, engine: Engine, writer: CatalogueWriter, now: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._writer = writer
        self._now = now

    def start_import(self, fichiers: Sequence[str]) -> int:
        """Opens an import and returns its id."""
        with writing(self._engine) as connection:
            values = {"commence_le": self._now(), "fichiers": list(fichiers)}
            added = connection.execute(insert(imports).values(values))
            return int(added.inserted_primary_key[0])  # type: ignore[index]  # one row was added

    def finish_import(self, import_id: int, bilan: Mapping[str, int]) -> None:
        """Closes an import with its counts, and links likely duplicates."""
        with writing(self._engine) as connection:
            _link_duplicates(connection)
            connection.execute(
                update(imports)
                .where(imports.c.id == import_id)
                .values(termine_le=self._now(), bilan=dict(bilan))
            )

    def skip_unchanged(
        self, objet: str, digests: Mapping[str, str], import_id: int | None
    ) -> frozenset[str]:
        """Returns the ids whose last record had this digest; `import_id` None notes nothing."""
        with reading(self._engine) as connection:
            known = known_digests(connection, objet, list(digests))
        same = frozenset(ident for ident, digest in known.items() if digests[ident] == digest)
        if same and import_id is not None:
            with writing(self._engine) as connection:
                mark_seen(connection, objet, list(same), import_id)
        return same

    def known_ids(self, objet: str, ids: Iterable[str]) -> frozenset[str]:
        """Returns those of the ids that the catalogue has."""
        table = structures if objet == STRUCTURE else offres
        found: set[str] = set()
        with reading(self._engine) as connection:
            for chunk in chunks(list(ids), 500):
                query = select(table.c.id).where(table.c.id.in_(chunk))
                found.update(connection.execute(query).scalars())
        return frozenset(found)

    def store_structures(
        self, batch: Sequence[Received[Structure]], origin: Origin, *, rehearse: bool = False
    ) -> Written:
        """Writes structures, or tells what writing them would do."""
        with self._writing_or_not(origin, rehearse=rehearse) as (connection, own):
            return self._writer.write_structures(connection, batch, own)

    def store_offres(
        self, batch: Sequence[Received[Offre]], origin: Origin, *, rehearse: bool = False
    ) -> Written:
        """Writes offers, or tells what writing them would do."""
        with self._writing_or_not(origin, rehearse=rehearse) as (connection, own):
            return self._writer.write_offres(connection, batch, own)

    @contextmanager
    def _writing_or_not(
        self, origin: Origin, *, rehearse: bool
    ) -> Iterator[tuple[Connection, Origin]]:
        """Opens a transaction; a rehearsal has an import of its own and leaves nothing."""
        if not rehearse:
            with writing(self._engine) as connection:
                yield connection, origin
            return
        with contextlib.suppress(_Rehearsed), writing(self._engine) as connection:
            values = {"commence_le": origin.quand, "fichiers": []}
            added = connection.execute(insert(imports).values(values))
            own = int(added.inserted_primary_key[0])  # type: ignore[index]  # one row was added
            yield connection, replace(origin, import_id=own)
            raise _Rehearsed

    def mark_seen(self, objet: str, ids: Sequence[str], import_id: int) -> None:
        """Notes that an import has met these listings, though it refused their records."""
        with writing(self._engine) as connection:
            mark_seen(connection, objet, list(ids), import_id)

    def withdraw_unseen(
        self,
        source: str,
        origin: Origin,
        max_share: float,
        *,
        met: Mapping[str, Container[str]] | None = None,
    ) -> Withdrawal:
        """Withdraws what a source no longer sends, unless it is more than a share of it.

        What a person has published stays; that its source no longer sends it is noted beside.
        With `met`, the ids of a rehearsal, only tells.
        """
        with writing(self._engine) as connection:
            gone: dict[str, list[str]] = {}
            held: dict[str, list[str]] = {}
            published = 0
            for objet, table in ((OFFRE, offres), (STRUCTURE, structures)):
                of_source = (
                    select(table.c.id, provenances.c.dernier_import, champs.c.tenu_par)
                    .join(
                        provenances,
                        (provenances.c.objet == objet) & (provenances.c.objet_id == table.c.id),
                    )
                    .join(
                        champs,
                        (champs.c.objet == objet)
                        & (champs.c.objet_id == table.c.id)
                        & (champs.c.champ == ETAT),
                        isouter=True,
                    )
                    .where(provenances.c.source == source)
                    .where(table.c.etat_publication == _PUBLISHED)
                )
                rows = connection.execute(of_source).all()
                published += len(rows)
                # One source that no longer sends it does not speak for the others.
                shared = merged_into(connection, objet)
                unseen = [
                    row
                    for row in rows
                    if row.id not in shared
                    and (
                        row.id not in met[objet] if met else row.dernier_import != origin.import_id
                    )
                ]
                gone[objet] = [row.id for row in unseen if row.tenu_par is None]
                held[objet] = [row.id for row in unseen if row.tenu_par is not None]
            withdrawn = sum(map(len, gone.values()))
            refused = withdrawn > max_share * published
            if not refused and met is None:
                owed = [
                    ident
                    for objet in (STRUCTURE, OFFRE)
                    for ident in self._writer.withdraw(connection, objet, gone[objet], origin)
                ]
                for objet, ids in held.items():
                    note_withdrawn(connection, objet, ids, origin)
                owe_to_index(connection, dict.fromkeys(owed))
        return Withdrawal(source=source, withdrawn=withdrawn, published=published, refused=refused)


def _link_duplicates(connection: Connection) -> None:
    """Links structures of several sources with one SIRET, or one name, in the same commune."""
    connection.execute(delete(doublons))
    for critere, column in (("siret", structures.c.siret), ("nom", structures.c.cle_nom)):
        groups = (
            select(column.label("valeur"), structures.c.code_insee.label("code_insee"))
            .where(column.is_not(None), column != "", structures.c.code_insee.is_not(None))
            .where(structures.c.etat_publication == _PUBLISHED)
            .group_by(column, structures.c.code_insee)
            .having(func.count(structures.c.source.distinct()) > 1)
            .subquery()
        )
        members = (
            select(text(f"'{critere}'"), groups.c.valeur, groups.c.code_insee, structures.c.id)
            .join_from(
                structures,
                groups,
                (column == groups.c.valeur) & (structures.c.code_insee == groups.c.code_insee),
            )
            .where(structures.c.etat_publication == _PUBLISHED)
        )
        names = ["critere", "valeur", "code_insee", "structure_id"]
        connection.execute(insert(doublons).from_select(names, members))
