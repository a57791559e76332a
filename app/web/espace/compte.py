"""One's own account: its name, its password, the identity it is joined to, its open sessions."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app.domain.comptes import MAX_NOM, Compte
from app.domain.connexion import Empreinte, Moyen
from app.domain.journal import Sensible
from app.domain.mots_de_passe import (
    MAX_CARACTERES,
    MIN_CARACTERES,
    MotDePasseFaux,
    MotDePasseRefuse,
    MotifMotDePasse,
    PreuveManquante,
    TropDEssais,
)
from app.domain.sessions import NomSession, SessionOuverte, nom_of
from app.web.auth import session
from app.web.auth.courriels import send_password_notice
from app.web.auth.pages import send_or_refusal
from app.web.auth.session import current_acteur, current_espace, note
from app.web.espace.historique import moment_fr
from app.web.public.search_form import SearchForm

MOYENS = {
    Moyen.LIEN: "par un lien reçu par courriel",
    Moyen.MOT_DE_PASSE: "par mot de passe",
    Moyen.PROCONNECT: "avec ProConnect",
}
FAUTES = {
    MotifMotDePasse.COURT: f"Ce mot de passe est trop court : écrivez au moins {MIN_CARACTERES} "
    "caractères, par exemple une phrase de cinq mots.",
    MotifMotDePasse.LONG: f"Ce mot de passe est trop long : {MAX_CARACTERES} caractères au plus.",
    MotifMotDePasse.PREVISIBLE: "Ce mot de passe répète les mêmes caractères, ou les suit dans "
    "l’ordre : il serait vite deviné. Choisissez plutôt une phrase de cinq mots.",
    MotifMotDePasse.COURANT: "Ce mot de passe fait partie des plus courants : il serait essayé en "
    "premier. Choisissez plutôt une phrase de cinq mots.",
    MotifMotDePasse.PERSONNEL: "Ce mot de passe reprend surtout votre adresse, votre nom ou celui "
    "du site : il serait vite deviné. Ajoutez d’autres mots.",
}
FAITS = {
    "nom": "Votre nom est enregistré.",
    "mot-de-passe": "Votre mot de passe est enregistré. Vos autres sessions sont fermées, et un "
    "courriel vous le confirme.",
    "retrait": "Votre mot de passe est retiré. Vos autres sessions sont fermées, et un courriel "
    "vous le confirme.",
    "session": "La session est fermée.",
    "autres": "Vos autres sessions sont fermées.",
    "dissocie": "Votre compte n’est plus associé à ProConnect.",
}
PREUVE = "Écrivez votre mot de passe actuel, ou reconnectez-vous par un lien."
FAUX = "Ce n’est pas votre mot de passe actuel. Vérifiez-le, ou reconnectez-vous par un lien."
TROP_D_ESSAIS = "Trop d’essais. Reconnectez-vous par un lien, ou réessayez dans une heure."


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLue:
    """A session as the page shows it."""

    nom: NomSession
    moyen: str
    depuis: str
    jusque: str
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fautes:
    """What is wrong with a form of the page, beside each field; empty when nothing is."""

    actuel: str = ""
    nouveau: str = ""
    retrait: str = ""
    lien: str = ""


def compte() -> ResponseReturnValue:
    """The page of one's account."""
    return _page()


def nommer() -> ResponseReturnValue:
    """Gives one's account the name that other members read."""
    typed = request.form.get("nom", "")
    shown = "".join(char for char in typed if char.isprintable() or char.isspace())
    current_espace().comptes.set_nom(_compte().id, " ".join(shown.split())[:MAX_NOM])
    return _done("nom")


def recevoir_lien() -> ResponseReturnValue:
    """Sends a link to one's own address: opened, it proves again whose session this is."""
    if refusal := send_or_refusal(_compte().courriel):
        return _page(Fautes(lien=refusal[0])), refusal[1]
    session.keep_suite(url_for("espace.compte"))
    return redirect(url_for("connexion.envoye"), 303)


