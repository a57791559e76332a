"""Stands before every address: who may open it, and whether its form is really ours."""

from dataclasses import dataclass

import structlog
from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from werkzeug.exceptions import Forbidden
from wtforms.validators import ValidationError  # type: ignore[import-untyped]  # it has no stubs

from app.domain.comptes import VISITEUR, Qualite
from app.domain.droits import peut
from app.domain.edition import FicheRef
from app.domain.errors import CatalogueUnavailable
from app.domain.journal import Sensible
from app.web.auth.cle import has_cle, require_cle
from app.web.auth.permissions import ACCES, Acces, is_public, needs_cle
from app.web.auth.session import current_acteur, current_espace, keep_suite
from app.web.same_origin import require_same_origin

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

CSRF_FIELD = "csrf_token"
# What an address may name in the journal: never the token of a link.
NAMES_OF_IDS = ("identifiant", "offre_id", "structure_id", "numero")
FORMS_WITH_COOKIE = ("connexion", "espace")  # blueprints whose forms act for who is signed in


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A field of a form as it was typed, to be sent again."""

    nom: str
    valeur: str


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
    if request.blueprint in FORMS_WITH_COOKIE and request.method == "POST":
        require_same_origin()
    if is_public(endpoint):
        if request.blueprint in FORMS_WITH_COOKIE and request.method == "POST":
            _check_token(None)
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
    if request.method == "POST":
        _check_token(acces)
    return None


def _to_sign_in() -> ResponseReturnValue:
    """Sends a visitor to sign in; what they had typed waits on the page that says so."""
    if request.method != "POST":
        keep_suite(request.path)
        return redirect(url_for("connexion.demander"), 303)
    typed = [
        Typed(nom=nom, valeur=valeur)
        for nom, valeur in request.form.items(multi=True)
        if nom != CSRF_FIELD
    ]
    body = render_template("espace/session_finie.html", typed=typed, action=request.path)
    return body, 401


def _check_token(acces: Acces | None) -> None:
    """Raises unless the form has the token of this session, or the view keeps what was typed."""
    try:
        validate_csrf(request.form.get(CSRF_FIELD))
    except ValidationError as fault:
        if acces is None or not acces.keeps_typed:
            raise CSRFError(str(fault)) from None
        g.is_token_stale = True


def is_token_stale() -> bool:
    """True when the form was made for an older session: its sender looks at it again first."""
    return bool(g.get("is_token_stale", False))
