"""Streams records out of feeds: JSON arrays, JSON lines and CSV, each also gzipped.

The form is told by the content, never by the name of the file. Memory does not grow with the feed.
A record that cannot be read alone is yielded with its fault; a file that cannot be read further
raises `FeedUnreadable`.
"""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from app.domain.feeds import FeedUnreadable, Progress, RawRecord
from app.feeds.cellules import as_meant
from app.feeds.json_array import ArrayCut, ArrayMalformed, ElementTooLong, array_elements

MAX_LINE_BYTES = (
    5_000_000  # a record of the national feed has 2 kB; a description 10,000 characters
)
_GZIP_MAGIC = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file of a feed; it can be read several times."""

    path: Path

    @property
    def name(self) -> str:
        """The file's own name, for reports."""
        return self.path.name

    @property
    def size(self) -> int:
        """The size on disk in bytes, the unit of progress; 0 when it cannot be told."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def records(self, progress: Progress) -> Iterator[RawRecord]:
        """Yields every record, telling `progress` how many bytes of the file were read."""
        try:
            with self.path.open("rb") as raw:
                yield from self._records(cast(IO[bytes], _Counted(raw, progress)))
        except (EOFError, gzip.BadGzipFile, zlib.error) as exc:
            raise FeedUnreadable(self.name, "gzip_tronque") from exc
        except UnicodeDecodeError as exc:
            raise FeedUnreadable(self.name, "encodage") from exc
        except csv.Error as exc:
            raise FeedUnreadable(self.name, "csv") from exc
        except OSError as exc:
            raise FeedUnreadable(self.name, "fichier_illisible") from exc

    def _records(self, raw: IO[bytes]) -> Iterator[RawRecord]:
        buffered = io.BufferedReader(cast(io.RawIOBase, raw), 1 << 16)
        is_gzip = buffered.peek(2)[:2] == _GZIP_MAGIC
        content = gzip.GzipFile(fileobj=buffered) if is_gzip else buffered
        stream = io.BufferedReader(cast(io.RawIOBase, content), 1 << 16)
        if stream.peek(3)[:3] == _BOM:
            stream.read(3)
        first, blank_lines = _first_character(stream)
        match first:
            case b"":
                raise FeedUnreadable(self.name, "vide")
            case b"[":
                yield from self._json_array(stream)
            case b"{":
                yield from self._json_lines(stream, blank_lines)
            case _:
                yield from self._csv(stream, blank_lines)

    def _json_array(self, stream: IO[bytes]) -> Iterator[RawRecord]:
        """Yields the elements; an array may be on a single line, so their ranks are told."""
        try:
            for rank, text in enumerate(array_elements(stream, MAX_LINE_BYTES), 1):
                yield self._json_record(text, rank)
        except ArrayCut as exc:
            raise FeedUnreadable(self.name, "json_tronque") from exc
        except ArrayMalformed as exc:
            raise FeedUnreadable(self.name, "json") from exc
        except ElementTooLong as exc:
            raise FeedUnreadable(self.name, "ligne_trop_longue") from exc

    def _json_lines(self, stream: IO[bytes], ligne: int) -> Iterator[RawRecord]:
        while line := stream.readline(MAX_LINE_BYTES):
            ligne += 1
            if len(line) == MAX_LINE_BYTES:
                raise FeedUnreadable(self.name, "ligne_trop_longue")
            if not line.strip():
                continue
            if line.strip() in (b"{", b'{"'):
                raise FeedUnreadable(self.name, "objet_seul")
            yield self._json_record(line, ligne)

    def _json_record(self, text: bytes, ligne: int) -> RawRecord:
        try:
            return RawRecord(fichier=self.name, ligne=ligne, data=json.loads(text))
        except UnicodeDecodeError:
            raise
        except (ValueError, RecursionError):  # a number of 5,000 digits is a ValueError too
            return RawRecord(fichier=self.name, ligne=ligne, fault="json")

    def _csv(self, stream: IO[bytes], before: int) -> Iterator[RawRecord]:
        csv.field_size_limit(MAX_LINE_BYTES)
        text = io.TextIOWrapper(cast(io.BufferedReader, stream), encoding="utf-8", newline="")
        header = text.readline(MAX_LINE_BYTES)
        if len(header) == MAX_LINE_BYTES:
            raise FeedUnreadable(self.name, "ligne_trop_longue")
        delimiter = max(",;\t", key=header.count)
        names = next(csv.reader([header], delimiter=delimiter))
        if "id" not in names:
            raise FeedUnreadable(self.name, "forme_inconnue")
        reader = csv.DictReader(text, fieldnames=names, delimiter=delimiter, strict=True)
        for row in reader:
            ligne = before + reader.line_num + 1
            if None in row or None in row.values():
                yield RawRecord(fichier=self.name, ligne=ligne, fault="colonnes")
            else:
                filled = {k: as_meant(v) for k, v in row.items() if v}
                yield RawRecord(
                    fichier=self.name, ligne=ligne, data=cast(Mapping[str, Any], filled)
                )


def _first_character(stream: "io.BufferedReader[io.RawIOBase]") -> tuple[bytes, int]:
    """Skips what is blank; returns the next character and how many lines were skipped."""
    lines = 0
    while (head := stream.peek(1)[:1]) and head.isspace():
        lines += stream.read(1) == b"\n"
    return head, lines


class _Counted(io.RawIOBase):
    """A raw file that tells how many bytes were read from it."""

    def __init__(self, raw: IO[bytes], progress: Progress) -> None:
        super().__init__()
        self._raw = raw
        self._progress = progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self._progress(len(data))
        return len(data)
