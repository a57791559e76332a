"""Hangs the public pages on the application."""

from importlib import import_module

from flask import Flask

from app.web.public.emergency import EMERGENCY_NUMBERS
from app.web.public.pages import public

QUICK_EXIT_URL = "https://www.google.fr"  # a page that anyone may have open


def install_public(app: Flask) -> None:
    """Registers the pages, and what every template needs."""
    import_module("app.web.public.sheets")  # adds its views to the blueprint
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_site)
    app.register_blueprint(public)


def _site() -> dict[str, object]:
    return {"emergency_numbers": EMERGENCY_NUMBERS, "quick_exit_url": QUICK_EXIT_URL}
