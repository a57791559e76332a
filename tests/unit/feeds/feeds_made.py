"""Makes feed files for the tests of reading, and reads them back."""

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from app.domain.feeds import RawRecord
from app.feeds.reader import FeedFile, FeedUnreadable

BOM = b"\xef\xbb\xbf"
Record = Mapping[str, object]


def as_json(records: Sequence[object]) -> bytes:
    return json.dumps(records, ensure_ascii=False).encode()


def as_jsonl(records: Sequence[object], newline: str = "\n") -> bytes:
    return "".join(json.dumps(r, ensure_ascii=False) + newline for r in records).encode()


def as_csv(records: Sequence[Record], delimiter: str = ",", newline: str = "\n") -> bytes:
    file = io.StringIO()
    names = list(dict.fromkeys(name for record in records for name in record))
    writer = csv.DictWriter(file, names, delimiter=delimiter, lineterminator=newline, restval="")
    writer.writeheader()
    writer.writerows(records)
    return file.getvalue().encode()


def feed_of(folder: Path, content: bytes, name: str = "flux") -> FeedFile:
    path = folder / name
    path.write_bytes(content)
    return FeedFile(path)


def read_all(feed: FeedFile) -> list[RawRecord]:
    return list(feed.records(lambda _: None))


def data_of(folder: Path, content: bytes) -> list[object]:
    """Returns the records of a feed that has no fault."""
    records = read_all(feed_of(folder, content))
    assert [record.fault for record in records] == [None] * len(records)
    return [record.data for record in records]


def fault_of(folder: Path, content: bytes) -> tuple[int, str]:
    """Returns how many records were read before a feed broke, and why it did."""
    records = feed_of(folder, content).records(lambda _: None)
    read = 0
    with pytest.raises(FeedUnreadable) as refusal:
        for read, _ in enumerate(records, 1):  # noqa: B007 (its last value is the count)
            pass
    assert refusal.value.fichier == "flux"
    return read, refusal.value.motif


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