def choisir_mot_de_passe() -> ResponseReturnValue:
    """Gives one's account a password, the first or another one."""
    actuel, nouveau = (request.form.get(name, "") for name in ("actuel", "nouveau"))
    if not nouveau:
        return _page(Fautes(nouveau="Écrivez un mot de passe.")), 400
    try:
        current_espace().mots_de_passe.choose(current_acteur(), _session(), actuel, nouveau)
    except MotDePasseRefuse as refus:
        return _page(Fautes(nouveau=FAUTES[refus.motif])), 400
    except (PreuveManquante, MotDePasseFaux, TropDEssais) as fault:
        texte, status = _proof_fault(fault)
        return _page(Fautes(actuel=texte)), status
    note(Sensible.MOT_DE_PASSE_CHOISI)
    send_password_notice(_compte().courriel)
    return _done("mot-de-passe")


def retirer_mot_de_passe() -> ResponseReturnValue:
    """Leaves one's account without a password: a link opens it, as before."""
    actuel = request.form.get("actuel", "")
    try:
        current_espace().mots_de_passe.remove(current_acteur(), _session(), actuel)
    except (PreuveManquante, MotDePasseFaux, TropDEssais) as fault:
        texte, status = _proof_fault(fault)
        return _page(Fautes(retrait=texte)), status
    note(Sensible.MOT_DE_PASSE_RETIRE)
    send_password_notice(_compte().courriel)
    return _done("retrait")


def fermer_session() -> ResponseReturnValue:
    """Closes one of one's sessions, this one included."""
    nom = NomSession(request.form.get("session", ""))
    if nom == nom_of(_session()):
        session.end()
        return redirect(url_for("public.home"), 303)
    current_espace().sessions.close(current_acteur(), nom)
    return _done("session")


def fermer_autres() -> ResponseReturnValue:
    """Closes one's sessions but this one."""
    current_espace().sessions.close_others(current_acteur(), _session())
    return _done("autres")


def dissocier() -> ResponseReturnValue:
    """Parts one's account from its ProConnect identity."""
    current_espace().identites.detach(current_acteur())
    return _done("dissocie")


def _page(fautes: Fautes | None = None) -> str:
    acteur, espace, mine = current_acteur(), current_espace(), nom_of(_session())
    has_password = espace.mots_de_passe.has_password(acteur)
    is_fresh = espace.mots_de_passe.is_fresh(acteur, _session())
    return render_template(
        "espace/compte.html",
        compte=_compte(),
        max_nom=MAX_NOM,
        min_caracteres=MIN_CARACTERES,
        has_password=has_password,
        is_fresh=is_fresh,
        is_joined=espace.identites.is_joined(acteur),
        sessions=[_read(one, mine) for one in espace.sessions.sessions(acteur)],
        fautes=fautes or Fautes(),
        is_wrong=fautes is not None,
        fait=FAITS.get(request.args.get("fait", ""), ""),
        form=SearchForm(),
    )


def _read(one: SessionOuverte, mine: NomSession) -> SessionLue:
    return SessionLue(
        nom=one.nom,
        moyen=MOYENS[one.moyen],
        depuis=moment_fr(one.ouverte_le),
        jusque=moment_fr(one.expire_le),
        is_mine=one.nom == mine,
    )


def _proof_fault(fault: Exception) -> tuple[str, int]:
    texts: dict[type[Exception], tuple[str, int]] = {
        PreuveManquante: (PREUVE, 400),
        MotDePasseFaux: (FAUX, 400),
        TropDEssais: (TROP_D_ESSAIS, 429),
    }
    return texts[type(fault)]


def _done(fait: str) -> ResponseReturnValue:
    return redirect(url_for("espace.compte", fait=fait), 303)


def _compte() -> Compte:
    found = current_acteur().compte
    if found is None:
        raise BadRequest
    return found


def _session() -> Empreinte:
    found = session.current_session()
    if found is None:
        raise BadRequest
    return found
