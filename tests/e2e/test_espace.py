"""The partners' space in a real browser, with and without JavaScript: sign in, correct, settle."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from tests.conftest import settings_of
from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT, TIMEOUT_MS, read_whole
from tests.e2e.letters import link_in, newest
from tests.integration.mail_server import HOST, Mailbox, serving
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Site, form_of, site_in

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
SHEET = f"/espace/structures/{STRUCTURE_A}"
PUBLISHED = "**publiee=**"
PUBLISH, LOOK = "Publier", ".espace-save button:has-text('Voir le résultat')"


@dataclass
class Served:
    """A running site with its people and a real mail server."""

    site: Site
    address: str
    mailbox: Mailbox

    def link(self) -> str:
        """Returns the path of the newest link that the mail server has received."""
        return link_in(newest(self.mailbox))


@pytest.fixture
def served(people_dir: Path, tmp_path: Path) -> Iterator[Served]:
    """A site of its own, whose messages go through SMTP."""
    site = site_in(people_dir, tmp_path)
    mailbox = Mailbox()
    with serving(mailbox) as port:
        site.send_by(settings_of(site.data_dir, MAIL_URL=f"smtp://{HOST}:{port}"))
        server = make_server("127.0.0.1", 0, read_whole(site.app), threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Served(site=site, address=f"http://127.0.0.1:{server.server_port}", mailbox=mailbox)
        server.shutdown()
        thread.join()
        server.server_close()


Browse = Callable[..., BrowserContext]


@pytest.fixture
def browse(chromium: Browser, served: Served) -> Iterator[Browse]:
    """Opens windows of the site, each with cookies of its own."""
    contexts: list[BrowserContext] = []

    def one(**options: object) -> BrowserContext:
        context = chromium.new_context(
            base_url=served.address,
            locale="fr-FR",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        return context

    yield one
    for context in contexts:
        context.close()


def signed_in(served: Served, page: Page, name: str = "membre-a") -> Page:
    """Signs in as a person does: the form, the message, its link, its button."""
    page.goto("/connexion")
    page.get_by_label("Votre adresse de courriel").fill(f"{name}@essai.fr")
    page.get_by_role("button", name="Recevoir un lien").click()
    page.goto(served.link())
    page.get_by_role("button", name="Me connecter").click()
    return page


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_partner_signs_in_and_corrects_a_listing(
    served: Served, browse: Browse, javascript: bool
) -> None:
    page = signed_in(served, browse(java_script_enabled=javascript).new_page())
    page.get_by_role("link", name="Maison A").first.click()
    page.get_by_role("link", name="Modifier Passer le permis").click()
    tree = page.locator("#eligibilite")
    tree.get_by_role("button", name="Ajouter une condition").first.click()
    page.locator("[id='eligibilite.1.fait']").select_option("allocations")
    page.locator("[id='eligibilite.1'] button:has-text('Voir les réponses')").click()
    page.locator("[id='eligibilite.1']").get_by_label("RSA").first.check()
    page.locator(LOOK).click()
    assert "personnes inventées" in page.locator("#apercu").inner_text()
    page.get_by_role("button", name=PUBLISH).click()
    page.wait_for_url(PUBLISHED)

    page.goto(f"/offres/{OFFRE_A}")
    assert "RSA" in page.locator("main").inner_text()
    assert "16 à 25" in page.locator("main").inner_text()


def test_the_key_enter_publishes_nothing(served: Served, browse: Browse) -> None:
    page = signed_in(served, browse().new_page())
    page.goto(EDIT)
    page.get_by_label("Nom de l’offre").fill("Tapé par erreur")
    page.get_by_label("Nom de l’offre").press("Enter")

    page.locator("#apercu").wait_for()
    assert page.get_by_label("Nom de l’offre").input_value() == "Tapé par erreur"
    page.goto(f"/offres/{OFFRE_A}")
    assert "Passer le permis" in page.locator("h1").inner_text()


def test_nothing_has_changed_takes_one_press(served: Served, browse: Browse) -> None:
    page = signed_in(served, browse(java_script_enabled=False).new_page())
    page.goto(SHEET)
    page.get_by_role("button", name="Rien n’a changé pour Passer le permis").click()

    assert "Confirmé par la structure" in page.locator("main").inner_text()


def test_a_session_that_ends_while_typing_loses_nothing(served: Served, browse: Browse) -> None:
    context = browse()
    page = signed_in(served, context.new_page())
    page.goto(EDIT)
    page.get_by_label("Nom de l’offre").fill("Écrit longtemps")
    context.clear_cookies()
    page.get_by_role("button", name=PUBLISH).click()
    page.get_by_role("heading", name="Votre connexion est terminée").wait_for()
    signed_in(served, context.new_page())
    page.get_by_role("button", name="Reprendre").click()

    assert page.get_by_label("Nom de l’offre").input_value() == "Écrit longtemps"
    page.get_by_role("button", name=PUBLISH).click()
    page.wait_for_url(PUBLISHED)
    page.goto(f"/offres/{OFFRE_A}")
    assert "Écrit longtemps" in page.locator("h1").inner_text()


def test_axe_finds_nothing_in_any_state(served: Served, browse: Browse) -> None:
    context = browse(viewport={"width": 320, "height": HEIGHT})
    page = context.new_page()

    def check(state: str) -> None:
        assert faults(page, is_flat=True) == [], state

    page.goto("/connexion")
    check("sign in")
    page.get_by_role("button", name="Recevoir un lien").click()
    check("sign in, wrong address")
    signed_in(served, page)
    check("home")
    page.goto(f"/espace/structures/{STRUCTURE_A}/rejoindre")
    page.goto(SHEET)
    check("structure")
    page.goto(EDIT)
    check("form")
    page.locator("#eligibilite").get_by_role("button", name="Ajouter un choix").click()
    page.get_by_label("Nom de l’offre").fill("x")
    page.locator("[id='horaires.lundi.0.debut']").fill("tôt")
    page.get_by_role("button", name=PUBLISH).click()
    page.locator(".fault-summary").wait_for()
    check("form with faults")
    page.goto(EDIT)
    page.locator(LOOK).click()
    page.locator("#apercu").wait_for()
    check("preview")
    other = context.new_page()
    other.goto(EDIT)
    other.get_by_label("Nom de l’offre").fill("D’abord")
    other.get_by_role("button", name=PUBLISH).click()
    other.wait_for_url(PUBLISHED)
    page.get_by_label("Nom de l’offre").fill("Ensuite")
    page.get_by_role("button", name=PUBLISH).click()
    assert "Quelqu’un d’autre" in page.locator("#conflit").inner_text()
    check("two people at once")
    page.goto(f"/espace/offres/{OFFRE_A}/historique")
    check("history")
    page.goto(EDIT)
    context.clear_cookies()
    page.get_by_role("button", name=PUBLISH).click()
    page.get_by_role("heading", name="Votre connexion est terminée").wait_for()
    check("session over")
    page.goto("/lien/faux")
    check("forged link")


def test_axe_finds_nothing_where_changes_are_read(served: Served, browse: Browse) -> None:
    professional = served.site.person("professionnel")
    form = form_of(professional.get(EDIT), EDIT)
    form.fill("nom", "Proposé").fill("telephone", "0466666666")
    form.send(professional, "enregistrer")
    context = browse(viewport={"width": 320, "height": HEIGHT})
    page = signed_in(served, context.new_page(), "coordinateur")
    page.get_by_role("link", name="Propositions à relire (1)").click()
    page.get_by_role("link", name="Passer le permis").wait_for()
    address = page.get_by_role("link", name="Passer le permis").get_attribute("href") or ""

    for opened in (
        "/espace",
        "/espace/moderation",
        address,
        f"{EDIT}?proposition={address.rpartition('/')[2]}",
        f"{SHEET}/modifier",
        f"{SHEET}/offres/nouvelle",
        f"{SHEET}/rejoindre",
        f"/espace/offres/{OFFRE_A}/historique",
    ):
        page.goto(opened)
        assert faults(page) == [], opened
