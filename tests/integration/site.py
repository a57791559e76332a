"""A site as its administrator has it: settings, a data folder, and the `flask` commands."""

import csv
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import click
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from app.cli.campagnes import campagnes_commands
from app.cli.catalogue import catalogue_commands
from app.cli.comptes import comptes_commands
from app.cli.index import index_commands
from app.cli.seed import database_commands, seed_commands
from app.composition import Composition
from app.config import Settings
from app.persistence import schema

ROOT = Path(__file__).resolve().parents[2]
COMMAND_SECONDS = 600  # only so that a fault ends: on a busy machine, a command takes minutes
STRUCTURE: dict[str, object] = {
    "source": "dora",
    "id": "dora--1",
    "nom": "Le Garage solidaire",
    "date_maj": "2024-01-31",
    "code_insee": "84007",
}
SERVICE: dict[str, object] = {
    "source": "dora",
    "structure_id": "dora--1",
    "id": "dora--1--permis",
    "nom": "Atelier code de la route",
    "description": "Un atelier pour préparer le code.",
    "date_maj": "2024-01-31",
}


def make_structures(count: int, **fields: object) -> list[dict[str, object]]:
    return [{**STRUCTURE, "id": f"dora--{rank}", **fields} for rank in range(1, count + 1)]


def make_services(count: int, **fields: object) -> list[dict[str, object]]:
    """Services of the first structure."""
    return [{**SERVICE, "id": f"dora--1--{rank}", **fields} for rank in range(1, count + 1)]


@dataclass
class Site:
    """Runs commands in this process (`run`) or in one of their own (`flask`)."""

    url: str | None
    folder: Path
    more: Mapping[str, str] = field(default_factory=dict)
    """Other settings."""

    @property
    def data_dir(self) -> Path:
        return self.folder / "var"

    @property
    def environ(self) -> dict[str, str]:
        environ = {"EVENTAIL_DATA_DIR": str(self.data_dir), **self.more}
        return environ | ({"DATABASE_URL": self.url} if self.url else {})

    @cached_property
    def composition(self) -> Composition:
        composition = Composition(Settings.from_environ(self.environ))
        if composition.database_of_any_version.dialect.name == "sqlite":
            schema.upgrade(composition.database_of_any_version)
        return composition

    @property
    def engine(self) -> Engine:
        return self.composition.database_of_any_version

    def close(self) -> None:
        if "composition" in self.__dict__:
            self.engine.dispose()

    def write(self, name: str, records: Sequence[object] | bytes) -> Path:
        """Writes a feed: bytes as they are, records as JSON lines."""
        path = self.folder / name
        if not isinstance(records, bytes):
            records = "".join(f"{json.dumps(record)}\n" for record in records).encode()
        path.write_bytes(records)
        return path

    def run(self, *words: object, given: bytes | None = None) -> Result:
        """Runs a command here; whatever it raises but an exit is a stack trace."""
        group = click.Group("flask")
        for make in (
            campagnes_commands,
            catalogue_commands,
            comptes_commands,
            index_commands,
            seed_commands,
            database_commands,
        ):
            group.add_command(make(self.composition))
        result = CliRunner().invoke(group, [str(word) for word in words], input=given)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    @property
    def rejects(self) -> Path:
        return self.folder / "rejets.csv"

    def import_(self, *words: object) -> Result:
        """Imports with the rejects in a file of the test."""
        return self.run("catalogue", "import", "--rejets", self.rejects, *words)

    def rejected(self) -> list[dict[str, str]]:
        """Returns the rows of the rejects file."""
        if not self.rejects.exists():
            return []
        with self.rejects.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def start(self, *words: object, **environ: str) -> subprocess.Popen[str]:
        """Starts a command in a process of its own."""
        inherited = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "TERRITOIRE")}
        return subprocess.Popen(
            [sys.executable, "-m", "flask", *map(str, words)],
            cwd=ROOT,
            env=inherited | self.environ | environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def flask(self, *words: object, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Runs a command in a process of its own, to its end."""
        process = self.start(*words, **environ)
        out, err = process.communicate(timeout=COMMAND_SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def lines_of(path: Path) -> list[dict[str, object]]:
    """Returns the records of a file of JSON lines, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
