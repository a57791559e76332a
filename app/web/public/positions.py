"""Where a listing is on a map, and what other sites can do with that point."""

from dataclasses import dataclass
from urllib.parse import quote

from app.domain.vocabulaire import ModeAccueil
from app.web.public.documents import Document, values_of

OSM = "https://www.openstreetmap.org"
DIGITS = 5  # about a metre, which is what an address service gives at best
STREET_ZOOM, TOWN_ZOOM = 17, 13  # a centre of commune shown from closer would look like an address


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPoint:
    """A position in degrees; approximate when it is only its commune's centre."""

    lat: float
    lon: float
    is_approximate: bool = False

    @property
    def osm_url(self) -> str:
        """The address of the point on the map of OpenStreetMap."""
        zoom = TOWN_ZOOM if self.is_approximate else STREET_ZOOM
        return f"{OSM}/?mlat={self.lat}&mlon={self.lon}#map={zoom}/{self.lat}/{self.lon}"

    @property
    def route_url(self) -> str:
        """The address of the page that finds a way to the point, from wherever its reader says."""
        return f"{OSM}/directions?to={quote(f'{self.lat},{self.lon}')}"


def point_of(document: Document) -> MapPoint | None:
    """Returns where people go to, None when nowhere, when unknown, or when it must be kept secret.

    An offer's document holds a position, that of a structure only its coordinates, if any.
    """
    position: Document = document.get("position") or document
    lat, lon = position.get("latitude"), position.get("longitude")
    if lat is None or lon is None or document.get("adresse_confidentielle"):
        return None
    if not is_on_site(document):
        return None
    return MapPoint(
        lat=round(lat, DIGITS),
        lon=round(lon, DIGITS),
        is_approximate=bool(position.get("centre_commune")),
    )


def is_on_site(document: Document) -> bool:
    """True when people can come; a listing that does not say how it receives is taken so."""
    modes = values_of(document, "modes_accueil")
    return not modes or ModeAccueil.EN_PRESENTIEL in modes
