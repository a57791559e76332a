"""A worker's columns: the encoded documents of a generation, in memory, at one sequence number.

A snapshot never changes once made: threads search the one they took while another thread prepares
the next. Loading reads row bytes into one array for each field; catching up copies the arrays and
overwrites what changed.
"""

import json
import sqlite3
import sys
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embedded.repertoire import Repertoire
from indexer.embedded.rows import EXPRESSIONS, NATURES, ROW, STRUCTURE
from indexer.judging.arrays import Bools

Columns = dict[str, NDArray[Any]]
AXES, VECTORS = ("x", "y", "z"), "vectors"
_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class State:
    """Where a generation stands: its last write, its last compaction, its last renumbering."""

    sequence: int
    compacte: int
    epoque: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that a worker holds of a generation.

    `late` maps a token's number to the ranks and fields of documents written since the last
    compaction; their entries in the postings, told by `is_late`, no longer hold.
    """

    state: State
    columns: Columns
    living: Bools
    repertoires: dict[str, Repertoire]
    late: dict[int, tuple[list[int], list[int]]]
    is_late: Bools
    last_expression: int
    prepared: dict[str, NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.living)

    def column(self, name: str) -> NDArray[Any]:
        """Returns one field of every document."""
        return self.columns[name]

    def numbers(self, nature: str) -> NDArray[Any]:
        """Returns, for each document, the number of its value in the nature's repertoire."""
        key = f"{nature} number"
        if key not in self.prepared:
            self.prepared[key] = self.repertoires[nature].numbered(self.column(nature))
        return self.prepared[key]

    def saying(self, nature: str) -> NDArray[np.intp]:
        """Returns the ranks of the live documents that say something of a nature."""
        key = f"{nature} said"
        if key not in self.prepared:
            silence = self.repertoires[nature].saying_any((), absent=True)
            speaks = ~np.take(silence, self.numbers(nature))
            self.prepared[key] = np.flatnonzero(self.living & speaks)
        return self.prepared[key]

    @property
    def vectors(self) -> NDArray[np.float64]:
        """Returns the position of each document on the unit sphere, NaN without a place."""
        return self.columns[VECTORS]


def read_state(connection: sqlite3.Connection) -> State:
    """Returns where the generation stands, as this transaction sees it."""
    meta = dict(connection.execute("SELECT cle, valeur FROM meta"))
    return State(sequence=meta["sequence"], compacte=meta["compacte"], epoque=meta["epoque"])


def load_snapshot(
    connection: sqlite3.Connection, state: State, previous: Snapshot | None
) -> Snapshot:
    """Returns the snapshot of this transaction, from the previous one where possible."""
    if previous is None or previous.state.epoque != state.epoque:
        columns, living = _load_all(connection)
    else:
        columns, living = _load_changes(connection, previous)
    late, is_late = _load_late(connection, state, len(living))
    expressions = [columns[name].max(initial=0) for name in EXPRESSIONS]
    return Snapshot(
        state=state,
        columns=columns,
        living=living,
        repertoires=_load_repertoires(connection),
        late=late,
        is_late=is_late,
        last_expression=int(max(expressions)),
    )


def _load_all(connection: sqlite3.Connection) -> tuple[Columns, Bools]:
    (size,) = connection.execute("SELECT coalesce(max(rang), -1) + 1 FROM documents").fetchone()
    columns, living = _empty(size)
    cursor = connection.execute("SELECT ligne, vivant FROM documents ORDER BY rang")
    first = 0
    # Ranks follow one another without a gap: what is withdrawn keeps its own.
    while page := cursor.fetchmany(_ROWS_AT_ONCE):
        blobs, alive = zip(*page, strict=True)
        at = slice(first, first + len(page))
        _write(columns, at, np.frombuffer(b"".join(blobs), dtype=ROW))
        living[at] = alive
        first = at.stop
    return columns, living


def _load_changes(connection: sqlite3.Connection, previous: Snapshot) -> tuple[Columns, Bools]:
    query = "SELECT rang, vivant, ligne FROM documents WHERE sequence > ? ORDER BY rang"
    changes = connection.execute(query, (previous.state.sequence,)).fetchall()
    known = len(previous)
    columns, living = _empty(max(known, changes[-1][0] + 1) if changes else known)
    for name, column in previous.columns.items():
        columns[name][:known] = column
    living[:known] = previous.living
    if changes:
        ranks, alive, blobs = zip(*changes, strict=True)
        at = np.array(ranks, dtype=np.intp)
        _write(columns, at, np.frombuffer(b"".join(blobs), dtype=ROW))
        living[at] = alive
    return columns, living


def _empty(size: int) -> tuple[Columns, Bools]:
    """Returns columns to fill: one for each field of a row, the three axes together."""
    fields = {name: ROW[name] for name in ROW.names or () if name not in AXES}
    columns: Columns = {name: np.empty(size, dtype=kind) for name, kind in fields.items()}
    columns[VECTORS] = np.empty((size, len(AXES)))
    return columns, np.empty(size, dtype=np.bool_)


def _write(columns: Columns, at: slice | NDArray[np.intp], rows: NDArray[np.void]) -> None:
    for name, column in columns.items():
        if name != VECTORS:
            column[at] = rows[name]
    for number, axis in enumerate(AXES):
        columns[VECTORS][at, number] = rows[axis]


def _load_late(
    connection: sqlite3.Connection, state: State, size: int
) -> tuple[dict[int, tuple[list[int], list[int]]], Bools]:
    late: dict[int, tuple[list[int], list[int]]] = {}
    is_late = np.zeros(size, dtype=np.bool_)
    query = "SELECT rang, jetons FROM documents WHERE sequence > ? ORDER BY rang"
    for rang, blob in connection.execute(query, (state.compacte,)):
        is_late[rang] = True
        for packed in np.frombuffer(blob, dtype="<u4").tolist():
            ranks, fields = late.setdefault(packed >> 4, ([], []))
            ranks.append(rang)
            fields.append(packed & 15)
    return late, is_late


def _load_repertoires(connection: sqlite3.Connection) -> dict[str, Repertoire]:
    held = [nature for nature in NATURES if nature != STRUCTURE]
    entries: dict[str, list[tuple[int, tuple[str, ...]]]] = {nature: [] for nature in held}
    # Frequent values come first, as they were met: the tables read by number stay in the cache.
    query = "SELECT id, nature, valeur FROM valeurs WHERE nature != ? ORDER BY id"
    for ident, nature, valeur in connection.execute(query, (STRUCTURE,)):
        # Many lists share few values, which are then held once.
        entries[nature].append((ident, tuple(map(sys.intern, json.loads(valeur)))))
    return {nature: Repertoire(found) for nature, found in entries.items()}
