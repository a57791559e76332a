"""Duplicates, reports and files in a real browser, with and without JavaScript."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT
from tests.e2e.letters import newest
from tests.e2e.test_espace import Browse, Served, browse, served, signed_in
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, form_of
from tests.web.espace.test_depots import written
from tests.web.espace.test_doublons import BOTH, TWIN, TWIN_OFFRE, put

__all__ = ["browse", "served"]  # fixtures of the neighbour that signs people in
JAVASCRIPT = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
MOI = "moi@exemple.fr"
EDIT = f"/espace/structures/{STRUCTURE_A}/modifier"


def edited(page: Page, folder: Path) -> Path:
    """Downloads the model, and changes it as somebody does in a spreadsheet."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger vos offres").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    new = dict.fromkeys(row, "") | {"nom": "Atelier vélo", "description": "Réparer son vélo."}
    wrong = dict.fromkeys(row, "") | {"nom": "Sans description"}
    file = folder / "offres.csv"
    file.write_bytes(written([row | {"nom": "Le permis B"}, new, wrong]))
    return file


def pairs(page: Page) -> int:
    """Returns how many pairs the list says it has."""
    return int(page.locator(".lead").inner_text().split()[0])


@JAVASCRIPT
def test_a_coordinator_makes_one_of_two_listings_and_two_again(
    served: Served, browse: Browse, tmp_path: Path, javascript: bool
) -> None:
    put(served.site, tmp_path, TWIN, TWIN_OFFRE)
    page = signed_in(
        served, browse(java_script_enabled=javascript).new_page(), "coordinateur-bassin"
    )
    page.get_by_role("link", name="Fiches en double").click()
    page.goto(BOTH)
    page.get_by_role("group", name="Nom de la structure").get_by_label("Autre fiche").check()
    page.get_by_role("button", name="Réunir les deux fiches").click()
    expect(page.get_by_role("status")).to_contain_text("n’en font plus qu’une")

    page.goto("/structures/autre--a")
    assert page.url.endswith(f"/structures/{STRUCTURE_A}")
    expect(page.get_by_role("heading", level=1)).to_have_text("La Maison A")
    page.goto("/espace/doublons")
    page.get_by_role("button", name="Séparer").click()
    page.goto("/structures/autre--a")
    assert page.url.endswith("/structures/autre--a")
    page.goto("/espace/doublons")
    listed = pairs(page)
    page.goto(BOTH)
    page.get_by_role("button", name="Les garder toutes les deux").click()
    expect(page.get_by_role("status")).to_contain_text("ne vous seront plus proposées")
    assert pairs(page) == listed - 1
    page.goto("/structures/autre--a")
    assert page.url.endswith("/structures/autre--a")


@JAVASCRIPT
def test_a_reader_is_answered(served: Served, browse: Browse, javascript: bool) -> None:
    reader = browse(java_script_enabled=javascript).new_page()
    reader.goto(f"/offres/{OFFRE_A}/signaler")
    reader.get_by_label("Votre courriel").fill(MOI)
    reader.get_by_role("button", name="Les horaires").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Merci.")
    page = signed_in(served, browse(java_script_enabled=javascript).new_page())
    page.get_by_role("link", name="Erreurs signalées (1)").click()
    page.get_by_label("nous avons corrigé la fiche").check()
    page.get_by_role("button", name="Répondre et clore").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("Le signalement est clos"))

    message = newest(served.mailbox)
    assert message["To"] == MOI
    assert "nous avons corrigé la fiche" in message.get_content()


@JAVASCRIPT
def test_a_structure_sends_a_file_of_its_offers(
    served: Served, browse: Browse, tmp_path: Path, javascript: bool
) -> None:
    page = signed_in(served, browse(java_script_enabled=javascript).new_page())
    page.goto(f"/espace/structures/{STRUCTURE_A}")
    page.get_by_role("link", name="Envoyer un fichier d’offres").click()
    page.get_by_label("Votre fichier CSV").set_input_files(edited(page, tmp_path))
    page.get_by_role("button", name="Voir ce que le fichier change").click()
    expect(page.get_by_role("cell", name="description", exact=True)).to_be_visible()
    page.get_by_role("button", name="Publier 2 offres").click()

    expect(page.get_by_role("heading", name="Atelier vélo")).to_be_visible()
    expect(page.get_by_role("heading", name="Le permis B")).to_be_visible()


def test_axe_finds_nothing_in_any_of_these_pages(
    served: Served, browse: Browse, tmp_path: Path
) -> None:
    put(served.site, tmp_path, TWIN, TWIN_OFFRE)
    context = browse(viewport={"width": 320, "height": HEIGHT})
    page = context.new_page()

    def check(state: str) -> None:
        assert faults(page) == [], state

    page.goto(f"/offres/{OFFRE_A}/signaler")
    page.get_by_label("Votre courriel").fill("moi chez moi")
    page.get_by_role("button", name="Les horaires").click()
    check("wrong address")
    page.get_by_label("Votre courriel").fill(MOI)
    page.get_by_role("button", name="Les horaires").click()
    signed_in(served, page, "coordinateur")
    check("home")
    page.goto("/espace/signalements")
    check("reports")
    page.get_by_role("button", name="Répondre et clore").click()
    check("empty answer")
    page.goto("/espace/doublons")
    check("duplicates")
    page.goto(BOTH)
    check("pair")
    coordinator = served.site.person("coordinateur")
    form = form_of(coordinator.get(EDIT), EDIT)
    form.fill("telephone", "0466000000").send(coordinator, "enregistrer")
    page.get_by_role("button", name="Réunir les deux fiches").click()
    expect(page.get_by_role("alert")).to_contain_text("rien n’a été réuni")
    check("one that has changed meanwhile")
    page.get_by_role("button", name="Réunir les deux fiches").click()
    check("merged")
    page.goto(f"/espace/structures/{STRUCTURE_A}/historique")
    check("history")
    page.goto(f"/espace/structures/{STRUCTURE_A}/fichier")
    check("file")
    page.get_by_role("button", name="Voir ce que le fichier change").click()
    check("no file")
    content = "id;nom;description;inventee\n;Une offre;Ce qu’elle est.;\n;Sans rien;;\n"
    file = {"name": "x.csv", "mimeType": "text/csv", "buffer": content.encode("cp1252")}
    page.get_by_label("Votre fichier CSV").set_input_files(file)  # type: ignore[arg-type]  # a file
    page.get_by_role("button", name="Voir ce que le fichier change").click()
    expect(page.get_by_role("button", name="Publier 1 offre")).to_be_visible()
    check("report")
