"""Searches over HTTP: gunicorn as the project runs it, a client in another process."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.client import Posted
from bench.commands import ROOT, environment, running_site, status_of
from bench.plan import Scenario
from bench.report import Figure, Seuil, median_of_rounds, percentile

WORKERS = 2
CLIENTS = 8
WARM_UP = 40  # each worker loads its columns on its first search
REQUESTS_PER_SECOND = Seuil(250, au_moins=True)


def measure(
    data_dir: Path, plan: Sequence[Scenario], *, rounds: int, seconds: float
) -> list[Figure]:
    """Returns the figures of every scenario over HTTP."""
    with running_site(data_dir, WORKERS) as site:
        port = site.port
        status = status_of(port, plan[0].paths[0])
        if status != 200:
            return [_absent(scenario, status) for scenario in plan]
        figures = [f for s in plan for f in _one_client(port, data_dir, s, rounds)]
        return [*figures, *_many_clients(port, data_dir, plan[0], seconds)]


def _one_client(port: int, data_dir: Path, scenario: Scenario, rounds: int) -> list[Figure]:
    order = {"port": port, "paths": scenario.paths, "warmup": WARM_UP, "rounds": rounds}
    found = ask(data_dir, order)
    contexte = f"1 client, {len(scenario.paths)} requêtes × {rounds}, {_kilobytes(found)}"
    return [
        Figure(
            mesure=f"HTTP · {scenario.title} · {name}",
            valeur=median_of_rounds(found["rounds"], share),
            unite="ms",
            seuil=seuil,
            contexte=contexte + faults(found),
        )
        for name, share, seuil in (("p50", 0.5, scenario.p50), ("p95", 0.95, scenario.p95))
    ]


def _many_clients(port: int, data_dir: Path, scenario: Scenario, seconds: float) -> list[Figure]:
    paths = scenario.paths
    ask(data_dir, {"port": port, "paths": paths, "clients": CLIENTS, "seconds": 1.0})
    found = ask(data_dir, {"port": port, "paths": paths, "clients": CLIENTS, "seconds": seconds})
    contexte = f"{scenario.title}, {seconds:.0f} s, {WORKERS} processus{faults(found)}"
    return [
        Figure(
            mesure=f"HTTP · {CLIENTS} clients à la fois",
            valeur=found["per_second"],
            unite="requêtes/s",
            seuil=REQUESTS_PER_SECOND,
            contexte=contexte,
        ),
        Figure(
            mesure=f"HTTP · {CLIENTS} clients à la fois · p95",
            valeur=percentile(found["rounds"][0], 0.95),
            unite="ms",
            contexte=contexte,
        ),
    ]


def ask(data_dir: Path, order: dict[str, object]) -> dict[str, Any]:
    """Returns what a client in another process measured."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.client"],
        cwd=ROOT,
        env=environment(data_dir),
        input=json.dumps(order),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def posted_order(port: int, asked: Sequence[Posted], warmup: int, rounds: int) -> dict[str, object]:
    """Returns the order of a client that posts bodies, one by one."""
    return {
        "port": port,
        "paths": [posted.path for posted in asked],
        "bodies": [[posted.content_type, posted.body] for posted in asked],
        "warmup": warmup,
        "rounds": rounds,
    }


def _absent(scenario: Scenario, status: int) -> Figure:
    contexte = f"l’API répond {status} : seul le moteur est mesuré"
    return Figure(
        mesure=f"HTTP · {scenario.title} · p50",
        valeur=None,
        unite="ms",
        seuil=scenario.p50,
        contexte=contexte,
    )


def _kilobytes(found: dict[str, Any]) -> str:
    return f"{found['bytes'] / 1000:.0f} ko par réponse"


def faults(found: Mapping[str, Any]) -> str:
    """Tells how many answers were errors, if any."""
    return f", {found['errors']} réponses en erreur" if found["errors"] else ""
