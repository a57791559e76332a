"""The parts of the engine for a cluster, put together."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from elasticsearch import Elasticsearch

from app.domain.geographie import Geographie
from app.domain.vocabulaire import Vocabulaire
from indexer.elasticsearch.cluster import Searcher, connect
from indexer.elasticsearch.engine import ElasticsearchEngine
from indexer.elasticsearch.index import ElasticsearchIndex, Lock
from indexer.elasticsearch.mapping import searched_alias
from indexer.elasticsearch.warming import Warming
from indexer.judging.expressions import ExpressionIndex


@dataclass(frozen=True, kw_only=True)
class ClusterParts:
    """Shares one client between searches and writes."""

    url: str = field(repr=False)
    alias: str
    authority: Path | None
    shards: int

    @cached_property
    def client(self) -> Elasticsearch:
        """The connections to the nodes."""
        return connect(self.url, self.authority)

    def index(
        self, lock: Lock, geographie: Geographie, vocabulaire: Vocabulaire
    ) -> ElasticsearchIndex:
        """Returns the index as its life cycle sees it."""
        warm = Warming(self._searcher, geographie, vocabulaire)
        return ElasticsearchIndex(self.client, self.alias, lock, warm, shards=self.shards)

    def engine(self, expressions: ExpressionIndex, geographie: Geographie) -> ElasticsearchEngine:
        """Returns the search engine."""
        searcher = self._searcher(searched_alias(self.alias))
        return ElasticsearchEngine(searcher, expressions, geographie)

    def _searcher(self, name: str) -> Searcher:
        return Searcher(self.client, name)
