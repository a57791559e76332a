"""Accounts kept by administrators: found, invited, changed, closed, opened again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.annuaire import PAR_PAGE, Statut
from app.domain.comptes import MAX_NOM, Compte, Role
from app.domain.journal import Filtre, Sensible
from app.mail.sender import EnvoiImpossible
from app.web.auth.session import ESPACE_EXTENSION
from tests.web.espace.conftest import STRUCTURE_A, Formulaire, Site, form_of

LIST = "/espace/comptes"
NEW = f"{LIST}/nouveau"


@pytest.fixture(scope="module")
def chief(shared_site: Site) -> FlaskClient:
    """An administrator of the shared site, signed in once: links are counted."""
    return shared_site.person("administrateur")


def page_of(site: Site, name: str) -> str:
    return f"{LIST}/{site.compte_id(name)}"


def compte(site: Site, name: str) -> Compte:
    found = site.espace.comptes.find(f"{name}@essai.fr")
    assert found is not None
    return found


def search(client: FlaskClient, cherche: str, role: str = "") -> TestResponse:
    form = form_of(client.get(LIST), LIST)
    return form.fill("cherche", cherche).fill("role", role).send(client)


def invitation(client: FlaskClient, courriel: str = "nouvelle@essai.fr") -> Formulaire:
    form = form_of(client.get(NEW), NEW).fill("courriel", courriel).fill("nom", "Nora Neuve")
    return form.fill("role", "coordinateur").fill("perimetre", "grand-avignon")


def told(site: Site, name: str) -> list[tuple[Sensible, str, dict[str, str | int]]]:
    """What the journal says of an account: the action, its author, details."""
    objet = f"compte:{site.compte_id(name)}"
    found = site.espace.journal.store.find(Filtre(objet=objet))
    return [(one.action, one.auteur, dict(one.details)) for one in found]


def admin(site: Site) -> str:
    return f"compte:{site.compte_id('administrateur')}"


def test_accounts_are_listed_with_what_they_are(shared_site: Site, chief: FlaskClient) -> None:
    shared_site.person("ferme")

    page = chief.get(LIST)

    assert "10 comptes" in page.text
    assert "Coordinateur, Vaucluse" in page.text
    assert "Tient les fiches de Maison A." in page.text
    assert page.text.index("Compte fermé.") > page.text.index("sans-structure@essai.fr")
    assert " (vous)" in page.text
    assert 'href="/espace/comptes"' in chief.get("/espace").text


@pytest.mark.parametrize(
    ("cherche", "role", "names"),
    [
        ("membre-a", "", ["membre-a"]),
        ("MEMBRE essai.fr", "", ["membre-a", "membre-b"]),
        ("membre-a@essai.fr", "", ["membre-a"]),
        ("", "coordinateur", ["coordinateur", "coordinateur-ailleurs", "coordinateur-bassin"]),
        ("bassin", "partenaire", []),
        ("%", "", []),
        ("' OR 1=1 --", "", []),
        ("membre", "chef", ["membre-a", "membre-b"]),
    ],
)
def test_an_account_is_found_by_name_address_or_role(
    shared_site: Site, chief: FlaskClient, cherche: str, role: str, names: list[str]
) -> None:
    page = search(chief, cherche, role)

    assert page.status_code == 200
    assert [n for n in sorted(accounts(shared_site)) if f"{n}@essai.fr</p>" in page.text] == names
    assert ("Aucun compte ne correspond" in page.text) is (not names)
    assert form_of(page, LIST)["cherche"] == cherche


def accounts(site: Site) -> list[str]:
    inscrits = site.espace.annuaire.store.inscrits()
    return [one.compte.courriel.partition("@")[0] for one in inscrits]


def test_a_long_list_is_read_by_pages_and_no_address_holds_what_is_sought(site: Site) -> None:
    quand = site.espace.clock.now()
    for rank in range(PAR_PAGE + 1):
        statut = Statut(role=Role.PROFESSIONNEL)
        site.espace.annuaire.store.make(f"p{rank:02}@essai.fr", f"Élu {rank:02}", statut, quand)
    client = site.person("administrateur")

    first = search(client, "elu")
    pages = form_of_pages(first)
    last = pages.fill("page", "2").send(client)

    assert "Page 1 sur 2" in first.text
    assert ("Élu 49" in first.text, "Élu 50" in first.text) == (True, False)
    assert "Page 2 sur 2" in last.text
    assert ("Élu 49" in last.text, "Élu 50" in last.text) == (False, True)
    assert "Page 2 sur 2" in pages.fill("page", "9999999999").send(client).text
    assert "Page 1 sur 2" in pages.fill("page", "-1").send(client).text
    assert client.get(f"{LIST}?cherche=elu").text.count("Élu") < PAR_PAGE


def form_of_pages(page: TestResponse) -> Formulaire:
    fields = [(name, form_of(page, LIST)[name]) for name in ("csrf_token", "cherche", "role")]
    return Formulaire(action=LIST, fields=fields)


def test_somebody_is_invited_signs_in_and_is_what_was_chosen(site: Site) -> None:
    client = site.person("administrateur")

    done = invitation(client, " Nouvelle@Essai.fr ").send(client)

    made = compte(site, "nouvelle")
    assert done.headers["Location"] == f"{LIST}/{made.id}?fait=invite"
    assert (made.nom, made.role, made.perimetre) == (
        "Nora Neuve",
        Role.COORDINATEUR,
        "grand-avignon",
    )
    (sent,) = site.boite.courriels
    assert (sent.destinataire, sent.sujet) == ("nouvelle@essai.fr", "Votre compte sur Éventail")
    visitor = site.visitor()
    visitor.get(site.boite.link())
    form_of(visitor.get("/connexion/confirmer"), "/connexion/confirmer").send(visitor)
    assert visitor.get("/espace/moderation").status_code == 200
    assert told(site, "nouvelle") == [
        (Sensible.COMPTE_INVITE, admin(site), {}),
        (Sensible.COMPTE_CREE, admin(site), {"role": "coordinateur", "perimetre": "grand-avignon"}),
    ]


def test_inviting_twice_makes_one_account_and_sends_one_link(site: Site) -> None:
    client = site.person("administrateur")
    form = invitation(client)

    first, second = form.send(client), form.send(client)

    assert (first.status_code, second.status_code) == (303, 303)
    assert "a déjà ce compte" in client.get(second.headers["Location"]).text
    assert len(site.boite.courriels) == 1


def test_a_known_address_that_is_something_else_is_told_and_left(site: Site) -> None:
    client, before = site.person("administrateur"), compte(site, "membre-a")

    refused = invitation(client, "membre-a@essai.fr").send(client)

    assert refused.status_code == 409
    assert "a déjà un compte" in refused.text
    assert f'href="{page_of(site, "membre-a")}"' in refused.text
    assert form_of(refused, NEW)["nom"] == "Nora Neuve"
    assert compte(site, "membre-a") == before
    assert not site.boite.courriels


def test_a_link_that_cannot_leave_is_told_and_sent_from_the_page(site: Site) -> None:
    client = site.person("administrateur")
    site.boite.fault = EnvoiImpossible("arret")
    made = invitation(client).send(client).headers["Location"]
    page = client.get(made)
    assert "n’a pas pu partir" in page.text
    form = form_of(page, "/lien")
    assert form.send(client).status_code == 503

    site.boite.fault = None
    again = form.send(client)

    assert "Le lien de connexion est parti" in client.get(again.headers["Location"]).text
    assert len(site.boite.courriels) == 1
    statuses = {form.send(client).status_code for _ in range(5)}
    assert statuses == {303, 429}  # a mailbox is not flooded


@pytest.mark.parametrize(
    ("champ", "typed", "words"),
    [
        ("courriel", "", "Écrivez l’adresse de la personne"),
        ("courriel", "pas une adresse", "courriel"),
        ("nom", "x" * (MAX_NOM + 1), "trop long"),
        ("role", "chef", "Choisissez un rôle"),
        ("role", "professionnel", "Seul un coordinateur"),
        ("perimetre", "", "choisissez-le"),
        ("perimetre", "paris", "n’existe plus"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_kept(
    shared_site: Site, chief: FlaskClient, champ: str, typed: str, words: str
) -> None:
    form = invitation(chief).fill(champ, typed)

    refused = form.send(chief)

    assert refused.status_code == 400
    assert words in refused.text
    wrong = "perimetre" if typed == "professionnel" else champ
    assert f'id="{wrong}-faute-1"' in refused.text
    assert f'href="#{wrong}"' in refused.text
    again = form_of(refused, NEW)
    for name in ("courriel", "nom"):
        assert again[name] == form[name]
    assert shared_site.espace.comptes.find("nouvelle@essai.fr") is None


def test_a_role_is_changed_and_its_sessions_end(site: Site) -> None:
    client, theirs = site.person("administrateur"), site.person("membre-b")
    address = page_of(site, "membre-b")
    form = form_of(client.get(address), address)
    form.fill("role", "coordinateur").fill("perimetre", "meuse")

    done = [form.send(client).headers["Location"] for _ in range(2)]  # pressed twice

    assert done == [f"{address}?fait=change"] * 2
    changed = compte(site, "membre-b")
    assert (changed.role, changed.perimetre) == (Role.COORDINATEUR, "meuse")
    assert theirs.get("/espace").status_code == 303
    assert told(site, "membre-b") == [
        (Sensible.COMPTE_CHANGE, admin(site), {"role": "coordinateur", "perimetre": "meuse"})
    ]
    assert "C’est enregistré" in client.get(done[0]).text


def test_a_role_without_its_place_is_refused_and_the_page_keeps_what_it_had_seen(
    site: Site,
) -> None:
    client = site.person("administrateur")
    address = page_of(site, "membre-b")
    form = form_of(client.get(address), address).fill("role", "coordinateur")

    refused = form.send(client)

    assert refused.status_code == 400
    assert 'href="#perimetre"' in refused.text
    again = form_of(refused, address)
    assert (again["role"], again["base"]) == ("coordinateur", form["base"])
    assert compte(site, "membre-b").role is Role.PARTENAIRE


@pytest.mark.parametrize("action", ["", "/fermer"])
def test_a_page_older_than_a_change_is_refused_in_words(site: Site, action: str) -> None:
    client = site.person("administrateur")
    address = page_of(site, "membre-b")
    old = form_of(client.get(address), f"{address}{action}").fill("role", "administrateur")
    newer = form_of(client.get(address), address).fill("role", "professionnel")
    newer.send(client)

    refused = old.send(client)

    assert refused.status_code == 409
    assert "Quelqu’un d’autre vient de changer ce compte" in refused.text
    assert "Professionnel." in refused.text
    assert compte(site, "membre-b").role is Role.PROFESSIONNEL
    again = form_of(refused, f"{address}{action}").fill("role", "administrateur")
    assert again.send(client).status_code == 303  # once told, one may


def test_an_account_is_closed_then_opened_again(site: Site) -> None:
    client, theirs = site.person("administrateur"), site.person("membre-a")
    acteur = site.espace.connexion.acteur_of(compte(site, "membre-a"))
    site.espace.cles.make(acteur, "Logiciel", timedelta(days=30))
    address = page_of(site, "membre-a")
    close = form_of(client.get(address), "/fermer")
    assert [close.send(client).status_code for _ in range(2)] == [303, 303]

    assert theirs.get("/espace").status_code == 303
    assert site.espace.cles.store.of(compte(site, "membre-a").id) == []
    page = client.get(address)
    assert "Compte fermé." in page.text
    assert "/fermer" not in page.text
    reopen = form_of(page, "/rouvrir")
    assert [reopen.send(client).status_code for _ in range(2)] == [303, 303]
    assert "Maison A" in site.person("membre-a").get("/espace").text
    assert [action for action, _, _ in told(site, "membre-a")] == [
        Sensible.COMPTE_ROUVERT,
        Sensible.COMPTE_FERME,
    ]


def test_nobody_closes_or_demotes_themselves(site: Site) -> None:
    client = site.person("administrateur")
    mine, other = page_of(site, "administrateur"), page_of(site, "membre-a")
    page = client.get(mine)
    assert "C’est votre compte" in page.text
    assert not [action for action in ("/fermer", "/lien") if f"{mine}{action}" in page.text]
    base = "administrateur..ouvert"

    for action, address in (("", other), ("/fermer", f"{other}/fermer")):
        form = form_of(client.get(other), address).fill("base", base).fill("role", "partenaire")
        form.action = f"{mine}{action}"
        refused = form.send(client)
        assert refused.status_code == 409
        assert "un autre administrateur peut" in refused.text

    assert compte(site, "administrateur").is_actif
    assert compte(site, "administrateur").role is Role.ADMINISTRATEUR


def test_an_account_that_does_not_exist_is_not_found(shared_site: Site, chief: FlaskClient) -> None:
    other = page_of(shared_site, "membre-b")
    page = chief.get(other)

    for numero in ("0", "999", "99999999999999999999"):
        address = f"{LIST}/{numero}"
        assert chief.get(address).status_code == 404
        for action in ("", "/fermer", "/lien"):
            form = form_of(page, f"{other}{action}")
            form.action = f"{address}{action}"
            assert form.send(chief).status_code == 404, (numero, action)


def test_a_coordinator_whose_place_is_gone_is_told(site: Site) -> None:
    quand = site.espace.clock.now()
    statut = Statut(role=Role.COORDINATEUR, perimetre="ancien-bassin")
    site.espace.annuaire.store.make("egare@essai.fr", "", statut, quand)
    client = site.person("administrateur")

    page = client.get(page_of(site, "egare"))

    assert "d’un territoire ou d’un bassin qui n’existe plus" in page.text
    assert "Sans nom" in page.text
    address = page_of(site, "egare")
    assert form_of(page, address).send(client).status_code == 400


def test_a_site_that_sends_nothing_makes_the_account_and_says_so(site: Site) -> None:
    mute = replace(site.espace, expediteur=None)
    site.app.extensions[ESPACE_EXTENSION] = lambda: mute
    client = site.person("administrateur")

    made = invitation(client).send(client)

    assert "n’a pas pu partir" in client.get(made.headers["Location"]).text
    assert compte(site, "nouvelle").is_actif


def test_a_member_is_seen_with_their_structures(shared_site: Site, chief: FlaskClient) -> None:
    page = chief.get(page_of(shared_site, "membre-a")).text

    assert f'href="/espace/structures/{STRUCTURE_A}"' in page
    assert "Pas revenu depuis sa création" in page or "Dernière connexion le" in page
