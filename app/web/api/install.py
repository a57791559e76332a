"""Hangs the API and its documentation on the application."""

from flask import Flask
from werkzeug.routing import BaseConverter

from app.web.api.documentation import documentation_of
from app.web.api.ecriture import ecriture
from app.web.api.matching import matching
from app.web.api.offres import offres
from app.web.api.operations import make_api
from app.web.api.referentiels import referentiels
from app.web.api.structures import structures
from app.web.api.suggestions import suggestions


class IdentifiantConverter(BaseConverter):
    """An opaque id: whatever text is left of the address, slashes included."""

    regex = "(?s:.+)"
    part_isolating = False


def install_api(app: Flask) -> None:
    """Registers the routes, `/api/openapi.json` and `/api/docs`."""
    app.url_map.converters["identifiant"] = IdentifiantConverter
    api = make_api(app)
    for blueprint in (offres, matching, structures, referentiels, suggestions, ecriture):
        blueprint.register(api)
    app.register_blueprint(documentation_of(api))
