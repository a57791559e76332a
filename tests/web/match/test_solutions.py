"""What the page of solutions says of offers: why, where, what is missing, what is left out."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.demande import DemandeMatch
from app.domain.durees import DateConnue
from app.domain.horizon import Horizon
from app.domain.verdict import Valeur, Verdict
from app.web.current import current_catalogue
from app.web.match.answers import Answers
from app.web.match.cards import CardMaker, horizon_in_words
from app.web.match.flows import ACCOMPAGNER
from app.web.match.solutions import MAX_LEFT_OUT, tally
from tests.web.match.browser import Browser
from tests.web.match.conftest import FINANCER, LOUER, PERMIS, VEHICULE
from tests.web.public.markup import Markup, read

AVIGNON = {"f.residence": "Avignon (84000)", "code_commune": "84007"}


def solutions(client: FlaskClient, flow: str = "accompagner", **answers: str) -> Markup:
    response = client.post(f"/{flow}/solutions", data={**AVIGNON, **answers})
    return read(response.text, response.status_code)


def test_each_need_has_its_total_and_first_three_cards(visitor: FlaskClient) -> None:
    page = solutions(visitor, **{f"b.{PERMIS}": "3", f"b.{FINANCER}": "1"})

    assert "Préparer un permis 9 offres, besoin urgent" in page.text
    assert "Financer ma mobilité Une offre" in page.text or "1 offre, besoin utile" in page.text
    assert len(page.all("article")) == 4


def test_a_need_without_offer_is_said_with_the_same_domain(visitor: FlaskClient) -> None:
    page = solutions(visitor, **{f"b.{VEHICULE}": "2"})

    assert "Aucune offre ne répond exactement à ce besoin dans ce rayon." in page.text
    assert "Dans le même domaine : 10 offres." in page.text
    assert len(page.all("article")) == 3


def test_a_need_without_offer_near_says_how_far_the_nearest_is(visitor: FlaskClient) -> None:
    page = solutions(visitor, **{f"b.{LOUER}": "2"})

    assert "Plus loin, pour ce besoin ou ce domaine : 1 offre, à" in page.text
    assert "1 autre offre est à plus de 30 km, à" in page.text


def test_a_need_without_any_offer_at_all(visitor: FlaskClient) -> None:
    page = solutions(visitor, **{"b.equipement-et-alimentation--habillement": "2"})

    assert "Le catalogue n’en contient aucune, même plus loin." in page.text


def test_offers_of_the_same_domain_stand_apart(visitor: FlaskClient) -> None:
    page = solutions(visitor, **{f"b.{FINANCER}": "2", "vue": "liste"})

    assert page.text.index("Voiture à louer") < page.text.index("Dans le même domaine")
    assert page.text.index("Dans le même domaine") < page.text.index("Cours de code")


def test_the_fourth_offer_of_a_structure_folds_in_place(visitor: FlaskClient) -> None:
    page = solutions(visitor, **{f"b.{PERMIS}": "2", "vue": "liste"})

    assert "3 autres offres de Garage solidaire" in page.text
    assert len([a for a in page.all("details") if a.get("class") == "fold"]) == 1


def test_what_is_left_out_is_counted_and_shown_with_the_reason(visitor: FlaskClient) -> None:
    answers = {f"b.{PERMIS}": "2", "f.age": "40"}
    page = solutions(visitor, **answers)
    assert "1 offre n’est pas proposée" in page.text or "Une offre n’est pas proposée" in page.text
    assert "Permis jeune" not in page.text

    page = solutions(visitor, **answers, ecartees="oui")

    assert "Permis jeune" in page.text
    assert "Pas pour l’instant" in page.text
    assert "Ce qui bloque Il faut avoir de 18 à 25 ans : la personne a 40 ans." in page.text


def test_left_out_offers_too_many_to_be_read_are_not_said_to_be_all_shown(
    client: FlaskClient, visitor: FlaskClient
) -> None:
    everything = {"f.age": "70", "rayon_km": "100", "ecartees": "oui"}

    assert f"Les {MAX_LEFT_OUT} premières sont montrées." in solutions(client, **everything).text
    assert "premières sont montrées" not in solutions(visitor, **everything).text


def test_the_date_when_an_offer_opens_is_said(visitor: FlaskClient) -> None:
    born = f"{current_year(visitor) - 17}-01-15"
    page = solutions(visitor, **{f"b.{PERMIS}": "2", "f.age": born, "ecartees": "oui"})

    assert "Ouvert à partir du 15 janvier" in page.text


def current_year(client: FlaskClient) -> int:
    with client.application.app_context():
        return current_catalogue().clock.today().year


def test_what_is_missing_leads_to_the_offers_that_give_it(visitor: FlaskClient) -> None:
    answers = {f"b.{FINANCER}": "2", "f.situations.permis-b": "non", "ecartees": "oui"}
    browser = Browser.open(visitor, "/accompagner").send(
        {**AVIGNON, **answers}, step="/accompagner/solutions"
    )

    assert (
        "Ce qui manque : Permis B (voiture). Pour l’obtenir : Atelier permis B" in browser.page.text
    )
    browser.press("offre", "essai--atelier")
    assert browser.page.title.startswith("Atelier permis B")


def test_the_radius_is_shown_and_editable(visitor: FlaskClient) -> None:
    assert solutions(visitor).value_of("rayon_km") == "30"
    assert solutions(visitor, mode="velo").value_of("rayon_km") == "8"
    assert solutions(visitor, mode="velo", rayon_km="50").value_of("rayon_km") == "50"
    page = solutions(visitor, mode="velo", rayon_km="30", rayon_montre="30")
    assert page.value_of("rayon_km") == "8"


def test_pages_are_submits_and_the_last_one_ends(client: FlaskClient) -> None:
    browser = Browser.open(client, "/accompagner").press(
        f__residence="Avignon", step="/accompagner/solutions"
    )

    browser.press("page", "2")

    assert ", page 2 sur" in browser.page.title
    last = solutions(client, page="400")
    number, _, pages = last.title.partition(", page ")[2].partition(" sur ")
    assert number == pages.split()[0]


def test_the_summary_leads_back_to_each_topic(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/accompagner").press(
        f__residence="Avignon", f__age="31", step="/accompagner/solutions"
    )
    assert "Âge : 31" in browser.page.text

    browser.press("aller", "situation")

    assert browser.page.value_of("f.age") == "31"


def test_the_page_to_print_holds_offers_and_nothing_of_the_person(visitor: FlaskClient) -> None:
    answers = {**AVIGNON, "f.age": "31", f"b.{PERMIS}": "3", "f.situations.permis-b": "non"}
    response = visitor.post(
        "/accompagner/proposition",
        data={**answers, "selection": ["essai--voiture", "essai--p1"]},
    )
    page = read(response.text)

    assert "Voiture à louer" in page.text
    assert "04 90 00 00 00" in page.text
    assert "À vérifier avec la structure : Avoir un projet." in page.text
    assert "À apporter Votre permis, en cours de validité ; Un RIB" in page.text
    assert page.text.count("À apporter") == 2, "one offer says it, on the page and in its text"
    assert "Demandez à votre conseiller ou à votre conseillère." in page.text
    assert not page.all("input")
    assert not page.all("form")
    for secret in ("31", "Préparer un permis", "84007", "urgent", "Permis B"):
        assert secret not in page.text.partition("En cas d’urgence")[0], secret


@pytest.mark.parametrize(
    ("ident", "said"),
    [
        ("essai--voiture", "Quoi apporter Votre permis, en cours de validité Un RIB Comment faire"),
        ("essai--p1", "La fiche ne dit pas quoi apporter : demandez-le en appelant."),
    ],
)
def test_the_sheet_of_a_solution_says_what_to_bring(
    visitor: FlaskClient, ident: str, said: str
) -> None:
    response = visitor.post("/accompagner/offre", data={**AVIGNON, "offre": ident})

    assert said in read(response.text).text


def test_the_choice_of_offers_outlives_other_pages(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/accompagner").send(
        {**AVIGNON, f"b.{PERMIS}": "2", "selection": "essai--loin"}, step="/accompagner/solutions"
    )

    assert ("selection", "essai--loin") in browser.carried()


def test_a_proposal_without_choice_says_what_to_do(visitor: FlaskClient) -> None:
    text = visitor.post("/accompagner/proposition").text
    assert "Rien à imprimer pour l’instant" in text
    assert "Aucune offre n’est cochée" in text


def test_rules_to_be_confirmed_are_said(match_app: Flask) -> None:
    with match_app.app_context():
        catalogue = current_catalogue()
        found = catalogue.matching.match(DemandeMatch(par_page=1)).solutions
        maker = CardMaker(ACCOMPAGNER, catalogue, Answers(), found)

        assert maker.explained(found[0], {"regles": {"etat": "a-confirmer"}}).is_draft
        assert not maker.explained(found[0], {"regles": None}).is_draft


@pytest.mark.parametrize(
    ("valeur", "verdict", "said"),
    [
        pytest.param(Valeur.OUI, Verdict.NON_ACCESSIBLE, "Ouvert à partir de mai 2028", id="opens"),
        pytest.param(Valeur.INCONNU, Verdict.NON_ACCESSIBLE, "À revoir à partir de mai 2028",
                     id="may-open"),
        pytest.param(Valeur.NON, Verdict.ACCESSIBLE, "À demander jusqu’en mai 2028", id="closes"),
    ],
)  # fmt: skip
def test_a_change_to_come_is_said_by_its_month(valeur: Valeur, verdict: Verdict, said: str) -> None:
    quand = DateConnue(date(2028, 5, 1), date(2028, 5, 31))

    words = horizon_in_words(Horizon(quand, valeur), verdict)

    assert words is not None
    assert words.replace("\u00a0", " ") == said


def test_no_change_to_come_says_nothing() -> None:
    assert horizon_in_words(None, Verdict.ACCESSIBLE) is None


@pytest.mark.parametrize(
    ("opened", "said"),
    [(0, "Aucune ne semble ouverte"), (1, "1 semble ouverte"), (2, "2 semblent ouvertes")],
)
def test_how_many_offers_are_open_is_said_in_words(opened: int, said: str) -> None:
    counts = {Verdict.ACCESSIBLE: opened, Verdict.A_VERIFIER: 3}

    assert tally(counts) == [("accessible", said), ("a-verifier", "3 à vérifier")]
