"""Who makes a request of the API: the key that it carries, and never a cookie."""

import re

from flask import g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from app.domain.cles import PREFIXE, CleRefusee
from app.domain.comptes import Acteur
from app.web.auth.session import current_espace

_BEARER = re.compile(rf"Bearer ({PREFIXE}[A-Za-z0-9_-]{{43}})", re.IGNORECASE)


def has_cle() -> bool:
    """Tells whether the request says who makes it."""
    return "Authorization" in request.headers


def require_cle() -> Acteur:
    """Returns who acts by the key of the request, for the rest of it. Raises `Unauthorized`."""
    given = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    if given is None:
        raise Unauthorized(www_authenticate=_challenge())
    try:
        acteur = current_espace().cles.acteur(given[1])
    except CleRefusee:
        raise Unauthorized(www_authenticate=_challenge(error="invalid_token")) from None
    g.acteur = acteur
    return acteur


def _challenge(**more: str) -> WWWAuthenticate:
    return WWWAuthenticate("bearer", {"realm": "eventail", **more})
