"""Hangs pages, API, errors and headers on the application."""

from collections.abc import Callable
from importlib.util import find_spec

from flask import Flask

from app.config import Settings
from app.services.catalogue import Catalogue
from app.web.current import EXTENSION
from app.web.current import current_catalogue as current_catalogue


def install_web(app: Flask, catalogue: Callable[[], Catalogue], settings: Settings) -> None:
    """Installs everything that answers a request; the catalogue is only made at the first one."""
    app.extensions[EXTENSION] = catalogue
    if find_spec("app.web.public") and find_spec("app.web.public.install"):
        from app.web.public.install import install_public

        install_public(app)
