"""A site on the day of the measures: fresher listings rank higher, so the date is part of them."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from app.clock import ParisClock
from app.composition import Composition
from app.domain.matching import MatchCriteria, MatchPage
from app.domain.ports import SearchEngine
from app.domain.search import SearchCriteria, SearchPage

DAY = "2026-11-25"


class DayClock(ParisClock):
    """A clock whose date never changes."""

    def today(self) -> date:
        """Returns the day of the measures."""
        return date.fromisoformat(DAY)


class HeardEngine:
    """Implements `app.domain.ports.SearchEngine` by another one, and keeps what it is asked."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self.asked: list[SearchCriteria] = []

    def search(self, criteres: SearchCriteria) -> SearchPage:
        """Returns the engine's page."""
        self.asked.append(criteres)
        return self._engine.search(criteres)

    def match(self, criteres: MatchCriteria) -> MatchPage:
        """Returns the engine's page."""
        return self._engine.match(criteres)

    def known_tokens(self, jetons: Iterable[str]) -> frozenset[str]:
        """Returns the engine's answer."""
        return self._engine.known_tokens(jetons)


class CompositionOfTheDay(Composition):
    """The parts of a site on that day."""

    @cached_property
    def clock(self) -> ParisClock:
        """The clock of that day."""
        return DayClock()

    @cached_property
    def engine(self) -> HeardEngine:
        """The engine that the settings name."""
        return HeardEngine(super().engine)
