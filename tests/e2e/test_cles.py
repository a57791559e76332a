"""Keys of the API and the journal in a browser, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT
from tests.e2e.partners import Partners, running_partners, shared_partners

__all__ = ["running_partners", "shared_partners"]  # fixtures
NARROW = {"width": 320, "height": HEIGHT}
NAME, MAKE = "Nom de la clé", "Faire la clé"


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_key_is_made_by_keyboard_revoked_then_found_in_the_journal(
    shared_partners: Partners, javascript: bool
) -> None:
    software = "Logiciel du réseau" if javascript else "Logiciel de la mairie"
    page = shared_partners.window("administrateur", java_script_enabled=javascript)
    page.goto("/espace")
    page.get_by_role("link", name="Clés d’accès à l’API").click()
    page.get_by_label(NAME).focus()
    page.keyboard.type(software)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("elle ne sera plus jamais montrée")
    page.get_by_role("button", name=f"Révoquer la clé {software}").click()
    expect(page.get_by_role("status")).to_contain_text("La clé est révoquée")
    expect(page.get_by_role("button", name=f"Révoquer la clé {software}")).to_have_count(0)

    page.goto("/espace")
    page.get_by_role("link", name="Journal des actions sensibles").click()
    page.get_by_label("Action").select_option("Clé révoquée")
    page.get_by_role("button", name="Chercher").click()
    rows = page.get_by_role("row").filter(has=page.get_by_role("cell"))
    expect(rows.first).to_contain_text("Clé révoquée")
    expect(rows.filter(has_not_text="Clé révoquée")).to_have_count(0)
    page.get_by_label("Objet").fill("cle:99999")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("Aucune ligne ne correspond")).to_be_visible()
    expect(page.get_by_label("Objet")).to_have_value("cle:99999")


def test_axe_finds_nothing_where_keys_and_lines_are_asked(shared_partners: Partners) -> None:
    page = shared_partners.window("administrateur", viewport=NARROW)

    def check(state: str) -> None:
        assert faults(page) == [], state

    page.goto("/espace/cles")
    page.get_by_label(NAME).fill("   ")
    page.get_by_label("Durée").select_option("30 jours")
    page.get_by_role("button", name=MAKE).click()
    expect(page.locator("#nom-faute")).to_contain_text("Donnez un nom à cette clé")
    expect(page.get_by_role("alert")).to_contain_text("Donnez un nom à cette clé")
    expect(page.get_by_label("Durée")).to_have_value("30")
    expect(page.get_by_label(NAME)).to_be_focused()
    check("a key without a name")
    page.get_by_label(NAME).fill("Logiciel")
    page.get_by_role("button", name=MAKE).click()
    expect(page.get_by_role("status")).to_contain_text("elle ne sera plus jamais montrée")
    check("a key, shown once")
    page.get_by_role("button", name="Révoquer la clé Logiciel").click()
    expect(page.get_by_role("status")).to_contain_text("La clé est révoquée")
    page.goto("/espace/journal")
    check("lines")
    page.goto("/espace/journal?depuis=hier&jusqu_a=demain&objet=cle:1")
    expect(page.get_by_role("alert").get_by_text("Écrivez une date")).to_have_count(2)
    expect(page.locator(".fault", has_text="Écrivez une date")).to_have_count(2)
    expect(page.get_by_label("Objet")).to_have_value("cle:1")
    check("days that are none")
