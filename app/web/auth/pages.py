"""Signing in by a link or a password, and leaving.

Opening a link changes nothing, since mail scanners open them all: its page has a button, and only
the button uses the link.
"""

from collections.abc import Callable

import structlog
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
    empreinte_of,
)
from app.domain.journal import Sensible
from app.domain.mots_de_passe import MotDePasseFaux, TropDEssais
from app.web.auth import session
from app.web.auth.boite import known_boite
from app.web.auth.courriels import send_link, site_address
from app.web.auth.session import current_acteur, current_espace
from app.web.public.search_form import SearchForm
from schemas.connexion import read_courriel

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

TROP_DE_LIENS = (
    "Plusieurs liens viennent déjà de partir à cette adresse : utilisez le dernier reçu, ou "
    "réessayez dans une heure."
)
COURRIEL_NON_PARTI = (
    "Le courriel n’a pas pu partir. Vérifiez l’adresse, puis réessayez dans quelques minutes."
)
BOITE_NON_PARTI = "Le courriel n’a pas pu partir. Réessayez dans quelques minutes."
CONNEXION_FERMEE = (
    "La connexion par courriel n’est pas encore ouverte sur ce site. Écrivez à la structure qui le "
    "tient."
)
SANS_MOT_DE_PASSE = "Écrivez votre mot de passe."
# One sentence for an address, a password, or both: see `MotDePasseService.enter`.
FAUX = (
    "L’adresse ou le mot de passe ne convient pas. Vérifiez les deux, ou recevez un lien : il "
    "ouvre aussi votre espace."
)
TROP_D_ESSAIS = (
    "Trop d’essais pour cette adresse. Recevez un lien par courriel, ou réessayez dans une heure."
)
REFUS = {
    MotifRefus.INCONNU: "Ce lien n’est pas complet, ou il n’existe plus. Recopiez-le en entier "
    "depuis le courriel, ou demandez-en un autre. S’il ouvrait les fiches de votre structure, "
    "demandez-en un au coordinateur de votre territoire.",
    MotifRefus.EXPIRE: "Ce lien n’est plus valable : il ne sert que pendant un temps limité. "
    "Demandez-en un autre.",
    MotifRefus.DEJA_UTILISE: "Ce lien a déjà servi, et ne sert qu’une fois. Si c’était vous, votre "
    "espace est déjà ouvert ; sinon, demandez un autre lien.",
    MotifRefus.COMPTE_FERME: "Ce compte a été fermé. Écrivez au coordinateur de votre territoire "
    "pour le rouvrir.",
}


def demander() -> ResponseReturnValue:
    """The forms that ask for a link, or for a password."""
    if current_acteur().qualite is not Qualite.VISITEUR:
        return redirect(url_for("espace.accueil"), 303)
    return _form()


def envoyer() -> ResponseReturnValue:
    """Sends the link; the answer is the same whether the address is known or not."""
    typed = request.form.get("courriel", "")
    try:
        courriel = read_courriel(typed)
    except ValidationError as error:
        return _form(typed=typed, fault=str(error.messages[0])), 400
    if refusal := send_or_refusal(courriel):
        return _form(typed=typed, fault=refusal[0]), refusal[1]
    return redirect(url_for("connexion.envoye"), 303)


def send_or_refusal(courriel: str) -> tuple[str, int] | None:
    """Sends a link that signs in; returns what to tell, and a status, when it could not leave."""
    return _refusal(lambda: current_espace().connexion.ask(courriel, send_link(Usage.CONNEXION)))


def renvoyer() -> ResponseReturnValue:
    """Sends the link of a mailbox again, where the one that its reader came by was sent."""
    boite = known_boite()
    if boite is None:
        return _told(MotifRefus.INCONNU)
    refusal = _refusal(
        lambda: current_espace().connexion.invite(
            boite.courriel, boite.structure_id, send_link(Usage.BOITE, nom=boite.nom)
        ),
        non_parti=BOITE_NON_PARTI,
    )
    if refusal is not None:
        return _lien_refuse("Le lien n’est pas parti", refusal[0]), refusal[1]
    return redirect(url_for("connexion.envoye", boite=1), 303)


def _refusal(
    send: Callable[[], None], *, non_parti: str = COURRIEL_NON_PARTI
) -> tuple[str, int] | None:
    try:
        send()
    except TropDeLiens:
        return TROP_DE_LIENS, 429
    except CourrielNonParti:
        return non_parti, 503
    except ConnexionFermee:
        return CONNEXION_FERMEE, 503
    return None


