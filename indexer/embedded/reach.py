"""Reach in columns: who can be got to from an origin, how, and how near (design section 4)."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.portee import ModePortee, Origine
from app.domain.ranking import OWN_COMMUNE_FLOOR, PLATEAU_KM, REACH_UNKNOWN, REMOTE
from app.domain.territoire import EARTH_RADIUS_KM
from indexer.embedded.columns import Bools, Ints, Snapshot

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How some documents are reached; arrays follow the ranks they were made for.

    `chord2` is the squared chord from the origin on the unit sphere, NaN without a place;
    `slack_km` is what a bounding circle takes off every distance.
    """

    chord2: Floats
    slack_km: float
    on_the_spot: Bools
    undecided: Bools
    remote: Bools
    own: Bools

    @property
    def in_reach(self) -> Bools:
        """Everything that is not surely too far."""
        return self.on_the_spot | self.undecided | self.remote

    def take(self, positions: Any) -> "Reach":
        """Returns the same for some of the documents."""
        return Reach(
            chord2=self.chord2[positions],
            slack_km=self.slack_km,
            on_the_spot=self.on_the_spot[positions],
            undecided=self.undecided[positions],
            remote=self.remote[positions],
            own=self.own[positions],
        )

    def distance_km(self) -> Floats:
        """Returns the distance to each place, NaN without one."""
        chord = np.sqrt(np.minimum(self.chord2, 4.0))
        distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(chord / 2) - self.slack_km
        return distance

    def shown_distance_km(self) -> Floats:
        """Returns the distance where the place itself is in reach, else NaN."""
        return np.where(self.on_the_spot, self.distance_km(), np.nan)

    def proximite(self, rayon_km: float) -> Floats:
        """Returns the proximity part of the score."""
        best = np.where(self.remote, REMOTE, 0.0)
        distance = self.distance_km()
        if rayon_km <= PLATEAU_KM:
            near = np.where(distance <= PLATEAU_KM, 1.0, 0.0)
        else:
            near = 1.0 - (distance - PLATEAU_KM) / (rayon_km - PLATEAU_KM)
            near = np.minimum(1.0, np.maximum(0.0, near))
        near = np.where(self.own, np.maximum(near, OWN_COMMUNE_FLOOR), near)
        best = np.where(self.on_the_spot, np.maximum(best, near), best)
        return np.where(self.undecided & ~self.remote, REACH_UNKNOWN, best)

    def mode(self, position: int) -> ModePortee:
        """Returns how one document is reached."""
        if self.on_the_spot[position]:
            return ModePortee.SUR_PLACE
        return ModePortee.A_DISTANCE if self.remote[position] else ModePortee.INCONNUE


def reach_of(snapshot: Snapshot, ranks: Ints, origine: Origine, rayon_km: float) -> Reach:
    """Returns how the documents of those ranks are reached."""
    on_site = snapshot.column("sur_place")[ranks]
    remote = snapshot.column("a_distance")[ranks]
    nobody = np.zeros(len(ranks), dtype=np.bool_)
    centre = origine.point or (origine.cercle.centre if origine.cercle else None)
    if centre is None:
        return Reach(
            chord2=np.full(len(ranks), np.nan),
            slack_km=0.0,
            on_the_spot=nobody,
            undecided=on_site,
            remote=remote,
            own=nobody,
        )
    x, y, z = centre.unit_vector
    chord2: Floats = (snapshot.column("x")[ranks] - x) ** 2
    chord2 += (snapshot.column("y")[ranks] - y) ** 2
    chord2 += (snapshot.column("z")[ranks] - z) ** 2
    placeless = np.isnan(chord2)
    if origine.point is not None:
        own = nobody
        if origine.commune is not None:
            number = snapshot.repertoires["commune"].only_id(origine.commune)
            own = snapshot.column("commune")[ranks] == number
        on_the_spot = on_site & ((chord2 <= _chord2(rayon_km)) | own)
        undecided, slack = on_site & placeless, 0.0
    else:
        own, on_the_spot = nobody, nobody
        slack = origine.cercle.rayon_km if origine.cercle else 0.0
        undecided = on_site & (placeless | (chord2 <= _chord2(rayon_km + slack)))
    return Reach(
        chord2=chord2,
        slack_km=slack,
        on_the_spot=on_the_spot,
        undecided=undecided,
        remote=remote,
        own=own,
    )


def _chord2(distance_km: float) -> float:
    """Returns the squared chord of a distance; half the Earth's circumference is the longest."""
    angle = min(distance_km / EARTH_RADIUS_KM, math.pi)
    return (2 * math.sin(angle / 2)) ** 2
