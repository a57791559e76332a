"""Sets of places named by references, judged together for somebody whose residence is known or not.

A residence touches few of them: they are found by the references that name its places, and only
those are compared.
"""

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.geographie import Geographie
from app.domain.territoire import Zone
from app.domain.verdict import Valeur

_CACHED_ZONES = 256  # answers kept by place: a few kilobytes each


class PlaceIndex:
    """Items numbered from 0, each the union of some references."""

    def __init__(self, geographie: Geographie) -> None:
        self._geographie = geographie
        self._refs: list[tuple[str, ...]] = []
        self._by_ref: dict[str, list[int]] = {}
        self._cache: OrderedDict[int, NDArray[np.uint8]] = OrderedDict()

    def add(self, refs: Sequence[str]) -> None:
        """Adds the next item."""
        for ref in refs:
            self._by_ref.setdefault(ref, []).append(len(self._refs))
        self._refs.append(tuple(refs))
        self._cache.clear()

    def values(self, zone: Zone) -> NDArray[np.uint8]:
        """Returns whether somebody known to live in this zone lives in each item."""
        if (known := self._cache.get(zone.masque)) is not None:
            return known
        values = np.full(len(self._refs), Valeur.NON, dtype=np.uint8)
        touching, covering = self._refs_around(zone)
        for ref in touching & self._by_ref.keys():
            for item in self._by_ref[ref]:
                if values[item] != Valeur.OUI:
                    values[item] = self._value(item, ref, zone, covering)
        self._cache[zone.masque] = values
        while len(self._cache) > _CACHED_ZONES:
            self._cache.popitem(last=False)
        return values

    def _value(self, item: int, ref: str, zone: Zone, covering: frozenset[str]) -> Valeur:
        if ref in covering:
            return Valeur.OUI
        if len(self._refs[item]) == 1:
            return Valeur.INCONNU
        return self._geographie.union(self._refs[item]).covers(zone)

    def _refs_around(self, zone: Zone) -> tuple[frozenset[str], frozenset[str]]:
        """Returns the references that name a place of the zone, and those that hold all of it."""
        if zone == self._geographie.france:
            inside = frozenset(r for r in self._by_ref if not r.startswith("etranger:"))
            return inside, frozenset(("france",))
        if zone.is_empty:
            return frozenset(), frozenset()
        containing = [
            self._geographie.refs_containing(place.code)
            for place in self._geographie.places_of(zone)
        ]
        return frozenset().union(*containing), frozenset.intersection(*containing)
