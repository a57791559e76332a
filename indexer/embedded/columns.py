"""A worker's columns: the encoded documents of a generation, in memory, at one sequence number.

A snapshot never changes once made: threads search the one they took while another thread prepares
the next. Loading reads row bytes straight into an array; catching up copies the array and
overwrites the rows that changed.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embedded.rows import EXPRESSIONS, NATURES, ROW

Ints = NDArray[Any]  # ranks or numbers, of any width of integer
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class State:
    """Where a generation stands: its last write, its last compaction, its last renumbering."""

    sequence: int
    compacte: int
    epoque: int


class Repertoire:
    """The interned values of one nature: which numbers stand for listings that say a value."""

    def __init__(self, entries: Iterable[tuple[int, tuple[str, ...]]], size: int) -> None:
        self.size = size
        self.entries = dict(entries)
        self._groups: dict[object, tuple[list[str], NDArray[np.intp], NDArray[np.intp]]] = {}
        self._ids: dict[str, list[int]] = {}
        for ident, values in self.entries.items():
            for value in values or ("",):
                self._ids.setdefault(value, []).append(ident)

    def saying_any(self, asked: Iterable[str], *, absent: bool) -> Bools:
        """Tells, by number, which values hold one of those asked; `absent` is silence's answer."""
        table = np.zeros(self.size, dtype=np.bool_)
        for value in asked:
            table[self._ids.get(value, [])] = True
        table[self._ids.get("", [])] = absent
        return table

    def matching(self, test: Callable[[tuple[str, ...]], bool]) -> Bools:
        """Tells, by number, which values pass a test."""
        table = np.zeros(self.size, dtype=np.bool_)
        table[[ident for ident, values in self.entries.items() if test(values)]] = True
        return table

    def only_id(self, value: str) -> int:
        """Returns the number of a value that stands alone, −1 when no listing says it."""
        return self._ids.get(value, [-1])[0]

    def count(
        self, facet: str, numbers: Ints, group: Callable[[str, tuple[str, ...]], frozenset[str]]
    ) -> dict[str, int]:
        """Counts listings under each value of a facet, given the numbers that they hold."""
        if facet not in self._groups:
            self._groups[facet] = self._grouped(facet, group)
        names, flat, starts = self._groups[facet]
        if not names:
            return {}
        per_number = np.bincount(numbers, minlength=self.size)
        totals = np.add.reduceat(per_number[flat], starts)
        return {name: count for name, count in zip(names, totals.tolist(), strict=True) if count}

    def _grouped(
        self, facet: str, group: Callable[[str, tuple[str, ...]], frozenset[str]]
    ) -> tuple[list[str], NDArray[np.intp], NDArray[np.intp]]:
        members: dict[str, list[int]] = {}
        for ident, values in self.entries.items():
            for name in group(facet, values):
                members.setdefault(name, []).append(ident)
        names = sorted(members)
        flat = np.array([ident for name in names for ident in members[name]], dtype=np.intp)
        sizes = [len(members[name]) for name in names]
        starts = np.concatenate(([0], np.cumsum(sizes[:-1]))).astype(np.intp)
        return names, flat, starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that a worker holds of a generation.

    `late` maps a token's number to the ranks and fields of documents written since the last
    compaction; their entries in the postings, told by `is_late`, no longer hold.
    """

    state: State
    rows: NDArray[np.void]
    alive: NDArray[np.intp]
    repertoires: dict[str, Repertoire]
    late: dict[int, tuple[list[int], list[int]]]
    is_late: Bools
    last_expression: int
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)

    def column(self, name: str) -> NDArray[Any]:
        """Returns one column, contiguous."""
        if name not in self.columns:
            self.columns[name] = np.ascontiguousarray(self.rows[name])
        return self.columns[name]


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
    expressions = [rows[name].max(initial=-1) for name in EXPRESSIONS]
    return Snapshot(
        state=state,
        rows=rows,
        alive=np.flatnonzero(living),
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
    living[previous.alive] = True
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
    (size,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM valeurs").fetchone()
    entries: dict[str, list[tuple[int, tuple[str, ...]]]] = {nature: [] for nature in NATURES}
    for ident, nature, valeur in connection.execute("SELECT id, nature, valeur FROM valeurs"):
        entries[nature].append((ident, tuple(json.loads(valeur))))
    return {nature: Repertoire(found, size) for nature, found in entries.items()}
