"""The declaration of accessibility: what the law asks to say, and whom to write to."""

import pytest
from flask.testing import FlaskClient

from tests.conftest import AppWith
from tests.web.public.markup import visit

ADDRESS = "/accessibilite"
PARTS = [
    "État de conformité",
    "Résultats des tests",
    "Contenus non accessibles",
    "Établissement de cette déclaration",
    "Retour d’information et contact",
    "Voies de recours",
]


def test_the_declaration_has_every_part_of_its_form_in_order(client: FlaskClient) -> None:
    page = visit(client, ADDRESS)

    assert page.title == "Déclaration d’accessibilité – Éventail"
    places = [page.text.index(part) for part in PARTS]
    assert places == sorted(places)
    for words in (
        "l’article 47 de la loi n° 2005-102 du 11 février 2005",
        "Éventail est non conforme au référentiel général d’amélioration de l’accessibilité",
        "(RGAA), version 4.1, faute d’audit.",
        "cette évaluation partielle ne remplace pas un audit",
        "Cette déclaration a été établie le 26 novembre 2026.",
        "n’a pas été essayé par des personnes qui utilisent un lecteur d’écran",
        "Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07",
    ):
        assert words in page.text, words
    assert page.link("son formulaire") == "https://formulaire.defenseurdesdroits.fr/"


@pytest.mark.parametrize("address", ["/", "/recherche?lieu=Apt", "/accompagner", "/nulle-part"])
def test_every_page_says_the_state_of_conformity(client: FlaskClient, address: str) -> None:
    assert visit(client, address).link("Accessibilité : non conforme") == ADDRESS


@pytest.mark.parametrize("address", [ADDRESS, "/a-propos/classement"])
def test_the_contact_is_the_one_of_the_settings(
    client: FlaskClient, app_with: AppWith, address: str
) -> None:
    without = visit(client, address)
    assert "Adressez-vous à la structure qui fait fonctionner ce site" in without.text

    page = visit(app_with(CONTACT_EMAIL="contact@exemple.fr").test_client(), address)

    assert page.link("contact@exemple.fr") == "mailto:contact@exemple.fr"
    assert "Adressez-vous à la structure qui fait fonctionner ce site" not in page.text
