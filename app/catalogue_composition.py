"""Makes the catalogue from the settings: its places and words, its record, its index, its searches.

With `app.composition`, which adds the partners' pages, it is the only code that knows which engine,
which database or which geocoder runs.
"""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from app.clock import ParisClock
from app.config import SearchEngineName, Settings
from app.domain.feeds import Feed
from app.domain.geographie import Geographie
from app.domain.lieux import Lieux
from app.domain.ports import Geocoder, SearchEngine
from app.domain.territoire import Territoire
from app.domain.vocabulaire import Vocabulaire
from app.feeds.reader import FeedFile
from app.feeds.writer import Export
from app.measured_engine import MeasuredEngine, Observe
from app.persistence import schema
from app.persistence.catalogue_store import SqlCatalogueStore
from app.persistence.catalogue_writer import CatalogueWriter
from app.persistence.database import open_database
from app.persistence.index_lock import advisory_lock
from app.persistence.outbox import SqlCatalogueReader, SqlOutbox
from app.persistence.reglages import SqlReglageStore
from app.persistence.repositories import SqlOffreRepository
from app.persistence.signalements import SqlSignalementStore
from app.services.catalogue import Catalogue
from app.services.matching import MatchingService
from app.services.reglages import (
    Reglages,
    TerritoiresEnVigueur,
)
from app.services.search import SearchService
from app.services.signalements import SignalementService
from indexer.documents import DocumentBuilder
from indexer.embedded.engine import EmbeddedEngine
from indexer.embedded.generations import Generations
from indexer.embedded.index import EmbeddedIndex
from indexer.francais import french_words
from indexer.judging.expressions import ExpressionIndex
from indexer.lexique import Lexique
from indexer.local_words import LocalQueryReader
from indexer.locks import file_lock
from indexer.query_text import LexiconQueryReader
from indexer.sync import Index, IndexSync
from schemas import export
from schemas.document import render_offre, render_structure
from schemas.records import RecordReader
from seed import demo, reference
from seed.dispositifs import DispositifsFeed, load_dispositifs
from seed.questionnaire import load_questionnaire

if TYPE_CHECKING:
    from indexer.elasticsearch.parts import ClusterParts


