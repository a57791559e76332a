"""Signing in by a link: ask for it, look at it, use it, leave.

Opening a link changes nothing, since mail scanners open them all: its page has a button, and only
the button uses the link.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from app.domain.comptes import Qualite
from app.domain.connexion import (
    ConnexionFermee,
    CourrielNonParti,
    Jeton,
    LienRefuse,
    MotifRefus,
    TropDeLiens,
    Usage,
)
from app.domain.journal import Sensible
from app.web.auth import session
from app.web.auth.courriels import send_link
from app.web.auth.session import current_acteur, current_espace
from app.web.public.search_form import SearchForm
from schemas.connexion import read_courriel

REFUS = {
    MotifRefus.INCONNU: "Ce lien n’est pas complet, ou il n’existe plus. Recopiez-le en entier "
    "depuis le courriel, ou demandez-en un autre.",
    MotifRefus.EXPIRE: "Ce lien n’est plus valable : il ne sert que pendant un temps limité. "
    "Demandez-en un autre.",
    MotifRefus.DEJA_UTILISE: "Ce lien a déjà servi, et ne sert qu’une fois. Si c’était vous, votre "
    "espace est déjà ouvert ; sinon, demandez un autre lien.",
    MotifRefus.COMPTE_FERME: "Ce compte a été fermé. Écrivez au coordinateur de votre territoire "
    "pour le rouvrir.",
}


def demander() -> ResponseReturnValue:
    """The form that asks for a link."""
    if current_acteur().qualite is not Qualite.VISITEUR:
        return redirect(url_for("espace.accueil"), 303)
    return _form()


def envoyer() -> ResponseReturnValue:
    """Sends the link; the answer is the same whether the address is known or not."""
    typed = request.form.get("courriel", "")
    try:
        courriel = read_courriel(typed)
        current_espace().connexion.ask(courriel, send_link(Usage.CONNEXION))
    except ValidationError as error:
        return _form(typed, str(error.messages[0])), 400
    except TropDeLiens:
        return _form(
            typed,
            "Plusieurs liens viennent déjà de partir à cette adresse : utilisez le dernier reçu, "
            "ou réessayez dans une heure.",
        ), 429
    except CourrielNonParti:
        return _form(
            typed,
            "Le courriel n’a pas pu partir. Vérifiez l’adresse, puis réessayez dans quelques "
            "minutes.",
        ), 503
    except ConnexionFermee:
        return _form(
            typed,
            "La connexion par courriel n’est pas encore ouverte sur ce site. Écrivez à la "
            "structure qui le tient.",
        ), 503
    return redirect(url_for("connexion.envoye"), 303)


def envoye() -> ResponseReturnValue:
    """What to do now."""
    return render_template("espace/lien_envoye.html", form=SearchForm())


def lien(jeton: str) -> ResponseReturnValue:
    """Takes the token out of the address; nothing is used yet."""
    session.keep_lien(jeton)
    return redirect(url_for("connexion.confirmer"), 303)


def confirmer() -> ResponseReturnValue:
    """The button that uses the link."""
    jeton = session.kept_lien()
    if jeton is None:
        return _refused(MotifRefus.INCONNU)
    try:
        found = current_espace().connexion.look(jeton)
    except LienRefuse as refus:
        return _refused(refus.motif)
    return render_template(
        "espace/confirmer.html",
        courriel=found.courriel,
        is_boite=found.usage is Usage.BOITE,
        form=SearchForm(),
    )


def entrer() -> ResponseReturnValue:
    """Uses the link and opens the session."""
    jeton = session.kept_lien()
    if jeton is None:
        return _refused(MotifRefus.INCONNU)
    espace = current_espace()
    try:
        lien = espace.connexion.look(jeton)
        known = espace.comptes.find(lien.courriel)
        opened, entered = espace.connexion.enter(jeton)
    except LienRefuse as refus:
        return _refused(refus.motif)
    session.begin(Jeton(opened))
    if known is None and entered.compte is not None:
        session.note(Sensible.COMPTE_CREE, f"compte:{entered.compte.id}")
    return redirect(session.take_suite() or url_for("espace.accueil"), 303)


def sortir() -> ResponseReturnValue:
    """Closes the session."""
    session.end()
    return redirect(url_for("public.home"), 303)


def _form(typed: str = "", fault: str = "") -> str:
    return render_template("espace/connexion.html", typed=typed, fault=fault, form=SearchForm())


def _refused(motif: MotifRefus) -> tuple[str, int]:
    """Says why a link opens nothing; nobody is signed in, so the line names no one."""
    session.note(Sensible.CONNEXION_REFUSEE, motif=motif.value)
    body = render_template("espace/lien_refuse.html", texte=REFUS[motif], form=SearchForm())
    return body, 410 if motif in (MotifRefus.EXPIRE, MotifRefus.DEJA_UTILISE) else 403
