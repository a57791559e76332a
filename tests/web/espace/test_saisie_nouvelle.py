"""What one may not newly type: a session that has begun, a telephone that nobody can dial."""

from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.domain.comptes import Acteur, Qualite
from app.domain.edition import FicheRef
from app.domain.offre import Offre
from app.domain.publication import OFFRE
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Formulaire, Site, form_of

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
STRUCTURE_EDIT = f"/espace/structures/{STRUCTURE_A}/modifier"
NEW = f"/espace/structures/{STRUCTURE_A}/offres/nouvelle"
SAVE, LOOK = "enregistrer", "apercu"
ADMIN = Acteur(qualite=Qualite.ADMINISTRATEUR)
OLD = {"prochaine_session": date(2020, 1, 1), "telephone": "+33 4 90"}


@pytest.fixture(scope="module")
def member(shared_site: Site) -> FlaskClient:
    """A member of structure A: who asks for too many links is refused one."""
    return shared_site.person("membre-a")


def opened(client: FlaskClient, address: str = EDIT) -> Formulaire:
    return form_of(client.get(address), address)


def offre(site: Site) -> Offre:
    found = site.offre(OFFRE_A)
    assert isinstance(found, Offre)
    return found


def as_fed(site: Site) -> None:
    """Makes the offer say what a feed may say."""
    edition = site.espace.edition
    known = edition.read(ADMIN, FicheRef(objet=OFFRE, id=OFFRE_A))
    assert isinstance(known.value, Offre)
    edition.publish(ADMIN, replace(known.value, **OLD), known.revision)


@pytest.mark.parametrize("faire", [LOOK, SAVE])
def test_both_are_told_beside_their_field_and_nothing_is_lost(
    shared_site: Site, member: FlaskClient, faire: str
) -> None:
    form = opened(member).fill("prochaine_session", "2020-01-01").fill("telephone", "+33 4 90")

    response = form.fill("nom", "Tapé").send(member, faire)

    assert response.status_code == 400
    for champ, said in (
        ("prochaine_session", "Cette date est passée"),
        ("telephone", "n’est pas un numéro que l’on peut composer"),
    ):
        assert f'href="#{champ}"' in response.text
        beside = response.text.split(f'id="{champ}-faute-1"')[1].split("</span>")[0]
        assert said in beside
        assert response.text.count(f'id="{champ}-faute-') == 1
    back = form_of(response, EDIT)
    assert (back["prochaine_session"], back["telephone"]) == ("2020-01-01", "+33 4 90")
    assert back["nom"] == "Tapé"
    assert offre(shared_site).prochaine_session is None


def test_what_a_feed_said_stays_while_one_changes_something_else(site: Site) -> None:
    as_fed(site)
    client = site.person("membre-a")

    assert opened(client).fill("nom", "Autre nom").send(client, SAVE).status_code == 303

    saved = offre(site)
    assert saved.nom == "Autre nom"
    assert (saved.prochaine_session, saved.telephone) == (date(2020, 1, 1), "+33 4 90")
    again = opened(client).fill("prochaine_session", "2020-01-02").fill("telephone", "+33 4 91")
    assert again.send(client, SAVE).status_code == 400
    mended = opened(client).fill("prochaine_session", "").fill("telephone", "04 90 00 00 00")
    assert mended.send(client, SAVE).status_code == 303


def test_the_number_of_a_feed_is_shown_without_a_call_that_fails(site: Site) -> None:
    as_fed(site)

    page = site.visitor().get(f"/offres/{OFFRE_A}").text

    assert "+33 4 90" in page
    assert "tel:+33490" not in page


def test_what_somebody_else_published_meanwhile_may_be_kept(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client).fill("telephone", "0411111111")
    as_fed(site)
    settle = form_of(form.send(client, SAVE), EDIT)

    assert settle.fill("garder.telephone", "leur").send(client, SAVE).status_code == 303
    assert offre(site).telephone == "+33 4 90"


@pytest.mark.parametrize("number", ["04 90 00 00 00", "+32 2 200 00 00", "3949", "115"])
def test_numbers_that_can_be_dialled_pass(member: FlaskClient, number: str) -> None:
    assert opened(member).fill("telephone", number).send(member, LOOK).status_code == 200


def test_a_structure_is_asked_for_a_number_too(member: FlaskClient) -> None:
    form = opened(member, STRUCTURE_EDIT).fill("telephone", "04 90")

    response = form.send(member, LOOK)

    assert response.status_code == 400
    assert 'id="telephone-faute-1"' in response.text


def test_a_session_of_today_is_still_to_come(shared_site: Site, member: FlaskClient) -> None:
    today = shared_site.espace.clock.today().isoformat()

    assert opened(member).fill("prochaine_session", today).send(member, LOOK).status_code == 200


def test_the_copy_of_an_offer_does_not_announce_the_old_session(site: Site) -> None:
    as_fed(site)
    client = site.person("membre-a")
    form = form_of(client.get(f"{NEW}?modele={OFFRE_A}"), NEW)
    assert form["prochaine_session"] == "2020-01-01"

    response = form.send(client, SAVE)

    assert response.status_code == 400
    assert "Cette date est passée" in response.text
