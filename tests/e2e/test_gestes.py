"""Small gestures of members, readers and administrators, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from app.domain.connexion import empreinte_of
from tests.e2e.partners import SHEET, Partners, running_partners, shared_partners
from tests.web.espace.conftest import OFFRE_A, Site
from tests.web.espace.test_campagnes import letters, opened
from tests.web.espace.test_compte import make_older

__all__ = ["running_partners", "shared_partners"]  # fixtures
WAYS = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])


def came_back(site: Site, nom: str) -> None:
    """Opens a campaign, whose message to structure A comes back for good."""
    opened(site, nom=nom)
    (letter,) = letters(site)
    jour = site.espace.clock.today()
    assert site.espace.campagnes.store.failed(empreinte_of(letter.retour), jour, definitif=True)


def notice(page: Page, text: str) -> None:
    """Waits for what the page says of what was done."""
    expect(page.locator(".notice", has_text=text)).to_be_visible()


@WAYS
def test_a_member_names_themselves_closes_sessions_and_asks_for_a_link(
    shared_partners: Partners, javascript: bool
) -> None:
    page = shared_partners.window(java_script_enabled=javascript)
    shared_partners.site.person("membre-a")  # from elsewhere
    page.goto("/espace/compte")
    page.get_by_label("Prénom et nom").fill("Camille Durand")
    page.get_by_role("button", name="Enregistrer le nom").first.click()
    notice(page, "Votre nom est enregistré")
    expect(page.get_by_label("Prénom et nom")).to_have_value("Camille Durand")
    page.get_by_role("button", name="Fermer toutes les autres sessions").click()
    expect(page.get_by_role("button", name="Fermer toutes les autres sessions")).to_have_count(0)

    make_older(shared_partners.site)  # so that a password asks for another proof
    page.reload()
    page.get_by_role("button", name="Recevoir un lien").click()
    expect(page.get_by_role("heading", name="Un courriel vient de partir")).to_be_visible()
    assert shared_partners.mailbox.received[-1].destinataires == ("membre-a@essai.fr",)


@WAYS
def test_a_member_adds_an_offer_and_gives_a_draft_up(
    shared_partners: Partners, javascript: bool
) -> None:
    name = "Atelier vélo" if javascript else "Atelier cuisine"
    page = shared_partners.window(java_script_enabled=javascript)
    page.goto(SHEET)
    page.get_by_role("button", name="Rien n’a changé pour la structure").click()
    notice(page, "cette fiche est à jour")
    page.get_by_role("link", name="Ajouter une offre").click()
    page.get_by_label("Nom de l’offre").fill(f"{name} à venir")
    page.get_by_role("button", name="Enregistrer le brouillon").first.click()
    page.goto(SHEET)
    page.get_by_role("button", name=f"Abandonner le brouillon de {name} à venir").click()
    expect(page.get_by_text(f"{name} à venir")).to_have_count(0)

    page.get_by_role("link", name="Ajouter une offre").click()
    page.get_by_label("Nom de l’offre").fill(name)
    page.get_by_role("textbox", name="Description").fill("On apprend ensemble, chaque mardi matin.")
    page.get_by_role("button", name="Publier").first.click()
    notice(page, f"« {name} » est à jour pour tout le monde.")
    expect(page.get_by_role("heading", name=name)).to_be_visible()


@WAYS
def test_an_administrator_sends_a_link_again(shared_partners: Partners, javascript: bool) -> None:
    name = "membre-b" if javascript else "professionnel"
    page = shared_partners.window("administrateur", java_script_enabled=javascript)
    page.goto(f"/espace/comptes/{shared_partners.site.compte_id(name)}")
    page.get_by_role("button", name="Envoyer un lien").click()
    notice(page, "Le lien de connexion est parti")
    assert shared_partners.mailbox.received[-1].destinataires == (f"{name}@essai.fr",)


@WAYS
def test_a_member_lets_a_failing_address_be_tried_again(
    shared_partners: Partners, javascript: bool
) -> None:
    came_back(shared_partners.site, "Hiver" if javascript else "Été")
    page = shared_partners.window(java_script_enabled=javascript)
    page.goto(f"{SHEET}/rappels")
    page.get_by_role("button", name="Essayer de nouveau").click()
    notice(page, "le prochain message partira à cette adresse")


@WAYS
def test_an_answer_that_could_not_leave_is_sent_again(
    shared_partners: Partners, javascript: bool
) -> None:
    reader = shared_partners.visitor(java_script_enabled=javascript)
    reader.goto(f"/offres/{OFFRE_A}/signaler")
    reader.get_by_label("Votre courriel").fill("lecteur@exemple.fr")
    reader.get_by_role("button", name="Les horaires" if javascript else "Les conditions").click()
    expect(reader.get_by_role("heading", name="Merci.")).to_be_visible()
    page = shared_partners.window(java_script_enabled=javascript)
    page.goto("/espace/signalements")
    page.get_by_label("nous avons corrigé la fiche").check()
    shared_partners.mailbox.on_rcpt = "451 4.3.0 Later"
    page.get_by_role("button", name="Répondre et clore").click()
    expect(page.locator(".notice", has_text="n’a pas pu partir")).to_be_visible()
    shared_partners.mailbox.on_rcpt = ""

    page.get_by_role("button", name="Envoyer de nouveau").click()
    notice(page, "sont parties")
    assert shared_partners.mailbox.received[-1].destinataires == ("lecteur@exemple.fr",)
