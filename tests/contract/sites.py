"""A catalogue and its index, built as in production: record, outbox, index, engines.

An engine under test is a name, the settings that choose it and how near its scores must be; a new
engine is one more line in `ENGINES`. Each worker is a composition of its own, as a process is.
"""

import contextlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.composition import Composition
from app.config import Settings
from app.domain.brute_force import Fiche
from app.domain.lieux import Lieux
from app.domain.offre import EXTENSIONS, Offre, Structure
from app.domain.ports import SearchEngine
from app.domain.publication import OFFRE, STRUCTURE, Origin, Received
from app.domain.vocabulaire import EtatPublication
from app.persistence import schema
from app.persistence.outbox import SqlOutbox
from indexer.documents import DocumentBuilder
from indexer.embedded.store import GenerationWriter
from indexer.lexique import Lexique
from indexer.query_text import LexiconQueryReader
from indexer.sync import IndexSync

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineKind:
    """An engine of the suite, and how far its scores may be from the reference."""

    name: str
    score_tolerance: float
    environ: Mapping[str, str] = field(default_factory=dict)
    on_a_node: bool = False


ENGINES = (
    EngineKind(name="embedded", score_tolerance=1e-9),
    # It adds up in single precision; inside a page, exact scores decide.
    EngineKind(name="elasticsearch", score_tolerance=1e-9, on_a_node=True),
)
EMBEDDED, ON_A_NODE = ENGINES[:1], ENGINES[1:]


def with_a_node(kind: EngineKind, request: pytest.FixtureRequest) -> EngineKind:
    """Returns an engine with the settings that choose it; a node is started if it needs one."""
    if not kind.on_a_node:
        return kind
    url = request.getfixturevalue("elasticsearch_url")
    return replace(kind, environ={"SEARCH_ENGINE": kind.name, "ELASTICSEARCH_URL": url})


class Interrupted(Exception):
    """Stands for the death of a process at a chosen moment."""


class FaultyOutbox(SqlOutbox):
    """Dies instead of settling its n-th page: the index holds what is still owed."""

    def __init__(self, composition: Composition, pages: int) -> None:
        super().__init__(composition.database)
        self._pages_left = pages

    def settle(self, last_id: int) -> None:
        self._pages_left -= 1
        if self._pages_left == 0:
            raise Interrupted
        super().settle(last_id)


