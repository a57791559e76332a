"""Who asks to keep a structure's listings, and what members answer, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT
from tests.e2e.partners import SHEET, Partners, running_partners, shared_partners
from tests.web.espace.conftest import STRUCTURE_B

__all__ = ["running_partners", "shared_partners"]  # fixtures
SHEET_B = f"/espace/structures/{STRUCTURE_B}"
NEWCOMER = "sans-structure@essai.fr"


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_newcomer_is_refused_then_admitted_then_leaves(
    shared_partners: Partners, javascript: bool
) -> None:
    page = shared_partners.window("sans-structure", java_script_enabled=javascript)
    member = shared_partners.window("membre-b", java_script_enabled=javascript)

    def ask() -> None:
        page.goto(f"/structures/{STRUCTURE_B}")
        page.get_by_role("link", name="Tenir cette fiche à jour").click()
        page.get_by_role("button", name="Demander l’accès").click()
        expect(page.get_by_text("Demande en attente")).to_be_visible()

    ask()
    member.goto("/espace")
    waiting = member.get_by_role("listitem").filter(has_text=NEWCOMER)
    expect(waiting).to_contain_text("demande à tenir les fiches de Maison B")
    waiting.get_by_role("link", name="Maison B").click()
    member.get_by_role("button", name=f"Refuser {NEWCOMER}").click()
    expect(member.get_by_text(NEWCOMER)).to_have_count(0)
    page.goto("/espace")
    expect(page.get_by_text("Aucune structure pour l’instant")).to_be_visible()

    ask()
    member.reload()
    member.get_by_role("button", name=f"Admettre {NEWCOMER}").click()
    expect(member.get_by_role("button", name=f"Retirer {NEWCOMER}")).to_be_visible()
    page.goto("/espace")
    page.get_by_role("link", name="Maison B").click()
    expect(page.get_by_role("button", name="Rien n’a changé pour la structure")).to_be_visible()
    member.get_by_role("button", name=f"Retirer {NEWCOMER}").click()
    expect(member.get_by_text(NEWCOMER)).to_have_count(0)
    page.goto("/espace")
    expect(page.get_by_text("Aucune structure pour l’instant")).to_be_visible()


def test_of_two_members_who_answer_the_second_is_told(shared_partners: Partners) -> None:
    page = shared_partners.window()
    page.goto(SHEET)
    late = page.context.new_page()
    late.goto(SHEET)
    page.get_by_role("button", name="Refuser ferme@essai.fr").click()
    expect(page.get_by_text("ferme@essai.fr")).to_have_count(0)
    late.get_by_role("button", name="Admettre ferme@essai.fr").click()

    expect(late.get_by_role("heading", level=1)).to_have_text("Déjà traité")
    page.reload()
    expect(page.get_by_text("ferme@essai.fr")).to_have_count(0)


def test_axe_finds_nothing_where_one_waits(shared_partners: Partners) -> None:
    page = shared_partners.window("en-attente", viewport={"width": 320, "height": HEIGHT})
    page.goto("/espace")
    expect(page.get_by_text("Demande en attente")).to_be_visible()
    assert faults(page) == []
