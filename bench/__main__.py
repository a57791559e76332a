"""`make bench`: measures what the project promises, and prints the figures with their thresholds.

It always exits 0 once it could measure: these are figures, not tests.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.composition import Composition
from bench import catalogue, cluster, engine, http, importing, match, pages, startup
from bench.commands import CommandFailed, running_site
from bench.plan import scenarios
from bench.report import Figure, machine, number, table
from tests.elasticsearch_node.unavailable import NodeUnavailable

PARTS = ("search", "elasticsearch", "million", "import", "startup")
OFFERS, QUICK_OFFERS = 100_000, 2_000
ROUNDS = 3
SECONDS = 20.0  # of the eight clients at once


def main(arguments: list[str]) -> int:
    """Runs the chosen parts."""
    options = _read(arguments)
    with _folder(options.data) as folder:
        try:
            figures = list(_measure(folder, options))
        except CommandFailed as exc:
            print(f"Une commande du projet a échoué, rien n’est mesuré : {exc}", file=sys.stderr)
            return 1
    print(f"\n{machine()}\n")
    print(table(figures))
    if options.json:
        lines = "".join(f"{figure.json_line()}\n" for figure in figures)
        options.json.write_text(lines, encoding="utf-8")
    return 0


def _measure(folder: Path, options: argparse.Namespace) -> Iterator[Figure]:
    rounds = 1 if options.quick else ROUNDS
    loaded = None
    if not {"search", "elasticsearch"}.isdisjoint(options.only):
        print(f"Catalogue de {options.offers} offres…", file=sys.stderr)
        loaded = catalogue.load(folder, options.offers)
        composition = engine.open_composition(loaded.data_dir)
    if loaded and "search" in options.only:
        yield from _embedded(loaded, composition, options, rounds)
    if loaded and "elasticsearch" in options.only:
        yield from _on_a_cluster(loaded.data_dir, options.offers, composition, rounds)
    if "million" in options.only and not options.quick:
        print(f"Catalogue de {number(match.MILLION)} offres (un quart d’heure)…", file=sys.stderr)
        largest = catalogue.load(folder, match.MILLION)
        composition = engine.open_composition(largest.data_dir)
        yield from match.of_a_million(largest.data_dir, composition, rounds=min(rounds, 2))
        if "elasticsearch" in options.only:
            yield from _on_a_cluster(largest.data_dir, match.MILLION, composition, 1)
    with tempfile.TemporaryDirectory(prefix="eventail-bench-") as name:
        scratch = Path(name)
        if "import" in options.only:
            print("Imports…", file=sys.stderr)
            feeds, title = _feeds(scratch, options)
            yield from importing.measure(scratch, feeds, title, rounds=min(rounds, 2))
        if "startup" in options.only:
            print("Démarrages…", file=sys.stderr)
            large = loaded.data_dir if loaded else None
            yield from startup.measure(scratch, large, rounds=rounds)


def _embedded(
    loaded: catalogue.Loaded, composition: Composition, options: argparse.Namespace, rounds: int
) -> Iterator[Figure]:
    if loaded.run is not None:
        yield from importing.loading(loaded.run, loaded.records)
    yield from importing.sizes(loaded.data_dir, f"{number(options.offers)} offres produites")
    print("Recherches…", file=sys.stderr)
    plan = scenarios(composition.geographie, composition.vocabulaire)
    seconds = 2.0 if options.quick else SECONDS
    yield from http.measure(loaded.data_dir, plan, rounds=rounds, seconds=seconds)
    yield from engine.measure(composition, plan, rounds=rounds)
    print("Correspondances…", file=sys.stderr)
    with running_site(loaded.data_dir, http.WORKERS) as site:
        yield from match.over_http(loaded.data_dir, site, composition, rounds=rounds)
        yield from match.pages(loaded.data_dir, site, composition, rounds=rounds)
        yield from pages.measure(loaded.data_dir, site, composition, rounds=rounds)
    yield from match.in_process(composition, rounds=rounds)


def _on_a_cluster(
    data_dir: Path, offers: int, composition: Composition, rounds: int
) -> Iterator[Figure]:
    plan = scenarios(composition.geographie, composition.vocabulaire)
    try:
        for shards in (1, 2):
            yield from cluster.measure(data_dir, offers, plan, shards=shards, rounds=rounds)
    except NodeUnavailable as exc:
        print(f"Elasticsearch n’est pas mesuré : {exc}", file=sys.stderr)


def _feeds(scratch: Path, options: argparse.Namespace) -> tuple[list[Path], str]:
    real = sorted(options.flux.glob("*.jsonl.gz"))
    if real and not options.quick:
        return real, "flux national"
    made = catalogue.generate(scratch / "flux", options.offers)
    return [made.structures, made.services], "flux produit"


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="eventail-bench-") as name:
        yield Path(name)


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(","))
    if unknown := [part for part in parts if part not in PARTS]:
        raise argparse.ArgumentTypeError(f"« {unknown[0]} » n’est pas l’une de {', '.join(PARTS)}")
    return parts


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Mesure les performances.")
    parser.add_argument("--offers", type=int, help=f"nombre d’offres produites ({OFFERS})")
    parser.add_argument("--only", type=_parts, default=PARTS, help=",".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="un essai : petit et vite")
    parser.add_argument("--json", type=Path, metavar="FICHIER", help="écrit aussi du JSON")
    parser.add_argument("--data", type=Path, metavar="DOSSIER", help="garde le catalogue produit")
    parser.add_argument(
        "--flux", type=Path, default=importing.NATIONAL, metavar="DOSSIER",
        help="flux réel de l’import (*.jsonl.gz)",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    options.offers = options.offers or (QUICK_OFFERS if options.quick else OFFERS)
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
