"""Five errands of a newcomer, each done in six presses at most, with and without JavaScript."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage

MAX_PRESSES = 6


@dataclass
class Visitor:
    """Somebody who starts at the home page; each press counts, typing does not."""

    page: Page
    presses: int = 0

    def press(self, place: Locator) -> None:
        place.click()
        self.presses += 1

    def search(self, what: str, where: str = "") -> None:
        self.page.get_by_role("textbox", name="Quoi").fill(what)
        self.page.get_by_label("Où").fill(where)
        self.press(self.page.get_by_role("button", name="Rechercher"))

    def open_first(self, name: str) -> None:
        self.press(self.page.locator(".card-title a", has_text=re.compile(name)).first)


def find_a_creche_open_on_wednesday(visitor: Visitor) -> None:
    page = visitor.page
    visitor.search("crèche", "Carpentras")
    page.get_by_label("Ouvert", exact=True).select_option("mercredi-matin")
    visitor.presses += 1
    visitor.press(page.get_by_role("button", name="Appliquer les filtres"))
    visitor.open_first("place|crèche")
    expect(page.get_by_role("heading", name="Quand")).to_be_visible()


def find_where_to_sleep_tonight(visitor: Visitor) -> None:
    visitor.search("un endroit où dormir ce soir à Bar-le-Duc")
    expect(visitor.page.get_by_role("link", name="115 Samu social").first).to_be_in_viewport()
    visitor.open_first("115")


def find_who_helps_with_papers(visitor: Visitor) -> None:
    visitor.search("remplir un papier", "Bollène")
    visitor.press(visitor.page.locator(".card-title a").first)
    expect(visitor.page.get_by_role("heading", name="Contacter")).to_be_visible()


def find_free_french_lessons_without_a_car(visitor: Visitor) -> None:
    page = visitor.page
    visitor.search("apprendre le français gratuitement", "Verdun")
    page.get_by_label("Rayon").fill("12")
    visitor.press(page.get_by_role("button", name="Rechercher"))
    visitor.press(page.get_by_role("checkbox", name="Gratuit"))
    visitor.press(page.get_by_role("button", name="Appliquer les filtres"))
    visitor.press(page.locator(".card-title a").first)
    expect(page.get_by_role("heading", name="Combien")).to_be_visible()


def make_a_page_of_three_addresses(visitor: Visitor) -> None:
    visitor.search("aide alimentaire", "Avignon")
    for rank in range(3):
        visitor.press(visitor.page.locator(".card .keep").nth(rank))
    visitor.press(visitor.page.locator("[data-liste]"))
    expect(visitor.page.locator(".kept > li")).to_have_count(3)


ERRANDS = (
    find_a_creche_open_on_wednesday,
    find_where_to_sleep_tonight,
    find_who_helps_with_papers,
    find_free_french_lessons_without_a_car,
    make_a_page_of_three_addresses,
)


@pytest.mark.parametrize("has_javascript", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize("errand", ERRANDS, ids=lambda errand: errand.__name__)
def test_an_errand_takes_six_presses_at_most(
    open_page: OpenPage, errand: Callable[[Visitor], None], has_javascript: bool
) -> None:
    visitor = Visitor(open_page("/", java_script_enabled=has_javascript))

    errand(visitor)

    assert visitor.presses <= MAX_PRESSES
