"""The sheets of offers and structures."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import PARIS
from app.web.current import EXTENSION
from tests.conftest import AppWith
from tests.web.public.conftest import OFFRE, STRUCTURE
from tests.web.public.markup import visit
from tests.web.public.moment import at_instant

FULL_SHEET = "/offres/essai--tout"
SCHEME = "/offres/eventail-dispositifs--contrat-engagement-jeune--mission-locale-grand-avignon"
QUESTIONS = ["quoi", "pour-qui", "ou", "quand", "combien", "apporter", "comment", "source"]


def first_sheet(client: FlaskClient, **asked: object) -> str:
    page = visit(client, "/recherche", **asked)
    return next(href for href in page.hrefs() if href.startswith("/offres/"))


def test_a_real_sheet_answers_every_question_in_order(client: FlaskClient) -> None:
    page = visit(client, first_sheet(client, q="services morières", lieu="Morières-lès-Avignon"))

    assert page.status == 200
    assert [h2["id"] for h2 in page.all("h2") if h2.get("id") in QUESTIONS] == QUESTIONS
    assert "Tous publics" in page.text
    assert "84310 Morières-lès-Avignon" in page.text
    assert "Samedi et dimanche fermé" in page.text
    assert "tel:+33490335640" in page.hrefs()
    assert "Mis à jour le 1er août 2024, à vérifier par téléphone" in page.text
    assert page.link("Toutes les sources") == "/attributions"


def test_likely_duplicates_and_other_offers_are_linked(client: FlaskClient) -> None:
    page = visit(client, first_sheet(client, q="services morières", lieu="Morières-lès-Avignon"))

    assert "Aussi référencée par France Services - Morières-lès-Avignon" in page.text
    assert "La même structure propose aussi" in page.text
    assert visit(client, page.link("France Services - Morières")).status == 200


def test_a_sheet_says_everything_that_the_listing_says(full_app: Flask) -> None:
    page = visit(full_app.test_client(), "/offres/essai--tout")

    assert page.title == "Passer le permis zéphyr, L’Atelier du Vernet – Éventail"
    for words in (
        "Première phrase. Deuxième paragraphe.",
        "Préparer un permis",
        "3,5 heures par semaine pendant 6 semaines",
        "Langues : Français, Langue des signes française (LSF)",
        "1 place disponible",
        "Prochaine session le 3 février 2030",
        "Jeunes De 16 à 25 ans.",
        "Réservé aux habitants de ce territoire : Vaucluse, Bar-le-Duc.",
        "Avoir un projet.",
        "Toutes ces conditions sont demandées",
        "Il faut avoir de 16 à 25 ans. Il ne faut pas avoir le permis B.",
        "L’une de ces conditions suffit : Toucher le RSA. Toutes ces conditions à la fois :",
        "Toutes ces conditions à la fois : Être en apprentissage. Avoir la reconnaissance",
        "Qui passe en priorité Il faut élever ses enfants sans vivre en couple.",
        "À prévoir avant de commencer Il faut avoir un ordinateur",
        "Permis B (voiture), Niveau de français à l’oral : Quelques mots et phrases simples (A1)",
        "Règles lues le 1er novembre 2026 dans : Code de l’exemple, article 1",
        "(site loi.exemple.fr). Règles à confirmer.",
        "En présentiel ou à distance",
        "La position exacte n’est pas connue",
        "sur rendez-vous",
        "Payant 20 euros par mois.",
        "Quoi apporter Une pièce d’identité, en cours de validité Un RIB Comment faire",
        "La demande passe par un professionnel qui vous accompagne.",
        "Faire la demande en ligne (site exemple.fr)",
    ):
        assert words in page.text, words
    assert "https://exemple.fr/demande" in page.hrefs()
    assert "tel:0490000000" in page.hrefs()  # the structure's, for want of its own
    assert "à vérifier" not in page.text


def test_confirmed_rules_are_said_so(app_with: AppWith) -> None:
    regles = {**OFFRE["regles"], "etat": "confirmees"}  # type: ignore[dict-item]  # an object
    page = visit(app_with([STRUCTURE, {**OFFRE, "regles": regles}]).test_client(), FULL_SHEET)

    assert "Règles confirmées par la coordination du territoire." in page.text
    assert "Règles à confirmer" not in page.text
    assert "https://loi.exemple.fr/1" in page.hrefs()


def test_a_shipped_scheme_tells_its_official_text(client: FlaskClient) -> None:
    page = visit(client, SCHEME)

    assert "Règles lues le 25 novembre 2026 dans : Code du travail, articles L5131-6" in page.text
    assert "Règles à confirmer." in page.text
    assert "Quoi apporter Une pièce d’identité ou un titre de séjour" in page.text
    assert "Éventail, d’après les textes officiels cités par chaque fiche" in page.text


def test_silence_of_the_source_is_said(app_with: AppWith) -> None:
    bare = {
        "source": "essai", "structure_id": "essai--s", "id": "essai--nu", "nom": "Une aide",
        "description": "Rien de plus.", "date_maj": "2019-05-01",
    }  # fmt: skip
    structure = {k: v for k, v in STRUCTURE.items() if k != "telephone"}
    page = visit(app_with([structure, bare]).test_client(), "/offres/essai--nu")

    for words in (
        "La structure ne précise pas son public : renseignez-vous auprès d’elle.",
        "La source ne précise pas le prix.",
        "La fiche ne dit pas quoi apporter : demandez-le à la structure.",
        "La source ne donne pas d’adresse.",
        "La source ne dit pas comment faire la demande.",
        "La source ne donne ni téléphone, ni courriel, ni site.",
        "Horaires inconnus : renseignez-vous avant de vous déplacer",
        "Mis à jour le 1er mai 2019, à vérifier avant de vous déplacer",
    ):
        assert words in page.text, words


def test_a_sheet_that_does_not_say_what_to_bring_says_to_call(app_with: AppWith) -> None:
    silent = {name: value for name, value in OFFRE.items() if name != "a_apporter"}
    page = visit(app_with([STRUCTURE, silent]).test_client(), FULL_SHEET)

    assert "La fiche ne dit pas quoi apporter : demandez-le en appelant." in page.text


@pytest.mark.parametrize(
    ("at", "state", "words"),
    [
        pytest.param(
            "2026-04-29 11:40",
            "ouvert",
            "Quand Ouvert, ferme dans 20 min Attention : férié le vendredi 1er mai (fête du "
            "Travail) Du lundi au vendredi de 9 h à 12 h",
            id="open",
        ),
        pytest.param("2026-05-02 11:40", "ferme", "Quand Fermé, ouvre lundi à 9 h", id="closed"),
        pytest.param(
            "2026-05-01 10:00",
            "inconnu",
            "Quand Aujourd’hui est férié (fête du Travail) : appelez pour savoir si c’est ouvert",
            id="holiday",
        ),
    ],
)
def test_a_sheet_says_first_whether_it_is_open_now(
    app_with: AppWith, monkeypatch: pytest.MonkeyPatch, at: str, state: str, words: str
) -> None:
    hours = {"horaires_accueil": "Mo-Fr 09:00-12:00"}
    app = app_with([{**STRUCTURE, **hours}, {**OFFRE, **hours}])
    instant = datetime.fromisoformat(at).replace(tzinfo=PARIS)
    monkeypatch.setitem(app.extensions, EXTENSION, at_instant(app, instant))

    for address in (FULL_SHEET, "/structures/essai--s"):
        page = visit(app.test_client(), address)

        assert words in page.text
        assert len(page.all("p", **{"class": f"opening opening-{state}"})) == 1


def test_a_confidential_address_shows_only_its_commune(app_with: AppWith) -> None:
    refuge = {
        **OFFRE, "id": "essai--refuge", "adresse_confidentielle": True,
        "adresse": "9 rue Secrète", "code_postal": "84000", "modes_accueil": ["en-presentiel"],
    }  # fmt: skip
    page = visit(app_with([STRUCTURE, refuge]).test_client(), "/offres/essai--refuge")

    assert "l’adresse n’est pas publiée" in page.text
    assert "Avignon" in page.text
    assert "Secrète" not in page.text
    own_facts, _, _ = page.text.partition("Ailleurs, pour le même besoin")
    assert "84000" not in own_facts


def test_a_structure_lists_its_offers(full_app: Flask) -> None:
    page = visit(full_app.test_client(), "/structures/essai--s")

    assert page.title == "L’Atelier du Vernet – Éventail"
    assert page.link("Passer le permis zéphyr") == "/offres/essai--tout"
    assert "Une maison ouverte." in page.text
    assert "Siret 13002526500013" in page.text


def test_ids_are_opaque(app_with: AppWith) -> None:
    odd = "essai--a//b c?d#é%2F&"
    client = app_with([STRUCTURE, {**OFFRE, "id": odd}]).test_client()

    found = visit(client, "/recherche", q="zéphyr", lieu="Avignon")
    href = next(href for href in found.hrefs() if href.startswith("/offres/"))
    page = visit(client, href)

    assert page.status == 200
    assert "Passer le permis zéphyr" in page.title


@pytest.mark.parametrize("address", ["/offres/nulle-part", "/structures/nulle-part", "/nulle/part"])
def test_what_does_not_exist_is_not_found(client: FlaskClient, address: str) -> None:
    page = visit(client, address)

    assert page.status == 404
    assert page.title.startswith("Erreur 404 : ")
    assert page.link("Revenir à l’accueil") == "/"
