"""The distinct values of one nature, such as the lists of thématiques, each under one number.

Listings share few distinct values: a filter is answered once for each of them, and a facet counts
numbers instead of listings.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.judging.arrays import Bools

Values = tuple[str, ...]
_NONE: NDArray[np.intp] = np.empty(0, dtype=np.intp)


class Repertoire:
    """Values numbered from 0; the file's own ids, shared by all natures, are left behind.

    `said` lists every single value that some listing holds.
    """

    def __init__(self, entries: Iterable[tuple[int, Values]]) -> None:
        self._entries = list(entries)
        saying: dict[str, list[int]] = {}
        self._groups: dict[str, tuple[list[str], NDArray[np.intp], NDArray[np.intp]]] = {}
        for number, (_, values) in enumerate(self._entries):
            for value in values or ("",):
                saying.setdefault(value, []).append(number)
        self._saying = {value: np.array(found, dtype=np.intp) for value, found in saying.items()}
        self.said = tuple(sorted(filter(None, saying)))

    def numbered(self, ids: NDArray[Any]) -> NDArray[np.int32]:
        """Turns the file's ids of a column into numbers."""
        table = np.zeros(max((ident for ident, _ in self._entries), default=0) + 1, dtype=np.int32)
        table[[ident for ident, _ in self._entries]] = np.arange(len(self._entries))
        numbers: NDArray[np.int32] = table[ids]
        return numbers

    def saying_any(self, asked: Iterable[str], *, absent: bool) -> Bools:
        """Tells, by number, which values hold one of those asked; `absent` is silence's answer."""
        table = np.zeros(len(self._entries), dtype=np.bool_)
        for value in asked:
            table[self._saying.get(value, _NONE)] = True
        table[self._saying.get("", _NONE)] = absent
        return table

    def __len__(self) -> int:
        return len(self._entries)

    def matching(self, test: Callable[[Values], bool]) -> Bools:
        """Tells, by number, which values pass a test."""
        return np.array([test(values) for _, values in self._entries], dtype=np.bool_)

    def judged(
        self, judge: Callable[[str], bool | None], numbers: NDArray[Any]
    ) -> dict[int, bool | None]:
        """Judges the lone values of those numbers, each once; silence cannot be told."""
        held = np.unique(numbers).tolist()
        values = {number: self._entries[number][1] for number in held}
        return {n: judge(value[0]) if value else None for n, value in values.items()}

    def only_number(self, value: str) -> int:
        """Returns the number of a value that stands alone, −1 when no listing says it."""
        return int(self._saying[value][0]) if value in self._saying else -1

    def count(
        self, facet: str, numbers: NDArray[Any], group: Callable[[str, Values], frozenset[str]]
    ) -> dict[str, int]:
        """Counts listings under each value of a facet, given the numbers that they hold."""
        if facet not in self._groups:
            self._groups[facet] = self._grouped(facet, group)
        names, flat, starts = self._groups[facet]
        if not names:
            return {}
        per_number = np.bincount(numbers, minlength=len(self._entries))
        totals = np.add.reduceat(per_number[flat], starts)
        return {name: count for name, count in zip(names, totals.tolist(), strict=True) if count}

    def _grouped(
        self, facet: str, group: Callable[[str, Values], frozenset[str]]
    ) -> tuple[list[str], NDArray[np.intp], NDArray[np.intp]]:
        members: dict[str, list[int]] = {}
        for number, (_, values) in enumerate(self._entries):
            for name in group(facet, values):
                members.setdefault(name, []).append(number)
        names = sorted(members)
        flat = np.array([number for name in names for number in members[name]], dtype=np.intp)
        sizes = [len(members[name]) for name in names]
        starts = np.concatenate(([0], np.cumsum(sizes[:-1]))).astype(np.intp)
        return names, flat, starts
