"""What is written is read back, appears only once complete, and gives the same bytes twice."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.feeds.writer import FORMATS, Export, write_feed
from tests.unit.feeds.feeds_made import FeedFile, read_all

COLUMNS = ("id", "nom", "thematiques", "eligibilite", "places", "ouvert")
RECORDS: list[dict[str, object]] = [
    {
        "id": "a",
        "nom": 'Accueil « été »,\nl’aide; "vraie"\ttab',
        "thematiques": ["mobilite--permis", "sante"],
        "eligibilite": {"toutes": [{"fait": "age", "min": 16}], "a_verifier": ["œil"]},
        "places": 0,
        "ouvert": True,
    },
    {"id": "b", "nom": "Le Garage"},
]


def export_of(records: list[dict[str, object]]) -> Export:
    return {"services": (COLUMNS, lambda: iter(records))}


def cell_of(value: object) -> str:
    is_nested = isinstance(value, list | dict)
    return json.dumps(value, ensure_ascii=False) if is_nested else str(value)


def as_read(form: str, record: dict[str, object]) -> dict[str, object]:
    if "csv" not in form:
        return record
    return {
        name: json.dumps(value, ensure_ascii=False)
        if isinstance(value, list | dict)
        else str(value)
        for name, value in record.items()
    }


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_written_is_read_back(tmp_path: Path, form: str) -> None:
    counts = write_feed(export_of(RECORDS), tmp_path, form)

    found = read_all(FeedFile(tmp_path / f"services.{form}"))
    assert counts == {"services": 2}
    assert [record.data for record in found] == [as_read(form, record) for record in RECORDS]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_records_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name in ("one", "two"):
        write_feed(export_of(RECORDS), tmp_path / name / "deeper", form)

    one, two = ((tmp_path / n / "deeper" / f"services.{form}") for n in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_no_record_is_a_file_all_the_same(tmp_path: Path, form: str) -> None:
    assert write_feed(export_of([]), tmp_path, form) == {"services": 0}

    content = (tmp_path / f"services.{form}").read_text(encoding="utf-8")
    assert content.split() == {"jsonl": [], "json": ["[", "]"], "csv": [",".join(COLUMNS)]}[form]


def test_other_tools_read_what_is_written(tmp_path: Path) -> None:
    for form in FORMATS:
        write_feed(export_of(RECORDS), tmp_path, form)

    assert json.loads((tmp_path / "services.json").read_text(encoding="utf-8")) == RECORDS
    with gzip.open(tmp_path / "services.jsonl.gz", "rt", encoding="utf-8") as lines:
        assert [json.loads(line) for line in lines] == RECORDS
    with (tmp_path / "services.csv").open(encoding="utf-8", newline="") as file:
        assert [row["nom"] for row in csv.DictReader(file)] == [r["nom"] for r in RECORDS]


@pytest.mark.parametrize("form", FORMATS)
def test_a_failure_leaves_the_file_that_was_there_and_no_other(tmp_path: Path, form: str) -> None:
    write_feed(export_of(RECORDS), tmp_path, form)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken() -> Iterator[dict[str, object]]:
        yield RECORDS[1]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        write_feed({"services": (COLUMNS, broken)}, tmp_path, form)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_first_failure_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[dict[str, object]]:
        raise ConnectionError
        yield {}

    with pytest.raises(ConnectionError):
        write_feed({"services": (COLUMNS, broken)}, tmp_path / "new", "jsonl.gz")

    assert list((tmp_path / "new").iterdir()) == []


def test_a_column_that_is_not_declared_is_a_fault_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="inconnue"):
        write_feed(export_of([{"id": "a", "inconnue": 1}]), tmp_path, "csv")
