"""Hangs the public pages on the application: the table of their addresses."""

from collections.abc import Callable, Iterator
from functools import partial, update_wrapper

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue

from app.domain.publication import OFFRE, STRUCTURE
from app.web.errors import DOCS_PATH
from app.web.public import about, liste, pages, sheets, signalements, widget
from app.web.public.emergency import EMERGENCY_NUMBERS
from app.web.public.kept import kept_ids, kept_parameters, list_url
from app.web.public.retour import LABELS

QUICK_EXIT_URL = "https://www.google.fr"  # a page that anyone may have open

View = tuple[str, str, Callable[..., ResponseReturnValue]]
VIEWS: tuple[View, ...] = (
    ("/", "home", pages.home),
    ("/recherche", "results", pages.results),
    ("/offres/<path:identifiant>", "offre", sheets.offre),
    ("/structures/<path:identifiant>", "structure", sheets.structure),
    ("/attributions", "attributions", pages.attributions),
    ("/ma-liste", "ma_liste", liste.ma_liste),
    ("/a-propos/classement", "ranking", about.ranking),
    ("/accessibilite", "accessibility", about.accessibility),
    ("/widget", "widget", widget.widget),
    ("/widget/code", "widget_code", widget.code),
)
# What is done with a sheet of either kind, at an address of each.
FICHE = (
    ("GET", "signaler", "signalement", signalements.formulaire),
    ("GET", "signale", "signale", signalements.signale),
    ("POST", "signaler", "signaler", signalements.signaler),
)


def install_public(app: Flask) -> None:
    """Registers the pages, and what every template needs."""
    public = Blueprint("public", "app.web.public")
    of_pages = (("GET", *view) for view in VIEWS)
    for method, address, name, view in (*of_pages, *_of_each_kind()):
        # Ids are opaque: two slashes in one are part of it.
        public.add_url_rule(address, name, view, methods=[method], merge_slashes=False)
    public.after_request(_let_sheets_lead_back)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_site)
    app.jinja_env.globals["kept_parameters"] = kept_parameters
    app.jinja_env.globals["kept_list_url"] = lambda: list_url(kept_ids())
    app.register_blueprint(public)


def _of_each_kind() -> Iterator[tuple[str, str, str, Callable[..., ResponseReturnValue]]]:
    for objet, address in ((OFFRE, "/offres"), (STRUCTURE, "/structures")):
        for method, path, name, view in FICHE:
            # The limiter and the logs call a view by its name, which a bare partial lacks.
            named = update_wrapper(partial(view, objet), view)
            yield method, f"{address}/<path:identifiant>/{path}", f"{name}_{objet}", named


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
