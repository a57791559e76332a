"""The session of a signed-in person: a signed cookie that holds an opaque token, and nothing else.

Pages for everyone never read it, so a visitor has no cookie at all.
"""

from collections.abc import Iterator
from typing import cast

from flask import Flask, current_app, g, session

from app.domain.comptes import VISITEUR, Acteur, Qualite
from app.domain.connexion import Empreinte, Jeton, empreinte_of
from app.domain.identites import Depart
from app.domain.journal import Sensible
from app.services.espace import Espace

ESPACE_EXTENSION = "eventail_espace"
_JETON, _LIEN, _SUITE, _DEPART = "jeton", "lien", "suite", "depart"
_BOITE = "boite"
# Browsers drop a cookie of more than 4 KB without a word, and its signature and tokens are in it.
MAX_SUITE = 1500


def configure_cookie(app: Flask, *, production: bool) -> None:
    """Sets the cookie so that no script reads it, no other site sends it, no plain HTTP carries it.

    The prefix `__Host-` makes the browser itself refuse it from another host or path.
    """
    app.config.update(
        SESSION_COOKIE_NAME="__Host-eventail" if production else "eventail",
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",  # strict would lose the session of who comes by an e-mail
        SESSION_COOKIE_PATH="/",
    )


def current_espace() -> Espace:
    """Returns the use cases of the partners' pages."""
    return cast("Espace", current_app.extensions[ESPACE_EXTENSION]())


def current_acteur() -> Acteur:
    """Returns who makes the request, asked of the record once for each request."""
    if "acteur" not in g:
        jeton = session.get(_JETON)
        found = current_espace().connexion.acteur(jeton) if isinstance(jeton, str) else None
        g.acteur = found or VISITEUR
    return cast("Acteur", g.acteur)


def current_session() -> Empreinte | None:
    """Returns the digest of the token that the browser holds, whatever it still opens."""
    jeton = session.get(_JETON)
    return empreinte_of(jeton) if isinstance(jeton, str) else None


def note(action: Sensible, objet: str | None = None, **details: str | int) -> None:
    """Keeps that who makes the request has done something sensitive."""
    current_espace().journal.note(current_acteur().auteur, action, objet, **details)


def begin(jeton: Jeton) -> None:
    """Gives the browser a new session: the old one is closed, and what it held forgotten."""
    suite, old = session.get(_SUITE), session.get(_JETON)
    if isinstance(old, str):
        current_espace().connexion.leave(old)  # ASVS 5.0, 7.2.4
    session.clear()
    session[_JETON] = jeton
    if isinstance(suite, str):
        session[_SUITE] = suite
    g.pop("acteur", None)
    note(Sensible.CONNEXION)


def end() -> None:
    """Closes the session, here and in the record."""
    jeton = session.get(_JETON)
    if isinstance(jeton, str):
        if current_acteur().qualite is not Qualite.VISITEUR:
            note(Sensible.DECONNEXION)
        current_espace().connexion.leave(jeton)
    session.clear()
    g.pop("acteur", None)


def keep_suite(page: str, query: str = "") -> None:
    """Keeps the page of ours that a visitor wanted, for when they are signed in.

    What it asks is left out when it is too long for a cookie, and then the page itself.
    """
    session.pop(_SUITE, None)
    whole = f"{page}?{query}" if query else page
    kept = next((one for one in (whole, page) if len(one) <= MAX_SUITE), None)
    if kept is not None:
        session[_SUITE] = kept


def take_suite() -> str | None:
    """Returns the page that was wanted, once."""
    suite = session.pop(_SUITE, None)
    return suite if isinstance(suite, str) else None


def keep_lien(jeton: str) -> None:
    """Keeps the token of a link while its reader decides: the address of the page has none."""
    session[_LIEN] = jeton


def kept_lien() -> str | None:
    """Returns the token of the link that brought the reader here."""
    jeton = session.get(_LIEN)
    return jeton if isinstance(jeton, str) else None


def keep_boite(empreinte: Empreinte) -> None:
    """Keeps which link of a mailbox opened the session, for when it is over; it opens nothing."""
    session[_BOITE] = empreinte


def kept_liens() -> Iterator[Empreinte]:
    """Yields the digests of the links that brought the reader here, the newest first."""
    if (jeton := kept_lien()) is not None:
        yield empreinte_of(jeton)
    if isinstance(empreinte := session.get(_BOITE), str):
        yield Empreinte(empreinte)


def keep_depart(depart: Depart) -> None:
    """Keeps what the answer of a provider must match, in the browser that asks."""
    session[_DEPART] = [depart.etat, depart.nonce, depart.verificateur]


def take_depart() -> Depart | None:
    """Returns what the answer of a provider must match, once."""
    kept = session.pop(_DEPART, None)
    if not isinstance(kept, list) or len(kept) != 3:
        return None
    etat, nonce, verificateur = kept
    return Depart(adresse="", etat=etat, nonce=nonce, verificateur=verificateur)
