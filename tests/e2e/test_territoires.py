"""An administrator's territories in a real browser: one more, where it is, one less, axe."""

import pytest

from tests.e2e.axe import faults
from tests.e2e.test_espace import Browse, Served, browse, served, signed_in

__all__ = ["browse", "served"]  # fixtures


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_an_administrator_adds_a_territory_corrects_it_and_removes_it(
    served: Served, browse: Browse, javascript: bool
) -> None:
    context = browse(java_script_enabled=javascript)
    page = signed_in(served, context.new_page(), "administrateur")
    page.goto("/espace/reglages")
    page.get_by_text("Ajouter un territoire").click()
    assert not javascript or faults(page) == []
    page.get_by_label("Nom du territoire").fill("Uzège")
    page.get_by_label("Lieux du territoire").fill("Uzès (30700)\nUzese")
    page.get_by_role("button", name="Ajouter").click()
    assert "« Uzese »" in page.get_by_role("alert").inner_text()
    assert not javascript or faults(page) == []
    page.get_by_label("Lieux du territoire").fill("CC Pays d’Uzès")
    page.get_by_role("button", name="Ajouter").click()
    assert "Le territoire est ajouté" in page.get_by_role("status").inner_text()

    page.get_by_label("Lieux du territoire").fill("")
    page.get_by_role("button", name="Enregistrer").click()
    assert "Écrivez au moins une commune" in page.get_by_role("alert").inner_text()
    assert not javascript or faults(page) == []
    page.get_by_label("Lieux du territoire").fill("CC Pays d’Uzès\nNîmes")
    page.get_by_role("button", name="Enregistrer").click()
    assert "Nîmes (30189)" in page.get_by_label("Lieux du territoire").input_value()

    page.get_by_text("Retirer ce territoire du site").click()
    page.get_by_role("button", name="Retirer Uzège").click()
    assert "Le territoire est retiré" in page.get_by_role("status").inner_text()
    page.goto("/")
    assert "Uzège" not in page.locator("main").inner_text()
