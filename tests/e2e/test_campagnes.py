"""A campaign in a browser: made, followed, its calls noted; a structure says how it is asked."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.domain.campagnes import ModeContact
from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT
from tests.e2e.test_espace import Browse, Served, browse, served, signed_in
from tests.web.espace.conftest import STRUCTURE_A

__all__ = ["browse", "served"]  # fixtures

BOARD = "/espace/campagnes"
REMINDERS = f"/espace/structures/{STRUCTURE_A}/rappels"


def opened(served: Served, browse: Browse, **options: object) -> Page:
    """Opens a campaign as a coordinator."""
    page = signed_in(served, browse(**options).new_page(), "coordinateur")
    page.goto(BOARD)
    page.get_by_label("Nom", exact=True).fill("Hiver")
    page.get_by_label("Fiches sans nouvelles depuis").fill("")
    page.get_by_role("button", name="Créer la campagne").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hiver")
    return page


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_campaign_is_made_followed_and_called_for(
    served: Served, browse: Browse, javascript: bool
) -> None:
    page = opened(served, browse, java_script_enabled=javascript)
    page.get_by_label("Nom de la structure").fill("maison a")
    page.get_by_label("Bassin").select_option("Grand Avignon")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_label("Nom de la structure")).to_have_value("maison a")
    expect(page.get_by_text("Maison B")).to_have_count(0)
    page.get_by_role("link", name="Fiche d’appel de Maison A", exact=True).click()
    expect(page.get_by_role("heading", name="Passer le permis")).to_be_visible()
    page.get_by_role("button", name="À rappeler").click()
    expect(page.get_by_role("status")).to_contain_text("Le résultat de l’appel est noté")
    page.get_by_role("button", name="Tout est juste").click()
    expect(page.get_by_text("Fait", exact=True)).to_be_visible()
    page.get_by_role("link", name="Hiver").click()
    campaign = page.url
    page.goto(f"{campaign}?nom=maison+a")

    expect(page.get_by_text(re.compile(r"Dernier appel le .* tout est juste"))).to_be_visible()
    page.goto(f"/structures/{STRUCTURE_A}")
    expect(page.locator(".fresh").first).to_contain_text("Confirmé par la structure le")

    page.goto(campaign)
    expect(page.get_by_role("button", name="Oui, arrêter la campagne")).to_be_hidden()
    page.locator("summary", has_text="Arrêter la campagne").click()
    page.get_by_role("button", name="Oui, arrêter la campagne").click()
    expect(page.get_by_role("status")).to_contain_text("La campagne est arrêtée")
    expect(page.locator("summary", has_text="Arrêter la campagne")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_structure_says_how_it_is_asked(served: Served, browse: Browse, javascript: bool) -> None:
    page = signed_in(served, browse(java_script_enabled=javascript).new_page())
    page.get_by_role("link", name="Maison A").first.click()
    page.get_by_role("link", name="Choisir comment être relancé").click()
    page.get_by_label("Comment vous contacter").select_option("Par téléphone")
    page.get_by_label("Adresse pour les rappels").fill("chez nous")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_label("Adresse pour les rappels")).to_have_value("chez nous")
    expect(page.get_by_role("alert")).to_contain_text("Erreur")
    page.get_by_label("Adresse pour les rappels").fill("direction@a.fr")
    page.get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_role("status")).to_contain_text("C’est enregistré")
    contact = served.site.espace.campagnes.store.contact(STRUCTURE_A)
    assert (contact.mode, contact.courriel) == (ModeContact.TELEPHONE, "direction@a.fr")


def test_the_sheet_of_a_call_is_printed_without_what_is_pressed(
    served: Served, browse: Browse
) -> None:
    page = opened(served, browse)
    page.goto(f"{page.url}/structures/{STRUCTURE_A}")
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Passer le permis")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="accueil@a.fr").first).to_be_visible()
    expect(page.get_by_role("link", name="Corriger Passer le permis")).to_be_hidden()
    expect(page.get_by_role("button", name="Injoignable")).to_be_hidden()
    expect(page.get_by_role("link", name="Hiver")).to_be_hidden()


def test_axe_finds_nothing_on_pages_of_campaigns(served: Served, browse: Browse) -> None:
    context = browse(viewport={"width": 320, "height": HEIGHT})
    page = signed_in(served, context.new_page(), "coordinateur")

    def check(state: str) -> None:
        assert faults(page) == [], state

    page.goto(BOARD)
    check("no campaign")
    page.get_by_label("Relances").fill("vingt")
    page.get_by_role("button", name="Créer la campagne").click()
    page.locator(".fault-summary").get_by_role("link", name="Relances").click()
    expect(page.get_by_label("Relances")).to_be_focused()
    check("a campaign to mend")
    page.get_by_label("Nom", exact=True).fill("Hiver")
    page.get_by_label("Relances").fill("10, 20")
    page.get_by_label("Fiches sans nouvelles depuis").fill("")
    page.get_by_role("button", name="Créer la campagne").click()
    page.goto(f"{page.url}?nom=maison")
    page.locator("summary", has_text="Arrêter la campagne").click()
    check("a campaign that may be stopped")
    page.get_by_role("link", name="Fiche d’appel de Maison A", exact=True).click()
    check("a call")
    page.get_by_role("button", name="Injoignable").click()
    check("a call that is noted")
    page.goto(BOARD)
    check("campaigns")
    page.goto(REMINDERS)
    page.get_by_label("Adresse pour les rappels").fill("x")
    page.get_by_role("button", name="Enregistrer").click()
    check("an address to mend")
