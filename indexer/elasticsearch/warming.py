"""Searches a new generation before visitors do.

A node compiles what it runs often, and reads a new index from disk: its first searches take many
times longer than the others, some longer than a visitor waits.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from app.domain.errors import EngineUnavailable
from app.domain.geographie import Geographie
from app.domain.matching import MatchCriteria
from app.domain.portee import Origine
from app.domain.search import SearchCriteria
from app.domain.vocabulaire import Vocabulaire
from indexer.elasticsearch.cluster import Searcher
from indexer.elasticsearch.engine import ElasticsearchEngine
from indexer.judging.expressions import ExpressionIndex

MAX_ROUNDS = 30  # measured on a node just started: nothing more is gained
FAST_SECONDS = 0.1  # a round on a warm node takes half of it with 100,000 offers
NEEDS = 3


class Warming:
    """Asks around the largest towns, for nobody, until a round is fast."""

    def __init__(
        self,
        searcher: Callable[[str], Searcher],
        geographie: Geographie,
        vocabulaire: Vocabulaire,
    ) -> None:
        self._searcher = searcher
        self._geographie = geographie
        self._vocabulaire = vocabulaire

    def __call__(self, index: str) -> None:
        """Searches an index; one that does not answer in time is warmed all the same."""
        # Without any expression everything is undecided: the searches are those of a person.
        expressions = ExpressionIndex(lambda _: (), self._geographie, self._vocabulaire)
        engine = ElasticsearchEngine(self._searcher(index), expressions, self._geographie)
        today = datetime.now(UTC).date()
        besoins = dict.fromkeys([*self._vocabulaire.referentiels["thematiques"]][:NEEDS], 1)
        towns = sorted(self._geographie.communes.values(), key=lambda c: -c.population)
        for town in towns[:MAX_ROUNDS]:
            started = time.monotonic()
            origine = Origine(point=town.point, commune=town.code)
            with suppress(EngineUnavailable):
                engine.search(SearchCriteria(date=today, origine=origine))
                engine.match(MatchCriteria(date=today, origine=origine, besoins=besoins))
            if time.monotonic() - started < FAST_SECONDS:
                return
