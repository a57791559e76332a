"""The shortlist in a browser: kept without leaving, printed large, left without a trace."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.conftest import OpenPage

RESULTS = "/recherche?lieu=Orange"


def keep(page: Page, rank: int) -> None:
    page.locator(".card .keep").nth(rank).click()


def count(page: Page) -> str:
    return page.locator("[data-liste-nombre]").inner_text()


def test_offers_are_kept_without_leaving_and_found_again(open_page: OpenPage) -> None:
    page = open_page(RESULTS)

    keep(page, 0)
    keep(page, 2)

    expect(page).to_have_url(re.compile(re.escape(RESULTS)))
    expect(page.locator("[data-liste-etat]")).to_have_text("Offre gardée. Votre liste en a 2.")
    assert count(page) == "(2)"
    page.goto("/attributions")
    assert count(page) == "(2)"
    page.locator("[data-liste]").click()
    expect(page.locator(".kept > li")).to_have_count(2)
    page.get_by_role("link", name="Retirer de ma liste").first.click()
    expect(page.locator(".kept > li")).to_have_count(1)
    page.goto("/ma-liste")
    expect(page.locator(".kept > li")).to_have_count(1)


@pytest.mark.parametrize("leave", ["Vider ma liste", "Quitter vite"])
def test_nothing_is_left_behind(open_page: OpenPage, leave: str) -> None:
    page = open_page(RESULTS)
    keep(page, 0)
    page.locator("[data-liste]").click()
    # Where “Quitter vite” leads is not fetched here.
    page.locator(".quit").evaluate("a => a.addEventListener('click', (e) => e.preventDefault())")

    page.get_by_role("link", name=leave).click()
    page.goto("/ma-liste")

    expect(page.get_by_text("Votre liste est vide.")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("width", [320, 1280])
def test_a_list_is_made_without_javascript(open_page: OpenPage, width: int) -> None:
    page = open_page(RESULTS, width=width, java_script_enabled=False)

    keep(page, 0)
    page.get_by_role("link", name="Page suivante").click()
    keep(page, 1)
    page.locator("[data-liste]").click()

    expect(page.locator(".kept > li")).to_have_count(2)


def test_a_printed_list_is_large_and_has_one_offer_a_page_when_asked(open_page: OpenPage) -> None:
    page = open_page(RESULTS)
    keep(page, 0)
    keep(page, 1)
    page.locator("[data-liste]").click()
    page.get_by_role("link", name="Imprimer une page par offre").click()

    page.emulate_media(media="print")

    size = page.locator(".kept-facts dd").first.evaluate("e => getComputedStyle(e).fontSize")
    assert float(size.removesuffix("px")) >= 14 * 96 / 72  # 14 points
    breaks = page.locator(".kept > li").evaluate_all(
        "es => es.map(e => getComputedStyle(e).breakAfter)"
    )
    assert breaks == ["page", "auto"]
    for away in (".kept-actions", ".quit", ".search-band"):
        assert page.locator(away).is_hidden()


def test_axe_finds_nothing_once_offers_are_kept(open_page: OpenPage) -> None:
    page = open_page(RESULTS)

    keep(page, 0)

    assert violations(page) == []
