"""How many requests one address may make, so that a robot does not stop a person from searching.

Counts live in the memory of each worker; an address is a key of these counts and is never logged.
"""

import logging

from flask import Flask, request
from flask_limiter import ApplicationLimit, Limiter
from flask_limiter.util import get_remote_address

from app.domain.connexion import empreinte_of

PAGES, SEARCH, SUGGESTIONS = "pages", "recherche", "suggestions"
QUESTIONNAIRES, REPORTS, CONNEXION = "questionnaires", "signalements", "connexion"
ECRITURE, SAISIE = "ecriture", "saisie"
LIMITS = {
    PAGES: "120 per minute",  # a page every half second: faster than anyone reads
    SEARCH: "60 per minute",  # a script that reads the catalogue should take the export
    QUESTIONNAIRES: "180 per minute",  # a whole office may share one address
    # Reading a sheet and telling what is wrong takes ten seconds; a person reads every report.
    REPORTS: "6 per minute",
    # A person asks for a link or types a password once or twice; a robot that tries addresses, or
    # passwords, is stopped (ASVS 5.0, 6.3.1). Each worker counts its own: the record counts the
    # passwords tried for one address, see `app.domain.mots_de_passe`.
    CONNEXION: "10 per minute",
    # The software of a network may send the listings of several members from one address.
    ECRITURE: "240 per minute",
    SUGGESTIONS: "240 per minute",  # one for each letter typed
    # The result follows who types a listing, each time that they pause: some thirty times a minute.
    # Ten people of an office, which may share one address, type without waiting for each other, and
    # what they publish is never refused for the pages that they read.
    SAISIE: "300 per minute",
}
# By key, whatever the addresses: a person edits one listing a minute, and a whole structure that is
# sent again, twenty offers, takes no longer.
BY_CLE = "60 per minute"
GROUPS = {
    "api-offres.search_offres": SEARCH,
    "api-suggestions.suggest": SUGGESTIONS,
    "public.signaler_offre": REPORTS,
    "public.signaler_structure": REPORTS,
    "connexion.envoyer": CONNEXION,
    "connexion.entrer": CONNEXION,
    "connexion.renvoyer": CONNEXION,
    "connexion.entrer_par_mot_de_passe": CONNEXION,
    "connexion.proconnect": CONNEXION,
    "connexion.retour": CONNEXION,
    "espace.recevoir_lien": CONNEXION,
    "espace.inviter_compte": CONNEXION,
    "espace.envoyer_lien": CONNEXION,
    "espace.choisir_mot_de_passe": CONNEXION,
    "espace.retirer_mot_de_passe": CONNEXION,
    **{
        f"match.{flow}_{step}": QUESTIONNAIRES
        for flow in ("accompagner", "pour_moi")
        for step in ("questions", "solutions", "offre", "proposition", "effacer")
    },
}
GROUPS |= dict.fromkeys(
    (
        f"api-ecriture.{verb}_{objet}"
        for verb in ("put", "delete", "confirm")
        for objet in ("offre", "structure")
    ),
    ECRITURE,
)
GROUPS |= dict.fromkeys(
    (
        "espace.enregistrer_offre",
        "espace.enregistrer_structure",
        "espace.creer_offre",
        "espace.creer_structure",
    ),
    SAISIE,
)
EXEMPT_BLUEPRINTS = ("observability",)  # read by machines of ours, and by load balancers


def install_rate_limits(app: Flask) -> None:
    """Counts requests by address and by group of routes; beyond, the answer is 429."""
    logging.getLogger("flask-limiter").disabled = True  # its messages quote the address
    app.config["RATELIMIT_HEADERS_ENABLED"] = True
    limit = ApplicationLimit(
        limit_provider=lambda: LIMITS[group_of(request.endpoint or "")],
        scope=group_of,
        exempt_when=_is_exempt,
    )
    by_cle = ApplicationLimit(
        limit_provider=BY_CLE,
        key_function=_cle,
        scope=f"{ECRITURE}-cle",
        exempt_when=lambda: group_of(request.endpoint or "") != ECRITURE,
    )
    Limiter(
        get_remote_address,
        app=app,
        application_limits=[limit, by_cle],
        storage_uri="memory://",
        strategy="moving-window",
    )


def group_of(endpoint: str) -> str:
    """Returns which count a route belongs to."""
    return GROUPS.get(endpoint, PAGES)


def _cle() -> str:
    """Returns the digest of what a request gives as its key: the counts hold no key."""
    return empreinte_of(request.headers.get("Authorization", ""))


def _is_exempt() -> bool:
    endpoint = request.endpoint or ""
    is_static = endpoint == "static" or endpoint.endswith(".static")
    return is_static or request.blueprint in EXEMPT_BLUEPRINTS
