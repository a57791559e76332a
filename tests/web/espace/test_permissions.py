"""Every address × every account × whose listing it is: who may do what, written out by hand."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.web.auth.permissions import ACCES, is_public, needs_cle
from tests.web.espace.conftest import ACCOUNTS, OFFRE_A, STRUCTURE_A, Site

PEOPLE = ("visiteur", "boite", *ACCOUNTS)
SIGNED_IN = frozenset(PEOPLE) - {"visiteur", "ferme"}
ACCOUNT = SIGNED_IN - {"boite"}
KEEPERS = frozenset(("membre-a", "coordinateur", "coordinateur-bassin", "administrateur"))
MODERATORS = frozenset(name for name in PEOPLE if name.startswith(("coordinateur", "admin")))
OF_THE_WHOLE = frozenset(("coordinateur", "administrateur"))  # of a territory, not of a basin
# What each address of the partners' space lets in, for a listing of structure A, in Avignon.
ALLOWED = {
    "espace.accueil": SIGNED_IN,
    "espace.compte": ACCOUNT,
    "espace.nommer": ACCOUNT,
    "espace.recevoir_lien": ACCOUNT,
    "espace.choisir_mot_de_passe": ACCOUNT,
    "espace.retirer_mot_de_passe": ACCOUNT,
    "espace.fermer_session": ACCOUNT,
    "espace.fermer_autres_sessions": ACCOUNT,
    "espace.dissocier": ACCOUNT,
    "espace.structure": KEEPERS | {"boite", "professionnel"},
    "espace.rejoindre": ACCOUNT,
    "espace.demander_adhesion": ACCOUNT,
    "espace.admettre": KEEPERS,
    "espace.retirer_membre": KEEPERS,
    "espace.nouvelle_offre": KEEPERS | {"boite", "professionnel"},
    "espace.creer_offre": KEEPERS | {"boite", "professionnel"},
    "espace.nouvelle_structure": ACCOUNT,
    "espace.creer_structure": ACCOUNT,
    "espace.depot": KEEPERS,
    "espace.modele": KEEPERS,
    "espace.lire_depot": KEEPERS,
    "espace.publier_depot": KEEPERS,
    "espace.modifier_structure": KEEPERS | {"boite", "professionnel"},
    "espace.enregistrer_structure": KEEPERS | {"boite", "professionnel"},
    "espace.tout_confirmer": KEEPERS | {"boite"},
    "espace.confirmer_structure": KEEPERS | {"boite"},
    "espace.retirer_structure": KEEPERS,
    "espace.historique_structure": KEEPERS,
    "espace.modifier_offre": KEEPERS | {"boite", "professionnel"},
    "espace.enregistrer_offre": KEEPERS | {"boite", "professionnel"},
    "espace.confirmer_offre": KEEPERS | {"boite"},
    "espace.retirer_offre": KEEPERS,
    "espace.historique_offre": KEEPERS,
    "espace.restaurer_offre": KEEPERS,
    "espace.restaurer_structure": KEEPERS,
    "espace.reprendre_offre": KEEPERS,
    "espace.reprendre_structure": KEEPERS,
    "espace.abandonner": SIGNED_IN,
    "espace.inviter": KEEPERS - {"membre-a"},
    "espace.cles": ACCOUNT,
    "espace.creer_cle": ACCOUNT,
    "espace.revoquer_cle": ACCOUNT,
    "espace.journal": frozenset(("administrateur",)),
    "espace.comptes": frozenset(("administrateur",)),
    "espace.chercher_comptes": frozenset(("administrateur",)),
    "espace.nouveau_compte": frozenset(("administrateur",)),
    "espace.inviter_compte": frozenset(("administrateur",)),
    "espace.fiche_compte": frozenset(("administrateur",)),
    "espace.changer_compte": frozenset(("administrateur",)),
    "espace.fermer_compte": frozenset(("administrateur",)),
    "espace.rouvrir_compte": frozenset(("administrateur",)),
    "espace.envoyer_lien": frozenset(("administrateur",)),
    "espace.campagnes": MODERATORS,
    "espace.creer_campagne": MODERATORS,
    "espace.campagne": MODERATORS,
    "espace.arreter_campagne": MODERATORS,
    "espace.appel": MODERATORS,
    "espace.noter_appel": MODERATORS,
    "espace.rappels": KEEPERS,
    "espace.regler_rappels": KEEPERS,
    "espace.reessayer_rappels": KEEPERS,
    # Whose structure the change is about is asked by the use case: see test_moderation.py.
    "espace.moderation": MODERATORS,
    "espace.proposition": MODERATORS,
    "espace.accepter": MODERATORS,
    "espace.refuser": MODERATORS,
    # Of which territory is asked by the use case, after the token of the form: see test_poids.py.
    "espace.reglages": MODERATORS,
    "espace.poids": OF_THE_WHOLE,
    "espace.regler_poids": MODERATORS,
    "espace.bassins": OF_THE_WHOLE,
    "espace.regler_bassins": MODERATORS,
    "espace.mots": OF_THE_WHOLE,
    "espace.regler_mots": MODERATORS,
    "espace.restaurer_reglage": MODERATORS,
    "espace.ajouter_territoire": frozenset(("administrateur",)),
    "espace.retirer_territoire": frozenset(("administrateur",)),
    # On which offers of the scheme is asked by the use case: see test_regles.py.
    "espace.regles": MODERATORS,
    "espace.dispositif": MODERATORS,
    "espace.confirmer_regles": MODERATORS,
    "espace.ecarter_regles": MODERATORS,
    "espace.comparer_regles": MODERATORS,
    "espace.aligner_regles": MODERATORS,
    "espace.reprendre_regles": MODERATORS,
    # Of which listings is asked by the use case: see test_reponses.py.
    "espace.signalements": ACCOUNT,
    "espace.clore": ACCOUNT,
    "espace.renvoyer": ACCOUNT,
    # Both listings of a pair are asked for by the use case: see test_doublons.py.
    "espace.doublons": MODERATORS,
    "espace.paire": MODERATORS,
    "espace.reunir": MODERATORS,
    "espace.distinguer": MODERATORS,
    "espace.separer": MODERATORS,
}
TO_SIGN_IN = "/connexion"
VALUES = {"jeton": "x" * 22, "nom": "publics", "offre_id": "rien", "structure_id": "rien"}
VALUES |= {
    "filename": "documentation.css",
    "numero": "999",
    "cle": "rien",
    "territoire": "vaucluse",
    "nature": "poids",
}


def rules(app: Flask) -> list[tuple[Rule, str]]:
    """Every address with each of its methods."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_every_address_says_whom_it_lets_in(shared_site: Site) -> None:
    endpoints = {r.endpoint for r, _ in rules(shared_site.app) if not needs_cle(r.endpoint)}

    unnamed = {e for e in endpoints if not is_public(e) and e not in ACCES}
    assert unnamed == set()
    assert ACCES.keys() == ALLOWED.keys() == {e for e in endpoints if not is_public(e)}


