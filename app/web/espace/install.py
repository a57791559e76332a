"""Hangs the partners' pages on the application: the table of their addresses."""

from collections.abc import Callable, Iterator
from functools import partial, update_wrapper

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from app.domain.publication import OFFRE, STRUCTURE
from app.services.espace import Espace
from app.web.auth import pages as auth
from app.web.auth.guard import install_guard
from app.web.auth.session import ESPACE_EXTENSION, configure_cookie
from app.web.espace import arret, campagnes, edition, moderation, pages, versions
from app.web.public.typographie import typo

View = tuple[str, str, str, Callable[..., ResponseReturnValue]]
CONNEXION: tuple[View, ...] = (
    ("GET", "/connexion", "demander", auth.demander),
    ("POST", "/connexion", "envoyer", auth.envoyer),
    ("GET", "/connexion/envoye", "envoye", auth.envoye),
    ("GET", "/connexion/confirmer", "confirmer", auth.confirmer),
    ("POST", "/connexion/confirmer", "entrer", auth.entrer),
    ("POST", "/deconnexion", "sortir", auth.sortir),
    ("GET", "/lien/<jeton>", "lien", auth.lien),
)
_STRUCTURE, _OFFRE = "/espace/structures/<path:identifiant>", "/espace/offres/<path:identifiant>"
_APPEL = "/espace/campagnes/<int:numero>/structures/<path:identifiant>"
# No form of these has a token: mail readers press the button themselves (RFC 8058).
RAPPELS: tuple[View, ...] = (
    ("GET", "/rappels/<jeton>", "arret", arret.arret),
    ("POST", "/rappels/<jeton>", "arreter", arret.arreter),
)
ESPACE: tuple[View, ...] = (
    ("GET", "/espace", "accueil", pages.accueil),
    ("POST", "/espace/nom", "nommer", pages.nommer),
    ("POST", "/espace/adhesions", "demander_adhesion", pages.demander_adhesion),
    ("GET", f"{_STRUCTURE}/rejoindre", "rejoindre", pages.rejoindre),
    ("GET", _STRUCTURE, "structure", pages.structure),
    ("POST", f"{_STRUCTURE}/membres/admettre", "admettre", pages.admettre),
    ("POST", f"{_STRUCTURE}/membres/retirer", "retirer_membre", pages.retirer_membre),
    ("GET", f"{_STRUCTURE}/offres/nouvelle", "nouvelle_offre", edition.nouvelle_offre),
    ("POST", f"{_STRUCTURE}/offres/nouvelle", "creer_offre", edition.creer_offre),
    ("POST", f"{_STRUCTURE}/inviter", "inviter", pages.inviter),
    ("GET", "/espace/campagnes", "campagnes", campagnes.campagnes),
    ("POST", "/espace/campagnes", "creer_campagne", campagnes.creer_campagne),
    ("GET", "/espace/campagnes/<int:numero>", "campagne", campagnes.campagne),
    ("GET", _APPEL, "appel", campagnes.appel),
    ("POST", _APPEL, "noter_appel", campagnes.noter_appel),
    ("GET", f"{_STRUCTURE}/rappels", "rappels", campagnes.rappels),
    ("POST", f"{_STRUCTURE}/rappels", "regler_rappels", campagnes.regler_rappels),
    ("GET", "/espace/moderation", "moderation", moderation.moderation),
    ("GET", "/espace/moderation/<int:numero>", "proposition", moderation.proposition),
    ("POST", "/espace/moderation/<int:numero>/accepter", "accepter", moderation.accepter),
    ("POST", "/espace/moderation/<int:numero>/refuser", "refuser", moderation.refuser),
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
        app.register_blueprint(blueprint)
