"""Feeds are told apart by their content, read as streams, and their faults are located."""

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from app.feeds.reader import MAX_LINE_BYTES, FeedFile, FeedUnreadable
from tests.unit.feeds.feeds_made import (
    BOM,
    as_csv,
    as_json,
    as_jsonl,
    data_of,
    fault_of,
    feed_of,
    gzipped,
    read_all,
)

RECORDS = [
    {"id": "a", "nom": "Accueil « été », l’aide", "note": "deux\nlignes"},
    {"id": "b", "nom": 'guillemets "doubles"; point-virgule', "note": "tab\tulation"},
    {"id": "c", "nom": "œuvre", "note": "x"},
]
FORMS = {
    "json": as_json(RECORDS),
    "json-indented": json.dumps(RECORDS, indent=2).encode(),
    "jsonl": as_jsonl(RECORDS),
    "jsonl-crlf": as_jsonl(RECORDS, "\r\n"),
    "csv-comma": as_csv(RECORDS),
    "csv-semicolon": as_csv(RECORDS, ";"),
    "csv-tab": as_csv(RECORDS, "\t"),
    "csv-crlf": as_csv(RECORDS, newline="\r\n"),
}
Wrapping = Callable[[bytes], bytes]
WRAPPINGS = [
    pytest.param(lambda content: content, id="plain"),
    pytest.param(lambda content: BOM + content, id="bom"),
    pytest.param(lambda content: content.rstrip(), id="no-last-newline"),
    pytest.param(gzipped, id="gzip"),
    pytest.param(lambda content: gzipped(BOM + content), id="gzip-bom"),
    pytest.param(
        lambda content: gzipped(content[:9]) + gzipped(content[9:]), id="two-gzip-members"
    ),
    pytest.param(lambda content: gzipped(content) + b"\0" * 32, id="gzip-padded-with-zeros"),
]


@pytest.mark.parametrize("wrap", WRAPPINGS)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_told_by_its_content(tmp_path: Path, form: str, wrap: Wrapping) -> None:
    assert data_of(tmp_path, wrap(FORMS[form])) == RECORDS


@pytest.mark.parametrize("name", ["feed.csv", "feed.json.gz", "feed", "feed.jsonl"])
def test_the_name_means_nothing(tmp_path: Path, name: str) -> None:
    assert len(read_all(feed_of(tmp_path, FORMS["json"], name))) == 3


@pytest.mark.parametrize(
    "content",
    [b"[]", b" [ ] ", gzipped(b"[]"), b"id,nom\n", b"id;nom", BOM + b"[]"],
    ids=["array", "spaces", "gzip", "header", "header-without-newline", "bom"],
)
def test_a_feed_may_hold_no_record(tmp_path: Path, content: bytes) -> None:
    assert data_of(tmp_path, content) == []


