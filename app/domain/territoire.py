"""Places: communes, zones as sets of communes, basins, and great-circle distance.

A zone is a set and not a link of a chain: 89 EPCI straddle départements and 26 straddle régions,
so nothing may be deduced from codes. `app.domain.geographie` knows which places exist.
"""

import math
from dataclasses import dataclass, field
from typing import NewType

from app.domain.poids import Poids
from app.domain.verdict import Valeur

CodeInsee = NewType("CodeInsee", str)

EARTH_RADIUS_KM = 6371.0088  # mean Earth radius, design section 4


@dataclass(frozen=True, slots=True)
class Point:
    """A position in degrees (WGS 84)."""

    lat: float
    lon: float

    @property
    def unit_vector(self) -> tuple[float, float, float]:
        """The same position on the unit sphere, for chord lengths and centres."""
        lat, lon = math.radians(self.lat), math.radians(self.lon)
        return (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A commune of today, or an arrondissement, which is a part of one (`parent`)."""

    code: CodeInsee
    nom: str
    codes_postaux: tuple[str, ...]
    point: Point
    population: int
    epci: str | None
    departement: str
    region: str
    parent: CodeInsee | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """A set of places, one bit for each place of the `Geographie` that made it."""

    masque: int

    def __or__(self, other: "Zone") -> "Zone":
        return Zone(self.masque | other.masque)

    def __and__(self, other: "Zone") -> "Zone":
        return Zone(self.masque & other.masque)

    @property
    def is_empty(self) -> bool:
        """True when no place is left."""
        return self.masque == 0

    def covers(self, known: "Zone") -> Valeur:
        """Tells whether someone known to live in `known` lives in this zone.

        `oui` when all of `known` is inside, `non` when it is disjoint, else undecided.
        """
        common = self.masque & known.masque
        if common == 0:
            return Valeur.NON
        return Valeur.OUI if common == known.masque else Valeur.INCONNU


@dataclass(frozen=True, slots=True, kw_only=True)
class Bassin:
    """An employment basin: a named set of communes inside a territory, editable by it."""

    slug: str
    nom: str
    zone: Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom the public may ask about a territory: a service, never a person."""

    nom: str
    telephone: str | None = None
    courriel: str | None = None
    lien: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Territoire:
    """A territory served by the catalogue, with its basins and what must be said of them."""

    slug: str
    nom: str
    zone: tuple[str, ...]
    centre: Point
    bassins: tuple[Bassin, ...]
    note: str | None = None
    poids: Poids = field(default_factory=Poids)
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Cercle:
    """The bounding circle of a zone: a centre and a radius in kilometres."""

    centre: Point
    rayon_km: float


def distance_km(a: Point, b: Point) -> float:
    """Returns the great-circle distance, by the haversine formula.

    >>> round(distance_km(Point(48.8566, 2.3522), Point(50.6292, 3.0573)), 1)  # Paris, Lille
    203.5
    """
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2)
    h = half_lat * half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon * half_lon
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))


def bounding_circle(points: list[Point]) -> Cercle:
    """Returns the circle around the mean of the unit vectors that holds every point.

    It is the origin of someone of whom only a zone is known (design section 4). The list must not
    be empty.
    """
    vectors = [point.unit_vector for point in points]
    x, y, z = (sum(axis) / len(vectors) for axis in zip(*vectors, strict=True))
    centre = Point(math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)))
    return Cercle(centre, max(distance_km(centre, point) for point in points))
