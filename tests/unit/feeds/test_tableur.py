"""Files of spreadsheets: read whatever wrote them, written so that no cell acts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.depots import MAX_LIGNES, MAX_OCTETS
from app.feeds.cellules import as_meant
from app.feeds.tableur import TableurIllisible, cells_of, read_table, written_table

TEXT = "id;nom;description\r\n1;Été;« Œuvre »\r\n"
NAMES = ("id", "nom")

PHONE = "+33 4 90 00 00 00"


@pytest.mark.parametrize(
    ("encoding", "is_guessed"),
    [("utf-8", False), ("utf-8-sig", False), ("utf-16", False), ("cp1252", True)],
)
def test_accents_are_read_whatever_wrote_them(encoding: str, is_guessed: bool) -> None:
    table = read_table(TEXT.encode(encoding))

    assert table.colonnes == ["id", "nom", "description"]
    assert [dict(one.cells) for one in table.lignes] == [
        {"id": "1", "nom": "Été", "description": "« Œuvre »"}
    ]
    assert table.is_guessed is is_guessed


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separators_are_found(separator: str) -> None:
    table = read_table(separator.join(("id", "nom")).encode() + b"\n" + separator.encode() + b"\n"
                       + separator.join(("1", "Un")).encode())  # fmt: skip

    assert [(one.numero, dict(one.cells)) for one in table.lignes] == [
        (3, {"id": "1", "nom": "Un"})
    ]


@pytest.mark.parametrize(
    ("content", "motif"),
    [
        (b"", "vide"),
        (b" \r\n ", "vide"),
        (b"PK\x03\x04 un classeur", "classeur"),
        (b"\xd0\xcf\x11\xe0 un autre", "classeur"),
        (b"id;nom\n1;\x00", "binaire"),
        (b"\xff\xfe\x00", "binaire"),
        (b"x" * (MAX_OCTETS + 1), "trop-lourd"),
        (b"id;nom\n" + b"1;a\n" * (MAX_LIGNES + 1), "trop-de-lignes"),
        (b"id;nom;NOM \n1;a;b", "colonnes-en-double"),
        (b'id;nom\n1;"jamais ferme\n2;b', "guillemets"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, motif: str) -> None:
    with pytest.raises(TableurIllisible) as refusal:
        read_table(content)

    assert refusal.value.motif == motif


def test_a_line_of_another_length_is_told_and_the_others_are_read() -> None:
    table = read_table(b"id;nom\n1;Un;en trop\n;\n2;Deux\n3")

    assert [one.numero for one in table.refusees] == [2, 5]
    assert [dict(one.cells) for one in table.lignes] == [{"id": "2", "nom": "Deux"}]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", PHONE, "-10 %", "@moi", "|x|y", "%a", "=cmd|' /C calc'!A0", "Été ; « »"],
)
def test_a_formula_is_defused_and_comes_back(cell: str) -> None:
    content = written_table(NAMES, [{"id": "1", "nom": cell}])

    (line,) = read_table(content).lignes
    assert as_meant(line.cells["nom"]) == cell
    # A number runs nothing: only what might is marked.
    assert line.cells["nom"].startswith("'") is (cell[0] in "=+-@|%" and cell != PHONE)
    assert content.startswith(b"\xef\xbb\xbf")


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40))
def test_a_file_that_nobody_touched_says_the_same_cells(text: str) -> None:
    record = {"id": "1", "nom": f"x{text}" if not text.strip() else text}

    (line,) = read_table(written_table(NAMES, [record])).lignes
    assert line.cells == cells_of(NAMES, record)
