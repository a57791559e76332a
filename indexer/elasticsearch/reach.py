"""Where documents stand from an origin: filters, their part of the score, their distance."""

from dataclasses import dataclass

from app.domain.portee import Origine
from app.domain.ranking import OWN_COMMUNE_FLOOR, PLATEAU_KM, REACH_UNKNOWN
from app.domain.ranking import REMOTE as REMOTE_PART
from app.domain.territoire import Point, distance_km
from indexer.elasticsearch.mapping import Json
from indexer.elasticsearch.queries import (
    NOTHING,
    ON_SITE,
    REMOTE,
    all_of,
    any_of,
    best_of,
    having,
    none_of,
    term,
    within,
)


@dataclass(frozen=True, slots=True)
class Reach:
    """How documents are reached from an origin within a radius (design section 4)."""

    origine: Origine
    rayon_km: float

    @property
    def centre(self) -> Point | None:
        """What distances are measured from."""
        if self.origine.point is not None:
            return self.origine.point
        return self.origine.cercle.centre if self.origine.cercle else None

    @property
    def slack_km(self) -> float:
        """What a bounding circle takes off every distance."""
        if self.origine.point is not None or self.origine.cercle is None:
            return 0.0
        return self.origine.cercle.rayon_km

    def least_km(self, point: Point | None) -> float | None:
        """Returns how far a point surely is; None when it, or the origin, is not known."""
        if self.centre is None or point is None:
            return None
        return distance_km(self.centre, point) - self.slack_km

    @property
    def on_the_spot(self) -> Json:
        """On site, near enough or in the person's own commune."""
        if self.origine.point is None:
            return NOTHING
        near = within(self.origine.point, self.rayon_km)
        if self.origine.commune is not None:
            near = any_of(near, term("commune", self.origine.commune))
        return all_of(ON_SITE, near)

    @property
    def undecided(self) -> Json:
        """On site, perhaps near: its place, or the person's, is not known well enough."""
        placeless = none_of(having("lieu"))
        if self.origine.point is not None:
            return all_of(ON_SITE, placeless)
        if self.origine.cercle is not None:
            perhaps = within(self.origine.cercle.centre, self.rayon_km + self.slack_km)
            return all_of(ON_SITE, any_of(placeless, perhaps))
        return ON_SITE

    @property
    def in_reach(self) -> Json:
        """Everything that is not surely too far."""
        return any_of(self.on_the_spot, self.undecided, REMOTE)

    def measured(self, *, all_count: bool) -> Json:
        """What is shown with its distance: on the spot, or out of reach when that counts too."""
        if not all_count:
            return self.on_the_spot
        return any_of(self.on_the_spot, all_of(having("lieu"), none_of(self.in_reach)))

    def proximite(self, weight: float) -> Json:
        """Returns the clause of the proximity part."""
        functions = [
            {"filter": REMOTE, "weight": weight * REMOTE_PART},
            {"filter": self.undecided, "weight": weight * REACH_UNKNOWN},
        ]
        if (point := self.origine.point) is not None:
            plateau = all_of(ON_SITE, within(point, PLATEAU_KM))
            functions.append({"filter": plateau, "weight": weight})
            if self.rayon_km > PLATEAU_KM:
                functions.append(
                    {
                        "filter": self.on_the_spot,
                        "linear": {
                            "lieu": {
                                "origin": {"lat": point.lat, "lon": point.lon},
                                "offset": f"{PLATEAU_KM}km",
                                # The scale is where half is left, and nothing is at the radius.
                                "scale": f"{(self.rayon_km - PLATEAU_KM) / 2:.6f}km",
                                "decay": 0.5,
                            }
                        },
                        "weight": weight,
                    }
                )
            if self.origine.commune is not None:
                own = all_of(ON_SITE, term("commune", self.origine.commune))
                functions.append({"filter": own, "weight": weight * OWN_COMMUNE_FLOOR})
        return best_of(functions)
