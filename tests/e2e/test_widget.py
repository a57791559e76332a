"""The frame in a real browser: shown by the sites of the setting, refused by every other."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from tests.conftest import TOWN
from tests.e2e.conftest import OpenPage

STRANGER = "https://inconnu.exemple.fr"
CARD = ".widget-card h3 a"


@contextmanager
def page_of(browser: Browser, town: str, body: str) -> Iterator[Page]:
    """A page of another site, that nobody needs to serve."""
    # Chromium asks before a public site reaches this machine, where the tests serve ours.
    context = browser.new_context(locale="fr-FR", permissions=["local-network-access"])
    document = f"<!doctype html><html lang=fr><title>Ma ville</title>{body}"

    def answer(route: Route) -> None:
        route.fulfill(body=document, content_type="text/html; charset=utf-8")

    context.route(f"{town}/**", answer)
    page = context.new_page()
    page.goto(f"{town}/")
    yield page
    context.close()


def code_of(open_page: OpenPage) -> str:
    """Chooses on the page, and copies what it gives."""
    page = open_page("/widget/code", java_script_enabled=False)
    page.get_by_label("Territoire").select_option(label="Vaucluse")
    page.get_by_label("Numérique").check()
    page.get_by_label("Nombre d’offres").fill("2")
    page.get_by_role("button", name="Préparer le code").click()
    preview = page.frame_locator("iframe")
    expect(preview.locator(CARD)).to_have_count(2)
    return page.get_by_label("Code du cadre").input_value()


def frame_in(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def test_a_town_shows_the_search_and_its_visitor_reaches_a_sheet(
    open_page: OpenPage, chromium: Browser
) -> None:
    with page_of(chromium, TOWN, code_of(open_page)) as page:
        frame = frame_in(page)
        expect(frame.locator(CARD)).to_have_count(2)
        frame.get_by_label("Où").fill("Apt")
        frame.get_by_role("button", name="Rechercher").click()
        expect(frame.get_by_role("heading", name="près d’Apt")).to_be_visible()

        with page.context.expect_page() as opened:
            frame.locator(CARD).first.click()

        sheet = opened.value
        expect(sheet.get_by_role("heading", name="Pour qui")).to_be_visible()
        assert sheet.evaluate("window.opener") is None


def test_another_site_is_refused(open_page: OpenPage, chromium: Browser) -> None:
    with page_of(chromium, STRANGER, code_of(open_page)) as page:
        expect(frame_in(page).get_by_role("button", name="Rechercher")).to_have_count(0)
        (inner,) = page.main_frame.child_frames
        assert "/widget" not in inner.url
