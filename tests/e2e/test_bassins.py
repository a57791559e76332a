"""A basin is added, mended and removed in a browser, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT
from tests.e2e.partners import Partners, running_partners, shared_partners
from tests.web.espace.test_bassins import PAGE, PERTUIS, basins_of, opened

__all__ = ["running_partners", "shared_partners"]  # fixtures
SOUTH, NEW = "bassins.sud-vaucluse.lieux", "Val de Durance"
SHIPPED = "Revenir à ce que le site propose au départ"


def saved(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status")).to_contain_text("C’est enregistré")


def take_from_the_south(page: Page) -> None:
    """Takes Pertuis out of the basin that has it."""
    south = page.locator(f"[id='{SOUTH}']")
    lines = south.input_value().splitlines()
    south.fill("\n".join(line for line in lines if "Pertuis" not in line))


def type_new(page: Page) -> None:
    """Types one more basin, which has Pertuis."""
    page.get_by_text("Ajouter un bassin").click()
    page.get_by_label("Nom du nouveau bassin").fill(NEW)
    page.locator("[id='nouveau.lieux']").fill("Pertuis")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_basin_is_added_and_removed(shared_partners: Partners, javascript: bool) -> None:
    page = shared_partners.window("coordinateur", java_script_enabled=javascript)
    page.goto("/espace/reglages")
    page.get_by_role("link", name="Bassins et contact").click()
    type_new(page)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("déjà dans le bassin")
    expect(page.get_by_label("Nom du nouveau bassin")).to_have_value(NEW)
    expect(page.locator("[id='nouveau.lieux']")).to_have_value("Pertuis")
    take_from_the_south(page)
    saved(page)
    expect(page.get_by_role("heading", name=NEW)).to_be_visible()
    page.goto("/")
    expect(page.locator("main")).to_contain_text(NEW)

    page.goto(PAGE)
    page.get_by_label(f"Retirer ce bassin, {NEW}").check()
    saved(page)
    expect(page.get_by_text("dans aucun bassin")).to_contain_text("Pertuis")
    page.get_by_role("button", name=SHIPPED).click()
    expect(page.get_by_text("dans aucun bassin")).to_have_count(0)
    assert basins_of(shared_partners.site, PERTUIS) == {"sud-vaucluse"}
    page.goto("/")
    expect(page.locator("main")).not_to_contain_text(NEW)


def test_axe_finds_nothing_where_basins_are_mended(shared_partners: Partners) -> None:
    narrow = {"width": 320, "height": HEIGHT}
    page = shared_partners.window("coordinateur", viewport=narrow)
    page.goto(PAGE)
    type_new(page)
    page.get_by_role("button", name="Enregistrer").click()
    summary = page.locator(".fault-summary")
    summary.get_by_role("link", name="Ses communes").click()
    expect(page.locator("[id='nouveau.lieux']")).to_be_focused()
    assert faults(page, is_flat=True) == []
    other = shared_partners.person("administrateur")
    assert opened(other).fill("note", "Autre").send(other).status_code == 303
    take_from_the_south(page)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status")).to_contain_text("Quelqu’un d’autre vient d’enregistrer")
    expect(page.get_by_label("Nom du nouveau bassin")).to_have_value(NEW)
    assert faults(page, is_flat=True) == []
    saved(page)
    page.get_by_label(f"Retirer ce bassin, {NEW}").check()
    saved(page)
    expect(page.get_by_text("dans aucun bassin")).to_contain_text("Pertuis")
    assert faults(page, is_flat=True) == []
    page.get_by_role("button", name=SHIPPED).click()
    expect(page.get_by_text("dans aucun bassin")).to_have_count(0)
