"""Both questionnaires in a real browser without JavaScript, by keyboard, and under axe."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import WIDTHS, faults_as_it_stands
from tests.e2e.conftest import OpenPage
from tests.e2e.test_journeys import tab_to


def to_solutions(page: Page) -> None:
    """Answers a few questions of the professional's questionnaire."""
    page.get_by_label("Dans quelle commune").fill("Avignon")
    page.get_by_label("Quel âge").fill("05/2004")
    page.get_by_role("button", name="Numérique").click()
    need = page.get_by_role("group", name="Accéder à des services en ligne")
    need.get_by_text("Urgent").click()
    page.get_by_role("button", name="Mobilité").click()
    page.get_by_role("group", name="Préparer un permis").get_by_text("Utile").click()
    page.get_by_role("button", name="Voir les solutions").click()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_professional_without_javascript(open_page: OpenPage, width: int) -> None:
    page = open_page("/accompagner", width=width, java_script_enabled=False)
    to_solutions(page)

    expect(page).to_have_title(re.compile(r"^Solutions pour la personne\s.*\d+\ssolutions"))
    expect(page).to_have_url(re.compile("/accompagner/solutions$"))
    expect(page.get_by_role("heading", name="Préparer un permis")).to_be_visible()
    page.get_by_label("Rayon").fill("10")
    page.get_by_role("button", name="Changer le rayon").click()
    expect(page.get_by_label("Rayon")).to_have_value("10")
    page.get_by_role("button", name="En une liste").click()
    chosen = page.locator("[aria-current=true]", has_text="En une liste")
    expect(chosen).to_be_visible()
    page.get_by_role("checkbox").first.check(force=True)
    page.locator(".match-card .card-title button").first.click()
    expect(page.get_by_role("heading", name="Pour la personne")).to_be_visible()
    page.get_by_role("button", name="Revenir aux solutions").first.click()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Proposition à imprimer").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Une offre à essayer")
    page.get_by_role("link", name="Effacer et quitter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les réponses sont effacées")


def test_a_person_alone_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/pour-moi", width=320)  # the focus is read by script; nothing else runs
    tab_to(page, "input[name='b.numerique']")
    page.keyboard.press("Space")
    tab_to(page, "button[name=aller]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Où vous habitez")
    tab_to(page, "input[name='f.residence']")
    page.keyboard.type("Avignon")
    page.keyboard.press("Enter")  # as the first button: goes on
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos déplacements")
    tab_to(page, ".actions button[formaction$=solutions]")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui existe pour vous")
    tab_to(page, ".match-card .card-title button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pour vous")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_one_comes_back_to_the_offer_just_read(open_page: OpenPage, width: int) -> None:
    page = open_page("/accompagner", width=width, java_script_enabled=False)
    to_solutions(page)
    page.get_by_role("button", name="En une liste").click()
    title = page.locator(".match-card .card-title button").nth(5)
    name = title.inner_text()
    title.click()
    page.get_by_role("button", name="Revenir aux solutions").first.click()

    expect(page.locator("#retour .card-title")).to_have_text(name)
    expect(page.locator("#retour .card-title")).to_be_in_viewport()


def test_solutions_are_in_the_first_screen(open_page: OpenPage) -> None:
    for width in WIDTHS:
        page = open_page("/accompagner", width=width)
        page.get_by_role("button", name="Voir les solutions").click()
        expect(page.locator(".match-card .card-title").first).to_be_in_viewport()


def test_paper_is_in_black_and_has_no_button_even_from_a_dark_screen(open_page: OpenPage) -> None:
    page = open_page("/accompagner", color_scheme="dark")
    to_solutions(page)
    page.wait_for_load_state()
    page.emulate_media(media="print", color_scheme="dark")

    inks = page.evaluate(
        "['--ink', '--danger', '--warn'].map(name => "
        "getComputedStyle(document.documentElement).getPropertyValue(name))"
    )
    assert inks == ["#000"] * 3
    expect(page.locator(".match-card").first).to_be_visible()
    expect(page.locator(".button:visible, .match-side:visible, input:visible")).to_have_count(0)


def test_axe_finds_nothing_on_the_way(open_page: OpenPage) -> None:
    page = open_page("/accompagner", width=320)
    check(page)
    page.get_by_label("Quel âge").fill("abc")
    page.get_by_role("button", name="Domaine suivant").click()
    check(page)
    page.get_by_label("Quel âge").fill("")
    page.get_by_role("button", name="Santé").click()
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    check(page)
    page.get_by_role("button", name="Situation").click()
    to_solutions(page)
    check(page)
    page.get_by_role("button", name="En une liste").click()
    check(page)
    page.locator(".match-card .card-title button").first.click()
    check(page)
    page.get_by_role("link", name="Effacer et quitter").click()
    check(page)


def test_axe_finds_nothing_for_a_person_alone(open_page: OpenPage) -> None:
    page = open_page("/pour-moi", width=320)
    check(page)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("commune").fill("Saint-Martin")
    page.get_by_role("button", name="Continuer").click()
    check(page)
    page.get_by_label("commune").fill("Verdun")
    page.get_by_role("button", name="Voir les solutions").click()
    expect(page.get_by_text("Commune retenue")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Ce n’est pas la bonne commune").click()
    check(page)
    page.get_by_role("button", name="Voir les solutions").click()
    page.get_by_role("checkbox").first.check()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Proposition à imprimer").click()
    opened.value.wait_for_load_state()
    check(opened.value)


def check(page: Page) -> None:
    page.wait_for_load_state()
    assert faults_as_it_stands(page) == []
