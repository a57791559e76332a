"""How a view reaches the use cases: pages and API import it from here, never the other way."""

from collections.abc import Callable
from typing import cast

from flask import current_app

from app.services.catalogue import Catalogue

EXTENSION = "eventail"


def current_catalogue() -> Catalogue:
    """Returns the use cases and reference data of the running application, made at first use."""
    make = cast("Callable[[], Catalogue]", current_app.extensions[EXTENSION])
    return make()
