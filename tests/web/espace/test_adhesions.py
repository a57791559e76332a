"""Who asks to keep a structure's listings: each gesture is said, and the answer is sent to them."""

import pytest

from app.mail.sender import EnvoiImpossible
from tests.web.espace.conftest import STRUCTURE_B, Site, all_forms, form_of

SHEET = f"/espace/structures/{STRUCTURE_B}"
ADMIT, REMOVE = f"{SHEET}/membres/admettre", f"{SHEET}/membres/retirer"


@pytest.fixture
def asked(site: Site) -> Site:
    """A site where somebody without any structure has asked for one."""
    client = site.person("sans-structure")
    form_of(client.get(f"{SHEET}/rejoindre"), "/espace/adhesions").send(client)
    assert "Votre demande est envoyée" in client.get("/espace").text
    assert "Votre demande est envoyée" not in client.get("/espace").text  # said once
    return site


def answered(site: Site, gesture: str, name: str = "sans-structure", by: str = "membre-b") -> str:
    """Presses a button beside somebody, and returns the page that comes next."""
    client = site.person(by)
    numero = str(site.compte_id(name))
    forms = all_forms(client.get(SHEET))
    form = next(f for f in forms if f.action == gesture and f["compte"] == numero)
    return client.get(form.send(client).headers["Location"]).text


def test_who_is_admitted_is_told(asked: Site) -> None:
    assert "tient maintenant ces fiches" in answered(asked, ADMIT)

    (courriel,) = asked.boite.courriels
    assert courriel.destinataire == "sans-structure@essai.fr"
    assert courriel.sujet == "Votre demande sur Éventail"
    assert "Votre demande est acceptée" in courriel.texte
    assert f"{SHEET}\n" in courriel.texte


def test_who_is_refused_is_told_and_may_ask_again(asked: Site) -> None:
    assert "La demande est refusée" in answered(asked, REMOVE)

    (courriel,) = asked.boite.courriels
    assert "n’a pas été acceptée" in courriel.texte
    assert f"{SHEET}/rejoindre\n" in courriel.texte
    assert asked.person("sans-structure").get(f"{SHEET}/rejoindre").status_code == 200


def test_who_leaves_is_written_nothing_and_goes_home(site: Site) -> None:
    page = answered(site, REMOVE, "membre-b")

    assert "ne tient plus ces fiches" in page
    assert "Vos structures" in page
    assert site.boite.courriels == []


def test_an_answer_that_cannot_leave_is_given_all_the_same(asked: Site) -> None:
    asked.boite.fault = EnvoiImpossible("injoignable")

    answered(asked, ADMIT)

    assert asked.person("sans-structure").get(SHEET).status_code == 200