def test_what_the_table_does_not_name_is_refused(site: Site) -> None:
    site.app.add_url_rule("/oubliee", "oubliee", lambda: "secret")

    for name in PEOPLE:
        response = site.person(name).get("/oubliee")
        assert response.status_code == 403, name
        assert "secret" not in response.text


@pytest.mark.parametrize("name", PEOPLE)
def test_each_address_lets_in_whom_it_says(shared_site: Site, name: str) -> None:
    client = shared_site.person(name)
    adapter = shared_site.app.url_map.bind("localhost")
    for rule, method in rules(shared_site.app):
        ident = STRUCTURE_A if "structure" in rule.rule else OFFRE_A
        values = {key: VALUES.get(key, ident) for key in rule.arguments}
        address = adapter.build(rule.endpoint, values, method=method)
        response = client.open(address, method=method, data={"base": "0"})
        outcome = (response.status_code, response.headers.get("Location"))
        response.close()
        _check(rule.endpoint, method, name, outcome)


def _check(endpoint: str, method: str, name: str, outcome: tuple[int, str | None]) -> None:
    status, location = outcome
    told = (endpoint, method, name, outcome)
    if needs_cle(endpoint):
        assert status == 401, told  # a session opens nothing of it, whosever it is
    elif is_public(endpoint):
        is_sent_away = status in (401, 403) and not endpoint.startswith("connexion.")
        assert not is_sent_away, told
    elif name in ("visiteur", "ferme"):
        assert (status == 401) if method == "POST" else (location == TO_SIGN_IN), told
    elif name in ALLOWED[endpoint]:
        # A POST without the token of its form goes no further than that.
        assert status == 400 if method == "POST" else status in (200, 303, 404), told
        assert location != TO_SIGN_IN, told
    else:
        assert status == 403, told
