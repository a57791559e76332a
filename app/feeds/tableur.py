"""Files that a spreadsheet writes: read whatever it made of them, and written so that none acts.

A French Excel writes semicolons and Windows-1252; others write UTF-8, with a mark or without. A
cell that begins like a formula is written as `cellules` tells, and read back as it was.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.depots import MAX_LIGNES, MAX_OCTETS, Ligne, LigneRefusee
from app.domain.errors import CatalogueError
from app.feeds.cellules import as_meant
from app.feeds.writer import cell_of

_SEPARATORS = ";,\t"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods are zips, .xls is OLE
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SHORT = "Cette ligne n’a pas autant de cases que la première : vérifiez les séparateurs."


class TableurIllisible(CatalogueError):
    """A file that is no table of offers; `motif` says why."""

    def __init__(self, motif: str) -> None:
        super().__init__(motif)
        self.motif = motif


@dataclass(frozen=True, slots=True, kw_only=True)
class Tableau:
    """What a file holds; `is_guessed` when nothing proves that its accents are read well."""

    colonnes: Sequence[str]
    lignes: Sequence[Ligne]
    refusees: Sequence[LigneRefusee]
    is_guessed: bool = False


def read_table(content: bytes) -> Tableau:
    """Returns the lines of a file. Raises `TableurIllisible`."""
    if len(content) > MAX_OCTETS:
        raise TableurIllisible("trop-lourd")
    if content.startswith(_WORKBOOKS):
        raise TableurIllisible("classeur")
    text, is_guessed = _decoded(content)
    if not text.strip():
        raise TableurIllisible("vide")
    if "\0" in text:
        raise TableurIllisible("binaire")
    first = text.lstrip().splitlines()[0]
    delimiter = max(_SEPARATORS, key=first.count)
    try:
        # A quote that is never closed would swallow the rest of the file.
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows = list(_rows(reader))
    except csv.Error as exc:
        raise TableurIllisible("guillemets") from exc
    names = [as_meant(name).strip().lower() for name in rows[0][1]]
    if len(set(filter(None, names))) < len(list(filter(None, names))):
        raise TableurIllisible("colonnes-en-double")
    if len(rows) - 1 > MAX_LIGNES:
        raise TableurIllisible("trop-de-lignes")
    lignes, refusees = [], []
    for numero, cells in rows[1:]:
        if len(cells) == len(names):
            named = {name: cell for name, cell in zip(names, cells, strict=True) if name}
            lignes.append(Ligne(numero=numero, cells=named))
        else:
            refusees.append(LigneRefusee(numero=numero, champ="", raison=_SHORT))
    colonnes = [name for name in names if name]
    return Tableau(colonnes=colonnes, lignes=lignes, refusees=refusees, is_guessed=is_guessed)


def written_table(colonnes: Sequence[str], records: Iterable[Mapping[str, object]]) -> bytes:
    """Returns a file that a French spreadsheet opens as it is."""
    return _written(colonnes, records).encode("utf-8-sig")


def cells_of(colonnes: Sequence[str], record: Mapping[str, object]) -> dict[str, str]:
    """Returns the cells of a record as they come back from a file that nobody has touched."""
    text = _written(colonnes, [record])
    _, row = csv.reader(io.StringIO(text, newline=""), delimiter=_SEPARATORS[0])
    return dict(zip(colonnes, row, strict=True))


def _written(colonnes: Sequence[str], records: Iterable[Mapping[str, object]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=_SEPARATORS[0])
    writer.writerow(colonnes)
    for record in records:
        writer.writerow([cell_of(record.get(name)) for name in colonnes])
    return stream.getvalue()


def _rows(reader: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yields the lines that say something, with their numbers as a spreadsheet counts them."""
    for numero, cells in enumerate(reader, 1):
        if any(cell.strip() for cell in cells):
            yield numero, cells


def _decoded(content: bytes) -> tuple[str, bool]:
    if content.startswith(_UTF16):
        try:
            return content.decode("utf-16"), False
        except UnicodeDecodeError as exc:
            raise TableurIllisible("binaire") from exc
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        # Windows-1252 reads nearly everything: the report then asks to look at the accents.
        return content.decode("cp1252", "replace"), True
