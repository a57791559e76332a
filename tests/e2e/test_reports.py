"""An error is reported in two presses, without JavaScript; what is refused can be mended."""

import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.e2e.axe import faults_as_it_stands
from tests.e2e.conftest import OpenPage
from tests.e2e.pages import OFFRE, STRUCTURE
from tests.e2e.test_journeys import tab_to

SUMMARY = "Signaler une erreur sur cette fiche"


@pytest.mark.parametrize(("sheet", "width"), [(OFFRE, 320), (OFFRE, 1280), (STRUCTURE, 320)])
def test_two_presses_send_a_report_without_javascript(
    open_page: OpenPage, sheet: str, width: int
) -> None:
    page = open_page(sheet, width=width, java_script_enabled=False)
    sent = kept_from_the_site(page)

    page.get_by_text(SUMMARY).click()
    page.get_by_role("button", name="Les horaires").click()

    expect(page.get_by_role("heading", name="Merci.")).to_be_visible()
    (request,) = sent
    assert request.method == "POST"
    assert request.url.endswith(f"{sheet}/signaler")
    assert request.post_data == "precision=&courriel=&site_web=&motif=horaires"


def test_a_report_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(f"{OFFRE}#source")
    sent = kept_from_the_site(page)

    tab_to(page, ".report > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Précision")).to_be_focused()
    page.keyboard.type("Fermé")
    page.keyboard.press("Enter")  # a new line: nothing is sent yet
    page.keyboard.type("le lundi")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Votre courriel")).to_be_focused()
    page.keyboard.press("Tab")  # past the lure, which no key reaches
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Merci.")).to_be_visible()
    assert [request.post_data for request in sent] == [
        "precision=Ferm%C3%A9%0D%0Ale+lundi&courriel=&site_web=&motif=horaires"
    ]


def test_what_is_too_long_is_kept_to_be_mended(open_page: OpenPage) -> None:
    page = open_page(OFFRE, width=320)
    typed = "Le portail reste fermé. " * 20

    page.get_by_text(SUMMARY).click()
    page.get_by_label("Précision").fill(typed)
    page.get_by_role("button", name="Autre chose").click()

    expect(page).to_have_title(re.compile(r"^Erreur\s: Signaler une erreur"))
    expect(page.get_by_label("Précision")).to_have_value(typed)
    assert faults_as_it_stands(page) == []
    page.get_by_role("link", name="Précision").click()
    expect(page.get_by_label("Précision")).to_be_focused()


def kept_from_the_site(page: Page) -> list[Request]:
    """Thanks for every report in place of the site, whose catalogue all the tests share."""
    sent: list[Request] = []

    def thank(route: Route) -> None:
        sent.append(route.request)
        thanks = page.request.get(f"{OFFRE}/signale")
        route.fulfill(response=thanks)

    page.route("**/signaler", thank)
    return sent
