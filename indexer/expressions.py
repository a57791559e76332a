"""The catalogue's distinct eligibility expressions, judged once per request for every engine.

The table in SQL is append-only: a worker catches up on what was added since. An expression that it
does not know yet excludes nobody.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.domain.expressions import ZONE, read_list
from app.domain.geographie import Geographie
from app.domain.territoire import Zone

FetchAfter = Callable[[int], list[tuple[int, str, str]]]
_CACHED_ZONES = 256  # answers kept by place: a few kilobytes each


class ExpressionIndex:
    """Zones by the places that they name, so that a residence touches only those that matter."""

    def __init__(self, fetch_after: FetchAfter, geographie: Geographie) -> None:
        self._fetch_after = fetch_after
        self._geographie = geographie
        self._lock = threading.Lock()
        self._last_id = 0  # the newest expression read
        self._highest_id = 0  # the newest that a document names, perhaps not in the record
        self._zones_by_ref: dict[str, list[int]] = {}
        self._cache: OrderedDict[int, NDArray[np.bool_]] = OrderedDict()

    def catch_up(self, last_id: int) -> None:
        """Reads the expressions added since the last call, when a document names a newer one."""
        if last_id <= self._highest_id:
            return
        with self._lock:
            for ident, nature, canonique in self._fetch_after(self._last_id):
                if nature == ZONE:
                    for ref in read_list(canonique):
                        self._zones_by_ref.setdefault(ref, []).append(ident)
                self._last_id = ident
            self._highest_id = max(last_id, self._last_id)
            self._cache.clear()

    def zones_touching(self, zone: Zone) -> NDArray[np.bool_]:
        """Tells, by expression id, which zones have a place in common with this one.

        The last cell stands for “no zone” (id −1), which excludes nobody.
        """
        with self._lock:
            if (known := self._cache.get(zone.masque)) is not None:
                return known
            touching = np.zeros(self._highest_id + 2, dtype=np.bool_)
            touching[self._last_id + 1 :] = True
            for ref in self._refs_touching(zone):
                touching[self._zones_by_ref.get(ref, [])] = True
            self._cache[zone.masque] = touching
            while len(self._cache) > _CACHED_ZONES:
                self._cache.popitem(last=False)
            return touching

    def _refs_touching(self, zone: Zone) -> frozenset[str]:
        if zone == self._geographie.france:
            return frozenset(r for r in self._zones_by_ref if not r.startswith("etranger:"))
        places = self._geographie.places_of(zone)
        return frozenset().union(*(self._geographie.refs_containing(p.code) for p in places))
