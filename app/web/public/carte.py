"""The map of a page: everything that it says, and what it must be let fetch.

The map only repeats the list: it is drawn on demand, by `static/js/carte.js`, from the points that
the page already holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.search import Resultats
from app.tiles import Tiles
from app.web.public.cards import Card
from app.web.public.positions import DIGITS, MapPoint
from app.web.public.typographie import NBSP, counted, number_fr
from app.web.security_headers import policy_with_images_of

YOUR_PLACE = "Votre point de départ"  # an address typed has no name but the person's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart:
    """Where distances start from, and how far the search goes."""

    point: MapPoint
    label: str
    rayon_km: float
    radius: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carte:
    """A map: of the cards of a page, or of one `point`.

    `shown` is said when the map appears, `missing` tells what it cannot show; without `tiles` the
    background is plain.
    """

    title: str
    shown: str
    tiles: Tiles | None
    missing: str | None = None
    depart: Depart | None = None
    point: MapPoint | None = None
    has_approximate: bool = False


def results_map(resultats: Resultats, cards: Sequence[Card], tiles: Tiles | None) -> Carte | None:
    """Returns the map of a page of results, None when nothing there has a place."""
    points = [card.point for card in cards if card.point is not None]
    if not points:
        return None
    return Carte(
        title="Carte des résultats",
        shown=f"Carte affichée{NBSP}: {counted(len(points), 'offre')}.",
        tiles=tiles,
        missing=_missing(len(cards) - len(points)),
        depart=_depart(resultats),
        has_approximate=any(point.is_approximate for point in points),
    )


def sheet_map(point: MapPoint | None, tiles: Tiles | None) -> Carte | None:
    """Returns the map of one place, None when nobody may know where it is, or nobody knows."""
    if point is None:
        return None
    return Carte(
        title="Carte du lieu",
        shown="Carte affichée.",
        tiles=tiles,
        point=point,
        has_approximate=point.is_approximate,
    )


def headers_of(carte: Carte | None) -> dict[str, str]:
    """Returns the headers of a page that may show a map: the images of its background."""
    if carte is None or carte.tiles is None:
        return {}
    return {"Content-Security-Policy": policy_with_images_of(carte.tiles.origin)}


def _missing(count: int) -> str | None:
    if not count:
        return None
    verb = "n’est pas" if count == 1 else "ne sont pas"
    return f"{counted(count, 'offre')} à distance ou sans adresse {verb} sur la carte."


def _depart(resultats: Resultats) -> Depart | None:
    origine, lieu = resultats.origine, resultats.lieu
    if origine is None:
        return None
    return Depart(
        point=MapPoint(lat=round(origine.lat, DIGITS), lon=round(origine.lon, DIGITS)),
        label=lieu.libelle if lieu else YOUR_PLACE,
        rayon_km=resultats.rayon_km,
        radius=f"{number_fr(resultats.rayon_km)}{NBSP}km",
    )
