"""What waits for who is signed in, besides their own listings: one line for each tool they have."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from app.domain.comptes import Acteur
from app.domain.droits import Action, peut
from app.web.auth.session import current_espace


@dataclass(frozen=True, slots=True, kw_only=True)
class Tache:
    """A tool, its address, and how many things wait there; None where nothing is counted."""

    libelle: str
    url: str
    nombre: int | None = None


def taches_of(acteur: Acteur) -> Iterator[Tache]:
    """Yields the tools that someone has, in the order of how often they are needed."""
    espace = current_espace()
    if peut(acteur, Action.MODERER):
        waiting = len(espace.moderation.waiting(acteur))
        yield Tache(
            libelle="Propositions à relire", url=url_for("espace.moderation"), nombre=waiting
        )
    if peut(acteur, Action.TRAITER_SIGNALEMENT):
        reported = len(espace.reponses.open(acteur))
        yield Tache(
            libelle="Erreurs signalées", url=url_for("espace.signalements"), nombre=reported
        )
    if peut(acteur, Action.CONFIRMER_REGLES):
        yield Tache(libelle="Règles à confirmer", url=url_for("espace.regles"))
    if espace.reglages.territoires(acteur):
        yield Tache(libelle="Réglages du territoire", url=url_for("espace.reglages"))
    if peut(acteur, Action.MENER_CAMPAGNE):
        yield Tache(libelle="Campagnes de mise à jour", url=url_for("espace.campagnes"))
    if peut(acteur, Action.REUNIR_FICHES):
        yield Tache(libelle="Fiches en double", url=url_for("espace.doublons"))
    if peut(acteur, Action.GERER_COMPTES):
        yield Tache(libelle="Comptes", url=url_for("espace.comptes"))
    if peut(acteur, Action.VOIR_JOURNAL):
        yield Tache(libelle="Journal des actions sensibles", url=url_for("espace.journal"))
