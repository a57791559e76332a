"""The parts of the engine for a cluster, put together."""

from functools import cached_property

from elasticsearch import Elasticsearch

from app.domain.geographie import Geographie
from indexer.elasticsearch.cluster import Searcher, connect
from indexer.elasticsearch.engine import ElasticsearchEngine
from indexer.elasticsearch.index import ElasticsearchIndex, Lock
from indexer.elasticsearch.mapping import mapping_version
from indexer.expressions import ExpressionIndex


class ClusterParts:
    """Shares one client between searches and writes."""

    def __init__(self, url: str, alias: str) -> None:
        self._url = url
        self._alias = alias

    @cached_property
    def client(self) -> Elasticsearch:
        """The connections to the nodes."""
        return connect(self._url)

    def index(self, lock: Lock) -> ElasticsearchIndex:
        """Returns the index as its life cycle sees it."""
        return ElasticsearchIndex(self.client, self._alias, lock, shards=1, replicas=0)

    def engine(self, expressions: ExpressionIndex, geographie: Geographie) -> ElasticsearchEngine:
        """Returns the search engine."""
        searcher = Searcher(self.client, f"{self._alias}-{mapping_version()}")
        return ElasticsearchEngine(searcher, expressions, geographie)
