"""Stands before every address: who may open it, and whether its form is really ours."""

from urllib.parse import urlencode

import structlog
from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import Forbidden

from app.domain.comptes import VISITEUR, Qualite
from app.domain.droits import peut
from app.domain.edition import FicheRef
from app.domain.errors import CatalogueUnavailable
from app.domain.journal import Sensible
from app.web.auth.boite import known_boite
from app.web.auth.cle import has_cle, require_cle
from app.web.auth.permissions import ACCES, Acces, is_public, needs_cle
from app.web.auth.session import current_acteur, current_espace, keep_suite
from app.web.renvoi import CSRF_FIELD as CSRF_FIELD
from app.web.renvoi import is_token_valid, renvoi_of_form
from app.web.same_origin import require_same_origin

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

# What an address may name in the journal: never the token of a link.
NAMES_OF_IDS = ("identifiant", "offre_id", "structure_id", "numero")
FORMS_WITH_COOKIE = ("connexion", "espace")  # blueprints whose forms act for who is signed in


def install_guard(app: Flask) -> None:
    """Checks every request before its view."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # pages without a session have none to protect
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open as long as its session
        # Our pages send no referrer, which this check reads; `require_same_origin` does its work.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_FIELD_NAME=CSRF_FIELD,
    )
    CSRFProtect(app)
    app.before_request(_guard)
    app.after_request(_note_refusal)


def _note_refusal(response: Response) -> Response:
    """Keeps that someone who is known wanted what they have no right to."""
    acteur, endpoint = g.get("acteur", VISITEUR), request.endpoint or ""
    # An address for everyone refuses a link that is over, or a form of another site: no right.
    is_of_rights = has_cle() or not is_public(endpoint)
    is_refused = response.status_code == Forbidden.code
    if is_refused and is_of_rights and acteur.qualite is not Qualite.VISITEUR:
        args = request.view_args or {}
        objet = next((str(args[name]) for name in NAMES_OF_IDS if name in args), None)
        try:
            current_espace().journal.note(
                acteur.auteur, Sensible.DROIT_REFUSE, objet, page=endpoint
            )
        except CatalogueUnavailable:  # it is refused all the same, and the logs have it
            log.warning("refusal_not_kept")
    return response


def _guard() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None:  # no such address, or method: the error table says so
        return None
    is_form = request.blueprint in FORMS_WITH_COOKIE and request.method == "POST"
    if is_form:
        require_same_origin()
    if is_public(endpoint):
        if is_form and not is_token_valid():
            raise CSRFError
        return None
    if needs_cle(endpoint):
        require_cle()
        return None
    acces = ACCES.get(endpoint)
    if acces is None:
        raise Forbidden
    return _require(acces)


def _require(acces: Acces) -> ResponseReturnValue | None:
    acteur = current_acteur()
    if acteur.qualite is Qualite.VISITEUR:
        return _to_sign_in()
    cible = None
    if acces.objet is not None:
        identifiant = (request.view_args or {})["identifiant"]
        cible = current_espace().edition.cible(FicheRef(objet=acces.objet, id=identifiant))
    wanted = (acces.action, *((acces.ou,) if acces.ou else ()))
    if not any(peut(acteur, action, cible) for action in wanted):
        raise Forbidden
    if request.method == "POST" and not is_token_valid():
        return _told_again(acces)
    return None


def _to_sign_in() -> ResponseReturnValue:
    """Sends a visitor to sign in; what they had typed waits on the page that says so."""
    if request.method != "POST":
        # Made again from the table of our addresses: it leads nowhere else.
        page = url_for(request.endpoint or "", **(request.view_args or {}))
        keep_suite(page, urlencode(list(request.args.items(multi=True))))
        return redirect(url_for("connexion.demander"), 303)
    body = render_template(
        "espace/session_finie.html", renvoi=renvoi_of_form(), boite=known_boite()
    )
    return body, 401


def _told_again(acces: Acces) -> ResponseReturnValue | None:
    """Says that a form was made for an older session: nothing is done of it before another press.

    The view says so itself when it can show the form again.
    """
    if acces.keeps_typed:
        g.is_token_stale = True
        return None
    compte = current_acteur().compte
    body = render_template(
        "espace/renvoi.html",
        renvoi=renvoi_of_form(),
        courriel=compte.courriel if compte is not None else "",
    )
    return body, 400


def is_token_stale() -> bool:
    """True when the form was made for an older session: its sender looks at it again first."""
    return bool(g.get("is_token_stale", False))
