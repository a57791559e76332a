"""The modified feed: one record out of ten says something new."""

import gzip
import json
from pathlib import Path

from bench.generator import write_jsonl
from bench.importing import change_some


def test_one_record_out_of_ten_changes(tmp_path: Path) -> None:
    records = [{"id": str(rank), "description": "Un texte."} for rank in range(25)]
    path = tmp_path / "feed.jsonl.gz"
    write_jsonl(path, records)

    changed = change_some(path, tmp_path / "changed.jsonl.gz")

    with gzip.open(changed, "rt", encoding="utf-8") as file:
        read = [json.loads(line) for line in file]
    assert [r["id"] for r, old in zip(read, records, strict=True) if r != old] == ["0", "10", "20"]
