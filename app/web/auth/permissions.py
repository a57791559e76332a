"""What each address asks of who opens it: one table, and what it does not name is refused.

The rights themselves are in `app.domain.droits`; this says which right each address needs, and on
which listing. A test walks every address of the site.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.droits import Action
from app.domain.publication import OFFRE, STRUCTURE


@dataclass(frozen=True, slots=True)
class Acces:
    """The right that an address needs; `objet` is the kind of listing that `identifiant` names.

    `keeps_typed`: the page itself shows again what was typed when its sender is no longer known.
    """

    action: Action
    objet: str | None = None
    keeps_typed: bool = False
    ou: Action | None = None
    """Another right that is enough; the view asks again for the one that it uses."""


def _of_each_kind() -> dict[str, Acces]:
    """Returns what a listing asks, whether it is a structure or an offer."""
    return {
        f"espace.{name}_{objet}": replace(acces, objet=objet)
        for objet in (STRUCTURE, OFFRE)
        for name, acces in {
            "modifier": Acces(Action.VOIR_FICHE),
            "enregistrer": Acces(Action.MODIFIER_FICHE, keeps_typed=True, ou=Action.PROPOSER_FICHE),
            "confirmer": Acces(Action.CONFIRMER_FICHE),
            "retirer": Acces(Action.MODIFIER_FICHE),
            "historique": Acces(Action.VOIR_HISTORIQUE),
            "restaurer": Acces(Action.MODIFIER_FICHE),
            "reprendre": Acces(Action.MODIFIER_FICHE),
        }.items()
    }


ACCES: Mapping[str, Acces] = {
    "espace.accueil": Acces(Action.VOIR_SON_ESPACE),
    "espace.compte": Acces(Action.GERER_SON_COMPTE),
    "espace.nommer": Acces(Action.GERER_SON_COMPTE),
    "espace.recevoir_lien": Acces(Action.GERER_SON_COMPTE),
    "espace.choisir_mot_de_passe": Acces(Action.GERER_SON_COMPTE),
    "espace.retirer_mot_de_passe": Acces(Action.GERER_SON_COMPTE),
    "espace.fermer_session": Acces(Action.GERER_SON_COMPTE),
    "espace.fermer_autres_sessions": Acces(Action.GERER_SON_COMPTE),
    "espace.dissocier": Acces(Action.GERER_SON_COMPTE),
    "espace.structure": Acces(Action.VOIR_FICHE, STRUCTURE),
    "espace.tout_confirmer": Acces(Action.CONFIRMER_FICHE, STRUCTURE),
    "espace.rejoindre": Acces(Action.DEMANDER_ADHESION),
    "espace.demander_adhesion": Acces(Action.DEMANDER_ADHESION),
    "espace.admettre": Acces(Action.ADMETTRE_MEMBRE, STRUCTURE),
    "espace.retirer_membre": Acces(Action.ADMETTRE_MEMBRE, STRUCTURE),
    "espace.nouvelle_offre": Acces(Action.MODIFIER_FICHE, STRUCTURE, ou=Action.PROPOSER_FICHE),
    "espace.creer_offre": Acces(
        Action.MODIFIER_FICHE, STRUCTURE, keeps_typed=True, ou=Action.PROPOSER_FICHE
    ),
    # Where it stands is asked by the use case.
    "espace.nouvelle_structure": Acces(Action.CREER_STRUCTURE),
    "espace.creer_structure": Acces(Action.CREER_STRUCTURE, keeps_typed=True),
    "espace.depot": Acces(Action.DEPOSER_OFFRES, STRUCTURE),
    "espace.modele": Acces(Action.DEPOSER_OFFRES, STRUCTURE),
    "espace.lire_depot": Acces(Action.DEPOSER_OFFRES, STRUCTURE),
    "espace.publier_depot": Acces(Action.DEPOSER_OFFRES, STRUCTURE),
    **_of_each_kind(),
    # A draft is its author's: the use case asks whose it is.
    "espace.abandonner": Acces(Action.VOIR_SON_ESPACE),
    # Whose campaign it is, and who is in it, is asked by the use case.
    "espace.campagnes": Acces(Action.MENER_CAMPAGNE),
    "espace.creer_campagne": Acces(Action.MENER_CAMPAGNE),
    "espace.campagne": Acces(Action.MENER_CAMPAGNE),
    "espace.arreter_campagne": Acces(Action.MENER_CAMPAGNE),
    "espace.appel": Acces(Action.MENER_CAMPAGNE),
    "espace.noter_appel": Acces(Action.MENER_CAMPAGNE),
    "espace.rappels": Acces(Action.REGLER_RAPPELS, STRUCTURE),
    "espace.regler_rappels": Acces(Action.REGLER_RAPPELS, STRUCTURE),
    "espace.reessayer_rappels": Acces(Action.REGLER_RAPPELS, STRUCTURE),
    "espace.inviter": Acces(Action.MODERER, STRUCTURE),
    "espace.cles": Acces(Action.TENIR_CLES),
    "espace.creer_cle": Acces(Action.TENIR_CLES),
    "espace.revoquer_cle": Acces(Action.TENIR_CLES),
    "espace.journal": Acces(Action.VOIR_JOURNAL),
    **{
        f"espace.{name}": Acces(Action.GERER_COMPTES)
        for name in (
            "comptes",
            "chercher_comptes",
            "nouveau_compte",
            "inviter_compte",
            "fiche_compte",
            "changer_compte",
            "fermer_compte",
            "rouvrir_compte",
            "envoyer_lien",
        )
    },
    # A change is answered by who has this right on its structure: the use case asks again.
    "espace.moderation": Acces(Action.MODERER),
    "espace.proposition": Acces(Action.MODERER),
    "espace.accepter": Acces(Action.MODERER),
    "espace.refuser": Acces(Action.MODERER),
    # The use case asks again on the whole of the territory.
    **{
        f"espace.{name}": Acces(Action.REGLER_TERRITOIRE)
        for name in (
            "reglages",
            "poids",
            "regler_poids",
            "bassins",
            "regler_bassins",
            "mots",
            "regler_mots",
            "restaurer_reglage",
        )
    },
    "espace.ajouter_territoire": Acces(Action.DELIMITER_TERRITOIRE),
    "espace.retirer_territoire": Acces(Action.DELIMITER_TERRITOIRE),
    # The use case asks again on each offer of the scheme.
    **{
        f"espace.{name}": Acces(Action.CONFIRMER_REGLES)
        for name in (
            "regles",
            "dispositif",
            "confirmer_regles",
            "ecarter_regles",
            "comparer_regles",
            "aligner_regles",
            "reprendre_regles",
        )
    },
    # Of which listings is asked by the use case.
    "espace.signalements": Acces(Action.TRAITER_SIGNALEMENT),
    "espace.clore": Acces(Action.TRAITER_SIGNALEMENT),
    "espace.renvoyer": Acces(Action.TRAITER_SIGNALEMENT),
    # Both listings of a pair are asked for by the use case.
    "espace.doublons": Acces(Action.REUNIR_FICHES),
    "espace.paire": Acces(Action.REUNIR_FICHES),
    "espace.reunir": Acces(Action.REUNIR_FICHES),
    "espace.distinguer": Acces(Action.REUNIR_FICHES),
    "espace.separer": Acces(Action.REUNIR_FICHES),
}

# Open to everyone, signed in or not.
PUBLICS = frozenset(
    (
        "static",
        "public.home",
        "public.results",
        "public.offre",
        "public.signalement_offre",
        "public.signalement_structure",
        "public.signale_offre",
        "public.signale_structure",
        "public.signaler_offre",
        "public.signaler_structure",
        "public.structure",
        "public.attributions",
        "public.ma_liste",
        "public.ranking",
        "public.accessibility",
        "public.widget",
        "public.widget_code",
        "connexion.demander",
        "connexion.envoyer",
        "connexion.envoye",
        "connexion.mot_de_passe",
        "connexion.entrer_par_mot_de_passe",
        "connexion.proconnect",
        "connexion.retour",
        "connexion.lien",
        "connexion.confirmer",
        "connexion.entrer",
        "connexion.renvoyer",
        "connexion.sortir",
        "rappels.arret",
        "rappels.arreter",
    )
)
# Groups of addresses that are open to everyone as a whole: the API reads public data, the
# questionnaires keep nothing, the probes are read by machines.
PUBLIC_BLUEPRINTS = frozenset(("match", "observability"))
PUBLIC_BLUEPRINT_PREFIX = "api-"
# What software writes: the key says who acts, the use case what they may do, and no cookie counts.
BY_CLE_BLUEPRINTS = frozenset(("api-ecriture",))


def is_public(endpoint: str) -> bool:
    """Tells whether an address is open to everyone."""
    blueprint = endpoint.rpartition(".")[0]
    return not needs_cle(endpoint) and (
        endpoint in PUBLICS
        or blueprint in PUBLIC_BLUEPRINTS
        or blueprint.startswith(PUBLIC_BLUEPRINT_PREFIX)
    )


def needs_cle(endpoint: str) -> bool:
    """Tells whether an address is only opened by a key."""
    return endpoint.rpartition(".")[0] in BY_CLE_BLUEPRINTS