def entrer_par_mot_de_passe() -> ResponseReturnValue:
    """Opens the session of a password; nobody learns which of both was wrong."""
    typed, mot_de_passe = (request.form.get(name, "") for name in ("courriel", "mot_de_passe"))
    try:
        courriel = read_courriel(typed)
    except ValidationError as error:
        return _form(typed_password=typed, fault_courriel=str(error.messages[0])), 400
    if not mot_de_passe:
        return _form(typed_password=typed, fault_password=SANS_MOT_DE_PASSE), 400
    try:
        opened = current_espace().mots_de_passe.enter(courriel, mot_de_passe)
    except MotDePasseFaux:
        session.note(Sensible.CONNEXION_REFUSEE, motif="mot-de-passe")
        return _form(typed_password=typed, fault_password=FAUX), 400
    except TropDEssais:
        session.note(Sensible.CONNEXION_REFUSEE, motif="trop-d-essais")
        return _form(typed_password=typed, fault_password=TROP_D_ESSAIS), 429
    session.begin(opened)
    return redirect(session.take_suite() or url_for("espace.accueil"), 303)


def envoye() -> ResponseReturnValue:
    """What to do now."""
    is_boite = "boite" in request.args
    return render_template("espace/lien_envoye.html", is_boite=is_boite, form=SearchForm())


def lien(jeton: str) -> ResponseReturnValue:
    """Takes the token out of the address; nothing is used yet."""
    session.keep_lien(jeton)
    return redirect(url_for("connexion.confirmer"), 303)


def confirmer() -> ResponseReturnValue:
    """The button that uses the link.

    A link that opens nothing leaves no line of the journal here: whoever reloads a forged one would
    fill it with lines that are kept for a year, and reading writes nothing. Its use leaves one.
    """
    jeton = session.kept_lien()
    if jeton is None:
        return _told(MotifRefus.INCONNU)  # no link was opened: nothing was refused
    try:
        found = current_espace().connexion.look(jeton)
    except LienRefuse as refus:
        log.info("link_refused", motif=refus.motif.value)
        return _told(refus.motif)
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
        return _told(MotifRefus.INCONNU)  # no link was opened: nothing was refused
    espace = current_espace()
    try:
        lien = espace.connexion.look(jeton)
        known = espace.comptes.find(lien.courriel)
        opened, entered = espace.connexion.enter(jeton)
    except LienRefuse as refus:
        return _refused(refus.motif)
    session.begin(Jeton(opened))
    if entered.compte is None:
        session.keep_boite(empreinte_of(jeton))
    if known is None and entered.compte is not None:
        session.note(Sensible.COMPTE_CREE, f"compte:{entered.compte.id}")
    return redirect(session.take_suite() or url_for("espace.accueil"), 303)


def sortir() -> ResponseReturnValue:
    """Closes the session, here first, then at the provider that opened it if there is one."""
    identites, mine = current_espace().identites, session.current_session()
    proof = identites.proof_of(mine) if mine is not None else None
    session.end()
    home = url_for("public.home")
    away = identites.sortie(proof, f"{site_address()}{home}") if proof is not None else None
    if away is None:
        return redirect(home, 303)
    # A form may not lead to another site (`form-action`): this page does, at once.
    return render_template("espace/deconnexion.html", adresse=away, form=SearchForm())


def _form(
    *,
    typed: str = "",
    fault: str = "",
    typed_password: str = "",
    fault_courriel: str = "",
    fault_password: str = "",
) -> str:
    return render_template(
        "espace/connexion.html",
        typed=typed,
        fault=fault,
        typed_password=typed_password,
        fault_courriel=fault_courriel,
        fault_password=fault_password,
        has_proconnect=current_espace().identites.is_open,
        boite=known_boite(),
        form=SearchForm(),
    )


def _refused(motif: MotifRefus) -> tuple[str, int]:
    """Refuses a link, and keeps it in the journal: nobody is signed in, so no one is named."""
    session.note(Sensible.CONNEXION_REFUSEE, motif=motif.value)
    return _told(motif)


def _told(motif: MotifRefus) -> tuple[str, int]:
    """Says why a link opens nothing."""
    body = _lien_refuse("Ce lien n’ouvre rien", REFUS[motif])
    return body, 410 if motif in (MotifRefus.EXPIRE, MotifRefus.DEJA_UTILISE) else 403


def _lien_refuse(titre: str, texte: str) -> str:
    return render_template(
        "espace/lien_refuse.html",
        titre=titre,
        texte=texte,
        boite=known_boite(),
        form=SearchForm(),
    )
