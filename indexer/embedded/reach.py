"""Reach in columns: who can be got to from an origin, how, and how near (design section 4)."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.portee import ModePortee, Origine, Portee
from app.domain.ranking import OWN_COMMUNE_FLOOR, PLATEAU_KM, REACH_UNKNOWN, REMOTE
from app.domain.territoire import EARTH_RADIUS_KM
from indexer.embedded.columns import Snapshot
from indexer.judging.arrays import Bools

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How documents are reached; arrays follow the documents that it was made, or taken, for.

    `vectors` are positions on the unit sphere, NaN without a place, and `centre` the origin's, None
    when nothing is known of it; `cosine` is that of the angle between them; `slack_km` is what a
    bounding circle takes off every distance.
    """

    vectors: Floats
    cosine: Floats | None
    centre: tuple[float, float, float] | None
    slack_km: float
    on_the_spot: Bools
    undecided: Bools
    remote: Bools
    own: Bools

    @property
    def in_reach(self) -> Bools:
        """Everything that is not surely too far."""
        return self.on_the_spot | self.undecided | self.remote

    def take(self, ranks: Any) -> "Reach":
        """Returns the same for some of the documents."""
        return Reach(
            vectors=np.take(self.vectors, ranks, axis=0),
            cosine=None if self.cosine is None else np.take(self.cosine, ranks),
            centre=self.centre,
            slack_km=self.slack_km,
            on_the_spot=np.take(self.on_the_spot, ranks),
            undecided=np.take(self.undecided, ranks),
            remote=np.take(self.remote, ranks),
            own=np.take(self.own, ranks),
        )

    def nearest(self, ranks: NDArray[np.intp]) -> int | None:
        """Returns the rank of the nearest of some documents, None when no distance is known."""
        if self.cosine is None or not len(ranks):
            return None
        cosine = np.take(self.cosine, ranks)
        at = int(np.argmax(np.where(np.isnan(cosine), -np.inf, cosine)))
        return None if np.isnan(cosine[at]) else int(ranks[at])

    def distance_km(self) -> Floats:
        """Returns the distance to each place, NaN without one.

        It comes from the chord: unlike the cosine, it keeps its precision next to the origin.
        """
        if self.centre is None:
            return np.full(len(self.vectors), np.nan)
        apart = self.vectors - self.centre
        chord = np.sqrt(np.einsum("ij,ij->i", apart, apart))
        angle: Floats = 2 * np.arcsin(np.minimum(chord / 2, 1.0))
        return EARTH_RADIUS_KM * angle - self.slack_km

    def shown_distance_km(self) -> Floats:
        """Returns the distance where the place itself is in reach, else NaN."""
        return np.where(self.on_the_spot, self.distance_km(), np.nan)

    def proximite(self, shown_distance_km: Floats, rayon_km: float) -> Floats:
        """Returns the proximity part of the score, given the distances shown."""
        best = np.where(self.remote, REMOTE, np.where(self.undecided, REACH_UNKNOWN, 0.0))
        if rayon_km <= PLATEAU_KM:
            near = np.where(shown_distance_km <= PLATEAU_KM, 1.0, 0.0)
        else:
            near = 1.0 - (shown_distance_km - PLATEAU_KM) / (rayon_km - PLATEAU_KM)
            near = np.minimum(1.0, np.maximum(0.0, near))
        near = np.where(self.own, np.maximum(near, OWN_COMMUNE_FLOOR), near)
        return np.where(self.on_the_spot, np.maximum(best, near), best)

    def mode(self, position: int) -> ModePortee | None:
        """Returns how one document is reached, None when it is out of reach."""
        if self.on_the_spot[position]:
            return ModePortee.SUR_PLACE
        if self.remote[position]:
            return ModePortee.A_DISTANCE
        return ModePortee.INCONNUE if self.undecided[position] else None

    def portees(self, shown_distance_km: Floats) -> list[Portee]:
        """Returns how each document is reached, in the domain's words."""
        return [
            Portee(
                mode=self.mode(at),
                distance_km=None if np.isnan(distance) else distance,
                in_own_commune=bool(self.own[at]),
            )
            for at, distance in enumerate(shown_distance_km.tolist())
        ]


def reach_of(snapshot: Snapshot, origine: Origine, rayon_km: float) -> Reach:
    """Returns how every document of a snapshot is reached."""
    on_site = snapshot.column("sur_place")
    remote = snapshot.column("a_distance")
    nobody = np.zeros(len(on_site), dtype=np.bool_)
    vectors = snapshot.vectors
    centre = origine.point or (origine.cercle.centre if origine.cercle else None)
    if centre is None:
        return Reach(
            vectors=vectors,
            cosine=None,
            centre=None,
            slack_km=0.0,
            on_the_spot=nobody,
            undecided=on_site,
            remote=remote,
            own=nobody,
        )
    vector = centre.unit_vector
    cosine = vectors @ np.array(vector)
    placeless = np.isnan(cosine)
    own, on_the_spot, slack = nobody, nobody, 0.0
    if origine.point is not None:
        near = cosine >= _cosine(rayon_km)
        if origine.commune is not None:
            number = snapshot.repertoires["commune"].only_number(origine.commune)
            own = snapshot.numbers("commune") == number
            near |= own
        on_the_spot = on_site & near
        own = own & on_the_spot
        undecided = on_site & placeless
    else:
        slack = origine.cercle.rayon_km if origine.cercle else 0.0
        undecided = on_site & (placeless | (cosine >= _cosine(rayon_km + slack)))
    return Reach(
        vectors=vectors,
        cosine=cosine,
        centre=vector,
        slack_km=slack,
        on_the_spot=on_the_spot,
        undecided=undecided,
        remote=remote,
        own=own,
    )


def _cosine(distance_km: float) -> float:
    """Returns the cosine of a distance; half the Earth's circumference is the longest."""
    return math.cos(min(distance_km / EARTH_RADIUS_KM, math.pi))
