"""What a mailbox proposes and what it is answered, in a browser, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT
from tests.e2e.letters import link_in, newest
from tests.e2e.partners import EDIT, SHEET, Partners, running_partners, shared_partners
from tests.web.espace.conftest import OFFRE_A, form_of

__all__ = ["running_partners", "shared_partners"]  # fixtures
BOITE = "accueil@a.fr"
OFFER, NAME = "Passer le permis", "Nom de l’offre"
MOTIF = "Ce numéro ne répond pas."
NARROW = {"width": 320, "height": HEIGHT}


def invited(partners: Partners, page: Page, **options: object) -> Page:
    """Sends the structure its link as a coordinator, and opens it where its mailbox is read."""
    page.goto(SHEET)
    page.get_by_role("button", name=f"Envoyer à {BOITE} un lien vers ces fiches").click()
    expect(page.get_by_role("status")).to_have_text("Le lien est envoyé à la structure.")
    letter = newest(partners.mailbox)
    assert letter["To"] == BOITE
    assert "Si rien n’a changé, un bouton suffit pour le dire." in letter.get_content()
    reader = partners.visitor(**options)
    reader.goto(link_in(letter))
    reader.get_by_role("button", name="Ouvrir les fiches").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Maison A")
    return reader


def propose(page: Page, telephone: str) -> None:
    """Sends another telephone, which is read before it is published."""
    page.goto(SHEET)
    page.get_by_role("link", name=f"Modifier {OFFER}").click()
    page.get_by_role("textbox", name="Téléphone").fill(telephone)
    page.get_by_role("button", name="Envoyer la proposition").click()
    expect(page.locator(".notice", has_text="Votre proposition est envoyée")).to_be_visible()


def opened(page: Page) -> None:
    """Opens what waits, as a coordinator."""
    page.goto("/espace")
    page.get_by_role("link", name="Propositions à relire").click()
    page.get_by_role("link", name=OFFER).click()
    expect(page.get_by_role("heading", name="Ce qui change")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_mailbox_proposes_is_refused_with_the_reason_then_published(
    shared_partners: Partners, javascript: bool
) -> None:
    wrong, right = ("0466000001", "0466000002") if javascript else ("0466000003", "0466000004")
    page = shared_partners.window("coordinateur", java_script_enabled=javascript)
    reader = invited(shared_partners, page, java_script_enabled=javascript)
    propose(reader, wrong)
    opened(page)
    page.get_by_label("Pourquoi la refuser").fill(MOTIF)
    page.get_by_role("button", name="Refuser").click()
    expect(page.get_by_text("Rien à relire")).to_be_visible()
    refused = newest(shared_partners.mailbox)
    assert refused["To"] == BOITE
    assert f"Ce qu’en dit la personne qui l’a relue : {MOTIF}" in refused.get_content()
    reader.goto(link_in(refused, "/espace/"))
    expect(reader.get_by_role("listitem").filter(has_text=MOTIF).first).to_contain_text("refusée")

    propose(reader, right)
    opened(page)
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Rien à relire")).to_be_visible()
    accepted = newest(shared_partners.mailbox)
    assert accepted["To"] == BOITE
    assert "est publiée" in accepted.get_content()
    assert refused["Subject"] == accepted["Subject"] == "Votre proposition sur Éventail"
    reader.goto(f"/offres/{OFFRE_A}")
    expect(reader.locator(f"a[href='tel:{right}']").first).to_be_visible()
    expect(reader.locator(f"a[href='tel:{wrong}']")).to_have_count(0)


def test_a_change_that_came_too_late_is_settled_in_its_form(shared_partners: Partners) -> None:
    author, page = (
        shared_partners.window(name, java_script_enabled=False)
        for name in ("professionnel", "coordinateur")
    )
    propose(author, "0466000006")
    opened(page)
    member = shared_partners.person("membre-a")
    form_of(member.get(EDIT), EDIT).fill("telephone", "0466000007").send(member, "enregistrer")
    page.get_by_role("button", name="Publier").click()
    expect(page.locator("#conflit")).to_contain_text("Quelqu’un d’autre a modifié cette fiche")
    expect(page.get_by_role("textbox", name="Téléphone")).to_have_value("0466000006")
    page.get_by_role("button", name="Publier").click()

    expect(page.get_by_text("Rien à relire")).to_be_visible()
    page.goto(f"/offres/{OFFRE_A}")
    expect(page.locator("a[href='tel:0466000006']").first).to_be_visible()


def test_axe_finds_nothing_where_an_answer_goes_wrong(shared_partners: Partners) -> None:
    page = shared_partners.window("coordinateur", viewport=NARROW)
    author = shared_partners.window("professionnel", viewport=NARROW)

    def check(checked: Page, state: str) -> None:
        assert faults(checked) == [], state

    propose(author, "0466000005")
    opened(page)
    late = page.context.new_page()
    late.goto(page.url)
    page.get_by_label("Pourquoi la refuser").fill(MOTIF)
    shared_partners.mailbox.on_rcpt = "550 5.1.1 Unknown"
    page.get_by_role("button", name="Refuser").click()
    expect(page.get_by_role("status")).to_contain_text("n’a pas pu partir")
    shared_partners.mailbox.on_rcpt = ""
    check(page, "refused, and nobody is told by mail")
    late.get_by_role("button", name="Publier").click()
    expect(late.get_by_role("heading", level=1)).to_have_text("Déjà traité")
    check(late, "answered already")
    author.goto(SHEET)
    check(author, "refused, as its author reads it")
    author.get_by_role("link", name=f"Modifier {OFFER}").click()
    other = author.context.new_page()  # a mailbox has two readers: so has one author two windows
    other.goto(author.url)
    propose(author, "0466000008")  # nobody has published it, whatever test came before
    other.get_by_role("textbox", name="Téléphone").fill("0466000007")
    other.get_by_role("button", name="Envoyer la proposition").click()
    expect(other.get_by_role("alert")).to_contain_text("Une autre proposition attend déjà")
    assert faults(other, is_flat=True) == []
    other.goto(SHEET)
    other.get_by_role("link", name=f"Modifier {OFFER}").click()
    expect(other.get_by_role("status").first).to_contain_text("attend d’être relue")
    assert faults(other, is_flat=True) == []
    opened(page)
    page.get_by_role("button", name="Refuser").click()
