"""The form of a listing in a real browser: what its scripts add, and what stands without them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from app.domain.ports import AdresseTrouvee
from app.web.auth.session import ESPACE_EXTENSION
from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT
from tests.e2e.partners import EDIT, SHEET, Partners, running

NAME = "Nom de l’offre"
KEEP, LOOK, PUBLISH = (
    f".espace-save button[value={value}]" for value in ("brouillon", "apercu", "enregistrer")
)


@pytest.fixture
def partners(people_dir: Path, tmp_path: Path, chromium: Browser) -> Iterator[Partners]:
    with running(people_dir, tmp_path, chromium) as served:
        yield served


def posts_of(page: Page) -> list[Request]:
    """Notes every form that leaves from now on."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    return sent


def test_the_result_follows_what_one_types(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    expect(page.locator("#apercu")).to_contain_text("Passer le permis")
    sent = posts_of(page)
    page.get_by_label(NAME).press("End")
    page.get_by_label(NAME).press_sequentially(" de nuit")

    expect(page.locator("#apercu")).to_contain_text("Passer le permis de nuit")
    expect(page.locator("[data-annonce]")).to_have_text("Le résultat est à jour.")
    expect(page.get_by_label(NAME)).to_be_focused()
    assert len(sent) < len(" de nuit")  # not at each key
    page.get_by_label(NAME).fill("x")
    expect(page.locator("#apercu")).to_contain_text("Le résultat attend")
    expect(page.locator(".sommaire")).to_contain_text("1 erreur")


def test_only_the_newest_result_is_shown(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    expect(page.locator("#apercu")).to_be_visible()
    held: list[Route] = []

    def hold_the_old(route: Route) -> None:
        is_old = "Vieux" in (route.request.post_data or "")
        held.append(route) if is_old else route.continue_()

    page.route("**/modifier", hold_the_old)
    with page.expect_request(lambda r: "Vieux" in (r.post_data or "")):
        page.get_by_label(NAME).fill("Vieux nom")
    page.get_by_label(NAME).fill("Nom tout neuf")

    expect(page.locator("#apercu")).to_contain_text("Nom tout neuf")
    assert held  # and was given up by the page: nobody waits for its answer
    expect(page.locator("#apercu")).not_to_contain_text("Vieux")


def test_buttons_of_the_form_need_no_other_page(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    page.evaluate("document.body.dataset.same = 'oui'")
    tree = page.locator("#eligibilite")
    tree.get_by_role("button", name="Ajouter une condition").first.click()
    fact = page.locator("[id='eligibilite.1.fait']")
    expect(fact).to_be_focused()
    fact.select_option("allocations")
    page.locator("[id='eligibilite.1']").get_by_role("button", name="Voir les réponses").click()
    answer = page.locator("[id='eligibilite.1'] .box-list input").first
    expect(answer).to_be_focused()
    answer.check()
    page.locator("[id='eligibilite.1']").get_by_role("button", name="Retirer").click()
    expect(page.locator("[id='eligibilite.0']")).to_be_focused()
    expect(page.locator("[id='eligibilite.1']")).to_have_count(0)
    page.locator("#horaires_accueil summary").click()
    page.get_by_role("button", name="Ajouter une exception").click()
    expect(page.locator("[id='horaires.exceptions.1.du']")).to_be_focused()

    assert page.evaluate("document.body.dataset.same") == "oui"


def test_a_button_that_is_not_answered_becomes_a_whole_page(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    expect(page.locator("#apercu")).to_be_visible()
    page.route("**/modifier", _refuse_parts)
    page.locator("#eligibilite").get_by_role("button", name="Ajouter une condition").first.click()

    page.wait_for_load_state("load")
    expect(page.locator("[id='eligibilite.1.fait']")).to_be_visible()


def _refuse_parts(route: Route) -> None:
    is_part = "fragment=" in (route.request.post_data or "")
    route.fulfill(status=500, body="") if is_part else route.continue_()


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_draft_is_kept_opened_again_and_published(partners: Partners, javascript: bool) -> None:
    page = partners.window(java_script_enabled=javascript)
    page.goto(EDIT)
    page.get_by_label(NAME).fill("x")
    page.locator(KEEP).click()
    expect(page.get_by_text(re.compile(r"Brouillon enregistré à \d\d.h.\d\d"))).to_be_visible()
    page.goto(SHEET)
    page.get_by_role("link", name="Reprendre le brouillon de x").click()
    expect(page.get_by_label(NAME)).to_have_value("x")
    page.get_by_label(NAME).fill("Permis de nuit")
    page.locator(PUBLISH).click()

    expect(page.locator(".notice", has_text="Permis de nuit")).to_be_visible()
    expect(page.get_by_text("Vos brouillons")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_the_public_sheet_is_seen_and_left(partners: Partners, javascript: bool) -> None:
    page = partners.window(java_script_enabled=javascript)
    page.goto(EDIT)
    page.get_by_label(NAME).fill("Permis de nuit")
    page.locator(LOOK).click()
    page.locator("#apercu").get_by_role("button", name="comme le public").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Permis de nuit")
    expect(page.locator(".apercu-band")).to_contain_text("Aperçu")
    page.get_by_role("button", name="Revenir à la modification").click()

    expect(page.get_by_label(NAME)).to_have_value("Permis de nuit")


def test_the_point_is_placed_by_the_keyboard_the_pointer_or_its_fields(partners: Partners) -> None:
    page = partners.window()
    page.goto(EDIT)
    latitude, longitude = page.locator("#latitude"), page.locator("#longitude")
    page.get_by_role("button", name="Placer le point sur une carte").click()
    mark = page.locator(".point .leaflet-marker-icon")
    mark.focus()
    mark.press("ArrowUp")
    first = float(latitude.input_value())
    mark.press("ArrowUp")
    assert float(latitude.input_value()) > first
    east = float(longitude.input_value())
    mark.press("ArrowRight")
    assert float(longitude.input_value()) > east
    expect(page.locator("[data-point-etat]")).to_contain_text("Point placé")
    # One press on the map does what dragging does (WCAG 2.5.7).
    page.locator(".point .carte-vue").click(position={"x": 40, "y": 200})
    assert float(longitude.input_value()) < east
    latitude.fill("43,95")
    longitude.fill("4,80")
    longitude.blur()
    mark.press("ArrowDown")
    assert abs(float(latitude.input_value()) - 43.95) < 0.1
    page.get_by_role("button", name="Placer le point sur une carte").click()
    expect(page.locator("#point-carte")).to_be_hidden()


class OneStreet:
    """An address service that knows one address."""

    def locate(self, adresse: str) -> AdresseTrouvee | None:
        assert adresse == "1 rue du Vernet 84000 Avignon"
        return AdresseTrouvee(
            libelle="1 Rue du Vernet, 84000 Avignon",
            latitude=43.9457,
            longitude=4.8093,
            code_insee="84007",
            score=0.97,
        )


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_an_address_gives_its_point_where_one_goes_on(partners: Partners, javascript: bool) -> None:
    site = partners.site
    found = replace(site.espace, geocoder=OneStreet())
    site.app.extensions[ESPACE_EXTENSION] = lambda: found
    page = partners.window(java_script_enabled=javascript)
    page.goto(f"{SHEET}/modifier")
    page.get_by_label("Adresse", exact=True).fill("1 rue du Vernet")
    page.get_by_role("button", name="Situer l’adresse").click()

    said = page.locator(".locate .notice")
    expect(said).to_contain_text("1 Rue du Vernet, 84000 Avignon")
    expect(said).to_be_focused()
    expect(said).to_be_in_viewport()
    expect(page.locator("#latitude")).to_have_value("43.945700")
    expect(page.get_by_label("Adresse", exact=True)).to_have_value("1 rue du Vernet")


def test_the_buttons_are_at_hand_and_hide_nothing_that_has_the_focus(partners: Partners) -> None:
    page = partners.window(viewport={"width": 320, "height": HEIGHT})
    page.goto(EDIT)
    for _ in range(40):
        page.keyboard.press("Tab")
        expect(page.locator(PUBLISH)).to_be_in_viewport()
        hidden = page.evaluate(
            """() => {
              const own = document.activeElement.getBoundingClientRect();
              const bar = document.querySelector(".espace-save");
              if (!own.height || bar.contains(document.activeElement)) return false;
              return own.top >= bar.getBoundingClientRect().top;
            }"""
        )
        assert not hidden, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_an_error_opens_what_is_folded(partners: Partners) -> None:
    page = partners.window(java_script_enabled=False)
    page.goto(EDIT)
    section = page.locator("#section-places")
    expect(section).not_to_have_attribute("open", "")
    section.locator("summary").first.click()
    page.get_by_label("Nombre de semaines").fill("beaucoup")
    page.locator(PUBLISH).click()

    expect(page.locator("#section-places")).to_have_attribute("open", "")
    page.locator(".fault-summary").get_by_role("link", name="Nombre de semaines").click()
    expect(page.get_by_label("Nombre de semaines")).to_be_in_viewport()


def test_axe_finds_nothing_in_any_state(partners: Partners) -> None:
    page = partners.window(viewport={"width": 320, "height": HEIGHT})

    def check(state: str) -> None:
        assert faults(page, is_flat=True) == [], state

    page.goto(EDIT)
    expect(page.locator("#apercu")).to_be_visible()
    page.get_by_role("button", name="Placer le point sur une carte").click()
    expect(page.locator(".point .leaflet-marker-icon")).to_be_visible()
    check("form with its map")
    page.get_by_label(NAME).fill("x")
    expect(page.locator("#apercu")).to_contain_text("Le résultat attend")
    page.locator(KEEP).click()
    expect(page.locator("[data-etat]")).to_contain_text("Brouillon enregistré")
    check("result that waits")
    page.locator(PUBLISH).click()
    expect(page.locator(".fault-summary")).to_be_visible()
    check("form with faults")
    page.goto("/espace")
    check("home with a draft")
    page.goto(EDIT)
    check("draft to open again")
    page.get_by_role("link", name="Reprendre le brouillon").click()
    page.get_by_label(NAME).fill("Permis de nuit")
    page.locator(LOOK).click()
    expect(page.locator("#apercu")).to_contain_text("Permis de nuit")
    page.locator("#apercu").get_by_role("button", name="comme le public").click()
    expect(page.locator(".apercu-band")).to_be_visible()
    check("public sheet")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_structure_that_is_missing_is_sent(partners: Partners, javascript: bool) -> None:
    page = partners.window("sans-structure", java_script_enabled=javascript)
    page.goto("/espace")
    page.get_by_role("link", name="Ajoutez-la").click()
    page.get_by_label("Nom de la structure").fill("Maison A")
    page.get_by_label("Téléphone").fill("04 90 11 22 33")
    page.locator(PUBLISH).click()
    page.locator(".fault-summary").get_by_role("link", name="Commune").click()
    page.get_by_label("Commune", exact=True).fill("Avignon")
    page.locator(PUBLISH).click()
    expect(page.get_by_role("alert")).to_contain_text("peut-être déjà au catalogue")
    expect(page.locator("[data-reprise]")).to_be_hidden()  # nothing is said that is not here
    expect(page.get_by_label("Téléphone")).to_have_value("04 90 11 22 33")
    page.locator(PUBLISH).click()

    expect(page.locator(".notice", has_text="sera publiée une fois relue")).to_be_visible()
    expect(page.get_by_text("en attente de relecture")).to_be_visible()


def test_axe_finds_nothing_on_a_new_structure(partners: Partners) -> None:
    page = partners.window("sans-structure", viewport={"width": 320, "height": HEIGHT})
    page.goto("/espace/nouvelle-structure")
    assert faults(page, is_flat=True) == []
    page.get_by_label("Nom de la structure").fill("Maison A")
    page.get_by_label("Commune", exact=True).fill("Avignon")
    page.locator(PUBLISH).click()
    expect(page.get_by_role("alert")).to_contain_text("peut-être déjà au catalogue")
    assert faults(page, is_flat=True) == []
    page.locator(PUBLISH).click()
    expect(page.get_by_text("en attente de relecture")).to_be_visible()
    assert faults(page) == []
    moderator = partners.window("coordinateur", viewport={"width": 320, "height": HEIGHT})
    moderator.goto("/espace/moderation")
    moderator.get_by_role("link", name="Maison A").click()
    expect(moderator.get_by_text("Elle est peut-être déjà au catalogue")).to_be_visible()
    assert faults(moderator) == []
