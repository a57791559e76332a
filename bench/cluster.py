"""The same matches and searches on Elasticsearch, beside those of the embedded engine."""

import gc
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.composition import Composition
from app.config import Settings
from app.domain.matching import MatchCriteria
from bench import match
from bench.commands import environment, run_flask
from bench.plan import Scenario
from bench.report import Figure, Seuil, median_of_rounds, number
from indexer.elasticsearch import cluster
from indexer.elasticsearch.cluster import Searcher
from schemas.base import ReadingContext
from schemas.matching import read_match
from tests.elasticsearch_node.cluster import running_cluster
from tests.elasticsearch_node.settings import ClusterSettings

MATCH_P50 = {100_000: Seuil(40), 1_000_000: Seuil(200)}
OWN_PYTHON = Seuil(8)
HEAP_MB = {100_000: 512, 1_000_000: 2_048}
WARM_UP = 2  # times every person: the virtual machine compiles what it runs often


def measure(
    data_dir: Path, offers: int, plan: Sequence[Scenario], *, shards: int, rounds: int
) -> Iterator[Figure]:
    """Yields the figures of a node with the options that Elasticsearch ships."""
    where = f" · Elasticsearch, {number(offers)} offres, {shards} part{'s' if shards > 1 else ''}"
    print(f"Elasticsearch, {number(offers)} offres…", file=sys.stderr)
    settings = ClusterSettings(quick_start=False, heap_mb=HEAP_MB.get(offers, 512))
    with running_cluster(settings) as node:
        chosen = {
            "SEARCH_ENGINE": "elasticsearch",
            "ELASTICSEARCH_URL": node.url,
            "ELASTICSEARCH_INDEX": "banc",
            "ELASTICSEARCH_SHARDS": str(shards),
        }
        run = run_flask(data_dir, "index", "rebuild", **chosen)
        yield Figure(mesure=f"index refait{where}", valeur=run.seconds, unite="s")
        composition = Composition(Settings.from_environ(environment(data_dir, **chosen)))
        with _patient():
            yield from _matches(composition, offers, where, rounds)
            yield from _searches(composition, plan[:2], where, rounds)


def _matches(composition: Composition, offers: int, where: str, rounds: int) -> Iterator[Figure]:
    context = ReadingContext(
        vocabulaire=composition.vocabulaire,
        geographie=composition.geographie,
        today=composition.clock.today(),
    )
    asked = [
        composition.matching.criteria(read_match(body, context))
        for body in match.bodies(composition)
    ]
    for _ in range(WARM_UP):
        _match_all(composition, asked)
    gc.freeze()  # as a web process does once it is warm
    measured = [_match_all(composition, asked) for _ in range(rounds)]
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        yield Figure(
            mesure=f"match · juge et moteur{where} · {name}",
            valeur=median_of_rounds([whole for whole, _, _ in measured], share),
            unite="ms",
            seuil=MATCH_P50.get(offers) if name == "p50" else None,
            contexte="totaux, besoins, hors de portée, questions",
        )
    above = [[w - t for w, t, _ in zip(*lists, strict=True)] for lists in measured]
    own = [[w - r for w, _, r in zip(*lists, strict=True)] for lists in measured]
    yield Figure(
        mesure=f"match · au-dessus du nœud{where} · p50",
        valeur=median_of_rounds(above, 0.5),
        unite="ms",
        contexte="au-dessus du temps qu’il dit (took) : notre Python, transport, lecture du JSON",
    )
    yield Figure(
        mesure=f"match · dont notre Python{where} · p50",
        valeur=median_of_rounds(own, 0.5),
        unite="ms",
        seuil=OWN_PYTHON,
        contexte="juger, écrire la demande, lire la réponse",
    )


def _match_all(
    composition: Composition, asked: Sequence[MatchCriteria]
) -> tuple[list[float], list[float], list[float]]:
    """Returns the milliseconds of each match: whole, said by the node, of its round trips."""
    whole, said, round_trips = [], [], []
    with _noting() as noted:
        for criteres in asked:
            noted.clear()
            started = time.perf_counter()
            composition.engine.match(criteres)
            whole.append(1000 * (time.perf_counter() - started))
            said.append(sum(took for took, _ in noted))
            round_trips.append(sum(trip for _, trip in noted))
    return whole, said, round_trips


def _searches(
    composition: Composition, plan: Sequence[Scenario], where: str, rounds: int
) -> Iterator[Figure]:
    service = composition.catalogue.search
    for scenario in plan:
        for demande in scenario.demandes:
            service.search(demande)
        measured = []
        for _ in range(rounds):
            times = []
            for demande in scenario.demandes:
                started = time.perf_counter()
                service.search(demande)
                times.append(1000 * (time.perf_counter() - started))
            measured.append(times)
        yield Figure(
            mesure=f"recherche · {scenario.title}{where} · p50",
            valeur=statistics.median(median_of_rounds([times], 0.5) for times in measured),
            unite="ms",
        )


@contextmanager
def _noting() -> Iterator[list[tuple[float, float]]]:
    """Gathers what the node says that each round trip took, and what it took."""
    noted: list[tuple[float, float]] = []
    run = Searcher.run

    def noting(self: Searcher, searches: Sequence[Any], *, personal: bool = False) -> list[Any]:
        started = time.perf_counter()
        answers = run(self, searches, personal=personal)
        trip = 1000 * (time.perf_counter() - started)
        noted.append((max(answer["took"] for answer in answers), trip))
        return answers

    Searcher.run = noting  # type: ignore[method-assign]  # put back below
    try:
        yield noted
    finally:
        Searcher.run = run  # type: ignore[method-assign]


@contextmanager
def _patient() -> Iterator[None]:
    """Waits for a node that has not yet compiled what it is asked."""
    seconds, cluster.SEARCH_SECONDS = cluster.SEARCH_SECONDS, 60.0
    try:
        yield
    finally:
        cluster.SEARCH_SECONDS = seconds
