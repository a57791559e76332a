"""How a view reaches the use cases: pages and API import it from here, never the other way."""

from collections.abc import Callable
from typing import cast

from flask import current_app

from app.services.catalogue import Catalogue
from app.tiles import Tiles

EXTENSION = "eventail"
TILES_EXTENSION = "eventail_tiles"
SITE_URL = "SITE_URL"


def current_catalogue() -> Catalogue:
    """Returns the use cases and reference data of the running application, made at first use."""
    make = cast("Callable[[], Catalogue]", current_app.extensions[EXTENSION])
    return make()


def current_tiles() -> Tiles | None:
    """Returns the background of the maps of the running application, None for plain paper."""
    return cast("Tiles | None", current_app.extensions[TILES_EXTENSION])
