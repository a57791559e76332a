"""Drafts: kept as typed, faults included, seen by their author alone, gone once published."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import ParisClock
from app.domain.brouillons import GARDE_BROUILLON
from app.domain.comptes import Acteur, Qualite
from app.domain.offre import Offre
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Formulaire, Site, form_of

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
SHEET = f"/espace/structures/{STRUCTURE_A}"
NEW = f"{SHEET}/offres/nouvelle"
KEEP, SAVE, LOOK = "brouillon", "enregistrer", "apercu"
ADMIN = Acteur(qualite=Qualite.ADMINISTRATEUR)
DRAFT = f"{EDIT}?brouillon=1"


def opened(client: FlaskClient, address: str = EDIT) -> Formulaire:
    """Opens a form."""
    return form_of(client.get(address), address.partition("?")[0])


def discard(client: FlaskClient, page: str = SHEET) -> TestResponse:
    return form_of(client.get(page), "/abandonner").send(client)


def name_of(site: Site) -> str:
    found = site.offre(OFFRE_A)
    assert isinstance(found, Offre)
    return found.nom


def test_what_is_typed_is_kept_as_typed_even_wrong(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client).fill("nom", "x").fill("latitude", "au nord").fill("publics", "jeunes")

    response = form.send(client, KEEP)

    assert response.status_code == 200
    assert "Brouillon enregistré à" in response.text
    assert name_of(site) == "Passer le permis"
    again = opened(client, DRAFT)
    assert (again["nom"], again["latitude"], again.all("publics")) == ("x", "au nord", ["jeunes"])


def test_an_unfinished_condition_is_kept_too(site: Site) -> None:
    client = site.person("membre-a")
    built = form_of(opened(client).send(client, "ajouter:eligibilite"), EDIT)
    built.send(client, KEEP)

    assert opened(client, DRAFT)["eligibilite.1.fait"] == ""


@pytest.mark.parametrize("page", ["/espace", SHEET])
def test_a_draft_is_listed_and_opened_again(site: Site, page: str) -> None:
    client = site.person("membre-a")
    opened(client).fill("nom", "Permis de jour").send(client, KEEP)

    listed = client.get(page).text

    assert "Permis de jour" in listed
    assert "Brouillon du" in listed
    assert DRAFT in listed
    assert "personne d’autre ne le voit" in client.get(DRAFT).text
    assert "Vous avez un brouillon de cette fiche" in client.get(EDIT).text


@pytest.mark.parametrize("name", ["coordinateur", "administrateur", "membre-b", "professionnel"])
def test_nobody_else_sees_a_draft(site: Site, name: str) -> None:
    author = site.person("membre-a")
    opened(author).fill("nom", "Secret du brouillon").send(author, KEEP)
    other = site.person(name)

    for page in ("/espace", SHEET, DRAFT, EDIT):
        assert "Secret du brouillon" not in other.get(page).text, page
    opened(author).fill("nom", "Secret du brouillon").send(author, KEEP)
    (draft,) = site.espace.brouillons.store.of(f"compte:{site.compte_id('membre-a')}")
    token = form_of(other.get("/espace/compte"), "/nom")
    token.action = f"/espace/brouillons/{draft.id}/abandonner"
    assert token.send(other).status_code == 404
    assert opened(author, DRAFT)["nom"] == "Secret du brouillon"


def test_a_mailbox_that_several_read_has_no_draft(site: Site) -> None:
    client = site.person("boite")
    form = opened(client)

    assert 'value="brouillon"' not in client.get(EDIT).text
    assert form.send(client, KEEP).status_code == 403


@pytest.mark.parametrize("name", ["membre-a", "professionnel"])
def test_a_draft_disappears_once_it_is_published_or_sent(site: Site, name: str) -> None:
    client = site.person(name)
    opened(client).fill("nom", "Permis de jour").send(client, KEEP)

    response = opened(client, DRAFT).send(client, SAVE)

    assert response.status_code == 303
    assert "Brouillon du" not in client.get("/espace").text


def test_a_draft_is_thrown_away(site: Site) -> None:
    client = site.person("membre-a")
    opened(client).fill("nom", "Permis de jour").send(client, KEEP)

    assert discard(client).status_code == 303

    assert "Permis de jour" not in client.get(SHEET).text
    assert opened(client, DRAFT)["nom"] == "Passer le permis"


def test_a_listing_changed_since_is_settled_as_any_stale_form(site: Site) -> None:
    client, other = site.person("membre-a"), site.person("coordinateur")
    opened(client).fill("nom", "Le mien").fill("telephone", "0466666666").send(client, KEEP)
    opened(other).fill("nom", "Le leur").send(other, SAVE)
    assert "a été modifiée depuis" in client.get(DRAFT).text

    response = opened(client, DRAFT).send(client, SAVE)

    assert response.status_code == 409
    assert "Quelqu’un d’autre a modifié cette fiche" in response.text
    assert form_of(response, EDIT)["nom"] == "Le mien"
    assert name_of(site) == "Le leur"
    assert opened(client, DRAFT)["nom"] == "Le mien"


def test_a_new_offer_waits_as_a_draft_of_its_own(site: Site) -> None:
    client = site.person("membre-a")
    first, second = opened(client, NEW), opened(client, NEW)
    first.fill("nom", "Première").send(client, KEEP)
    second.fill("description", "Sans nom encore").send(client, KEEP)
    listed = client.get(SHEET).text
    assert "Première" in listed
    assert "Offre sans nom" in listed

    again = opened(client, f"{NEW}?brouillon={first['identifiant']}")

    assert (again["identifiant"], again["nom"]) == (first["identifiant"], "Première")
    again.fill("description", "Ce qui se passe concrètement.").send(client, SAVE)
    left = client.get(SHEET).text
    assert "Brouillon du" in left
    assert f"brouillon={first['identifiant']}" not in left
    assert client.get(f"/offres/{first['identifiant']}").status_code == 200


def test_the_draft_of_a_new_offer_that_nobody_has_is_not_found(shared_site: Site) -> None:
    client = shared_site.person("membre-a")

    assert client.get(f"{NEW}?brouillon=eventail--{'0' * 32}").status_code == 404


def test_a_draft_of_a_structure_that_one_no_longer_keeps_is_not_listed(site: Site) -> None:
    client = site.person("membre-a")
    opened(client).fill("nom", "Permis de jour").send(client, KEEP)

    site.espace.comptes.remove(site.compte_id("membre-a"), STRUCTURE_A)

    assert "Permis de jour" not in client.get("/espace").text
    assert client.get(DRAFT).status_code == 403


def test_drafts_are_erased_after_twelve_months_without_a_change(site: Site) -> None:
    client = site.person("membre-a")
    opened(client).send(client, KEEP)
    auteur = f"compte:{site.compte_id('membre-a')}"
    (draft,) = site.espace.brouillons.store.of(auteur)
    said = site.app.test_cli_runner().invoke(args=["comptes", "purger-brouillons"]).output
    assert "Brouillons effacés : 0." in said

    old = ParisClock().now() - GARDE_BROUILLON - timedelta(days=1)
    store = site.espace.brouillons.store
    store.keep(draft.ref, STRUCTURE_A, auteur, 0, draft.typed, old, is_new=False)
    said = site.app.test_cli_runner().invoke(args=["comptes", "purger-brouillons"]).output

    assert "Brouillons effacés : 1." in said
    assert store.of(auteur) == []


def test_a_script_hears_only_the_hour(site: Site) -> None:
    client = site.person("membre-a")

    response = opened(client).fill("fragment", KEEP).send(client, KEEP)

    assert response.mimetype == "text/plain"
    assert response.text.startswith("Brouillon enregistré à")


def test_who_answers_a_change_keeps_no_draft_of_it(site: Site) -> None:
    sender = site.person("professionnel")
    opened(sender).fill("nom", "Proposé").send(sender, SAVE)
    moderator = site.person("coordinateur")
    (sent, _), *_ = site.espace.moderation.waiting(ADMIN)

    page = moderator.get(f"{EDIT}?proposition={sent.id}").text

    assert "Proposé" in page
    assert 'value="brouillon"' not in page
