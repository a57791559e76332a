"""The generated catalogue on disk: made and imported once, kept when the folder is."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.commands import Run, run_flask
from bench.generator import SEED, Feeds, Generator, write_feeds
from seed.reference import load_geographie, load_vocabulaire

STAMP = "banc.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A data folder with the generated offers; `run` is None when it was loaded before."""

    data_dir: Path
    records: int
    run: Run | None


def generate(folder: Path, offers: int) -> Feeds:
    """Writes the feeds of so many offers."""
    geographie = load_geographie()
    generator = Generator(geographie, load_vocabulaire(None, geographie), offers)
    return write_feeds(generator, folder)


def load(folder: Path, offers: int) -> Loaded:
    """Imports the generated offers with the project's own command, unless they are there."""
    data_dir = folder / f"catalogue-{offers}"
    stamp = {"offres": offers, "graine": SEED}
    stamp_file = data_dir / STAMP
    if stamp_file.exists():
        held = json.loads(stamp_file.read_text(encoding="utf-8"))
        if held.items() >= stamp.items():
            # The index is made again when the code that reads it has changed.
            run_flask(data_dir, "index", "drain")
            return Loaded(data_dir=data_dir, records=held["fiches"], run=None)
    data_dir.mkdir(parents=True, exist_ok=True)
    feeds = generate(folder / f"flux-{offers}", offers)
    run = run_flask(data_dir, "catalogue", "import", str(feeds.structures), str(feeds.services))
    content = json.dumps(stamp | {"fiches": feeds.records})
    stamp_file.write_text(content, encoding="utf-8")
    return Loaded(data_dir=data_dir, records=feeds.records, run=run)
