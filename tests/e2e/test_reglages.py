"""The coordinator's pages in a real browser: rules confirmed, settings tried and saved, axe."""

import pytest
from playwright.sync_api import Page

from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT
from tests.e2e.test_espace import Browse, Served, browse, served, signed_in

__all__ = ["browse", "served"]  # fixtures

SCHEME = "/espace/regles/aides-ccas"
OFFER = "eventail-dispositifs--aides-ccas--ccas-avignon"
TERRITORY = "/espace/reglages/vaucluse"
SAVED = "C’est enregistré"


def opened(served: Served, browse: Browse, *, javascript: bool) -> Page:
    page = browse(java_script_enabled=javascript).new_page()
    return signed_in(served, page, "coordinateur")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_coordinator_corrects_a_scheme_for_all_its_bodies_then_confirms_it(
    served: Served, browse: Browse, javascript: bool
) -> None:
    page = opened(served, browse, javascript=javascript)
    page.get_by_role("link", name="Règles à confirmer").click()
    page.get_by_role("link", name="Aides du centre communal d’action sociale").click()
    page.get_by_role("link", name="Corriger").click()
    page.locator("#eligibilite_a_verifier").fill("Habiter la commune depuis trois mois")
    page.get_by_role("button", name="Publier").click()
    page.get_by_role("button", name="Appliquer à 3 offres").click()
    page.get_by_role("button", name="Confirmer ces règles").click()

    assert "C’est confirmé" in page.get_by_role("status").inner_text()
    page.goto(f"/offres/{OFFER}")
    sheet = page.locator("main").inner_text()
    assert "Habiter la commune depuis trois mois" in sheet
    assert "Règles confirmées par la coordination" in sheet


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_coordinator_sets_the_territory(served: Served, browse: Browse, javascript: bool) -> None:
    page = opened(served, browse, javascript=javascript)
    page.get_by_role("link", name="Réglages du territoire").click()
    page.get_by_role("link", name="Classement des offres").click()
    page.get_by_label("Besoin").fill("0")
    page.get_by_label("Proximité").fill("60")
    page.get_by_label("Proximité").press("Enter")
    assert "Rien n’est encore enregistré." in page.locator("#essai").inner_text()
    page.get_by_role("button", name="Enregistrer").click()
    assert SAVED in page.get_by_role("status").inner_text()

    page.get_by_role("link", name="Mots d’ici").click()
    page.get_by_label("Un mot par ligne").fill("cité des papes = Avignon")
    page.get_by_label("Ce qu’une personne écrirait").fill("permis cité des papes")
    page.get_by_role("button", name="Essayer", exact=True).click()
    assert "près d’Avignon" in page.locator("#essai").inner_text()
    page.get_by_label("Chercher un synonyme").fill("cdd")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_label("« cdd »").check()
    page.get_by_role("button", name="Enregistrer").click()
    assert SAVED in page.get_by_role("status").inner_text()
    assert page.get_by_label("« cdd »").is_checked()

    page.get_by_role("link", name="Bassins et contact").click()
    page.get_by_label("Nom du territoire").fill("Vaucluse Provence")
    page.get_by_role("button", name="Enregistrer").click()
    page.goto("/")
    assert "Vaucluse Provence" in page.locator("main").inner_text()


def test_axe_finds_nothing_on_pages_of_coordinators(served: Served, browse: Browse) -> None:
    context = browse(viewport={"width": 320, "height": HEIGHT})
    page = signed_in(served, context.new_page(), "coordinateur")

    def check(state: str) -> None:
        assert faults(page) == [], state

    for address in ("/espace", "/espace/regles", SCHEME, "/espace/reglages"):
        page.goto(address)
        check(address)
    page.goto(f"/espace/offres/{OFFER}/modifier?dispositif=aides-ccas")
    page.locator("#eligibilite_a_verifier").fill("Habiter la commune")
    page.get_by_role("button", name="Publier").click()
    page.wait_for_url("**/comparer?**")  # the form first asks whether the site answers
    check("what differs")
    page.goto(SCHEME)
    check("versions")
    page.get_by_role("button", name="Écarter ce dispositif").click()
    check("set aside")
    for address, field, wrong, right in (
        (TERRITORY, "besoin", "beaucoup", "40"),
        (f"{TERRITORY}/bassins", "nom", "", "Le Vaucluse"),
        (f"{TERRITORY}/mots", "mots", "clic", "clic = aide à domicile"),
    ):
        page.goto(address)
        check(address)
        page.locator(f"#{field}").fill(wrong)
        page.get_by_role("button", name="Enregistrer").click()
        check(f"{address}, refused")
        page.locator(f"#{field}").fill(right)
        if page.get_by_role("button", name="Essayer", exact=True).count():
            page.get_by_role("button", name="Essayer", exact=True).first.click()
            check(f"{address}, tried")
        page.get_by_role("button", name="Enregistrer").click()
        check(f"{address}, saved")
    page.locator("#cherche").fill("hébergement")  # groups with and without a box
    page.get_by_role("button", name="Chercher", exact=True).click()
    check("synonyms, found")
