"""Searches in process: the whole use case, and the engine's own share of it."""

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.composition import Composition
from app.config import Settings
from app.domain.demande import Demande
from app.domain.ports import SearchEngine
from app.domain.search import SearchCriteria, SearchPage
from app.services.search import SearchService
from bench.commands import environment
from bench.plan import Scenario
from bench.report import Figure, median_of_rounds, number

WARM_UP = 20


class TimedEngine:
    """A search engine that notes how long each search took."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self.milliseconds: list[float] = []

    def search(self, criteres: SearchCriteria) -> SearchPage:
        """Returns the engine's page."""
        started = time.perf_counter()
        page = self._engine.search(criteres)
        self.milliseconds.append(1000 * (time.perf_counter() - started))
        return page

    def known_tokens(self, jetons: Iterable[str]) -> frozenset[str]:
        """Returns the engine's answer."""
        return self._engine.known_tokens(jetons)


def open_composition(data_dir: Path) -> Composition:
    """Returns the parts of a site whose data is in that folder."""
    os.environ.update(environment(data_dir))
    return Composition(Settings.from_environ(os.environ))


def measure(composition: Composition, plan: Sequence[Scenario], *, rounds: int) -> list[Figure]:
    """Returns the figures of every scenario, in process."""
    service = composition.catalogue.search
    timed = TimedEngine(service._engine)
    service._engine = timed
    figures: list[Figure] = []
    for scenario in plan:
        for demande in scenario.demandes[:WARM_UP]:
            service.search(demande)
        whole, engine, totals = [], [], []
        for _ in range(rounds):
            timed.milliseconds = []
            times, found = _round(service, scenario.demandes)
            whole.append(times)
            engine.append(timed.milliseconds)
            totals.extend(found)
        contexte = f"{number(round(sum(totals) / len(totals)))} résultats en moyenne"
        figures.extend(
            Figure(
                mesure=f"{label} · {scenario.title} · {name}",
                valeur=median_of_rounds(measured, share),
                unite="ms",
                contexte=contexte,
            )
            for label, measured in (("recherche", whole), ("moteur seul", engine))
            for name, share in (("p50", 0.5), ("p95", 0.95))
        )
    return figures


def _round(service: SearchService, demandes: Sequence[Demande]) -> tuple[list[float], list[int]]:
    times, totals = [], []
    for demande in demandes:
        started = time.perf_counter()
        found = service.search(demande)
        times.append(1000 * (time.perf_counter() - started))
        totals.append(found.page.total)
    return times, totals
