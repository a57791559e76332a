"""Accounts kept by an administrator in a browser, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from app.domain.comptes import Role
from tests.e2e.axe import faults
from tests.e2e.test_espace import Browse, Served, browse, served, signed_in

__all__ = ["browse", "served"]  # fixtures

LIST = "/espace/comptes"


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_an_account_is_invited_found_changed_and_closed(
    served: Served, browse: Browse, javascript: bool
) -> None:
    page = browse(java_script_enabled=javascript).new_page()
    page = signed_in(served, page, "administrateur")
    page.get_by_role("link", name="Comptes", exact=True).click()
    page.get_by_role("link", name="Inviter quelqu’un").click()
    page.get_by_label("Adresse de courriel").fill("nora@essai.fr")
    page.get_by_label("Rôle").select_option("Coordinateur")
    page.get_by_role("button", name="Créer le compte").click()
    expect(page.get_by_role("alert")).to_contain_text("Territoire ou bassin")
    expect(page.get_by_label("Adresse de courriel")).to_have_value("nora@essai.fr")
    page.get_by_label("Territoire ou bassin").select_option("Grand Avignon")
    page.get_by_role("button", name="Créer le compte").click()
    expect(page.get_by_role("status")).to_contain_text("le lien de connexion est parti")

    page.get_by_role("link", name="Comptes", exact=True).click()
    page.get_by_label("Nom ou adresse").fill("NORA")
    page.get_by_role("button", name="Chercher").click()
    assert page.url.endswith(LIST)
    expect(page.get_by_role("heading", name="1 compte")).to_be_visible()
    page.get_by_role("link", name="Sans nom").click()
    page.get_by_label("Rôle").select_option("Professionnel")
    page.get_by_label("Territoire ou bassin").select_option("Aucun")
    page.get_by_role("button", name="Enregistrer").dblclick()
    expect(page.get_by_role("status")).to_contain_text("C’est enregistré")
    page.get_by_role("button", name="Fermer ce compte").click()
    expect(page.get_by_role("status")).to_contain_text("Le compte est fermé")

    closed = served.site.espace.comptes.find("nora@essai.fr")
    assert closed is not None
    assert (closed.role, closed.is_actif) == (Role.PROFESSIONNEL, False)


def test_axe_finds_nothing_in_any_state(served: Served, browse: Browse) -> None:
    page = signed_in(served, browse().new_page(), "administrateur")
    address = f"{LIST}/{served.site.compte_id('coordinateur')}"

    def check(state: str) -> None:
        assert faults(page) == [], state

    page.goto(LIST)
    check("list")
    page.goto(f"{LIST}/nouveau")
    page.get_by_role("button", name="Créer le compte").click()
    check("invitation, no address")
    page.goto(address)
    check("account")
    page.get_by_label("Territoire ou bassin").select_option("Aucun")
    page.get_by_role("button", name="Enregistrer").click()
    check("account, no place")
    served.site.espace.comptes.close(served.site.compte_id("coordinateur"))
    page.get_by_role("button", name="Fermer ce compte").click()
    check("account, closed already")
    page.get_by_role("button", name="Rouvrir ce compte").click()
    check("account, open again")
