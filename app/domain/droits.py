"""Who may do what: the only table of rights. What is not written here is refused.

A right reaches as far as an `Etendue`: nothing, the structures that one speaks for, those of a
coordinator's perimeter, or everything. Where a structure stands is told by `Cible`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from app.domain.comptes import Acteur, Qualite
from app.domain.errors import CatalogueError
from app.domain.offre import StructureId
from app.domain.territoire import Zone
from app.domain.verdict import Valeur


class DroitRefuse(CatalogueError):
    """Someone wants to do what their rights do not reach."""


class Action(StrEnum):
    """What someone may want to do."""

    VOIR_SON_ESPACE = "voir-son-espace"
    GERER_SON_COMPTE = "gerer-son-compte"
    DEMANDER_ADHESION = "demander-adhesion"
    CREER_STRUCTURE = "creer-structure"  # published at once where one may write, else it waits
    ADMETTRE_MEMBRE = "admettre-membre"
    VOIR_FICHE = "voir-fiche"  # as it is edited, withdrawn ones included
    PROPOSER_FICHE = "proposer-fiche"  # a change that waits for moderation
    MODIFIER_FICHE = "modifier-fiche"  # a change that is published at once
    CONFIRMER_FICHE = "confirmer-fiche"
    VOIR_HISTORIQUE = "voir-historique"
    MODERER = "moderer"
    CONFIRMER_REGLES = "confirmer-regles"  # of a shipped scheme, for the offers of a perimeter
    REGLER_TERRITOIRE = "regler-territoire"  # the whole of it, never by one basin
    DELIMITER_TERRITOIRE = "delimiter-territoire"  # who widens their own gives themselves rights
    REUNIR_FICHES = "reunir-fiches"  # or tell them apart for good
    TRAITER_SIGNALEMENT = "traiter-signalement"
    DEPOSER_OFFRES = "deposer-offres"  # a file of many, published at once
    GERER_COMPTES = "gerer-comptes"
    VOIR_JOURNAL = "voir-journal"
    TENIR_CLES = "tenir-cles"  # those of one's own account
    MENER_CAMPAGNE = "mener-campagne"
    REGLER_RAPPELS = "regler-rappels"


class Etendue(IntEnum):
    """How far a right reaches."""

    RIEN = 0
    SIENNES = 1
    PERIMETRE = 2
    TOUT = 3


RIEN, SIENNES, PERIMETRE, TOUT = Etendue
_COLONNES = (
    Qualite.BOITE,
    Qualite.PARTENAIRE,
    Qualite.PROFESSIONNEL,
    Qualite.COORDINATEUR,
    Qualite.ADMINISTRATEUR,
)
# A visitor has none of these rights, hence no column.
_TABLE: Mapping[Action, tuple[Etendue, ...]] = {
    #                         boîte    partenaire professionnel coordinateur administrateur
    Action.VOIR_SON_ESPACE: (SIENNES, TOUT, TOUT, TOUT, TOUT),
    Action.GERER_SON_COMPTE: (RIEN, TOUT, TOUT, TOUT, TOUT),
    Action.DEMANDER_ADHESION: (RIEN, TOUT, TOUT, TOUT, TOUT),
    Action.CREER_STRUCTURE: (RIEN, TOUT, TOUT, TOUT, TOUT),
    Action.ADMETTRE_MEMBRE: (RIEN, SIENNES, SIENNES, PERIMETRE, TOUT),
    Action.VOIR_FICHE: (SIENNES, SIENNES, TOUT, PERIMETRE, TOUT),
    Action.PROPOSER_FICHE: (SIENNES, RIEN, TOUT, RIEN, RIEN),
    Action.MODIFIER_FICHE: (RIEN, SIENNES, SIENNES, PERIMETRE, TOUT),
    Action.CONFIRMER_FICHE: (SIENNES, SIENNES, SIENNES, PERIMETRE, TOUT),
    Action.VOIR_HISTORIQUE: (RIEN, SIENNES, SIENNES, PERIMETRE, TOUT),
    Action.MODERER: (RIEN, RIEN, RIEN, PERIMETRE, TOUT),
    Action.CONFIRMER_REGLES: (RIEN, RIEN, RIEN, PERIMETRE, TOUT),
    Action.REGLER_TERRITOIRE: (RIEN, RIEN, RIEN, PERIMETRE, TOUT),
    Action.DELIMITER_TERRITOIRE: (RIEN, RIEN, RIEN, RIEN, TOUT),
    Action.REUNIR_FICHES: (RIEN, RIEN, RIEN, PERIMETRE, TOUT),
    Action.TRAITER_SIGNALEMENT: (RIEN, SIENNES, SIENNES, PERIMETRE, TOUT),
    Action.DEPOSER_OFFRES: (RIEN, SIENNES, SIENNES, PERIMETRE, TOUT),
    Action.GERER_COMPTES: (RIEN, RIEN, RIEN, RIEN, TOUT),
    Action.VOIR_JOURNAL: (RIEN, RIEN, RIEN, RIEN, TOUT),
    Action.TENIR_CLES: (RIEN, TOUT, TOUT, TOUT, TOUT),
    Action.MENER_CAMPAGNE: (RIEN, RIEN, RIEN, PERIMETRE, TOUT),
    Action.REGLER_RAPPELS: (RIEN, SIENNES, SIENNES, PERIMETRE, TOUT),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cible:
    """What is acted on: a structure, or what belongs to it, and where it stands.

    `lieu` is empty for a structure without a known commune, which only rights on everything reach,
    besides those of its members. A place alone, as a territory, is no structure's.
    """

    structure_id: StructureId | None = None
    lieu: Zone


def etendue(acteur: Acteur, action: Action) -> Etendue:
    """Returns how far a right reaches for someone; an account that was closed has none."""
    if acteur.qualite not in _COLONNES:
        return RIEN
    if acteur.compte is not None and not acteur.compte.is_actif:
        return RIEN
    return _TABLE[action][_COLONNES.index(acteur.qualite)]


def peut(acteur: Acteur, action: Action, cible: Cible | None = None) -> bool:
    """Tells whether someone may do something, on a target when the action has one.

    Without a target, a right of any reach is enough: the question is then whether to show a way.
    """
    reach = etendue(acteur, action)
    if cible is None or reach in (RIEN, TOUT):
        return reach is not RIEN
    if cible.structure_id in acteur.structures:
        return True
    # A coordinator's own structures count too; a zone that is empty covers nobody.
    inside = not cible.lieu.is_empty and acteur.zone.covers(cible.lieu) is Valeur.OUI
    return reach is PERIMETRE and inside
