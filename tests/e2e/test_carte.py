"""The map in a real browser: on demand, by keyboard, always beside its list, and never needed."""

import base64
import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.axe import WIDTHS, overflow_px, violations
from tests.e2e.conftest import TILES, OpenPage
from tests.e2e.pages import FULL, OFFRE, STRUCTURE
from tests.e2e.test_journeys import tab_to

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
MARKS = ".carte-repere[role=button]"


def tiles_come(route: Route) -> None:
    route.fulfill(body=DOT, content_type="image/png")


def tiles_fail(route: Route) -> None:
    route.fulfill(status=503)


def open_map(page: Page) -> Locator:
    page.get_by_role("button", name="Voir sur la carte").click()
    expect(page.locator(".leaflet-container")).to_be_visible()
    return page.locator(MARKS)


def numbers_on(marks: Locator) -> list[int]:
    """Returns the numbers of the cards that marks stand for."""
    said = " ; ".join(marks.evaluate_all("all => all.map(mark => mark.ariaLabel)"))
    return sorted(int(number) for number in re.findall(r"(?:^|[;:]\s)(\d+) ", said))


def numbers_of_placed_cards(page: Page) -> list[int]:
    ranks = page.locator(".card").evaluate_all(
        "all => all.flatMap((card) => card.dataset.lat ? [card.value] : [])"
    )
    return [int(rank) for rank in ranks]


def test_every_placed_card_has_its_number_on_the_map(open_page: OpenPage) -> None:
    page = open_page(FULL, tiles=tiles_come)

    marks = open_map(page)

    placed = numbers_of_placed_cards(page)
    assert len(placed) > 5
    assert numbers_on(marks) == placed
    expect(page.get_by_role("status").last).to_have_text(
        f"Carte affichée\u00a0: {len(placed)} offres."
    )
    for _ in range(3):
        page.get_by_role("button", name="Agrandir la carte").click()
    expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)
    assert numbers_on(marks) == placed


def test_by_keyboard_from_the_button_to_a_sheet(open_page: OpenPage) -> None:
    page = open_page(FULL, tiles=tiles_come, reduced_motion="reduce")

    tab_to(page, "[data-avant] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Carte des résultats")).to_be_focused()
    tab_to(page, MARKS)
    page.keyboard.press("Enter")
    bubble = page.locator(".carte-bulle")
    link = bubble.get_by_role("link").first
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(bubble).to_have_count(0)
    expect(page.locator(MARKS).first).to_be_focused()
    page.keyboard.press("Enter")
    name = link.inner_text()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_bubble_leads_back_to_the_card_which_lights_its_mark(open_page: OpenPage) -> None:
    page = open_page(FULL, tiles=tiles_come, reduced_motion="reduce")
    open_map(page).last.click()
    row = page.locator(".carte-bulle li").first
    number, href = row.inner_text().partition(".")[0], row.get_by_role("link").get_attribute("href")

    row.get_by_role("button", name="Voir dans la liste").click()

    card = page.locator(".card").nth(int(number) - 1)
    expect(card.locator(".card-title a")).to_be_focused()
    assert (href or "").endswith(card.locator(".card-title a").get_attribute("href") or "?")
    page.mouse.move(0, 0)  # a card under the pointer would light its own mark
    lit = page.locator(".is-lit")
    expect(lit).to_have_count(1)
    assert int(number) in numbers_on(lit)


def test_the_list_is_numbered_only_beside_the_map(open_page: OpenPage) -> None:
    page = open_page(FULL, tiles=tiles_come)
    number = "getComputedStyle(document.querySelector('.card-title'), '::before').content"
    assert page.evaluate(number) == "none"

    open_map(page)
    assert page.evaluate(number) == "counter(list-item)"
    page.get_by_role("button", name="Masquer la carte").click()

    assert page.evaluate(number) == "none"
    expect(page.get_by_role("button", name="Voir sur la carte")).to_be_focused()


def test_nothing_of_the_map_is_fetched_before_it_is_asked_for(open_page: OpenPage) -> None:
    page = open_page("/attributions", tiles=tiles_come)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(FULL, wait_until="networkidle")
    assert not [url for url in asked if "leaflet" in url or url.startswith(TILES)]
    open_map(page)
    expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()

    assert [url for url in asked if "leaflet" in url]
    assert page.locator(".leaflet-tile-loaded").first.evaluate("tile => tile.naturalWidth") == 1


def test_without_the_background_the_points_remain(open_page: OpenPage) -> None:
    page = open_page(FULL, tiles=tiles_fail)

    marks = open_map(page)

    expect(page.get_by_text("Le fond de carte ne répond pas")).to_be_visible()
    assert numbers_on(marks) == numbers_of_placed_cards(page)


def test_a_map_that_does_not_load_is_said_and_can_be_tried_again(open_page: OpenPage) -> None:
    page = open_page(FULL, tiles=tiles_come)
    page.context.route("**/leaflet.css", lambda route: route.fulfill(status=503))
    page.get_by_role("button", name="Voir sur la carte").click()
    expect(page.get_by_text("La carte n’a pas pu être chargée.")).to_be_visible()

    page.context.unroute("**/leaflet.css")

    assert open_map(page).count() > 0


def test_a_sheet_shows_its_place(open_page: OpenPage) -> None:
    page = open_page(OFFRE, tiles=tiles_come)

    page.get_by_role("button", name="Voir sur la carte").click()

    expect(page.get_by_role("heading", name="Carte du lieu")).to_be_focused()
    expect(page.locator(".carte-repere")).to_have_count(1)
    expect(page.locator(".carte-repere")).to_be_in_viewport()


@pytest.mark.parametrize("address", [FULL, OFFRE])
def test_without_javascript_no_button_promises_a_map(open_page: OpenPage, address: str) -> None:
    page = open_page(address, java_script_enabled=False)

    expect(page.get_by_text("Voir sur la carte")).to_be_hidden()
    expect(page.get_by_text("Le fond de carte vient de")).to_be_hidden()
    if address == OFFRE:
        expect(page.get_by_role("link", name="Voir sur OpenStreetMap")).to_be_visible()
        expect(page.get_by_role("link", name="Itinéraire")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_an_open_map(open_page: OpenPage, width: int) -> None:
    page = open_page(FULL, width=width, tiles=tiles_come, reduced_motion="reduce")

    marks = open_map(page)
    page.evaluate("scrollTo(0, 0)")  # the header that stays in sight covers nothing there
    assert violations(page) == []
    marks.first.click()
    expect(page.locator(".carte-bulle")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")

    # A bubble may hide marks, which were checked before it; closing it shows them again.
    assert violations(page, without=".leaflet-marker-pane") == []
    assert overflow_px(page) <= 0


@pytest.mark.parametrize("address", [OFFRE, STRUCTURE])
def test_axe_finds_nothing_on_the_map_of_a_sheet(open_page: OpenPage, address: str) -> None:
    page = open_page(address, width=320, tiles=tiles_come)
    button = page.get_by_role("button", name="Voir sur la carte")
    if button.count():
        button.click()
        expect(page.locator(".leaflet-container")).to_be_visible()

    assert violations(page) == []
    assert overflow_px(page) <= 0


def test_the_map_stays_off_paper(open_page: OpenPage) -> None:
    page = open_page(FULL, tiles=tiles_come)
    open_map(page)

    page.emulate_media(media="print")

    expect(page.locator(".carte")).to_be_hidden()
    expect(page.locator(".card").first).to_be_visible()
