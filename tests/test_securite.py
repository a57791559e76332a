"""The page on security: a line for each item of the list, and tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "securite.md"
# OWASP ASVS 5.0: what concerns this site of level 1, then of level 2, and one item of level 3.
ITEMS = (
    "1.2.1", "1.2.2", "1.2.4", "2.2.1", "2.2.2", "3.3.1", "3.4.1", "3.4.2", "3.5.1", "3.5.3",
    "5.2.1", "5.2.2", "6.2.1", "6.2.2", "6.2.3", "6.2.4", "6.2.5", "6.2.6", "6.2.7", "6.2.8",
    "6.3.1", "7.2.4", "7.4.1", "7.4.2", "8.2.1", "8.2.2", "8.3.1", "14.2.1", "14.3.1", "15.3.1",
    "1.2.9", "1.3.6", "1.3.11", "2.3.2", "2.4.1", "3.3.2", "3.3.3", "3.3.4", "3.4.3", "3.4.4",
    "3.4.5", "3.4.6", "6.5.5", "8.2.3", "8.4.1", "14.2.2", "14.2.3", "14.2.4", "14.3.2",
    "15.3.3", "16.2.5", "16.3.1", "16.3.2", "16.5.1", "16.5.2", "16.5.3", "1.2.10",
)  # fmt: skip
_ROW = re.compile(r"\| (\d+\.\d+\.\d+) ([^|]+) \| ([^|]+) \| ([^|]+) \|")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ROWS = {row[1]: row for row in map(_ROW.fullmatch, PAGE.read_text("utf-8").splitlines()) if row}


def test_each_item_has_one_line() -> None:
    named = re.findall(r"^\| (\d+\.\d+\.\d+) ", PAGE.read_text("utf-8"), re.MULTILINE)

    assert sorted(named) == sorted(ITEMS)
    assert ROWS.keys() == set(ITEMS)


@pytest.mark.parametrize("item", ITEMS)
def test_each_line_names_tests_that_exist(item: str) -> None:
    named = _TEST.findall(ROWS[item][4])

    assert named
    assert _TEST.sub("", ROWS[item][4]).strip(" ,") == ""
    for path, test in named:
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert test in found, f"{path}::{test}"
