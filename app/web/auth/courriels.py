"""The messages that carry a link: their words, and how they leave."""

import contextlib

from flask import current_app, render_template, request, url_for

from app.domain.connexion import ConnexionFermee, CourrielNonParti, Jeton, Usage
from app.mail.message import Courriel
from app.mail.sender import AdresseRefusee, EnvoiImpossible
from app.services.connexion import Envoi
from app.web.auth.session import current_espace
from app.web.current import SITE_URL

SUJETS = {
    Usage.CONNEXION: "Votre lien de connexion à Éventail",
    Usage.BOITE: "Vos fiches sur Éventail",
}

SUJET_INVITATION = "Votre compte sur Éventail"
SUJET_MOT_DE_PASSE = "Le mot de passe de votre compte Éventail"


def send_link(usage: Usage, nom: str = "") -> Envoi:
    """Returns what writes a link to an address; `nom` is the structure that a mailbox keeps.

    Raises `ConnexionFermee` when nothing may leave."""
    return _sending(f"courriels/{usage}.txt", SUJETS[usage], nom)


def send_invitation() -> Envoi:
    """Returns what writes to somebody whose account was made by another, with a link that signs in.

    Raises `ConnexionFermee` when nothing may leave."""
    return _sending("courriels/invitation.txt", SUJET_INVITATION)


def _sending(modele: str, sujet: str, nom: str = "") -> Envoi:
    expediteur = current_espace().expediteur
    if expediteur is None:
        raise ConnexionFermee

    def send(courriel: str, jeton: Jeton) -> None:
        texte = render_template(
            modele,
            nom=nom,
            lien=f"{site_address()}{url_for('connexion.lien', jeton=jeton)}",
            connexion=f"{site_address()}{url_for('connexion.demander')}",
            site=site_address(),
        )
        try:
            expediteur.send(Courriel(destinataire=courriel, sujet=sujet, texte=texte))
        except (EnvoiImpossible, AdresseRefusee) as fault:
            raise CourrielNonParti from fault

    return send


def send_password_notice(courriel: str) -> None:
    """Tells the owner of an account that its password has changed (ASVS 5.0, 6.3.7).

    The change stays when the message cannot leave: the sender's log says so.
    """
    expediteur = current_espace().expediteur
    if expediteur is None:
        return
    connexion = f"{site_address()}{url_for('connexion.demander')}"
    texte = render_template("courriels/mot_de_passe.txt", connexion=connexion, site=site_address())
    with contextlib.suppress(EnvoiImpossible, AdresseRefusee):
        expediteur.send(Courriel(destinataire=courriel, sujet=SUJET_MOT_DE_PASSE, texte=texte))


def site_address() -> str:
    """Returns the address of the site; in production, never what the request calls it."""
    site: str | None = current_app.config[SITE_URL]
    return (site or request.host_url).rstrip("/")
