"""Some expressions of the catalogue, with the value that each has for one person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.arrays import Ids, Values


@dataclass(frozen=True, slots=True)
class Listed:
    """The ids of expressions with their values, in parts so that nothing large is copied."""

    parts: Sequence[tuple[Ids, Values]]

    def count(self, *values: np.uint8) -> int:
        """Returns how many have one of these values."""
        counts = (np.count_nonzero(own == v) for _, own in self.parts for v in values)
        return int(sum(counts))

    def having(self, *values: np.uint8) -> Ids:
        """Returns the ids of those that have one of these values."""
        found = [np.empty(0, dtype=np.intp)]
        for ids, own in self.parts:
            is_chosen = own == values[0]
            for value in values[1:]:
                is_chosen |= own == value
            found.append(ids.compress(is_chosen))
        return np.concatenate(found)
