"""A sheet handed on: its address copied, its paper, and the way back to the results."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.pages import OFFRE

PAGE = re.compile(rb"/Type\s*/Page\b")


def test_without_javascript_only_what_works_is_offered(open_page: OpenPage) -> None:
    page = open_page(OFFRE, java_script_enabled=False)

    page.locator("summary", has_text="Partager").click()

    expect(page.get_by_role("link", name="Envoyer par courriel")).to_be_visible()
    expect(page.get_by_role("textbox", name="Adresse")).to_have_value(re.compile(f"{OFFRE}$"))
    for name in ("Copier", "Imprimer", "Autre application"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_the_address_is_copied_and_it_is_said(open_page: OpenPage) -> None:
    page = open_page(OFFRE, permissions=["clipboard-read", "clipboard-write"])

    page.locator("summary", has_text="Partager").click()
    page.get_by_role("button", name="Copier").click()

    expect(page.locator(".share [role=status]")).to_have_text("Adresse copiée.")
    assert page.evaluate("navigator.clipboard.readText()").endswith(OFFRE)
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()


def test_a_short_sheet_is_one_printed_page_with_its_code(open_page: OpenPage) -> None:
    page = open_page(OFFRE)

    printed = page.pdf(format="A4", prefer_css_page_size=True)

    assert len(PAGE.findall(printed)) == 1
    page.emulate_media(media="print")
    expect(page.locator(".on-paper svg")).to_be_visible()
    expect(page.locator(".paper-url")).to_contain_text(OFFRE)
    for away in (".sheet-share", "#semblables", ".report", ".top-nav", ".foot"):
        assert page.locator(away).first.is_hidden(), away


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_results_are_found_again_as_they_were(
    open_page: OpenPage, java_script_enabled: bool
) -> None:
    page = open_page("/recherche?q=ordinateur&lieu=Orange", java_script_enabled=java_script_enabled)
    results = page.url

    page.locator(".card-title a").first.click()
    page.get_by_role("link", name="Retour aux résultats").click()

    expect(page).to_have_url(results)
