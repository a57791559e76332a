"""The background of maps: squares of images that the browser asks another site for.

It is the only other site that a page ever asks for anything, and only once a visitor wants a map.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

# The State's own map: free, without a key, and as precise in a village as in a city.
PLAN_IGN_URL: Final = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
    "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)
PLAN_IGN_ATTRIBUTION: Final = "© IGN, Géoplateforme"
NO_TILES: Final = "off"
_NEEDED: Final = {"{z}", "{x}", "{y}"}
_KNOWN: Final = {*_NEEDED, "{r}"}  # what the map replaces: {r} is “@2x” on a fine screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """The address of the squares, with `{z}`, `{x}` and `{y}` in it, and whom they belong to."""

    url: str
    attribution: str

    @property
    def host(self) -> str:
        """The site asked, as a reader knows it."""
        return urlsplit(self.url).hostname or ""

    @property
    def origin(self) -> str:
        """The site asked, as a content security policy names it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def tiles_fault(url: str) -> str | None:
    """Returns what is wrong with an address of squares, None when it can be used."""
    # The origin enters a header: nothing but a plain name and a port may stand in it.
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?/[^\s]*", url):
        return "doit être une adresse https://…, sans espace, mot de passe ni accolade dans le nom"
    marks = set(re.findall(r"\{.*?\}", url))
    if not marks >= _NEEDED:
        return "doit contenir {z}, {x} et {y}, que la carte remplace"
    if marks - _KNOWN:
        return "ne peut contenir entre accolades que {z}, {x}, {y} et {r}"
    return None
