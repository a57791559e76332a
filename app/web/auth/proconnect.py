"""Signing in through ProConnect: leave for it, come back from it, and what to do when it fails.

One leaves by a link and not by a form, since a form of ours may not lead to another site.
"""

import secrets
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.identites import IdentiteRefusee, MotifIdentite
from app.domain.journal import Sensible
from app.web.auth import session
from app.web.auth.courriels import site_address
from app.web.auth.session import current_espace
from app.web.public.search_form import SearchForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Echec:
    """What to tell when an identity opens nothing, and the status of the answer."""

    texte: str
    status: int = 403


ECHECS = {
    MotifIdentite.INJOIGNABLE: Echec(
        texte="ProConnect ne répond pas en ce moment. Réessayez dans quelques minutes, ou recevez "
        "un lien par courriel : il ouvre le même espace.",
        status=503,
    ),
    MotifIdentite.REFUSEE: Echec(
        texte="ProConnect n’a pas confirmé qui vous êtes, ou vous avez renoncé. Recommencez, ou "
        "recevez un lien par courriel.",
    ),
    MotifIdentite.INVALIDE: Echec(
        texte="La réponse de ProConnect ne correspond pas à votre demande : elle a peut-être trop "
        "tardé, ou déjà servi. Recommencez depuis la page de connexion.",
    ),
    MotifIdentite.SANS_COURRIEL: Echec(
        texte="ProConnect ne nous donne pas votre adresse de courriel, et un compte en a besoin. "
        "Recevez plutôt un lien par courriel.",
    ),
    MotifIdentite.COURRIEL_NON_VERIFIE: Echec(
        texte="ProConnect n’a pas vérifié que votre adresse de courriel est à vous. Recevez plutôt "
        "un lien par courriel : l’ouvrir le prouve.",
    ),
    MotifIdentite.COMPTE_FERME: Echec(
        texte="Ce compte a été fermé. Écrivez au coordinateur de votre territoire pour le rouvrir.",
    ),
    MotifIdentite.AUTRE_IDENTITE: Echec(
        texte="Le compte de cette adresse est associé à une autre identité ProConnect. "
        "Connectez-vous par un lien, puis dissociez-la dans « Mon compte ».",
    ),
}


def partir() -> ResponseReturnValue:
    """Sends the browser to ProConnect, and keeps what its answer must match."""
    try:
        depart = current_espace().identites.start(_retour())
    except IdentiteRefusee as refus:
        return _refused(refus.motif)
    session.keep_depart(depart)
    return redirect(depart.adresse, 303)


def revenir() -> ResponseReturnValue:
    """Opens the session of who comes back from ProConnect with the answer to their own question."""
    depart, etat = session.take_depart(), request.args.get("state", "")
    identites = current_espace().identites
    if not identites.is_open:
        return _refused(MotifIdentite.FERME)
    if depart is None or not secrets.compare_digest(etat.encode(), depart.etat.encode()):
        return _refused(MotifIdentite.INVALIDE)
    if "error" in request.args or not request.args.get("code"):
        return _refused(MotifIdentite.REFUSEE)
    try:
        opened = identites.enter(depart, request.args["code"], _retour())
    except IdentiteRefusee as refus:
        return _refused(refus.motif)
    session.begin(opened)
    return redirect(session.take_suite() or url_for("espace.accueil"), 303)


def _retour() -> str:
    """Returns the address that the provider knows us by: it takes no other."""
    return f"{site_address()}{url_for('connexion.retour')}"


def _refused(motif: MotifIdentite) -> ResponseReturnValue:
    if motif is MotifIdentite.FERME:
        return redirect(url_for("connexion.demander"), 303)
    session.note(Sensible.CONNEXION_REFUSEE, motif=f"identite-{motif}")
    echec = ECHECS[motif]
    body = render_template("espace/identite_refusee.html", texte=echec.texte, form=SearchForm())
    return body, echec.status