def test_records_know_their_file_and_their_rank_or_line(tmp_path: Path) -> None:
    for form, lines in (("json", [1, 2, 3]), ("jsonl", [1, 2, 3])):
        records = read_all(feed_of(tmp_path, FORMS[form]))

        assert [(record.fichier, record.ligne) for record in records] == [
            ("flux", line) for line in lines
        ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_blank_lines_are_skipped_and_counted(tmp_path: Path, newline: str) -> None:
    lines = ["{}", "", '{"id": 1}', "   ", "", "oops", '{"id": 2}']
    records = read_all(feed_of(tmp_path, newline.join(lines).encode()))

    assert [(r.ligne, r.fault, r.data) for r in records] == [
        (1, None, {}),
        (3, None, {"id": 1}),
        (6, "json", None),
        (7, None, {"id": 2}),
    ]


def test_blank_lines_at_the_beginning_are_counted_too(tmp_path: Path) -> None:
    records = read_all(feed_of(tmp_path, b'\n\n{"id": 1}\n{"id": 2}\n'))

    assert [record.ligne for record in records] == [3, 4]


def test_lines_of_a_csv_are_those_of_an_editor(tmp_path: Path) -> None:
    content = b'id,nom\na,"deux\nlignes"\n\nb,x\nc\nd,x,y\n'
    records = read_all(feed_of(tmp_path, content))

    assert [(r.ligne, r.fault) for r in records][1:] == [
        (5, None),
        (6, "colonnes"),
        (7, "colonnes"),
    ]
    assert records[0].ligne in (2, 3)
    assert [r.data for r in records[:2]] == [
        {"id": "a", "nom": "deux\nlignes"},
        {"id": "b", "nom": "x"},
    ]


def test_an_empty_cell_is_silence(tmp_path: Path) -> None:
    assert data_of(tmp_path, b'id,nom,note\na,,""\n') == [{"id": "a"}]


def test_a_cell_may_be_long(tmp_path: Path) -> None:
    text = "é" * 200_000

    assert data_of(tmp_path, as_csv([{"id": "a", "nom": text}])) == [{"id": "a", "nom": text}]


def test_any_json_value_is_a_record_for_the_schemas_to_refuse(tmp_path: Path) -> None:
    values = [1, "x", None, [], [[{"id": "a"}]], {"id": {"id": []}}, True, 1.5]

    assert data_of(tmp_path, as_json(values)) == values


def test_a_line_that_is_no_object_is_a_record_too(tmp_path: Path) -> None:
    records = read_all(feed_of(tmp_path, b'{"id": 1}\n[1, 2]\n"x"\n'))

    assert [record.data for record in records] == [{"id": 1}, [1, 2], "x"]


def deep(levels: int) -> str:
    return '{"id": "x", "eligibilite": ' + '{"sauf": ' * levels + "{}" + "}" * levels + "}"


def test_a_line_of_5000_levels_is_a_fault_of_that_line(tmp_path: Path) -> None:
    content = f'{{"id": 1}}\n{deep(5_000)}\n{{"id": 2}}\n'.encode()

    records = read_all(feed_of(tmp_path, content))

    assert [(r.ligne, r.fault) for r in records] == [(1, None), (2, "json"), (3, None)]


def test_5000_levels_in_an_array_do_not_stop_the_others(tmp_path: Path) -> None:
    content = f'[{{"id": "a"}}, {deep(5_000)}, {{"id": "b"}}]'.encode()

    records = read_all(feed_of(tmp_path, content))

    assert [record.ligne for record in records] == [1, 2, 3]
    assert records[2].data == {"id": "b"}


ARRAY = as_json([{"id": "a", "nom": "été"}, {"id": "b"}])
GZIP = gzipped(as_jsonl([{"id": str(rank), "nom": f"{rank * 7919}"} for rank in range(5_000)]))


@pytest.mark.parametrize(
    ("content", "read", "motif"),
    [
        pytest.param(b"", 0, "vide", id="empty"),
        pytest.param(b" \n\t\r\n", 0, "vide", id="blank"),
        pytest.param(BOM, 0, "vide", id="bom-alone"),
        pytest.param(gzipped(b""), 0, "vide", id="empty-gzip"),
        pytest.param(ARRAY[:-4], 1, "json_tronque", id="truncated-array"),
        pytest.param(ARRAY[:-1], 2, "json_tronque", id="array-without-end"),
        pytest.param(b"[", 0, "json_tronque", id="opening-alone"),
        pytest.param(gzipped(ARRAY[:-4]), 1, "json_tronque", id="truncated-array-in-gzip"),
        pytest.param(GZIP[:-12], None, "gzip_tronque", id="truncated-gzip"),
        pytest.param(GZIP[:9], 0, "gzip_tronque", id="gzip-header-alone"),
        pytest.param(GZIP + b"garbage", None, "gzip_tronque", id="garbage-after-gzip"),
        pytest.param(
            GZIP[:4_000] + bytes(8) + GZIP[4_008:], None, "gzip_tronque", id="damaged-gzip"
        ),
        pytest.param(b"[{]", 0, "json", id="array-of-nonsense"),
        pytest.param(b'[{"id": "a"} {"id": "b"}]', 1, "json", id="array-without-commas"),
        pytest.param(b'[{"id": "a"},]', 1, "json", id="comma-before-the-end"),
        pytest.param(b'["a"}]', 0, "json", id="brace-never-opened"),
        pytest.param(b'["a]', 0, "json_tronque", id="quote-never-closed-in-an-array"),
        pytest.param(ARRAY + b" trailing", 2, "json", id="text-after-the-array"),
        pytest.param(ARRAY.decode().encode("latin-1"), 0, "encodage", id="latin-1-array"),
        pytest.param('{"id": "été"}\n'.encode("latin-1"), 0, "encodage", id="latin-1-lines"),
        pytest.param("id;nom\na;été\n".encode("latin-1"), 0, "encodage", id="latin-1-csv"),
        pytest.param("id;nom\na;été\n".encode("utf-16"), 0, "encodage", id="utf-16-csv"),
        pytest.param(b'{\n "services": []\n}\n', 0, "objet_seul", id="one-object"),
        pytest.param(BOM + b'{\r\n "id": 1\r\n}', 0, "objet_seul", id="one-object-bom-crlf"),
        pytest.param(b"a,b\n1,2\n", 0, "forme_inconnue", id="csv-without-id"),
        pytest.param(b"<!doctype html>\n<p>404", 0, "forme_inconnue", id="error-page"),
        pytest.param(b"42", 0, "forme_inconnue", id="number"),
        pytest.param(b'id,nom\na,b\nc,"d\n', 1, "csv", id="quote-never-closed"),
        pytest.param(b'id,nom\na,"b"c\n', 0, "csv", id="text-after-a-quote"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, content: bytes, read: int | None, motif: str
) -> None:
    found = fault_of(tmp_path, content)

    assert found[1] == motif
    assert read is None or found[0] == read


@pytest.mark.parametrize("start", [b'{"id": "', b"id,nom\na,"], ids=["jsonl", "csv"])
def test_a_line_too_long_is_refused(tmp_path: Path, start: bytes) -> None:
    content = start + b"a" * (MAX_LINE_BYTES + 10) + b'"}\n'

    read, motif = fault_of(tmp_path, content)

    assert (read, motif) in ((0, "ligne_trop_longue"), (0, "csv"))


def test_a_file_without_any_newline_is_not_read_into_memory(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, gzip.compress(b"x" * 60_000_000, 1))

    def read() -> None:
        with pytest.raises(FeedUnreadable):
            read_all(feed)

    assert peak_of(read) < 30_000_000


def test_a_missing_file_and_a_folder_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(FeedUnreadable) as refusal:
            read_all(FeedFile(path))
        assert refusal.value.motif == "fichier_illisible"
    assert FeedFile(tmp_path / "nowhere.csv").size == 0


def test_a_feed_can_be_read_again_and_tells_its_progress(tmp_path: Path) -> None:
    for content in (FORMS["csv-comma"], gzipped(FORMS["json"])):
        feed = feed_of(tmp_path, content)
        told: list[int] = []

        assert list(feed.records(told.append)) == read_all(feed)
        assert sum(told) == feed.size == len(content)


def test_a_reader_that_stops_leaves_no_file_open(tmp_path: Path) -> None:
    records = feed_of(tmp_path, FORMS["jsonl"]).records(lambda _: None)
    next(records)
    records.close()  # type: ignore[attr-defined]  # a generator; an open file would be a warning


def peak_of(action: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_memory_does_not_grow_with_the_feed(tmp_path: Path, form: str) -> None:
    lines = 20_000
    opening, line, closing = {
        "json": ("[", '{"id": "%d", "nom": "Accueil"},\n', '{"id": "last"}]'),
        "jsonl": ("", '{"id": "%d", "nom": "Accueil"}\n', '{"id": "last"}'),
        "csv": ("id,nom\n", "%d,Accueil\n", "last,x\n"),
    }[form]
    path = tmp_path / "flux"
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.write(opening)
        file.writelines(line % rank for rank in range(lines))
        file.write(closing)
    counted = 0

    def read() -> None:
        nonlocal counted
        counted = sum(1 for _ in FeedFile(path).records(lambda _: None))

    assert peak_of(read) < 2_000_000, "20,000 records held together take 6 MB"
    assert counted == lines + 1
