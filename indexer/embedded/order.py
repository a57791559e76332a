"""The rank of an id among all ids, as a number: the last key of every sort.

A listing's number never changes while others come and go: a new one takes a number between its
neighbours'. Feeds send long runs of ids that follow one another, so a run takes little of the gap
that it falls in and leaves the rest to what follows it.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from indexer.embedded.rows import ROW

GAP = float(2**26)  # between neighbours: a million ids still leave whole numbers exact in a double
SHARE = 64  # of a gap, what a run takes: runs of 1,000 fill a gap after some 440 of them
_PAGE = 10_000


class GapFull(Exception):
    """No number is left between two neighbours: every id must be numbered again."""


class IdOrder:
    """Numbers the ids of one generation, inside the transaction of its writer."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._greatest: tuple[str, float] | None = None  # once it is known

    def forget(self) -> None:
        """Forgets what was learnt in a transaction that was undone."""
        self._greatest = None

    def own(self, rang: int) -> float:
        """Returns the number of a document that the generation holds."""
        query = "SELECT ligne FROM documents WHERE rang = ?"
        (row,) = self._connection.execute(query, (rang,)).fetchone()
        return _number(row)

    def of_new(self, ids: Sequence[str]) -> Mapping[str, float]:
        """Returns numbers for ids that the generation does not hold. Raises `GapFull`."""
        waiting, numbers = sorted(ids), dict[str, float]()
        first = 0
        while first < len(waiting):
            before, after = self._around(waiting[first])
            last = first + 1
            while last < len(waiting) and (after is None or waiting[last] < after[0]):
                last += 1
            run = waiting[first:last]
            low, high = before and before[1], after and after[1]
            numbers.update(zip(run, numbers_between(low, high, len(run)), strict=True))
            if after is None:
                self._greatest = (run[-1], numbers[run[-1]])
            first = last
        return numbers

    def renumber(self) -> None:
        """Gives every id a number again, in the same order; workers then read every row again."""
        query = (
            "SELECT offre_id, rang, ligne FROM documents WHERE offre_id > ? "
            "ORDER BY offre_id LIMIT ?"
        )
        last, ordre = "", 0.0
        while page := self._connection.execute(query, (last, _PAGE)).fetchall():
            changed = []
            for _, rang, ligne in page:
                row = np.frombuffer(ligne, dtype=ROW).copy()
                row["ordre"] = ordre
                ordre += GAP
                changed.append((row.tobytes(), rang))
            self._connection.executemany("UPDATE documents SET ligne = ? WHERE rang = ?", changed)
            last = page[-1][0]
        self._connection.execute("UPDATE meta SET valeur = valeur + 1 WHERE cle = 'epoque'")
        self._greatest = None

    def _around(self, ident: str) -> tuple[tuple[str, float] | None, tuple[str, float] | None]:
        """Returns the neighbours of a new id, each with its number."""
        if self._greatest is not None and ident > self._greatest[0]:
            # A catalogue is streamed by id: most new ids come after every other.
            return self._greatest, None
        before = self._neighbour("< ? ORDER BY offre_id DESC", ident)
        return before, self._neighbour("> ? ORDER BY offre_id", ident)

    def _neighbour(self, condition: str, ident: str) -> tuple[str, float] | None:
        query = f"SELECT offre_id, ligne FROM documents WHERE offre_id {condition} LIMIT 1"  # noqa: S608  # two constants
        found = self._connection.execute(query, (ident,)).fetchone()
        return (found[0], _number(found[1])) if found else None


def numbers_between(low: float | None, high: float | None, count: int) -> list[float]:
    """Returns increasing numbers between two, or beyond one, or from 0. Raises `GapFull`.

    >>> numbers_between(0.0, 8.0, 3)
    [2.0, 4.0, 6.0]
    """
    if high is None:
        start = 0.0 if low is None else low + GAP
        return [start + GAP * rank for rank in range(count)]
    if low is None:
        return [high - GAP * (count - rank) for rank in range(count)]
    step = (high - low) / (SHARE * count)
    if step < 1:
        step = (high - low) / (count + 1)
    numbers = [low + step * rank for rank in range(1, count + 1)]
    if any(one >= other for one, other in pairwise((low, *numbers, high))):
        raise GapFull
    return numbers


def _number(row: bytes) -> float:
    return float(np.frombuffer(row, dtype=ROW)["ordre"][0])
