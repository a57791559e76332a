"""How long the second start takes: the steps of `make run` until pages answer."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.commands import (
    ROOT,
    environment,
    free_port,
    run_flask,
    running_site,
    status_of,
)
from bench.report import Figure, Seuil

SECOND_START = Seuil(5)
PAGES = ("/healthz", "/")


def measure(folder: Path, loaded: Path | None, *, rounds: int) -> list[Figure]:
    """Returns the figures of the start on the shipped catalogue, and on a large one if loaded."""
    data_dir = folder / "demarrage"
    data_dir.mkdir()
    first = run_flask(data_dir, "seed", "demo").seconds
    reference = [run_flask(data_dir, "seed", "reference").seconds for _ in range(rounds)]
    starts = [_second_start(data_dir) for _ in range(rounds)]
    figures = [
        Figure(
            mesure="démarrage · flask seed demo dans un catalogue vide", valeur=first, unite="s"
        ),
        Figure(
            mesure="démarrage · flask seed reference",
            valeur=statistics.median(reference),
            unite="s",
            contexte=f"médiane de {rounds}",
        ),
        _figure("deuxième fois, jusqu’à /healthz et /", starts, SECOND_START),
    ]
    if loaded is not None:
        again = [_second_start(loaded) for _ in range(rounds)]
        figures.append(_figure("deuxième fois, grand catalogue", again, SECOND_START))
    return figures


def _second_start(data_dir: Path) -> tuple[float, str]:
    """Returns the seconds of the three steps of `make run`, and what the pages answered."""
    started = time.perf_counter()
    env = os.environ | environment(data_dir, PORT=str(free_port()))
    subprocess.run([sys.executable, "gunicorn.conf.py"], cwd=ROOT, env=env, check=True)
    run_flask(data_dir, "seed", "demo", "--si-vide")
    with running_site(data_dir) as site:
        statuses = [(page, status_of(site.port, page)) for page in PAGES]
        seconds = time.perf_counter() - started
    wrong = [f"{page} répond {status}" for page, status in statuses if status != 200]
    return seconds, ", ".join(wrong)


def _figure(title: str, starts: list[tuple[float, str]], seuil: Seuil) -> Figure:
    return Figure(
        mesure=f"démarrage · {title}",
        valeur=statistics.median(seconds for seconds, _ in starts),
        unite="s",
        seuil=seuil,
        contexte=", ".join(filter(None, (f"médiane de {len(starts)}", starts[-1][1]))),
    )
