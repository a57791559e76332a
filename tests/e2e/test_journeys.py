"""A visitor finds help: without JavaScript, and with the keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage


@pytest.mark.parametrize("width", [320, 1280])
def test_from_home_to_a_structure_without_javascript(open_page: OpenPage, width: int) -> None:
    page = open_page("/", width=width, java_script_enabled=False)

    page.get_by_role("textbox", name="Quoi").fill("ordinateur")
    page.get_by_label("Où").fill("Avignon")
    page.get_by_role("button", name="Rechercher").click()
    expect(page).to_have_title(re.compile(r"«\s*ordinateur\s*» près d’Avignon .* page 1 sur \d+"))

    if width == 320:
        page.locator("summary.filters-toggle").click()
    page.get_by_role("checkbox", name="Gratuit").check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page.get_by_role("link", name="Retirer le filtre Gratuit")).to_be_visible()

    page.get_by_label("Trier").select_option("distance")
    page.get_by_role("button", name="Trier").click()
    expect(page).to_have_url(re.compile("frais=gratuit.*tri=distance"))

    page.get_by_role("link", name="Page suivante").click()
    expect(page).to_have_title(re.compile("page 2 sur"))
    expect(page.get_by_role("link", name="Retirer le filtre Gratuit")).to_be_visible()

    page.locator(".card-title a").first.click()
    expect(page.get_by_role("heading", name="Pour qui")).to_be_visible()
    page.locator(".sheet-structure a").click()
    expect(page.get_by_role("heading", name="Ce qu’elle propose")).to_be_visible()


def test_the_radius_can_be_changed_and_a_fault_corrected(open_page: OpenPage) -> None:
    page = open_page("/recherche?lieu=Verdun&q=bibliothèque", java_script_enabled=False)

    page.get_by_label("Rayon").fill("500")
    page.get_by_role("button", name="Rechercher").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    page.get_by_role("link", name="Rayon").click()
    expect(page.get_by_label("Rayon")).to_be_focused()

    page.get_by_label("Rayon").fill("10")
    page.get_by_role("button", name="Rechercher").click()
    expect(page).to_have_title(re.compile(r"près de Verdun .*\d\s+offres"))
    expect(page.get_by_label("Rayon")).to_have_value("10")


def test_a_search_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller à la recherche")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Quoi")).to_be_focused()
    page.keyboard.type("bibliotheque")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Où")).to_be_focused()
    page.keyboard.type("verdun")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("près de Verdun"))

    tab_to(page, ".card-title a")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile("/offres/"))


@pytest.mark.parametrize("width", [320, 1280])
def test_a_sheet_keeps_the_search_within_reach(open_page: OpenPage, width: int) -> None:
    page = open_page("/attributions", width=width, java_script_enabled=False)

    if width == 320:
        page.get_by_text("Faire une autre recherche").click()
    page.get_by_role("textbox", name="Quoi").fill("formation")
    page.get_by_role("button", name="Rechercher").click()

    expect(page).to_have_title(re.compile(r"«\s*formation\s*»"))


def tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is out of reach of the keyboard")
