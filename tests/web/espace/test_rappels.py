"""How a structure is asked: its keepers choose, and let a failing address be tried again."""

from datetime import date

import pytest

from app.domain.connexion import empreinte_of
from tests.web.espace.conftest import STRUCTURE_A, Site, form_of
from tests.web.espace.test_campagnes import CALL, letters, opened

SHEET = f"/espace/structures/{STRUCTURE_A}"
STOP = f"{SHEET}/rappels"
RETRY = f"{STOP}/essayer"


def bounced(site: Site) -> None:
    """A message to structure A that comes back for good."""
    opened(site)
    store = site.espace.campagnes.store
    (letter,) = letters(site)
    assert store.failed(empreinte_of(letter.retour), date(2026, 3, 4), definitif=True)


@pytest.mark.parametrize(("name", "address"), [("membre-a", SHEET), ("membre-a", STOP)])
def test_members_learn_that_messages_come_back_and_try_again(
    site: Site, name: str, address: str
) -> None:
    client = site.person(name)
    assert "ne passent plus" not in client.get(address).text
    bounced(site)

    page = client.get(address)
    assert "ne passent plus depuis le 4\u00a0mars\u00a02026" in page.text
    assert "accueil@a.fr" in page.text
    again = client.get(form_of(page, RETRY).send(client).headers["Location"])

    assert "le prochain message partira à cette adresse" in again.text
    assert "ne passent plus" not in client.get(address).text
    assert not site.espace.campagnes.store.contact(STRUCTURE_A).is_en_echec("accueil@a.fr")


def test_the_sheet_of_a_call_says_so_too_and_is_come_back_to(site: Site) -> None:
    bounced(site)
    client = site.person("coordinateur")

    page = client.get(CALL)
    assert "ne passent plus depuis le" in page.text
    assert "Courriel en échec" in page.text
    answer = form_of(page, RETRY).send(client)

    assert answer.headers["Location"] == f"{CALL}?note=essayer"
    page = client.get(answer.headers["Location"])
    assert "le prochain message partira à cette adresse" in page.text
    assert "À faire" in page.text


def test_the_mailbox_of_a_structure_and_strangers_see_nothing_of_it(site: Site) -> None:
    bounced(site)

    for name in ("boite", "professionnel"):
        assert "ne passent plus" not in site.person(name).get(SHEET).text


def test_a_forged_campaign_leads_back_to_the_choice(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(STOP), STOP)
    form.action = RETRY

    answer = form.fill("campagne", "-1").send(client)

    assert answer.headers["Location"] == f"{STOP}?note=essayer"


def test_its_members_choose_how_a_structure_is_asked(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(STOP), STOP)

    wrong = form.fill("mode", "courriel").fill("courriel", "pas une adresse").send(client)
    assert wrong.status_code == 422
    assert "pas une adresse" in wrong.text
    assert form.fill("mode", "x").send(client).status_code == 400
    form.fill("mode", "courriel").fill("courriel", "relances@a.fr").send(client)

    assert form_of(client.get(STOP), STOP)["courriel"] == "relances@a.fr"
    assert "relances@a.fr" not in site.visitor().get(f"/structures/{STRUCTURE_A}").text
    opened(site)
    (letter,) = letters(site)
    assert letter.courriel == "relances@a.fr"
