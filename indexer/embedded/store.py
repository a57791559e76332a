"""One generation of the embedded index: a SQLite file of encoded documents and postings.

A document has a rank, its row in every worker's columns, for the life of the generation. Each write
takes the next sequence number, from which workers catch up. A write under an older version than the
one held is ignored, so that a replay is harmless; what is withdrawn stays as a tombstone.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import numpy as np

from app.domain.offre import OffreId
from indexer.documents import Change, IndexDocument
from indexer.embedded.order import GapFull, IdOrder
from indexer.embedded.rows import NATURES, encode_row

COMPACT_MIN = 1_000  # documents outside the postings that a worker holds without noticing
COMPACT_SHARE = 0.05
_DOCUMENTS_AT_ONCE = 5_000
_CACHED_VALUES = 50_000  # most are the structures' ids, each met once or twice
_POSTINGS_AT_ONCE = 1_500_000  # tokens sorted together: about 40 MB
_SCHEMA = """
CREATE TABLE meta (cle TEXT PRIMARY KEY, valeur INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    rang INTEGER PRIMARY KEY, offre_id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
    sequence INTEGER NOT NULL, vivant INTEGER NOT NULL, ligne BLOB NOT NULL, jetons BLOB NOT NULL
);
CREATE INDEX documents_sequence ON documents (sequence);
CREATE TABLE valeurs (
    id INTEGER PRIMARY KEY, nature TEXT NOT NULL, valeur TEXT NOT NULL, UNIQUE (nature, valeur)
);
CREATE TABLE lexique (id INTEGER PRIMARY KEY, jeton TEXT NOT NULL UNIQUE);
CREATE TABLE postings (jeton INTEGER PRIMARY KEY, rangs BLOB NOT NULL, champs BLOB NOT NULL);
INSERT INTO meta VALUES ('sequence', 0), ('compacte', 0), ('suivant', 0), ('epoque', 0);
"""
_INSERT = "INSERT INTO documents VALUES (?, ?, ?, ?, 1, ?, ?)"
_UPDATE = (
    "UPDATE documents SET version = ?, sequence = ?, vivant = 1, ligne = ?, jetons = ? "
    "WHERE rang = ?"
)
_BURY = "UPDATE documents SET version = ?, sequence = ?, vivant = 0, jetons = x'' WHERE rang = ?"


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Opens a generation; transactions are begun by hand."""
    mode = "ro" if read_only else "rwc"
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA busy_timeout = 30000")
    if not read_only:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Tells a file that is not, or no longer, an index from a full disk or a busy file."""
    return not isinstance(error, sqlite3.OperationalError) or "no such table" in str(error)


class GenerationWriter:
    """The writing side of a generation; one at a time, under the index's lock."""

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        self._connection = connect(path, read_only=False)
        if is_new:
            with self._transaction():
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    self._connection.execute(statement)
        self._values: dict[tuple[str, tuple[str, ...]], int] = {}
        self._tokens: dict[str, int] = {}
        self._order = IdOrder(self._connection)

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def apply(self, changes: Sequence[Change]) -> int:
        """Writes changes in one transaction; returns how many were not older than what is held."""
        with self._transaction():
            meta = self._meta()
            held = self._held([change.offre_id for change in changes])
            new = [c.offre_id for c in changes if c.document and c.offre_id not in held]
            order = self._order_of(new)
            sequence, next_rang = meta["sequence"], meta["suivant"]
            applied = 0
            for change in changes:
                rang, version = held.get(change.offre_id, (None, -1))
                if change.version < version or (rang is None and change.document is None):
                    continue
                sequence += 1
                applied += 1
                if change.document is None:
                    self._connection.execute(_BURY, (change.version, sequence, rang))
                elif rang is None:
                    row, jetons = self._encode(change.document, order[change.offre_id])
                    values = (next_rang, change.offre_id, change.version, sequence, row, jetons)
                    self._connection.execute(_INSERT, values)
                    next_rang += 1
                else:
                    row, jetons = self._encode(change.document, self._order.own(rang))
                    self._connection.execute(_UPDATE, (change.version, sequence, row, jetons, rang))
            self._set_meta(sequence=sequence, suivant=next_rang)
        return applied

    def compact_if_due(self) -> None:
        """Sorts the tokens of late documents into the postings, when they are many."""
        meta = self._meta()
        query = "SELECT count(*) FROM documents WHERE sequence > ?"
        (late,) = self._connection.execute(query, (meta["compacte"],)).fetchone()
        if late > max(COMPACT_MIN, COMPACT_SHARE * meta["suivant"]):
            self.compact()

    def compact(self) -> None:
        """Rebuilds the postings from every live document."""
        with self._transaction():
            query = "SELECT coalesce(sum(length(jetons)), 0) / 4 FROM documents WHERE vivant"
            (total,) = self._connection.execute(query).fetchone()
            parts = 1 + total // _POSTINGS_AT_ONCE
            self._connection.execute("DELETE FROM postings")
            for part in range(parts):
                self._write_postings(part, parts)
            self._set_meta(compacte=self._meta()["sequence"])

    def _order_of(self, ids: Sequence[str]) -> Mapping[str, float]:
        try:
            return self._order.of_new(ids)
        except GapFull:
            self._order.renumber()
            return self._order.of_new(ids)

    def _encode(self, document: IndexDocument, ordre: float) -> tuple[bytes, bytes]:
        values = {nature: self._value_id(nature, document.values[nature]) for nature in NATURES}
        jetons = np.array(
            [self._token_id(token) << 4 | bits for token, bits in document.champs.items()],
            dtype="<u4",
        )
        return encode_row(document, values, ordre), jetons.tobytes()

    def _write_postings(self, part: int, parts: int) -> None:
        query = "SELECT rang, jetons FROM documents WHERE vivant ORDER BY rang"
        cursor = self._connection.execute(query)
        pieces, counts = [np.empty(0, dtype="<u4")], [np.empty((0, 2), dtype="<i4")]
        while page := cursor.fetchmany(_DOCUMENTS_AT_ONCE):
            found = [np.frombuffer(blob, dtype="<u4") for _, blob in page]
            if parts > 1:
                found = [packed[(packed >> 4) % parts == part] for packed in found]
            pieces.append(np.concatenate(found))
            sizes = map(len, found)
            counts.append(
                np.array(list(zip((rang for rang, _ in page), sizes, strict=True)), dtype="<i4")
            )
        packed, counted = np.concatenate(pieces), np.concatenate(counts)
        if not len(packed):
            return
        rangs = np.repeat(counted[:, 0], counted[:, 1])
        order = np.argsort(packed >> 4, kind="stable")
        packed, rangs = packed[order], rangs[order]
        ids, starts = np.unique(packed >> 4, return_index=True)
        champs = (packed & 15).astype("u1")
        ends = [*starts[1:].tolist(), len(packed)]
        self._connection.executemany(
            "INSERT INTO postings VALUES (?, ?, ?)",
            (
                (ident, rangs[start:end].tobytes(), champs[start:end].tobytes())
                for ident, start, end in zip(ids.tolist(), starts.tolist(), ends, strict=True)
            ),
        )

    def _held(self, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        marks = ",".join("?" * len(ids))
        query = f"SELECT offre_id, rang, version FROM documents WHERE offre_id IN ({marks})"  # noqa: S608  # marks only
        return {row[0]: row[1:] for row in self._connection.execute(query, ids)}

    def _value_id(self, nature: str, values: tuple[str, ...]) -> int:
        if (nature, values) not in self._values:
            key = (nature, _written(values))
            if len(self._values) >= _CACHED_VALUES:
                self._values.clear()
            self._values[nature, values] = self._intern(
                "valeurs (nature, valeur)", "nature = ? AND valeur = ?", key
            )
        return self._values[nature, values]

    def _token_id(self, token: str) -> int:
        if token not in self._tokens:
            self._tokens[token] = self._intern("lexique (jeton)", "jeton = ?", (token,))
        return self._tokens[token]

    def _intern(self, target: str, condition: str, key: Sequence[str]) -> int:
        table = target.split()[0]
        marks = ",".join("?" * len(key))
        self._connection.execute(f"INSERT OR IGNORE INTO {target} VALUES ({marks})", key)  # noqa: S608  # constants
        query = f"SELECT id FROM {table} WHERE {condition}"  # noqa: S608  # constants
        return int(self._connection.execute(query, key).fetchone()[0])

    def _meta(self) -> dict[str, int]:
        return dict(self._connection.execute("SELECT cle, valeur FROM meta"))

    def _set_meta(self, **values: int) -> None:
        self._connection.executemany(
            "UPDATE meta SET valeur = ? WHERE cle = ?", [(v, k) for k, v in values.items()]
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            # Ids interned in the undone transaction do not exist.
            self._values.clear()
            self._tokens.clear()
            self._order.forget()
            raise
        self._connection.execute("COMMIT")


def live_ids(path: Path) -> set[str]:
    """Returns the ids of the live documents, to compare with SQL."""
    connection = connect(path, read_only=True)
    try:
        query = "SELECT offre_id FROM documents WHERE vivant"
        return {offre_id for (offre_id,) in connection.execute(query)}
    finally:
        connection.close()


def count_live(path: Path) -> int:
    """Returns how many documents a generation can find."""
    connection = connect(path, read_only=True)
    try:
        return int(connection.execute("SELECT count(*) FROM documents WHERE vivant").fetchone()[0])
    finally:
        connection.close()


def offre_ids(connection: sqlite3.Connection, ranks: Sequence[int]) -> list[OffreId]:
    """Returns the ids of some ranks, in their order."""
    marks = ",".join("?" * len(ranks))
    query = f"SELECT rang, offre_id FROM documents WHERE rang IN ({marks})"  # noqa: S608  # marks only
    found = dict(connection.execute(query, ranks))
    return [OffreId(found[rank]) for rank in ranks]


def living_ranks(connection: sqlite3.Connection, ids: Sequence[OffreId]) -> dict[OffreId, int]:
    """Returns the ranks of those ids that can be found."""
    marks = ",".join("?" * len(ids))
    query = f"SELECT offre_id, rang FROM documents WHERE vivant AND offre_id IN ({marks})"  # noqa: S608  # marks only
    return {OffreId(ident): rang for ident, rang in connection.execute(query, ids)}


def value_id(connection: sqlite3.Connection, nature: str, value: str) -> int | None:
    """Returns the number of a value that stands alone, None when no listing says it."""
    query = "SELECT id FROM valeurs WHERE nature = ? AND valeur = ?"
    found = connection.execute(query, (nature, _written((value,)))).fetchone()
    return found[0] if found else None


def _written(values: Sequence[str]) -> str:
    """Returns how the file writes a list of values."""
    return json.dumps(sorted(values), ensure_ascii=False)
