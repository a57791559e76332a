"""A search engine that says how long each of its answers took."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from app.domain.matching import MatchCriteria, MatchPage
from app.domain.ports import SearchEngine
from app.domain.search import SearchCriteria, SearchPage

Observe = Callable[[str, float], None]


class MeasuredEngine:
    """Implements `app.domain.ports.SearchEngine` by another engine; `observe` gets the seconds."""

    def __init__(self, engine: SearchEngine, observe: Observe) -> None:
        self._engine = engine
        self._observe = observe

    def search(self, criteres: SearchCriteria) -> SearchPage:
        """Returns the engine's page."""
        with self._measured("search"):
            return self._engine.search(criteres)

    def match(self, criteres: MatchCriteria) -> MatchPage:
        """Returns the engine's page."""
        with self._measured("match"):
            return self._engine.match(criteres)

    def known_tokens(self, jetons: Iterable[str]) -> frozenset[str]:
        """Returns the engine's answer."""
        return self._engine.known_tokens(jetons)

    @contextmanager
    def _measured(self, operation: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self._observe(operation, time.perf_counter() - started)
