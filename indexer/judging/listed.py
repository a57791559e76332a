"""Some expressions of the catalogue, with the value that each has for one person."""

from dataclasses import dataclass

import numpy as np

from indexer.judging.arrays import Bools, Ids, Values


@dataclass(frozen=True, slots=True)
class Listed:
    """The ids of expressions with their values."""

    ids: Ids
    values: Values

    def count(self, *values: np.uint8) -> int:
        """Returns how many have one of these values."""
        return int(np.count_nonzero(self._are(*values)))

    def having(self, *values: np.uint8) -> Ids:
        """Returns the ids of those that have one of these values."""
        return self.ids.compress(self._are(*values))

    def _are(self, first: np.uint8, *others: np.uint8) -> Bools:
        found: Bools = self.values == first
        for other in others:
            found |= self.values == other
        return found
