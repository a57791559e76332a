"""The link of a structure's mailbox is sent again to whoever reads an older one."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.connexion import VALIDITE_LIEN_BOITE, Lien, Usage, empreinte_of, new_jeton
from app.mail.sender import EnvoiImpossible
from app.web.rate_limits import CONNEXION, group_of
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Site, all_forms, form_of

BOITE = "accueil@a.fr"
SHEET = f"/espace/structures/{STRUCTURE_A}"
EDIT = f"/espace/offres/{OFFRE_A}/modifier"
AGAIN = "/connexion/boite"


def invited(site: Site, *, since: timedelta = timedelta(0), courriel: str = BOITE) -> str:
    """Returns the address of a link that was sent to the mailbox some time ago."""
    jeton, quand = new_jeton(), site.espace.clock.now() - since
    lien = Lien(
        usage=Usage.BOITE,
        courriel=courriel,
        structure_id=STRUCTURE_A,
        expire_le=quand + VALIDITE_LIEN_BOITE,
    )
    site.espace.connexion.store.add_lien(empreinte_of(jeton), lien, quand)
    return f"/lien/{jeton}"


def opened(client: FlaskClient, link: str) -> TestResponse:
    """Opens a link, and returns the page of its button."""
    client.get(link)
    return client.get("/connexion/confirmer")


def entered(client: FlaskClient, link: str) -> TestResponse:
    """Opens a link and presses its button."""
    return form_of(opened(client, link), "/connexion/confirmer").send(client)


def ended(site: Site, client: FlaskClient) -> None:
    """Lets the two hours of the session pass."""
    with client.session_transaction() as kept:
        site.espace.connexion.leave(kept["jeton"])


def test_what_the_mailbox_typed_is_there_after_a_new_link(site: Site) -> None:
    client = site.visitor()
    entered(client, invited(site))
    form = form_of(client.get(EDIT), EDIT).fill("nom", "Tapé par la boîte")
    ended(site, client)

    page = form.send(client, "enregistrer")

    assert page.status_code == 401
    assert "nouveau lien pour les fiches de Maison A" in page.text
    assert 'target="_blank"' in page.text.partition(AGAIN)[2][:200]
    sent = form_of(page, AGAIN).send(client)
    told = client.get(sent.headers["Location"]).text
    assert "30 jours" in told.replace("\xa0", " ").replace("&nbsp;", " ")
    assert "Reprendre" in told
    assert site.boite.courriels[-1].destinataire == BOITE
    assert entered(client, site.boite.link()).headers["Location"] == "/espace"
    back = form_of(page, EDIT).send(client)
    assert form_of(back, EDIT)["nom"] == "Tapé par la boîte"
    assert "envoyee" in form_of(back, EDIT).send(client, "enregistrer").headers["Location"]


@pytest.mark.parametrize(
    "since", [timedelta(0), VALIDITE_LIEN_BOITE], ids=["already used", "expired"]
)
def test_the_second_reader_of_a_message_asks_for_another(site: Site, since: timedelta) -> None:
    link, second = invited(site, since=since), site.visitor()
    if not since:
        entered(site.visitor(), link)

    page = opened(second, link)

    assert page.status_code == 410
    sent = form_of(page, AGAIN).send(second)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/connexion/envoye?boite=1")
    (courriel,) = site.boite.courriels
    assert (courriel.destinataire, courriel.sujet) == (BOITE, "Vos fiches sur Éventail")
    assert "Maison A" in courriel.texte
    entered(second, site.boite.link())
    assert second.get(SHEET).status_code == 200


def test_the_address_is_never_shown_whole(site: Site) -> None:
    link = invited(site)
    entered(site.visitor(), link)

    page = opened(site.visitor(), link).text

    assert BOITE not in page
    assert "a…@a.fr" in page


def test_a_page_that_asks_to_sign_in_offers_the_link_too(site: Site) -> None:
    client = site.visitor()
    entered(client, invited(site))
    ended(site, client)

    page = client.get(client.get(SHEET).headers["Location"])

    form_of(page, AGAIN).send(client)
    assert entered(client, site.boite.link()).headers["Location"] == SHEET


def test_an_address_that_the_structure_has_left_gets_nothing_more(site: Site) -> None:
    link, client = invited(site, courriel="ancienne@a.fr"), site.visitor()
    entered(site.visitor(), link)

    page = opened(client, link)

    assert not any(form.action == AGAIN for form in all_forms(page))
    token = form_of(client.get("/connexion"), "/connexion")["csrf_token"]
    assert client.post(AGAIN, data={"csrf_token": token}).status_code == 403
    assert site.boite.courriels == []


def test_the_link_of_an_account_is_asked_for_as_before(site: Site) -> None:
    client = site.visitor()
    form_of(client.get("/connexion"), "/connexion").fill("courriel", BOITE).send(client)
    link = site.boite.link()
    entered(site.visitor(), link)

    page = opened(client, link)

    assert page.status_code == 410
    assert not any(form.action == AGAIN for form in all_forms(page))


def test_nothing_leaves_for_who_came_by_no_link(site: Site) -> None:
    client = site.visitor()
    token = form_of(client.get("/connexion"), "/connexion")["csrf_token"]

    assert client.post(AGAIN, data={"csrf_token": token}).status_code == 403
    assert client.post(AGAIN, data={}).status_code == 400
    assert site.boite.courriels == []


def test_the_mailbox_is_not_flooded(site: Site) -> None:
    link, client = invited(site), site.visitor()
    entered(site.visitor(), link)
    form = form_of(opened(client, link), AGAIN)

    answers = [form.send(client) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [303] * 4 + [429]
    assert "utilisez le dernier reçu" in answers[-1].text
    assert len(site.boite.courriels) == 4
    assert group_of("connexion.renvoyer") == CONNEXION


def test_a_message_that_cannot_leave_is_said_and_asked_again(site: Site) -> None:
    link, client = invited(site), site.visitor()
    entered(site.visitor(), link)
    form = form_of(opened(client, link), AGAIN)
    site.boite.fault = EnvoiImpossible("arret")

    page = form.send(client)

    assert page.status_code == 503
    assert "n’a pas pu partir" in page.text
    site.boite.fault = None
    assert form_of(page, AGAIN).send(client).status_code == 303


def test_signing_out_forgets_the_mailbox(site: Site) -> None:
    client = site.visitor()
    entered(client, invited(site))
    form_of(client.get(SHEET), "/deconnexion").send(client)

    assert not any(form.action == AGAIN for form in all_forms(client.get("/connexion")))
