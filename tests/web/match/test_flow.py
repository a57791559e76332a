"""Both questionnaires from end to end, as a browser without JavaScript plays them."""

import pytest
from flask.testing import FlaskClient

from app.web.match.flows import ACCOMPAGNER, FLOWS, POUR_MOI, Flow
from tests.web.match.browser import Browser
from tests.web.match.conftest import PERMIS

SCREENS = 10


def through(flow: Flow, client: FlaskClient) -> Browser:
    """Presses “continue” on every screen, answering nothing."""
    browser = Browser.open(client, f"/{flow.slug}")
    while following := browser.page.all("button", name="aller", **{"class": "button"}):
        browser.press("aller", following[0]["value"] or "")
    return browser


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.slug)
def test_every_question_may_be_skipped(flow: Flow, visitor: FlaskClient) -> None:
    browser = through(flow, visitor)

    assert f"étape {SCREENS} sur {SCREENS}" in browser.page.title
    assert {name for name in browser.hidden() if name[:2] in ("f.", "b.")} == set()
    browser.press(step=f"/{flow.slug}/solutions")
    assert browser.page.status == 200
    assert "à vérifier" in browser.page.text


def test_answers_travel_in_hidden_fields_through_every_screen(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/accompagner")
    browser.press("aller", "mobilite", f__residence="Avignon", f__age="05/2004")
    browser.send({f"b.{PERMIS}": "3", "mode": "velo"}, "aller", "francais")

    hidden = browser.hidden()

    assert hidden["f.residence"] == "Avignon (84000)"
    assert hidden["code_commune"] == "84007"
    assert hidden["f.age"] == "05/2004"
    assert hidden[f"b.{PERMIS}"] == "3"
    assert hidden["mode"] == "velo"
    browser.press("aller", "situation")
    assert browser.page.value_of("f.age") == "05/2004"


def test_a_professional_gets_the_solutions_opens_one_and_comes_back(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/accompagner")
    browser.press("aller", "mobilite", f__residence="Avignon", f__age="22 ans")
    browser.send({f"b.{PERMIS}": "3"}, step="/accompagner/solutions")

    assert "Semble ouvert à la personne" in browser.page.text
    assert "Préparer un permis" in browser.page.text
    assert "besoin urgent" in browser.page.text
    browser.press("offre", "essai--jeune")
    assert browser.page.title.startswith("Permis jeune")
    assert "Pour la personne" in browser.page.text
    browser.press()
    assert browser.page.title.startswith(ACCOMPAGNER.solutions)
    assert browser.hidden()["f.age"] == "22 ans"
    assert browser.asked[-2:] == ["/accompagner/offre", "/accompagner/solutions#retour"]
    assert [a["class"] for a in browser.page.all("article", id="retour")]
    assert "offre" not in browser.hidden()


def test_a_person_alone_is_spoken_to(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/pour-moi")
    browser.press("aller", "lieu", b__mobilite="2")
    browser.press("aller", "age", f__residence="84000")
    browser.press(f__age="40", vue="liste", step="/pour-moi/solutions")

    assert browser.page.title.startswith(POUR_MOI.solutions)
    assert "Semble ouvert à vous" in browser.page.text
    assert "Demandez à votre conseiller ou à votre conseillère." in browser.page.text
    assert "la personne" not in browser.page.text.lower()


def test_the_sensitive_questions_are_optional_and_say_why(visitor: FlaskClient) -> None:
    for address, screen in (("/accompagner", "sante"), ("/pour-moi", "plus")):
        browser = Browser.open(visitor, address).press("aller", screen)
        assert "Questions facultatives" in browser.page.text
        assert "ne sont gardées nulle part" in browser.page.text


def test_the_question_that_settles_most_is_answered_in_place(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/accompagner").press("aller", "mobilite")
    browser.send({"b.mobilite--financer-ma-mobilite": "2"}, step="/accompagner/solutions")

    assert "La question qui aide le plus" in browser.page.text
    browser.send({"f.age": "30"} if browser.page.all("input", name="f.age") else {})
    assert browser.page.status == 200


def test_a_question_may_be_passed(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/accompagner").press("aller", "mobilite")
    browser.send({f"b.{PERMIS}": "2"}, step="/accompagner/solutions")
    (passing,) = browser.page.all("button", name="passer")

    browser.press("passer", passing["value"] or "")

    assert browser.hidden()["passee"] == passing["value"]
    assert not browser.page.all("button", name="passer", value=passing["value"] or "")


def test_a_sensitive_question_is_never_the_next_one_in_public(visitor: FlaskClient) -> None:
    def next_questions(address: str) -> list[str]:
        browser = Browser.open(visitor, address).send({f"b.{PERMIS}": "2"}, step=address)
        browser.press(step=f"{address}/solutions")
        keys = []
        while passing := browser.page.all("button", name="passer"):
            keys.append(passing[0]["value"] or "")
            browser.press("passer", keys[-1])
        return keys

    assert "situations.rqth" in next_questions("/accompagner")
    assert set(next_questions("/pour-moi")) == {"residence", "age"}


def test_erasing_leaves_nothing(visitor: FlaskClient) -> None:
    response = visitor.get("/accompagner/effacer")

    assert response.status_code == 200
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert "effacées" in response.text


@pytest.mark.parametrize("step", ["solutions", "offre"])
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.slug)
def test_an_address_typed_alone_starts_the_questions(
    flow: Flow, step: str, visitor: FlaskClient
) -> None:
    assert "étape 1" in Browser.open(visitor, f"/{flow.slug}/{step}").page.title


def test_home_leads_to_both(visitor: FlaskClient) -> None:
    links = Browser.open(visitor, "/").page.hrefs()

    assert {"/accompagner", "/pour-moi"} <= set(links)
