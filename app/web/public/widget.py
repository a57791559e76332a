"""The search that another site shows in a frame, and the page that writes the code of the frame.

Closed unless `WIDGET_SITES` names who may show it: the policy of these pages then allows those
sites (and ours, for the preview), while every other page still refuses any frame. Nothing else
needs to be loosened. `Cross-Origin-Opener-Policy` counts for whole tabs only: it does not touch a
frame, and the tabs that its links open have no opener to be cut from. A site that adds `sandbox` to
its frame must let these tabs out of it (`allow-popups-to-escape-sandbox`), which the page says.
"""

from collections.abc import Sequence

from flask import Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from app.config import EVERY_SITE
from app.domain.demande import Demande
from app.domain.errors import CatalogueUnavailable, EngineUnavailable
from app.web.current import current_catalogue
from app.web.public.pages import RETRY_AFTER_S
from app.web.public.search_form import SearchForm
from app.web.public.widget_code import code_page
from app.web.public.widget_view import frame_of, frame_page, frame_with_faults
from app.web.security_headers import policy_in_frames_of
from schemas.search import read_widget

SITES = "WIDGET_SITES"  # the key of the setting, as the application keeps it
CLOSED = {
    "status": 404,
    "title": "Recherche fermée aux autres sites",
    "detail": "Ce site ne laisse pas encore d’autres sites afficher sa recherche. Pour l’ouvrir au "
    "vôtre, demandez-le à la structure qui fait fonctionner ce site (réglage WIDGET_SITES).",
}


def allowed_sites() -> Sequence[str]:
    """Returns the sites that may show the search; none when it is closed."""
    sites: Sequence[str] = current_app.config[SITES]
    return sites


def widget() -> ResponseReturnValue:
    """A small search, limited as the site that shows it asked, and its first offers."""
    if not allowed_sites():
        return render_template("errors/error.html", **CLOSED), 404
    catalogue = current_catalogue()
    try:
        demande = read_widget(request.args, catalogue)
    except ValidationError as error:
        frame = frame_with_faults(request.args, error, catalogue)
        return _framed(render_template("widget/invalid.html", frame=frame), 400)
    frame = frame_of(demande, catalogue)
    try:
        found = catalogue.search.completed(catalogue.search.search(demande))
        page = frame_page(found, catalogue)
    except (EngineUnavailable, CatalogueUnavailable):
        response = _framed(render_template("widget/unavailable.html", frame=frame), 503)
        response.headers["Retry-After"] = RETRY_AFTER_S
        return response
    return _framed(render_template("widget/offres.html", frame=frame, page=page))


def code() -> ResponseReturnValue:
    """Writes the code of a frame: the territory and the needs are chosen, seen, then copied."""
    sites = allowed_sites()
    if not sites:
        return render_template("errors/error.html", **CLOSED), 404
    catalogue = current_catalogue()
    try:
        demande, error = read_widget(request.args, catalogue), None
    except ValidationError as fault:
        demande, error = Demande(), fault
    body = render_template(
        "widget/code.html",
        page=code_page(demande, request.args, error, catalogue),
        sites=() if EVERY_SITE in sites else sites,
        form=SearchForm(),
    )
    return body, 400 if error else 200


def _framed(body: str, status: int = 200) -> Response:
    response = make_response(body, status)
    response.headers["Content-Security-Policy"] = policy_in_frames_of(allowed_sites())
    return response
