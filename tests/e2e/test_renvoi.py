"""What is typed outlives a session, a mailbox's included, in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app.domain.connexion import VALIDITE_LIEN_BOITE, Lien, Usage, empreinte_of, new_jeton
from app.domain.errors import CatalogueUnavailable
from app.services.edition import EditionService
from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT
from tests.e2e.letters import link_in, newest
from tests.e2e.partners import EDIT, SHEET, Partners, running
from tests.web.espace.conftest import STRUCTURE_A

NAME, TYPED = "Nom de l’offre", "Écrit longtemps"
NARROW = {"viewport": {"width": 320, "height": HEIGHT}}


@pytest.fixture
def partners(people_dir: Path, tmp_path: Path, chromium: Browser) -> Iterator[Partners]:
    with running(people_dir, tmp_path, chromium) as one:
        yield one


def invited(partners: Partners) -> str:
    """Returns the link of a message to the mailbox of structure A."""
    jeton, quand = new_jeton(), partners.site.espace.clock.now()
    lien = Lien(
        usage=Usage.BOITE,
        courriel="accueil@a.fr",
        structure_id=STRUCTURE_A,
        expire_le=quand + VALIDITE_LIEN_BOITE,
    )
    partners.site.espace.connexion.store.add_lien(empreinte_of(jeton), lien, quand)
    return f"/lien/{jeton}"


def entered(page: Page, link: str) -> Page:
    """Opens a link and presses its button."""
    page.goto(link)
    page.get_by_role("button", name="Ouvrir les fiches").click()
    page.wait_for_url(f"**{SHEET}")
    return page


def end_sessions(partners: Partners, page: Page) -> None:
    """Lets the two hours of a session pass."""
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    client = partners.site.visitor()
    client.set_cookie("eventail", cookies["eventail"])
    with client.session_transaction() as kept:
        partners.site.espace.connexion.leave(kept["jeton"])


def test_the_mailbox_takes_up_what_it_typed_with_a_new_link(partners: Partners) -> None:
    page = _visitor(partners)
    entered(page, invited(partners))
    page.goto(EDIT)
    page.get_by_label(NAME).fill(TYPED)
    end_sessions(partners, page)
    page.get_by_role("button", name="Envoyer la proposition").first.click()
    page.get_by_role("heading", name="Votre connexion est terminée").wait_for()
    assert faults(page, is_flat=True) == []

    with page.expect_popup() as opened:
        page.get_by_role("button", name="Recevoir un nouveau lien").click()
    other = opened.value
    other.get_by_role("heading", name="Un courriel vient de partir").wait_for()
    assert faults(other, is_flat=True) == []
    entered(other, link_in(newest(partners.mailbox)))
    page.get_by_role("button", name="Reprendre").click()

    assert page.get_by_label(NAME).input_value() == TYPED


def test_a_link_that_has_served_asks_for_another(partners: Partners) -> None:
    link = invited(partners)
    entered(_visitor(partners), link)
    page = _visitor(partners)

    page.goto(link)
    assert faults(page, is_flat=True) == []
    page.get_by_role("button", name="Recevoir un nouveau lien").click()
    page.get_by_role("heading", name="Un courriel vient de partir").wait_for()

    entered(page, link_in(newest(partners.mailbox)))


def test_a_save_that_fails_is_sent_again(
    partners: Partners, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = partners.window("membre-a", **NARROW)
    page.goto(EDIT)
    page.get_by_label(NAME).fill(TYPED)
    with monkeypatch.context() as patch:
        patch.setattr(EditionService, "publish", _away)
        page.get_by_role("button", name="Publier").first.click()
        page.get_by_role("heading", name="Catalogue indisponible").wait_for()
    assert faults(page, is_flat=True) == []

    page.get_by_role("button", name="Envoyer de nouveau").click()

    page.wait_for_url("**publiee=**")
    assert partners.site.offre("essai--a1").nom == TYPED  # type: ignore[attr-defined]


def _away(*_: object) -> None:
    raise CatalogueUnavailable


def _visitor(partners: Partners) -> Page:
    """Opens a narrow window of somebody who was never here."""
    context = partners.chromium.new_context(base_url=partners.address, locale="fr-FR", **NARROW)
    partners.contexts.append(context)
    return context.new_page()
