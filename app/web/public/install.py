"""Hangs the public pages on the application: the table of their addresses."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue

from app.web.errors import DOCS_PATH
from app.web.public import about, pages, sheets, signalements, widget
from app.web.public.emergency import EMERGENCY_NUMBERS
from app.web.public.retour import LABELS

QUICK_EXIT_URL = "https://www.google.fr"  # a page that anyone may have open

View = tuple[str, str, Callable[..., ResponseReturnValue]]
VIEWS: tuple[View, ...] = (
    ("/", "home", pages.home),
    ("/recherche", "results", pages.results),
    ("/offres/<path:identifiant>", "offre", sheets.offre),
    ("/offres/<path:identifiant>/signaler", "signalement", signalements.formulaire),
    ("/offres/<path:identifiant>/signale", "signale", signalements.signale),
    ("/structures/<path:identifiant>", "structure", sheets.structure),
    ("/attributions", "attributions", pages.attributions),
    ("/a-propos/classement", "ranking", about.ranking),
    ("/accessibilite", "accessibility", about.accessibility),
    ("/widget", "widget", widget.widget),
    ("/widget/code", "widget_code", widget.code),
)
POSTED: tuple[View, ...] = (
    ("/offres/<path:identifiant>/signaler", "signaler", signalements.signaler),
)


def install_public(app: Flask) -> None:
    """Registers the pages, and what every template needs."""
    public = Blueprint("public", "app.web.public")
    for method, views in (("GET", VIEWS), ("POST", POSTED)):
        for address, name, view in views:
            # Ids are opaque: two slashes in one are part of it.
            public.add_url_rule(address, name, view, methods=[method], merge_slashes=False)
    public.after_request(_let_sheets_lead_back)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_site)
    app.register_blueprint(public)


def _site() -> dict[str, object]:
    return {
        "emergency_numbers": EMERGENCY_NUMBERS,
        "quick_exit_url": QUICK_EXIT_URL,
        "api_docs_url": DOCS_PATH,
        "is_widget_open": bool(widget.allowed_sites()),
    }


def _let_sheets_lead_back(response: Response) -> Response:
    """Lets a sheet of this site, and no other site, know which list it was opened from."""
    if request.path in LABELS:
        response.headers["Referrer-Policy"] = "same-origin"
    return response
