"""Hangs pages, API, errors and headers on the application."""

from collections.abc import Callable

from flask import Flask

from app.config import Settings
from app.services.catalogue import Catalogue

EXTENSION = "eventail"


def install_web(app: Flask, catalogue: Callable[[], Catalogue], settings: Settings) -> None:
    """Installs everything that answers a request."""
    app.extensions[EXTENSION] = catalogue
