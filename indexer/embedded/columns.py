"""A worker's columns: the encoded documents of a generation, in memory, at one sequence number.

A snapshot never changes once made: threads search the one they took while another thread prepares
the next. Loading reads row bytes straight into an array; catching up copies the array and
overwrites the rows that changed.
"""

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embedded.repertoire import Repertoire
from indexer.embedded.rows import EXPRESSIONS, NATURES, ROW

Bools = NDArray[np.bool_]


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
    rows: NDArray[np.void]
    living: Bools
    repertoires: dict[str, Repertoire]
    late: dict[int, tuple[list[int], list[int]]]
    is_late: Bools
    last_expression: int
    prepared: dict[str, NDArray[Any]] = field(default_factory=dict)

    def column(self, name: str) -> NDArray[Any]:
        """Returns one column, contiguous."""
        if name not in self.prepared:
            self.prepared[name] = np.ascontiguousarray(self.rows[name])
        return self.prepared[name]

    def numbers(self, nature: str) -> NDArray[Any]:
        """Returns, for each document, the number of its value in the nature's repertoire."""
        key = f"{nature} number"
        if key not in self.prepared:
            self.prepared[key] = self.repertoires[nature].numbered(self.rows[nature])
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
        if "vectors" not in self.prepared:
            axes = [self.rows[axis] for axis in "xyz"]
            self.prepared["vectors"] = np.ascontiguousarray(np.stack(axes, axis=1))
        return self.prepared["vectors"]


def read_state(connection: sqlite3.Connection) -> State:
    """Returns where the generation stands, as this transaction sees it."""
    meta = dict(connection.execute("SELECT cle, valeur FROM meta"))
    return State(sequence=meta["sequence"], compacte=meta["compacte"], epoque=meta["epoque"])


def load_snapshot(
    connection: sqlite3.Connection, state: State, previous: Snapshot | None
) -> Snapshot:
    """Returns the snapshot of this transaction, from the previous one where possible."""
    if previous is None or previous.state.epoque != state.epoque:
        rows, living = _load_all(connection)
    else:
        rows, living = _load_changes(connection, previous)
    late, is_late = _load_late(connection, state, len(rows))
    expressions = [rows[name].max(initial=0) for name in EXPRESSIONS]
    return Snapshot(
        state=state,
        rows=rows,
        living=living,
        repertoires=_load_repertoires(connection),
        late=late,
        is_late=is_late,
        last_expression=int(max(expressions)),
    )


def _load_all(connection: sqlite3.Connection) -> tuple[NDArray[np.void], Bools]:
    query = "SELECT ligne, vivant FROM documents ORDER BY rang"
    blobs, living = [], []
    for blob, is_alive in connection.execute(query):
        blobs.append(blob)
        living.append(is_alive)
    rows = np.frombuffer(b"".join(blobs), dtype=ROW)
    return rows, np.array(living, dtype=np.bool_)


def _load_changes(
    connection: sqlite3.Connection, previous: Snapshot
) -> tuple[NDArray[np.void], Bools]:
    query = "SELECT rang, vivant, ligne FROM documents WHERE sequence > ? ORDER BY rang"
    changes = connection.execute(query, (previous.state.sequence,)).fetchall()
    known = len(previous.rows)
    size = max(known, changes[-1][0] + 1) if changes else known
    rows = np.zeros(size, dtype=ROW)
    rows[:known] = previous.rows
    living = np.zeros(size, dtype=np.bool_)
    living[:known] = previous.living
    for rang, is_alive, blob in changes:
        rows[rang] = np.frombuffer(blob, dtype=ROW)[0]
        living[rang] = bool(is_alive)
    return rows, living


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
    entries: dict[str, list[tuple[int, tuple[str, ...]]]] = {nature: [] for nature in NATURES}
    for ident, nature, valeur in connection.execute("SELECT id, nature, valeur FROM valeurs"):
        entries[nature].append((ident, tuple(json.loads(valeur))))
    return {nature: Repertoire(found) for nature, found in entries.items()}
