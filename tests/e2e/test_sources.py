"""What a source says otherwise, older versions, listings withdrawn: with and without JavaScript."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT
from tests.e2e.partners import EDIT, SHEET, Partners, running_partners, shared_partners
from tests.web.espace.conftest import OFFRE_A, form_of
from tests.web.espace.test_regles import AVIGNON, CARPENTRAS, SCHEME, correct, imported
from tests.web.espace.test_versions import feed

__all__ = ["running_partners", "shared_partners"]  # fixtures
WAYS = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
OFFER, PUBLIC = "Passer le permis", f"/offres/{OFFRE_A}"
HISTORY = f"/espace/offres/{OFFRE_A}/historique"
NARROW = {"width": 320, "height": HEIGHT}


def corrected(partners: Partners, nom: str) -> None:
    """Gives the offer another name, as a member does."""
    member = partners.person("membre-a")
    form_of(member.get(EDIT), EDIT).fill("nom", nom).send(member, "enregistrer")


def confirm(page: Page) -> None:
    """Confirms the rules of a scheme, so that its source changes nothing by itself."""
    page.get_by_role("button", name="Confirmer ces règles").click()
    expect(page.get_by_role("status")).to_contain_text("C’est confirmé")


def withdrawn(page: Page) -> Locator:
    """Returns the offer in the list of its structure, when it is withdrawn."""
    return page.get_by_role("listitem").filter(has_text="personne ne la trouve")


def is_called(page: Page, nom: str) -> None:
    """Reads the name of the offer where everybody does."""
    page.goto(PUBLIC)
    expect(page.get_by_role("heading", level=1)).to_have_text(nom)


@WAYS
def test_a_listing_takes_the_words_of_its_source_then_goes_back_to_what_it_was(
    shared_partners: Partners, tmp_path: Path, javascript: bool
) -> None:
    corrected(shared_partners, "Permis de nuit")
    feed(shared_partners.site, tmp_path, nom="Nom du flux")
    page = shared_partners.window(java_script_enabled=javascript)
    page.goto(SHEET)
    page.get_by_role("link", name="Historique de Permis de nuit").click()
    said = page.get_by_role("region", name="Ce que la source écrit autrement")
    expect(said).to_contain_text("Nom du flux")
    said.get_by_role("button", name="Reprendre la source").click()
    expect(said).to_have_count(0)
    is_called(page, "Nom du flux")

    page.goto(HISTORY)
    page.get_by_role("button", name="Revenir à cette version").last.click()
    expect(page.get_by_role("listitem").first).to_contain_text("Passer le permis")
    is_called(page, OFFER)


@WAYS
def test_an_offer_is_withdrawn_then_put_back(shared_partners: Partners, javascript: bool) -> None:
    page = shared_partners.window(java_script_enabled=javascript)
    page.goto(SHEET)
    page.get_by_role("button", name=f"Retirer {OFFER}").click()
    expect(withdrawn(page)).to_be_visible()
    reader = shared_partners.visitor(java_script_enabled=javascript)
    gone = reader.goto(PUBLIC)
    assert gone is not None
    assert gone.status in (404, 410)

    page.get_by_role("button", name=f"Remettre en ligne {OFFER}").click()
    expect(withdrawn(page)).to_have_count(0)
    is_called(reader, OFFER)


@WAYS
def test_a_structure_is_confirmed_whole_withdrawn_then_put_back(
    shared_partners: Partners, javascript: bool
) -> None:
    page = shared_partners.window(java_script_enabled=javascript)
    page.goto(SHEET)
    page.get_by_role("button", name="Rien n’a changé nulle part").click()
    expect(page.get_by_role("status")).to_contain_text("2 fiches sont à jour")
    page.get_by_role("button", name="Retirer la structure").click()
    expect(page.get_by_role("status")).to_contain_text("est retirée")
    reader = shared_partners.visitor(java_script_enabled=javascript)
    gone = reader.goto(PUBLIC)
    assert gone is not None
    assert gone.status in (404, 410)

    page.get_by_role("button", name="Remettre en ligne la structure").click()
    expect(page.get_by_role("status")).to_contain_text("est de nouveau en ligne")
    is_called(reader, OFFER)


@WAYS
def test_a_coordinator_takes_what_the_source_of_a_scheme_says(
    shared_partners: Partners, tmp_path: Path, javascript: bool
) -> None:
    age = 60 if javascript else 61
    page = shared_partners.window("coordinateur", java_script_enabled=javascript)
    page.goto("/espace/regles")
    page.get_by_role("link", name="Aides du centre communal d’action sociale").click()
    confirm(page)
    imported(shared_partners.site, tmp_path, eligibilite={"fait": "age", "min": age})
    page.reload()
    said = page.get_by_role("region", name="La source dit autre chose depuis")
    expect(said).to_contain_text(f"{age} ans")
    said.get_by_role("button", name="Prendre ce que dit la source").click()

    expect(page.get_by_role("status")).to_contain_text("Les conditions sont celles de la source")
    expect(said).to_have_count(0)
    page.goto(f"/offres/{AVIGNON}")
    expect(page.locator("main")).to_contain_text(f"{age} ans")


def test_axe_finds_nothing_where_sources_differ_or_somebody_was_faster(
    shared_partners: Partners, tmp_path: Path
) -> None:
    page = shared_partners.window(viewport=NARROW)

    def check(state: str) -> None:
        assert faults(page) == [], state

    corrected(shared_partners, "Permis de nuit")
    feed(shared_partners.site, tmp_path, nom="Nom du flux")
    page.goto(HISTORY)
    expect(page.get_by_role("button", name="Reprendre la source")).to_be_visible()
    corrected(shared_partners, OFFER)
    page.get_by_role("button", name="Reprendre la source").click()
    expect(page.get_by_role("status")).to_contain_text("rien n’a été fait")
    check("the source says another thing of a listing that has changed meanwhile")
    is_called(page, OFFER)
    page.goto(SHEET)
    page.get_by_role("button", name=f"Retirer {OFFER}").click()
    expect(withdrawn(page)).to_be_visible()
    check("withdrawn")
    page.get_by_role("button", name=f"Remettre en ligne {OFFER}").click()
    expect(withdrawn(page)).to_have_count(0)
    page = shared_partners.window("coordinateur", viewport=NARROW)
    page.goto(SCHEME)
    confirm(page)
    imported(shared_partners.site, tmp_path, eligibilite={"fait": "age", "min": 62})
    page.reload()
    expect(page.get_by_role("button", name="Prendre ce que dit la source")).to_be_visible()
    correct(shared_partners.site, CARPENTRAS, "administrateur")
    page.get_by_role("button", name="Prendre ce que dit la source").click()
    expect(page.get_by_role("status")).to_contain_text("Quelqu’un d’autre vient de changer")
    check("the source of a scheme that has changed meanwhile says another thing")
