"""A site whose search engine does not answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from flask import Flask

from app.domain.demande import Demande
from app.domain.errors import EngineUnavailable
from app.domain.territoire import Bassin
from app.services.catalogue import Catalogue
from app.services.search import Resultats, SearchService
from app.web.current import EXTENSION


class DownSearch:
    """A search whose engine never answers."""

    bassins: Mapping[str, Bassin] = {}

    def search(self, demande: Demande) -> Resultats:
        """Raises, as the engine does."""
        raise EngineUnavailable

    def completed(self, resultats: Resultats) -> Resultats:
        """Raises too: it asks the engine again."""
        raise EngineUnavailable


def without_engine(app: Flask) -> Callable[[], Catalogue]:
    """Returns the catalogue of a site, but for its engine."""
    make = cast("Callable[[], Catalogue]", app.extensions[EXTENSION])
    broken = replace(make(), search=cast("SearchService", DownSearch()))
    return lambda: broken
