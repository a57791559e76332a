"""Reach: whether the person can get to an offer, on site or remotely (design section 4)."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.geographie import Geographie
from app.domain.offre import Offre
from app.domain.territoire import Cercle, CodeInsee, Point, Zone, distance_km

RADIUS_MIN_KM = 1
RADIUS_MAX_KM = 100  # design section 4: beyond, a search by place says nothing
RADIUS_DEFAULT_KM = 30
RADIUS_BY_MOBILITY_KM = {"a-pied": 3, "velo": 8, "transports": 12, "vehicule": 40}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origine:
    """Where the person starts from: a point, only a bounding circle, or nothing.

    `commune` is the person's own commune when it is known: its offers are in reach whatever the
    distance from its centre.
    """

    point: Point | None = None
    commune: CodeInsee | None = None
    cercle: Cercle | None = None


class ModePortee(StrEnum):
    """How an offer is in reach."""

    SUR_PLACE = "en-presentiel"
    A_DISTANCE = "a-distance"
    INCONNUE = "inconnue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Portee:
    """How an offer is reached; `mode` is None when it is out of reach.

    `distance_km` is the distance on site, None when unknown or when only the remote mode is in
    reach. An offer out of reach keeps its distance, to say how far the nearest is.
    """

    mode: ModePortee | None
    distance_km: float | None = None
    in_own_commune: bool = False

    @property
    def is_in_reach(self) -> bool:
        """True unless the offer is surely too far."""
        return self.mode is not None


def origine_of(zone: Zone | None, point: Point | None, geographie: Geographie) -> Origine:
    """Returns the best origin from what is known of the residence.

    A single possible commune gives its centre (the point, when there is one, wins); a wider zone
    gives its bounding circle; all of France, or nothing, gives nothing.
    """
    if zone is None or zone == geographie.france or zone.is_empty:
        return Origine(point=point)
    commune = geographie.only_commune(zone)
    if commune is not None:
        return Origine(point=point or geographie.centre(commune), commune=commune)
    if point is not None:
        return Origine(point=point)
    return Origine(cercle=geographie.bounding_circle(zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Emplacement:
    """What reach depends on: where an offer is, and how it receives.

    `commune` is the whole commune, also for a place in an arrondissement.
    """

    is_on_site: bool
    is_remote: bool
    point: Point | None = None
    commune: CodeInsee | None = None


def position_of(offre: Offre, geographie: Geographie) -> tuple[Point | None, CodeInsee | None]:
    """Returns the offer's point, else its commune's centre, and its whole commune.

    A commune that the geography no longer has is none.
    """
    is_known = offre.code_insee in geographie.communes
    commune = geographie.whole_commune(offre.code_insee) if is_known and offre.code_insee else None
    point = offre.point
    if point is None and commune is not None:
        point = geographie.centre(commune)
    return point, commune


def portee_of(offre: Offre, origine: Origine, rayon_km: float, geographie: Geographie) -> Portee:
    """Returns how an offer is reached from an origin within a radius, boundary included."""
    point, commune = position_of(offre, geographie)
    place = Emplacement(
        is_on_site=offre.is_on_site, is_remote=offre.is_remote, point=point, commune=commune
    )
    return portee(place, origine, rayon_km)


def portee(place: Emplacement, origine: Origine, rayon_km: float) -> Portee:
    """Returns the same from what reach depends on."""
    on_site = _on_site(place, origine, rayon_km) if place.is_on_site else Portee(mode=None)
    if not place.is_remote or on_site.mode is ModePortee.SUR_PLACE:
        return on_site
    return Portee(mode=ModePortee.A_DISTANCE)


def _on_site(place: Emplacement, origine: Origine, rayon_km: float) -> Portee:
    point = place.point
    own = place.commune is not None and place.commune == origine.commune
    if point is None:
        return Portee(mode=ModePortee.INCONNUE)
    if origine.point is not None:
        distance = distance_km(origine.point, point)
        mode = ModePortee.SUR_PLACE if own or distance <= rayon_km else None
        return Portee(mode=mode, distance_km=distance, in_own_commune=own)
    if origine.cercle is None:
        return Portee(mode=ModePortee.INCONNUE)
    distance = distance_km(origine.cercle.centre, point)
    if distance <= origine.cercle.rayon_km + rayon_km:
        return Portee(mode=ModePortee.INCONNUE)
    return Portee(mode=None, distance_km=distance - origine.cercle.rayon_km)
