"""The import command: first load, nothing changed, one record out of ten changed."""

import gzip
import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.commands import ROOT, Run, folder_size_mb, run_flask
from bench.generator import write_jsonl
from bench.report import Figure, Seuil, number

NATIONAL = ROOT.parent / "shared" / "data" / "real" / "national"
CHANGED_EVERY = 10
FIRST_LOAD = Seuil(1_500, au_moins=True)
UNCHANGED = Seuil(5_000, au_moins=True)
MEMORY = Seuil(400)


def measure(folder: Path, feeds: Sequence[Path], name: str, *, rounds: int) -> list[Figure]:
    """Returns the figures of the import of some files into the shipped catalogue."""
    data_dir = folder / "import"
    data_dir.mkdir()
    changed = [change_some(path, folder / f"modifie-{path.name}") for path in feeds]
    records = sum(1 for path in feeds for _ in _records(path))
    # As a newcomer does: into the catalogue that is shipped, whose index is already there.
    run_flask(data_dir, "seed", "demo")
    first = _run(data_dir, feeds)
    same = [_run(data_dir, feeds) for _ in range(rounds)]
    # Going back to the first files changes the same records again.
    some = [_run(data_dir, changed if at % 2 == 0 else feeds) for at in range(rounds)]
    contexte = f"{name}, {number(records)} fiches"
    speeds = (
        ("premier chargement", [first], FIRST_LOAD),
        ("rien n’a changé", same, UNCHANGED),
        ("10 % de fiches modifiées", some, None),
    )
    figures = [
        Figure(
            mesure=f"import · {title}",
            valeur=statistics.median(records / run.seconds for run in runs),
            unite="fiches/s",
            seuil=seuil,
            contexte=f"{contexte}, {_durations(runs)}",
        )
        for title, runs, seuil in speeds
    ]
    peak = max(run.max_rss_mb for run in (first, *same, *some))
    return [
        *figures,
        Figure(
            mesure="import · mémoire, au plus",
            valeur=peak,
            unite="Mo",
            seuil=MEMORY,
            contexte=contexte,
        ),
        *sizes(data_dir, contexte),
    ]


def loading(run: Run, records: int) -> list[Figure]:
    """Returns the figures of the load of the generated catalogue."""
    contexte = f"flux produit, {number(records)} fiches avec arbres de conditions"
    return [
        Figure(
            mesure="import · premier chargement, flux produit",
            valeur=records / run.seconds,
            unite="fiches/s",
            seuil=FIRST_LOAD,
            contexte=f"{contexte}, {_durations([run])}",
        ),
        Figure(
            mesure="import · mémoire, flux produit",
            valeur=run.max_rss_mb,
            unite="Mo",
            seuil=MEMORY,
            contexte=contexte,
        ),
    ]


def sizes(data_dir: Path, contexte: str) -> list[Figure]:
    """Returns what a catalogue takes on disk."""
    index = folder_size_mb(data_dir / "index", ("offres-*.sqlite*",))
    base = folder_size_mb(data_dir, ("*.sqlite*", "*.db*"))
    return [
        Figure(mesure="taille de l’index", valeur=index, unite="Mo", contexte=contexte),
        Figure(mesure="taille de la base", valeur=base, unite="Mo", contexte=contexte),
    ]


def change_some(path: Path, target: Path) -> Path:
    """Writes a feed of which one record out of ten says something new."""
    write_jsonl(target, _changed(path))
    return target


def _changed(path: Path) -> Iterator[Mapping[str, object]]:
    for rank, record in enumerate(_records(path)):
        if rank % CHANGED_EVERY == 0:
            record["description"] = f"{record.get('description') or 'Fiche.'} Mise à jour."
        yield record


def _records(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _run(data_dir: Path, feeds: Sequence[Path]) -> Run:
    return run_flask(data_dir, "catalogue", "import", *map(str, feeds))


def _durations(runs: Sequence[Run]) -> str:
    """Tells the seconds; those of computing, in brackets, hide what other programs took."""
    return "en " + ", ".join(f"{r.seconds:.0f} ({r.cpu_seconds:.0f}) s" for r in runs)
