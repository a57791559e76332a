"""Signing in and one's own account in a real browser, with and without JavaScript."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.conftest import settings_of
from tests.e2e import test_espace
from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT, read_whole
from tests.e2e.letters import newest
from tests.e2e.test_espace import Browse, Served, signed_in
from tests.integration.mail_server import HOST, Mailbox, serving
from tests.integration.oidc_provider import Provider, providing, settings_for
from tests.web.espace.conftest import site_in

browse = test_espace.browse
SENTENCE, OTHER = "trois vélos rouges sous la pluie", "quatre ânes gris dans un pré"
WAYS = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider of identities of this test."""
    with providing() as running:
        yield running


@pytest.fixture
def served(people_dir: Path, tmp_path: Path, provider: Provider) -> Iterator[Served]:
    """A site of its own, with a provider, whose messages go through SMTP."""
    site = site_in(people_dir, tmp_path, **settings_for(provider))
    mailbox = Mailbox()
    with serving(mailbox) as port:
        site.send_by(settings_of(site.data_dir, MAIL_URL=f"smtp://{HOST}:{port}"))
        server = make_server(HOST, 0, read_whole(site.app), threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Served(site=site, address=f"http://{HOST}:{server.server_port}", mailbox=mailbox)
        server.shutdown()
        thread.join()
        server.server_close()


def choose(page: Page, mot_de_passe: str) -> None:
    """Chooses a password on the page of one's account."""
    page.get_by_role("link", name="Mon compte", exact=True).click()
    page.get_by_label("Nouveau mot de passe").fill(mot_de_passe)
    page.get_by_role("button", name="Choisir ce mot de passe").click()


def enter(page: Page, mot_de_passe: str) -> None:
    """Signs in by a password."""
    page.goto("/connexion")
    page.get_by_label("Adresse de courriel du compte").fill("membre-a@essai.fr")
    page.get_by_label("Mot de passe", exact=True).fill(mot_de_passe)
    page.get_by_role("button", name="Me connecter").click()


@WAYS
def test_a_password_is_chosen_used_and_removed(
    served: Served, browse: Browse, javascript: bool
) -> None:
    page = signed_in(served, browse(java_script_enabled=javascript).new_page())
    choose(page, SENTENCE)
    assert "Votre mot de passe est enregistré" in page.get_by_role("status").inner_text()
    told = newest(served.mailbox)
    assert (told["To"], told["Subject"]) == (
        "membre-a@essai.fr",
        "Le mot de passe de votre compte Éventail",
    )
    assert "vient d’être choisi, changé ou retiré" in told.get_content()
    assert f"{served.address}/connexion" in told.get_content()

    other = browse(java_script_enabled=javascript).new_page()
    enter(other, "ce n’est pas le bon")
    assert "ne convient pas" in other.get_by_role("alert").inner_text()
    assert other.get_by_label("Adresse de courriel du compte").input_value() == "membre-a@essai.fr"
    enter(other, SENTENCE)
    other.get_by_role("link", name="Maison A").first.wait_for()

    other.get_by_role("link", name="Mon compte", exact=True).click()
    other.get_by_label("Mot de passe actuel, pour le retirer").fill(SENTENCE)
    other.get_by_role("button", name="Retirer le mot de passe").click()
    assert "retiré" in other.get_by_role("status").inner_text()
    page.goto("/espace")
    assert page.url.endswith("/connexion")


@WAYS
def test_one_closes_a_session_that_is_not_theirs(
    served: Served, browse: Browse, javascript: bool
) -> None:
    mine = signed_in(served, browse(java_script_enabled=javascript).new_page())
    other = signed_in(served, browse(java_script_enabled=javascript).new_page())
    mine.goto("/espace/compte")
    mine.get_by_role("button", name="Fermer la session ouverte").click()

    assert "La session est fermée" in mine.get_by_role("status").inner_text()
    other.goto("/espace")
    assert other.url.endswith("/connexion")


@WAYS
def test_one_signs_in_and_out_through_a_provider(
    served: Served, browse: Browse, provider: Provider, javascript: bool
) -> None:
    page = browse(java_script_enabled=javascript).new_page()
    page.goto("/espace/compte")
    page.get_by_role("link", name="S’identifier avec ProConnect").click()

    page.get_by_role("heading", name="Mon compte").wait_for()
    assert page.get_by_label("Prénom et nom").input_value() == "Camille Durand"
    page.get_by_role("button", name="Dissocier ProConnect").click()
    page.get_by_text("n’est plus associé à ProConnect").wait_for()
    page.get_by_role("button", name="Me déconnecter").click()
    page.wait_for_url("**/?state=*")
    assert provider.left[0]["id_token_hint"] == provider.proofs[0]
    page.goto("/espace")
    assert page.url.endswith("/connexion")


def test_a_script_shows_what_is_typed_and_hides_it_again(served: Served, browse: Browse) -> None:
    page = browse().new_page()
    page.goto("/connexion")
    field = page.get_by_label("Mot de passe", exact=True)
    field.fill(SENTENCE)
    page.get_by_role("button", name="Afficher ce mot de passe").click()
    assert field.get_attribute("type") == "text"
    assert field.input_value() == SENTENCE

    page.get_by_role("button", name="Masquer ce mot de passe").click()
    assert field.get_attribute("type") == "password"


def test_nothing_promises_to_show_it_without_a_script(served: Served, browse: Browse) -> None:
    page = browse(java_script_enabled=False).new_page()
    page.goto("/connexion")

    assert page.get_by_role("button", name="Afficher").count() == 0


def test_a_password_may_be_pasted(served: Served, browse: Browse) -> None:
    context = browse(permissions=["clipboard-read", "clipboard-write"])
    page = signed_in(served, context.new_page())
    page.goto("/espace/compte")
    page.evaluate("text => navigator.clipboard.writeText(text)", OTHER)
    page.get_by_label("Nouveau mot de passe").focus()
    page.keyboard.press("Control+V")

    assert page.get_by_label("Nouveau mot de passe").input_value() == OTHER


def test_axe_finds_nothing_in_any_state(served: Served, browse: Browse, provider: Provider) -> None:
    context = browse(viewport={"width": 320, "height": HEIGHT})
    page = context.new_page()

    def check(state: str) -> None:
        assert faults(page) == [], state

    page.goto("/connexion")
    check("sign in")
    page.get_by_role("button", name="Me connecter").click()
    check("no address")
    enter(page, "")
    check("no password")
    enter(page, "ce n’est pas le bon")
    check("wrong password")
    signed_in(served, browse().new_page())  # a session to close
    signed_in(served, page)
    page.goto("/espace/compte")
    check("account")
    choose(page, "trop court")
    check("account, short password")
    choose(page, SENTENCE)
    check("account, password chosen")
    enter(browse().new_page(), SENTENCE)
    context.clear_cookies()
    enter(page, SENTENCE)
    page.goto("/espace/compte")
    check("account, old session")
    page.get_by_role("button", name="Retirer le mot de passe").click()
    check("account, no proof")
    page.get_by_label("Nouveau mot de passe").fill(OTHER)
    page.get_by_label("Mot de passe actuel", exact=True).fill("faux")
    page.get_by_role("button", name="Changer le mot de passe").click()
    check("account, wrong proof")
    context.clear_cookies()
    page.goto("/connexion/proconnect")
    page.goto("/espace/compte")
    check("account, joined")
    provider.refusal = "access_denied"
    page.goto("/connexion/proconnect")
    check("refused by the provider")
