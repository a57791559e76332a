"""`flask campagnes`: the messages of freshness campaigns, and those that come back."""

import sys
from pathlib import Path

import click
from jinja2 import Environment, FileSystemLoader

from app.cli.errors import Failure, explained
from app.composition import Composition
from app.domain.connexion import CourrielNonParti, empreinte_of
from app.mail.adresses import CourrielInvalide
from app.mail.message import Courriel
from app.mail.rebonds import is_lasting, read_rebonds
from app.mail.sender import AdresseRefusee, EnvoiImpossible, Expediteur
from app.services.campagnes import AdresseEnEchec, Ecrire, Lettre

TEMPLATES = Path(__file__).parents[1] / "web/templates/courriels"
SUJET = "Vos fiches sont-elles à jour ?"  # names neither a person nor a structure


def campagnes_commands(composition: Composition) -> click.Group:
    """Returns the group `flask campagnes`."""
    group = click.Group("campagnes", help="Envoie les campagnes de fraîcheur.")

    @group.command("envoyer", help="Envoie les messages du jour ; à lancer chaque jour.")
    @explained
    def send_command() -> None:
        site = composition.settings.site_url
        expediteur = composition.espace.expediteur
        if site is None or expediteur is None:
            raise Failure("Les messages portent des liens : réglez SITE_URL et MAIL_URL.")
        bilan = composition.espace.campagnes.send_due(writing_to(expediteur, site.rstrip("/")))
        click.echo(
            f"Messages partis : {bilan.partis}. Adresses refusées : {bilan.refuses}. "
            f"Reportés au prochain passage : {bilan.reportes}."
        )

    @group.command("rebonds", help="Lit un message revenu, sur l’entrée standard.")
    @explained
    def bounces_command() -> None:
        # The whole of it: a mail server that cannot write its message out calls it a failure.
        found = read_rebonds(sys.stdin.buffer.read()) or ()
        today = composition.clock.today()
        noted = sum(
            composition.espace.campagnes.store.failed(
                empreinte_of(rebond.retour.lower()), today, definitif=rebond.definitif
            )
            for rebond in found
            if rebond.retour is not None
        )
        click.echo(f"Échecs notés : {noted}.")

    return group


def writing_to(expediteur: Expediteur, site: str) -> Ecrire:
    """Returns what words a message and hands it over."""
    template = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 (a plain text, which no browser reads)
        keep_trailing_newline=True,
    ).get_template("rappel.txt")

    def courriel_of(lettre: Lettre) -> Courriel:
        arret = f"{site}/rappels/{lettre.arret}"
        texte = template.render(
            nom=lettre.participante.nom,
            message=lettre.campagne.message,
            lien=f"{site}/lien/{lettre.lien}",
            arret=arret,
            site=site,
        )
        return Courriel(
            destinataire=lettre.courriel,
            sujet=SUJET,
            texte=texte,
            retour=lettre.retour,
            headers=(
                ("List-Unsubscribe", f"<{arret}>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ),
        )

    def write(lettre: Lettre) -> None:
        try:
            expediteur.send(courriel_of(lettre))
        except CourrielInvalide as fault:
            # An import takes addresses that no server could carry; any other fault is of the text.
            if fault.champ == "destinataire":
                raise AdresseEnEchec from fault
            raise CourrielNonParti from fault
        except AdresseRefusee as fault:
            if is_lasting(fault.code):
                raise AdresseEnEchec from fault
            raise CourrielNonParti from fault
        except EnvoiImpossible as fault:
            raise CourrielNonParti from fault

    return write
