"""Where the person lives: homonyms, of which a territory served knows one, and ways to say no."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import AppWith
from tests.web.match.browser import Browser

MEUSE, ARIEGE = "55545", "09328"
ELSEWHERE = """
slug = "ariege"
nom = "Ariège"
zone = ["departement:09"]
centre = { lat = 42.9656, lon = 1.6078 }
bassin = []
"""


@pytest.mark.parametrize(("flow", "screen"), [("accompagner", "situation"), ("pour-moi", "lieu")])
def test_of_homonyms_the_one_of_a_territory_served_is_taken(
    visitor: FlaskClient, flow: str, screen: str
) -> None:
    browser = Browser.open(visitor, f"/{flow}").press("aller", screen)
    browser.send({"f.residence": "verdun"}, step=f"/{flow}/solutions")

    assert browser.page.status == 200
    assert browser.hidden()["code_commune"] == MEUSE
    assert "Commune retenue : Verdun (55100), Meuse." in browser.page.text
    assert "Ce n’est pas la bonne commune ?" in browser.page.text


def test_the_commune_taken_is_said_once_and_can_be_changed(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/pour-moi").press("aller", "lieu")
    browser.press("aller", "deplacements", f__residence="Verdun")
    assert "Commune retenue" in browser.page.text

    browser.press("aller", "lieu")

    assert "Commune retenue" not in browser.page.text
    assert "Plusieurs communes portent ce nom. Est-ce la bonne ?" in browser.page.text
    assert "Verdun (09310), Ariège" in browser.page.text
    checked = [a["value"] for a in browser.page.all("input", name="code_commune") if "checked" in a]
    assert checked == [MEUSE]

    browser.press("aller", "deplacements", code_commune=ARIEGE)

    assert browser.page.status == 200
    assert browser.hidden()["f.residence"] == "Verdun (09310)"
    assert browser.hidden()["code_commune"] == ARIEGE
    assert "Commune retenue" not in browser.page.text


def test_another_name_wins_over_the_homonym_still_checked(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/pour-moi").press("aller", "lieu")
    browser.press("aller", "deplacements", f__residence="Verdun").press("aller", "lieu")

    browser.send({"f.residence": "Avignon"}, "aller", "deplacements")
    assert browser.hidden()["code_commune"] == "84007"

    browser.press("aller", "lieu").send({"f.residence": "Verdun (09310)"}, "aller", "age")
    assert browser.hidden()["code_commune"] == ARIEGE


def test_territories_are_configuration(app_with: AppWith, tmp_path: Path) -> None:
    territory = tmp_path / "ariege.toml"
    territory.write_text(ELSEWHERE, encoding="utf-8")
    client = app_with(TERRITOIRE=str(territory)).test_client()

    browser = Browser.open(client, "/pour-moi").press("aller", "lieu")
    browser.press("aller", "age", f__residence="Verdun")

    assert browser.hidden()["code_commune"] == ARIEGE


def test_without_commune_it_is_asked_first_and_said_once(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/pour-moi").press(step="/pour-moi/solutions", b__mobilite="2")

    assert "distance inconnue" not in browser.page.text
    assert browser.page.all("input", name="f.residence")
    assert "Sans elle, les distances ne sont pas connues." in browser.page.text
    browser.press("passer", "residence")
    assert not browser.page.all("input", name="f.residence")
    assert "Sans commune, les distances ne sont pas connues." in browser.page.text
    assert "Donner la commune" in browser.page.text

    browser.press("aller", "lieu")
    browser.press(f__residence="Avignon", step="/pour-moi/solutions")

    assert "dans votre commune" in browser.page.text
    assert "Donner la commune" not in browser.page.text