class Site:
    """A catalogue that changes, what it should say, and two workers that search it."""

    def __init__(self, folder: Path, kind: EngineKind) -> None:
        # Sites share a node, not an index.
        index = {"ELASTICSEARCH_INDEX": f"essai-{uuid.uuid4().hex}"} if kind.on_a_node else {}
        self._environ = {"EVENTAIL_DATA_DIR": str(folder), **index, **kind.environ}
        self.kind = kind
        self.composition = self._compose()
        schema.upgrade(self.composition.database_of_any_version)
        self.workers = (self.composition.engine, self._compose().engine)
        self.offres: dict[str, Offre] = {}
        self.structures: dict[str, Structure] = {}
        self._records = 0

    def _compose(self) -> Composition:
        return Composition(Settings.from_environ(self._environ))

    @property
    def engine(self) -> SearchEngine:
        return self.workers[0]

    @cached_property
    def builder(self) -> DocumentBuilder:
        return DocumentBuilder(self.composition.vocabulaire, self.composition.geographie)

    @cached_property
    def query_reader(self) -> LexiconQueryReader:
        lexique, lieux = _words_and_places()
        return LexiconQueryReader(lexique, lieux, self.engine.known_tokens)

    def fiches(self) -> list[Fiche]:
        """What the reference search reads: the listings as they were given, not as stored."""
        return [self.fiche(offre) for offre in self.offres.values()]

    def fiche(self, offre: Offre) -> Fiche:
        carrier = self.structures[offre.structure_id]
        horaires = offre.horaires_accueil or carrier.horaires_accueil
        return Fiche(offre=offre, jetons=self.builder.jetons(offre, carrier.nom), horaires=horaires)

    def close(self) -> None:
        """Erases the index, where other sites would share its memory."""
        if self.kind.on_a_node:
            client = self.composition.cluster.client
            names = client.indices.get(index=f"{self._environ['ELASTICSEARCH_INDEX']}-*")
            client.indices.delete(index=[*names], ignore_unavailable=True)

    # --- changes of the record ---

    def write_structures(self, structures: Iterable[Structure]) -> None:
        structures = list(structures)
        self._write(structures, self.composition.store.store_structures)
        self.structures |= {structure.id: structure for structure in structures}

    def write_offres(self, offres: Iterable[Offre]) -> None:
        offres = list(offres)
        self._write(offres, self.composition.store.store_offres)
        self.offres |= {offre.id: self._confirmed(offre) for offre in offres}

    def _confirmed(self, offre: Offre) -> Offre:
        """Returns an offer with its newest confirmation: no feed makes it older."""
        before = self.offres.get(offre.id, offre)
        known = [day for one in (before, offre) if (day := one.derniere_confirmation)]
        return replace(offre, derniere_confirmation=max(known, default=None))

    def withdraw(self, ids: Iterable[str]) -> None:
        """Withdraws offers as a complete import that no longer sends them does."""
        gone, store = set(ids), self.composition.store
        import_id = store.start_import(["complet.jsonl"])
        store.mark_seen(OFFRE, sorted(self.offres.keys() - gone), import_id)
        store.mark_seen(STRUCTURE, sorted(self.structures), import_id)
        for source in sorted({self.offres[ident].source for ident in gone}):
            store.withdraw_unseen(source, self._origin(import_id), max_share=1.0)
        retired = EtatPublication.RETIRE
        self.offres |= {i: replace(self.offres[i], etat_publication=retired) for i in gone}

    def republish(self, ids: Iterable[str]) -> None:
        """Publishes offers again, as an import that sends them again does."""
        published = EtatPublication.PUBLIE
        self.write_offres(replace(self.offres[i], etat_publication=published) for i in ids)

    def _write(self, values: Sequence[Offre | Structure], store: Callable[..., object]) -> None:
        import_id = self.composition.store.start_import(["essai.jsonl"])
        for first in range(0, len(values), BATCH):
            batch = [self._received(value) for value in values[first : first + BATCH]]
            store(batch, self._origin(import_id))

    def _received(self, value: Offre | Structure) -> Received[Offre | Structure]:
        self._records += 1
        given = EXTENSIONS & frozenset(value.__dataclass_fields__)
        return Received(value=value, digest=f"{self._records:032d}", given=given)

    @staticmethod
    def _origin(import_id: int) -> Origin:
        return Origin(auteur="essai", quand=NOW, import_id=import_id)

    # --- life of the index ---

    def drain(self) -> None:
        self.composition.sync.drain()

    def rebuild(self, on_page: Callable[[int], None] = lambda _: None) -> None:
        self.composition.sync.rebuild(on_page)

    def drain_dying(self, pages: int) -> None:
        """Drains, and dies after the index took a page in and before its rows are removed."""
        parts = self.composition
        outbox = FaultyOutbox(parts, pages)
        sync = IndexSync(parts.index, outbox, parts.catalogue_reader, self.builder)
        with contextlib.suppress(Interrupted):
            sync.drain()

    def compact(self) -> None:
        """Sorts the embedded index; a cluster does so by itself."""
        if self.kind.on_a_node:
            return
        path = self.composition.generations.current()
        assert path is not None
        with self.composition.generations.writing(wait=True):
            writer = GenerationWriter(path)
            writer.compact()
            writer.close()


@cache
def _words_and_places() -> tuple[Lexique, Lieux]:
    """The shipped words and places, read once for every site."""
    with TemporaryDirectory() as folder:
        parts = Composition(Settings.from_environ({"EVENTAIL_DATA_DIR": folder}))
        return parts.lexique, parts.lieux
