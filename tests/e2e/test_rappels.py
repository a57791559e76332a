"""The link of a reminder that stops them, opened where it is read, with and without JavaScript."""

from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from app.cli.campagnes import writing_to
from app.domain.campagnes import Campagne, ModeContact
from app.services.campagnes import Lettre
from app.web.auth.session import ESPACE_EXTENSION
from tests.e2e.axe import faults
from tests.e2e.conftest import HEIGHT
from tests.e2e.letters import link_in, newest
from tests.e2e.partners import Partners, running_partners, shared_partners
from tests.web.espace.conftest import STRUCTURE_A

__all__ = ["running_partners", "shared_partners"]  # fixtures
STOP = "Ne plus recevoir de rappels"


@pytest.fixture(scope="module")
def reminder(running_partners: Partners) -> EmailMessage:
    """The reminder that structure A receives, and nobody else."""
    site = running_partners.site
    espace = site.app.extensions[ESPACE_EXTENSION]()
    today = espace.clock.today()
    one = Campagne(nom="Hiver", perimetre="grand-avignon", debut=today, fin=today)
    espace.campagnes.store.add(one, "compte:1", espace.clock.now())
    write = writing_to(espace.expediteur, running_partners.address)

    def write_to_a(lettre: Lettre) -> None:
        if lettre.participante.id == STRUCTURE_A:
            write(lettre)

    espace.campagnes.send_due(write_to_a)
    return newest(running_partners.mailbox)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_reader_stops_reminders_without_an_account(
    shared_partners: Partners, reminder: EmailMessage, javascript: bool
) -> None:
    store = shared_partners.site.espace.campagnes.store
    store.set_contact(STRUCTURE_A, ModeContact.COURRIEL, None)
    assert reminder["To"] == "accueil@a.fr"
    address = link_in(reminder, "/rappels/")
    assert reminder["List-Unsubscribe"] == f"<{shared_partners.address}{address}>"
    page = shared_partners.visitor(java_script_enabled=javascript)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(STOP)
    assert store.contact(STRUCTURE_A).mode is ModeContact.COURRIEL
    page.get_by_role("button", name=STOP).click()

    expect(page.get_by_role("status")).to_contain_text("ne recevra plus de rappels")
    assert store.contact(STRUCTURE_A).mode is ModeContact.AUCUNE
    page.goto(f"/structures/{STRUCTURE_A}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Maison A")


def test_axe_finds_nothing_where_reminders_are_stopped(
    shared_partners: Partners, reminder: EmailMessage
) -> None:
    page = shared_partners.visitor(viewport={"width": 320, "height": HEIGHT})
    page.goto(link_in(reminder, "/rappels/"))
    assert faults(page) == []
    page.get_by_role("button", name=STOP).click()
    expect(page.get_by_role("status")).to_contain_text("ne recevra plus de rappels")
    assert faults(page) == []
