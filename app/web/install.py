"""Hangs pages, API, errors and headers on the application."""

import gc
from collections.abc import Callable

from flask import Flask
from werkzeug.datastructures import MultiDict

from app.config import Settings
from app.services.catalogue import Catalogue
from app.web.api.install import install_api
from app.web.current import EXTENSION, SITE_URL, TILES_EXTENSION
from app.web.current import current_catalogue as current_catalogue
from app.web.errors import install_errors
from app.web.match.install import install_match
from app.web.public.install import install_public
from app.web.rate_limits import install_rate_limits
from app.web.security_headers import install_security_headers
from schemas.search import read_demande, read_page_demande

MAX_BODY_BYTES = 1_048_576  # a profile with 1,000 ids of 512 bytes is half of it


def install_web(app: Flask, catalogue: Callable[[], Catalogue], settings: Settings) -> None:
    """Installs everything that answers a request; the catalogue is only made at the first one."""
    app.extensions[EXTENSION] = catalogue
    app.extensions[TILES_EXTENSION] = settings.tiles
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["CONTACT_EMAIL"] = settings.contact_email
    app.config[SITE_URL] = settings.site_url
    app.config["WIDGET_SITES"] = settings.widget_sites
    # What is installed first sees each response last: headers complete the errors of the others.
    install_security_headers(app, production=settings.is_production)
    if settings.rate_limits:
        install_rate_limits(app)
    install_api(app)
    install_public(app)
    install_match(app)
    install_errors(app)  # after flask-smorest, whose own handler drops the headers of an error


def warm_up(app: Flask) -> None:
    """Makes now what the first request would wait for: reference data, expressions, schemas.

    What is made here lives as long as the process: the collector need not walk through it again
    and again while requests wait.
    """
    with app.app_context():
        catalogue = current_catalogue()
        for read in (read_demande, read_page_demande):
            read(MultiDict(), catalogue)
        catalogue.prepare()
    gc.freeze()
