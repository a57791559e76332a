"""Hangs the partners' pages on the application: the table of their addresses."""

from collections.abc import Callable, Iterator
from functools import partial, update_wrapper

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from app.domain.errors import CatalogueUnavailable
from app.domain.publication import OFFRE, STRUCTURE
from app.services.espace import Espace
from app.web.auth import pages as auth
from app.web.auth import proconnect
from app.web.auth.guard import install_guard
from app.web.auth.session import ESPACE_EXTENSION, configure_cookie, current_acteur
from app.web.espace import (
    annuaire,
    appels,
    arret,
    bassins,
    brouillons,
    campagnes,
    cles,
    compte,
    creation,
    depots,
    doublons,
    edition,
    journal,
    moderation,
    mots,
    pages,
    poids,
    rappels,
    reglages,
    regles,
    signalements,
    territoires,
    versions,
)
from app.web.public.typographie import typo

View = tuple[str, str, str, Callable[..., ResponseReturnValue]]
CONNEXION: tuple[View, ...] = (
    ("GET", "/connexion", "demander", auth.demander),
    ("POST", "/connexion", "envoyer", auth.envoyer),
    ("GET", "/connexion/envoye", "envoye", auth.envoye),
    ("GET", "/connexion/mot-de-passe", "mot_de_passe", auth.demander),
    (
        "POST",
        "/connexion/mot-de-passe",
        "entrer_par_mot_de_passe",
        auth.entrer_par_mot_de_passe,
    ),
    ("GET", "/connexion/proconnect", "proconnect", proconnect.partir),
    ("GET", "/connexion/proconnect/retour", "retour", proconnect.revenir),
    ("GET", "/connexion/confirmer", "confirmer", auth.confirmer),
    ("POST", "/connexion/confirmer", "entrer", auth.entrer),
    ("POST", "/connexion/boite", "renvoyer", auth.renvoyer),
    ("POST", "/deconnexion", "sortir", auth.sortir),
    ("GET", "/lien/<jeton>", "lien", auth.lien),
)
_STRUCTURE, _OFFRE = "/espace/structures/<path:identifiant>", "/espace/offres/<path:identifiant>"
_MOT_DE_PASSE, _SESSIONS = "/espace/compte/mot-de-passe", "/espace/compte/sessions"
_APPEL = "/espace/campagnes/<int:numero>/structures/<path:identifiant>"
# No form of these has a token: mail readers press the button themselves (RFC 8058).
RAPPELS: tuple[View, ...] = (
    ("GET", "/rappels/<jeton>", "arret", arret.arret),
    ("POST", "/rappels/<jeton>", "arreter", arret.arreter),
)
ESPACE: tuple[View, ...] = (
    ("GET", "/espace", "accueil", pages.accueil),
    ("GET", "/espace/compte", "compte", compte.compte),
    ("POST", "/espace/compte/nom", "nommer", compte.nommer),
    ("POST", "/espace/compte/lien", "recevoir_lien", compte.recevoir_lien),
    ("POST", f"{_MOT_DE_PASSE}/choisir", "choisir_mot_de_passe", compte.choisir_mot_de_passe),
    ("POST", f"{_MOT_DE_PASSE}/retirer", "retirer_mot_de_passe", compte.retirer_mot_de_passe),
    ("POST", f"{_SESSIONS}/fermer", "fermer_session", compte.fermer_session),
    ("POST", f"{_SESSIONS}/fermer-autres", "fermer_autres_sessions", compte.fermer_autres),
    ("POST", "/espace/compte/proconnect/dissocier", "dissocier", compte.dissocier),
    ("POST", "/espace/adhesions", "demander_adhesion", pages.demander_adhesion),
    ("POST", f"{_STRUCTURE}/tout-confirmer", "tout_confirmer", edition.tout_confirmer),
    ("GET", f"{_STRUCTURE}/rejoindre", "rejoindre", pages.rejoindre),
    ("GET", _STRUCTURE, "structure", pages.structure),
    ("POST", f"{_STRUCTURE}/membres/admettre", "admettre", pages.admettre),
    ("POST", f"{_STRUCTURE}/membres/retirer", "retirer_membre", pages.retirer_membre),
    ("GET", f"{_STRUCTURE}/offres/nouvelle", "nouvelle_offre", creation.nouvelle_offre),
    ("POST", f"{_STRUCTURE}/offres/nouvelle", "creer_offre", creation.creer_offre),
    ("GET", "/espace/nouvelle-structure", "nouvelle_structure", creation.nouvelle_structure),
    ("POST", "/espace/nouvelle-structure", "creer_structure", creation.creer_structure),
    ("POST", f"{_STRUCTURE}/inviter", "inviter", pages.inviter),
    ("GET", f"{_STRUCTURE}/fichier", "depot", depots.depot),
    ("GET", f"{_STRUCTURE}/fichier/offres.csv", "modele", depots.modele),
    ("POST", f"{_STRUCTURE}/fichier", "lire_depot", depots.lire_depot),
    ("POST", f"{_STRUCTURE}/fichier/publier", "publier_depot", depots.publier_depot),
    ("GET", "/espace/cles", "cles", cles.cles),
    ("POST", "/espace/cles", "creer_cle", cles.creer),
    ("POST", "/espace/cles/<int:numero>/revoquer", "revoquer_cle", cles.revoquer),
    ("GET", "/espace/journal", "journal", journal.journal),
    ("GET", "/espace/comptes", "comptes", annuaire.comptes),
    ("POST", "/espace/comptes", "chercher_comptes", annuaire.comptes),
    ("GET", "/espace/comptes/nouveau", "nouveau_compte", annuaire.nouveau_compte),
    ("POST", "/espace/comptes/nouveau", "inviter_compte", annuaire.inviter_compte),
    ("GET", "/espace/comptes/<int:numero>", "fiche_compte", annuaire.fiche_compte),
    ("POST", "/espace/comptes/<int:numero>", "changer_compte", annuaire.changer_compte),
    ("POST", "/espace/comptes/<int:numero>/fermer", "fermer_compte", annuaire.fermer_compte),
    ("POST", "/espace/comptes/<int:numero>/rouvrir", "rouvrir_compte", annuaire.rouvrir_compte),
    ("POST", "/espace/comptes/<int:numero>/lien", "envoyer_lien", annuaire.envoyer_lien),
    ("POST", "/espace/brouillons/<int:numero>/abandonner", "abandonner", brouillons.abandonner),
    ("GET", "/espace/campagnes", "campagnes", campagnes.campagnes),
    ("POST", "/espace/campagnes", "creer_campagne", campagnes.creer_campagne),
    ("GET", "/espace/campagnes/<int:numero>", "campagne", campagnes.campagne),
    (
        "POST",
        "/espace/campagnes/<int:numero>/arreter",
        "arreter_campagne",
        campagnes.arreter_campagne,
    ),
    ("GET", _APPEL, "appel", appels.appel),
    ("POST", _APPEL, "noter_appel", appels.noter_appel),
    ("GET", f"{_STRUCTURE}/rappels", "rappels", rappels.rappels),
    ("POST", f"{_STRUCTURE}/rappels", "regler_rappels", rappels.regler_rappels),
    ("POST", f"{_STRUCTURE}/rappels/essayer", "reessayer_rappels", rappels.reessayer_rappels),
    ("GET", "/espace/moderation", "moderation", moderation.moderation),
    ("GET", "/espace/moderation/<int:numero>", "proposition", moderation.proposition),
    ("POST", "/espace/moderation/<int:numero>/accepter", "accepter", moderation.accepter),
    ("POST", "/espace/moderation/<int:numero>/refuser", "refuser", moderation.refuser),
    ("GET", "/espace/reglages", "reglages", territoires.liste),
    ("POST", "/espace/reglages", "ajouter_territoire", territoires.ajouter),
    ("GET", "/espace/reglages/<territoire>", "poids", poids.montrer),
    ("POST", "/espace/reglages/<territoire>", "regler_poids", poids.regler),
    ("GET", "/espace/reglages/<territoire>/bassins", "bassins", bassins.montrer),
    ("POST", "/espace/reglages/<territoire>/bassins", "regler_bassins", bassins.regler),
    ("POST", "/espace/reglages/<territoire>/retirer", "retirer_territoire", territoires.retirer),
    ("GET", "/espace/reglages/<territoire>/mots", "mots", mots.montrer),
    ("POST", "/espace/reglages/<territoire>/mots", "regler_mots", mots.regler),
    (
        "POST",
        "/espace/reglages/<territoire>/<nature>/restaurer",
        "restaurer_reglage",
        reglages.restaurer,
    ),
    ("GET", "/espace/regles", "regles", regles.liste),
    ("GET", "/espace/regles/<path:cle>", "dispositif", regles.dispositif),
    ("POST", "/espace/regles/<path:cle>/confirmer", "confirmer_regles", regles.confirmer),
    ("POST", "/espace/regles/<path:cle>/ecarter", "ecarter_regles", regles.ecarter),
    ("GET", "/espace/regles/<path:cle>/comparer", "comparer_regles", regles.comparer),
    ("POST", "/espace/regles/<path:cle>/comparer", "aligner_regles", regles.aligner),
    ("POST", "/espace/regles/<path:cle>/reprendre", "reprendre_regles", regles.reprendre),
    ("GET", "/espace/signalements", "signalements", signalements.signalements),
    ("POST", "/espace/signalements/<int:numero>/clore", "clore", signalements.clore),
    ("POST", "/espace/signalements/renvoyer", "renvoyer", signalements.renvoyer),
    ("GET", "/espace/doublons", "doublons", doublons.doublons),
    ("GET", "/espace/doublons/paire", "paire", doublons.paire),
    ("POST", "/espace/doublons/reunir", "reunir", doublons.reunir),
    ("POST", "/espace/doublons/distinguer", "distinguer", doublons.distinguer),
    ("POST", "/espace/doublons/separer", "separer", doublons.separer),
)