@dataclass(frozen=True)
class CatalogueComposition:
    """Makes each part when it is first asked for, so that a command only pays for what it uses."""

    settings: Settings
    observe: Observe | None = None  # hears how long each search took

    @cached_property
    def clock(self) -> ParisClock:
        """The real clock."""
        return ParisClock()

    @cached_property
    def database_of_any_version(self) -> Engine:
        """The system of record before its version is checked, for migrations and probes."""
        return open_database(self.settings.database_url)

    @cached_property
    def database(self) -> Engine:
        """The system of record. Raises when it is not at this code's version."""
        schema.require_current(self.database_of_any_version)
        return self.database_of_any_version

    @cached_property
    def geographie(self) -> Geographie:
        """The places of France."""
        return reference.load_geographie()

    @cached_property
    def vocabulaire(self) -> Vocabulaire:
        """Facts, publics and lists."""
        return reference.load_vocabulaire(self.settings.faits_supplementaires, self.geographie)

    @cached_property
    def territoires(self) -> tuple[Territoire, ...]:
        """The territories served, as they are shipped."""
        return reference.load_territoires(self.settings.territoires, self.geographie)

    @cached_property
    def reglages(self) -> Reglages:
        """What territories have set, in force within a second."""
        return Reglages(
            self.territoires,
            self.geographie,
            lambda: SqlReglageStore(self.database),
            time.monotonic,
            self._serve,
        )

    def _serve(self, territoires: Sequence[Territoire]) -> None:
        """Tells the places that a person can type which territories are served now."""
        refs = [ref for territoire in territoires for ref in territoire.zone]
        self.lieux.serve((t.nom for t in territoires), self.geographie.union(refs))

    @cached_property
    def lieux(self) -> Lieux:
        """The places that a person can type."""
        refs = [ref for territoire in self.territoires for ref in territoire.zone]
        names = [territoire.nom for territoire in self.territoires]
        return Lieux(self.geographie, self.geographie.union(refs), names)

    @cached_property
    def writer(self) -> CatalogueWriter:
        """What every change of the catalogue goes through."""
        return CatalogueWriter(render_offre(self.geographie), render_structure)

    @cached_property
    def store(self) -> SqlCatalogueStore:
        """The writing side of the record."""
        return SqlCatalogueStore(self.database, self.writer, self.clock.now)

    @cached_property
    def outbox(self) -> SqlOutbox:
        """What the index owes."""
        return SqlOutbox(self.database)

    @cached_property
    def catalogue_reader(self) -> SqlCatalogueReader:
        """The record as the index reads it."""
        return SqlCatalogueReader(self.database)

    @property
    def catalogue_export(self) -> Export:
        """The files of an export: their columns and their records."""
        reader = self.catalogue_reader
        return {
            "structures": (
                export.STRUCTURE_FIELDS + export.SHARED_EXTENSIONS,
                lambda: (export.exported_structure(s) for s in reader.exported_structures()),
            ),
            "services": (
                export.OFFRE_FIELDS + export.OFFRE_EXTENSIONS + export.SHARED_EXTENSIONS,
                lambda: (export.exported_offre(o) for o in reader.exported_offres()),
            ),
        }

    @cached_property
    def generations(self) -> Generations:
        """The embedded index on disk."""
        return Generations(self.settings.data_dir / "index")

    @cached_property
    def index(self) -> Index:
        """Where the index of the chosen engine is kept."""
        if self.settings.search_engine is SearchEngineName.EMBEDDED:
            return EmbeddedIndex(self.generations)
        return self.cluster.index(self._index_lock, self.geographie, self.vocabulaire)

    @cached_property
    def cluster(self) -> "ClusterParts":
        """The parts that talk to Elasticsearch."""
        # Its client takes a fifth of a second to import, which the embedded engine need not pay.
        from indexer.elasticsearch.parts import ClusterParts

        return ClusterParts(
            url=self.settings.elasticsearch_url or "",
            alias=self.settings.elasticsearch_index,
            authority=self.settings.elasticsearch_ca,
            shards=self.settings.elasticsearch_shards,
        )

    def _index_lock(self, wait: bool) -> AbstractContextManager[bool]:
        """Holds the lock of the index: that of the record's server, else of this machine."""
        if self.database.dialect.name == "postgresql":
            return advisory_lock(self.database, wait=wait)
        return file_lock(self.settings.data_dir / "index" / "verrou", wait=wait)

    @cached_property
    def sync(self) -> IndexSync:
        """The life cycle of the index."""
        return IndexSync(
            self.index,
            self.outbox,
            self.catalogue_reader,
            DocumentBuilder(self.vocabulaire, self.geographie),
        )

    @cached_property
    def expressions(self) -> ExpressionIndex:
        """The eligibility expressions of the catalogue, as far as this process has read them."""
        return ExpressionIndex(
            self.catalogue_reader.expressions_after, self.geographie, self.vocabulaire
        )

    @cached_property
    def engine(self) -> SearchEngine:
        """The search engine that the settings name."""
        engine: SearchEngine
        if self.settings.search_engine is SearchEngineName.EMBEDDED:
            engine = EmbeddedEngine(self.generations, self.expressions, self.geographie)
        else:
            engine = self.cluster.engine(self.expressions, self.geographie)
        return MeasuredEngine(engine, self.observe) if self.observe else engine

    @cached_property
    def lexique(self) -> Lexique:
        """The words that queries are read with."""
        return _lexique(self.vocabulaire)

    def record_reader(self) -> RecordReader:
        """Returns a new reader of feeds, with counts of its own."""
        return RecordReader(self.vocabulaire, self.geographie, self.clock.today())

    def shipped_feeds(self) -> list[Feed]:
        """Returns the shipped catalogue: the files of open data, then the schemes."""
        dispositifs = load_dispositifs(self.vocabulaire, self.geographie)
        return [*map(FeedFile, demo.FEEDS), DispositifsFeed(dispositifs)]

    @cached_property
    def repository(self) -> SqlOffreRepository:
        """The published listings."""
        return SqlOffreRepository(self.database)

    @cached_property
    def matching(self) -> MatchingService:
        """The match of a person with the catalogue."""
        return MatchingService(
            engine=self.engine,
            repository=self.repository,
            vocabulaire=self.vocabulaire,
            geographie=self.geographie,
            territoires=TerritoiresEnVigueur(self.reglages),
            clock=self.clock,
        )

    @cached_property
    def signalements(self) -> SignalementService:
        """What readers say is wrong with a sheet."""
        return SignalementService(
            store=SqlSignalementStore(self.database),
            repository=self.repository,
            now=self.clock.now,
        )

    @cached_property
    def geocoder(self) -> Geocoder:
        """The service that finds street addresses."""
        # geopy takes a sixth of a second to import, which commands need not pay.
        from app.geo.geocoder import GeoplateformeGeocoder

        return GeoplateformeGeocoder(self.settings.geocoder_url)

    @cached_property
    def query_reader(self) -> LocalQueryReader:
        """What understands queries, the local words of territories included."""
        shipped = LexiconQueryReader(self.lexique, self.lieux, self.engine.known_tokens)
        return LocalQueryReader(shipped, lambda: self.reglages.mots, self.reglages.territoire_of)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Everything that pages and API need."""
        from app.hours.opening import state_at

        search = SearchService(
            engine=self.engine,
            repository=self.repository,
            query_reader=self.query_reader,
            geocoder=self.geocoder,
            lieux=self.lieux,
            geographie=self.geographie,
            vocabulaire=self.vocabulaire,
            territoires=TerritoiresEnVigueur(self.reglages),
            opening_state=state_at,
            clock=self.clock,
        )
        return Catalogue(
            search=search,
            matching=self.matching,
            signalements=self.signalements,
            repository=self.repository,
            geographie=self.geographie,
            vocabulaire=self.vocabulaire,
            territoires=TerritoiresEnVigueur(self.reglages),
            lieux=self.lieux,
            clock=self.clock,
            credits=reference.load_attributions,
            questionnaires={
                name: load_questionnaire(name, self.vocabulaire)
                for name in ("questionnaire", "questionnaire-public")
            },
            prepare=self.expressions.catch_up_with_record,
        )


@lru_cache(maxsize=4)
def _lexique(vocabulaire: Vocabulaire) -> Lexique:
    """Returns the lexicon of a vocabulary, which the sites of one process share: it never changes.

    Local words are learnt by a copy of it.
    """
    frequences, documents = reference.load_mots()
    return Lexique(vocabulaire, frequences, documents, french_words())
