"""Writes listings in a database as an import does, and looks at what became of them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from app.domain.offre import Offre, Structure
from app.domain.publication import OFFRE, STRUCTURE, Origin, Received, Withdrawal, Written
from app.persistence.catalogue_store import SqlCatalogueStore
from app.persistence.catalogue_writer import CatalogueWriter
from schemas.document import render_offre, render_structure
from tests.builders import make_geographie
from tests.unit.persistence.dumps import row

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def make_writer() -> CatalogueWriter:
    return CatalogueWriter(render_offre(make_geographie()), render_structure)


def make_store(engine: Engine, writer: CatalogueWriter | None = None) -> SqlCatalogueStore:
    return SqlCatalogueStore(engine, writer or make_writer(), lambda: NOON)


def digest_of(value: object) -> str:
    return hashlib.blake2b(repr(value).encode(), digest_size=16).hexdigest()


@dataclass(kw_only=True)
class Catalogue:
    """A database being filled; every import is opened by `next_import`."""

    engine: Engine
    store: SqlCatalogueStore = field(init=False)
    import_id: int = field(init=False)

    def __post_init__(self) -> None:
        self.store = make_store(self.engine)
        self.next_import()

    def next_import(self) -> int:
        self.import_id = self.store.start_import(["flux.jsonl"])
        return self.import_id

    def origin(self, auteur: str = "import", quand: datetime = NOON) -> Origin:
        return Origin(auteur=auteur, quand=quand, import_id=self.import_id)

    def put(
        self,
        *values: Offre | Structure,
        given: Iterable[str] = (),
        auteur: str = "import",
        quand: datetime = NOON,
    ) -> Written:
        """Writes listings of one kind; `given` are the extension fields that the feed names."""
        named = frozenset(given)
        origin = self.origin(auteur, quand)
        batch = [Received(value=v, digest=digest_of(v), given=named) for v in values]
        if isinstance(values[0], Offre):
            return self.store.store_offres(batch, origin)  # type: ignore[arg-type]  # all offers
        return self.store.store_structures(batch, origin)  # type: ignore[arg-type]  # all structures

    def meet(self, *values: Offre | Structure) -> frozenset[str]:
        """Meets listings again as a feed that has not changed does; returns the unchanged ones."""
        objet = OFFRE if isinstance(values[0], Offre) else STRUCTURE
        digests = {str(value.id): digest_of(value) for value in values}
        return self.store.skip_unchanged(objet, digests, self.import_id)

    def withdraw_unseen(self, source: str = "eventail", share: float = 1.0) -> Withdrawal:
        return self.store.withdraw_unseen(source, self.origin(f"import:{source}"), share)

    def finish(self) -> None:
        self.store.finish_import(self.import_id, {"lus": 0})

    def document(self, table: str, ident: str) -> dict[str, object]:
        """Returns the public document of a listing."""
        document: dict[str, object] = json.loads(str(row(self.engine, table, id=ident)["document"]))
        return document

    def state(self, table: str, ident: str) -> object:
        return row(self.engine, table, id=ident)["etat_publication"]