# What is done with a listing of either kind, at an address of each.
FICHE: tuple[View, ...] = (
    ("GET", "modifier", "modifier", edition.modifier),
    ("POST", "modifier", "enregistrer", edition.enregistrer),
    ("POST", "confirmer", "confirmer", edition.confirmer),
    ("POST", "retirer", "retirer", edition.retirer),
    ("GET", "historique", "historique", versions.historique),
    ("POST", "restaurer", "restaurer", versions.restaurer),
    ("POST", "reprendre", "reprendre", versions.reprendre),
)


def _of_each_kind() -> Iterator[View]:
    for objet, address in ((STRUCTURE, _STRUCTURE), (OFFRE, _OFFRE)):
        for method, path, name, view in FICHE:
            # The limiter and the logs call a view by its name, which a bare partial lacks.
            named = update_wrapper(partial(view, objet), view)
            yield method, f"{address}/{path}", f"{name}_{objet}", named


def install_espace(app: Flask, espace: Callable[[], Espace], *, production: bool) -> None:
    """Registers the pages; the use cases are only made at the first request for one."""
    app.extensions[ESPACE_EXTENSION] = espace
    configure_cookie(app, production=production)
    install_guard(app)
    app.jinja_env.filters["typo"] = typo
    for name, views in (
        ("connexion", CONNEXION),
        ("rappels", RAPPELS),
        ("espace", (*ESPACE, *_of_each_kind())),
    ):
        blueprint = Blueprint(name, f"app.web.{name}")
        for method, address, endpoint, view in views:
            # Ids are opaque: two slashes in one are part of it.
            blueprint.add_url_rule(address, endpoint, view, methods=[method], merge_slashes=False)
        blueprint.context_processor(lambda: {"has_compte": _has_compte()})
        app.register_blueprint(blueprint)


def _has_compte() -> bool:
    """Tells whether an account is signed in; nobody knows while the record is away."""
    try:
        return current_acteur().compte is not None
    except CatalogueUnavailable:
        return False
