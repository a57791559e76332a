"""The map on which the point of a listing is placed: where it opens, and what it may show."""

from dataclasses import dataclass

from app.domain.edition import Fiche
from app.domain.errors import LieuInconnu
from app.domain.territoire import Point
from app.tiles import Tiles
from app.web.auth.session import current_espace
from app.web.current import current_tiles
from app.web.espace.arbre_saisie import number_of
from app.web.espace.lecteur import current_lecteur
from app.web.espace.saisie import Saisie
from app.web.public.positions import DIGITS
from app.web.security_headers import policy_with_images_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PointCarte:
    """Where the map opens, in degrees; `is_typed` when the form says this very point."""

    lat: float
    lon: float
    is_typed: bool
    tiles: Tiles | None


def point_of(saisie: Saisie, fiche: Fiche) -> PointCarte:
    """Returns the point that is typed, else the centre of the commune, else of the territory."""
    lat, lon = (number_of(saisie.fields.get(nom, "")) for nom in ("latitude", "longitude"))
    tiles = current_tiles()
    if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180:
        return PointCarte(lat=lat, lon=lon, is_typed=True, tiles=tiles)
    centre = _centre(saisie, fiche)
    lat, lon = round(centre.lat, DIGITS), round(centre.lon, DIGITS)
    return PointCarte(lat=lat, lon=lon, is_typed=False, tiles=tiles)


def _centre(saisie: Saisie, fiche: Fiche) -> Point:
    lecteur, catalogue = current_lecteur(), current_espace().catalogue
    commune, code_postal = (
        saisie.fields.get(nom, "").strip() for nom in ("commune", "code_postal")
    )
    code = lecteur.commune_of(commune or None, code_postal or None) or fiche.structure.code_insee
    geographie = catalogue.geographie
    try:
        return geographie.centre(code or "")
    except LieuInconnu:  # none is typed, or one of before the geography that is shipped
        served = [ref for territoire in catalogue.territoires for ref in territoire.zone]
        return geographie.bounding_circle(geographie.union(served)).centre


def tile_headers() -> dict[str, str]:
    """Returns the headers of a page that may show this map: the images of its background."""
    tiles = current_tiles()
    return {"Content-Security-Policy": policy_with_images_of(tiles.origin)} if tiles else {}
