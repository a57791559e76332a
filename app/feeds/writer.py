"""Writes the catalogue in the data·inclusion v1 form: JSON lines, JSON array or CSV, or gzipped.

A file appears under its name only once it is complete. A CSV is defused, whoever asks for it: the
machine that wants exact texts has JSON, and the one that reads CSV finds a text of the schema.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from app.feeds.cellules import defused

FORMATS = ("jsonl.gz", "jsonl", "json", "json.gz", "csv", "csv.gz")
Record = Mapping[str, Any]
# For each file, its columns and its records.
Export = Mapping[str, tuple[tuple[str, ...], Callable[[], Iterable[Record]]]]


def write_feed(export: Export, folder: Path, form: str) -> dict[str, int]:
    """Writes each file of an export in a folder; returns how many records each holds."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, (columns, records) in export.items():
        with _complete_file(folder / f"{name}.{form}") as file:
            counts[name] = _write(file, form.removesuffix(".gz"), columns, records())
    return counts


@contextmanager
def _complete_file(path: Path) -> Iterator[IO[str]]:
    temporary = path.with_name(f".{path.name}.partiel")
    try:
        with temporary.open("wb") as raw:
            if path.suffix == ".gz":
                # No name and no date inside: the same catalogue gives the same bytes.
                compressed = gzip.GzipFile("", "wb", fileobj=raw, mtime=0)
                with compressed, io.TextIOWrapper(compressed, "utf-8", newline="") as text:
                    yield text
            else:
                with io.TextIOWrapper(raw, "utf-8", newline="") as text:
                    yield text
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write(file: IO[str], form: str, columns: tuple[str, ...], records: Iterable[Record]) -> int:
    if form == "csv":
        return _write_csv(file, columns, records)
    count = 0
    opening, between, closing = ("[\n", ",\n", "\n]\n") if form == "json" else ("", "\n", "\n")
    file.write(opening)
    for record in records:
        file.write(between if count else "")
        file.write(json.dumps(record, ensure_ascii=False))
        count += 1
    file.write(closing if count or form == "json" else "")
    return count


def _write_csv(file: IO[str], columns: tuple[str, ...], records: Iterable[Record]) -> int:
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    count = 0
    for record in records:
        writer.writerow({name: cell_of(value) for name, value in record.items()})
        count += 1
    return count


def cell_of(value: object) -> object:
    """Lists and trees are JSON text in a cell, as data·inclusion writes them."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return defused(value) if isinstance(value, str) else value
