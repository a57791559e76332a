"""Signing in by a link: used once, in time, by its reader; nobody learns who has an account."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.connexion import VALIDITE_LIEN, Lien, Usage, empreinte_of, new_jeton
from app.mail.sender import AdresseRefusee, EnvoiImpossible
from tests.web.espace.conftest import STRUCTURE_A, Site, all_forms, form_of

WHOLE_DAY = timedelta(days=1)


def ask(client: FlaskClient, courriel: str) -> TestResponse:
    """Asks for a link."""
    form = form_of(client.get("/connexion"), "/connexion")
    return form.fill("courriel", courriel).send(client)


def press(client: FlaskClient) -> TestResponse:
    """Presses the button of the page of a link."""
    return form_of(client.get("/connexion/confirmer"), "/connexion/confirmer").send(client)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/espace").status_code == 200


def test_a_link_opens_the_space_of_its_address(site: Site) -> None:
    client = site.visitor()

    assert ask(client, " Membre-A@essai.fr ").status_code == 303
    (courriel,) = site.boite.courriels
    assert courriel.destinataire == "membre-a@essai.fr"
    opened = client.get(site.boite.link())
    assert (opened.status_code, opened.headers["Location"]) == (303, "/connexion/confirmer")
    assert not is_signed_in(client)
    entered = press(client)

    assert (entered.status_code, entered.headers["Location"]) == (303, "/espace")
    assert "Maison A" in client.get("/espace").text


def test_nothing_about_the_person_is_in_the_subject_nor_in_an_address(site: Site) -> None:
    ask(site.visitor(), "membre-a@essai.fr")

    (courriel,) = site.boite.courriels
    assert "membre" not in courriel.sujet
    assert "membre" not in site.boite.link()


@pytest.mark.parametrize("usage", [Usage.CONNEXION, Usage.BOITE])
def test_the_token_of_a_link_leaves_the_address_at_once(site: Site, usage: Usage) -> None:
    client, jeton = site.visitor(), new_jeton()
    quand = site.espace.clock.now()
    structure = STRUCTURE_A if usage is Usage.BOITE else None
    lien = Lien(
        usage=usage,
        courriel="membre-a@essai.fr",
        structure_id=structure,
        expire_le=quand + VALIDITE_LIEN,
    )
    site.espace.connexion.store.add_lien(empreinte_of(jeton), lien, quand)

    opened = client.get(f"/lien/{jeton}")
    page = client.get(opened.headers["Location"])
    entered = form_of(page, "/connexion/confirmer").send(client)

    assert (opened.status_code, opened.headers["Location"]) == (303, "/connexion/confirmer")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/espace")
    assert jeton not in page.text + client.get("/espace", follow_redirects=True).text


def test_a_known_address_and_an_unknown_one_are_answered_alike(site: Site) -> None:
    answers = []
    for courriel in ("membre-a@essai.fr", "personne@ailleurs.fr", "ferme@essai.fr"):
        client = site.visitor()
        response = ask(client, courriel)
        page = client.get(response.headers["Location"])
        answers.append((response.status_code, response.headers["Location"], page.text))

    assert answers[0] == answers[1] == answers[2]
    assert len(site.boite.courriels) == 3


def test_a_mail_scanner_that_opens_the_link_uses_nothing(site: Site) -> None:
    reader = site.visitor()
    ask(reader, "membre-a@essai.fr")
    link = site.boite.link()

    for _ in range(3):
        scanner = site.visitor()
        scanner.get(link)
        scanner.get("/connexion/confirmer")
        scanner.head(link)
    reader.get(link)

    assert press(reader).headers["Location"] == "/espace"


def test_a_link_serves_once(site: Site) -> None:
    first, second = site.visitor(), site.visitor()
    ask(first, "membre-a@essai.fr")
    for client in (first, second):
        client.get(site.boite.link())
    page = form_of(second.get("/connexion/confirmer"), "/connexion/confirmer")
    press(first)

    replayed = page.send(second)

    assert replayed.status_code == 410
    assert "ne sert qu’une fois" in replayed.text
    assert not is_signed_in(second)


def test_pressing_twice_leaves_one_signed_in(site: Site) -> None:
    client = site.visitor()
    ask(client, "membre-a@essai.fr")
    client.get(site.boite.link())
    form = form_of(client.get("/connexion/confirmer"), "/connexion/confirmer")
    form.send(client)

    form.send(client)

    assert is_signed_in(client)


def test_a_link_that_is_over_says_so(site: Site) -> None:
    client, jeton = site.visitor(), new_jeton()
    past = site.espace.clock.now() - timedelta(seconds=1)
    lien = Lien(usage=Usage.CONNEXION, courriel="membre-a@essai.fr", expire_le=past)
    site.espace.connexion.store.add_lien(empreinte_of(jeton), lien, past - VALIDITE_LIEN)
    client.get(f"/lien/{jeton}")

    response = client.get("/connexion/confirmer")

    assert response.status_code == 410
    assert "n’est plus valable" in response.text
    assert "Demander un lien" in response.text


@pytest.mark.parametrize("jeton", ["x" * 22, "é", "a/b", "%00", "' OR 1=1 --", "x" * 5000])
def test_a_forged_link_opens_nothing(site: Site, jeton: str) -> None:
    client = site.visitor()
    client.get(f"/lien/{jeton}")

    assert client.get("/connexion/confirmer").status_code == 403
    assert not is_signed_in(client)


def test_a_reader_without_the_cookie_is_told_what_to_do(site: Site) -> None:
    response = site.visitor().get("/connexion/confirmer")

    assert response.status_code == 403
    assert "Demander un lien" in response.text


def test_signing_in_gives_a_new_session(site: Site) -> None:
    client = site.person("membre-b")
    with client.session_transaction() as kept:
        before = dict(kept)
    ask_again = site.visitor()
    ask(ask_again, "membre-a@essai.fr")
    client.get(site.boite.link())
    press(client)

    with client.session_transaction() as kept:
        after = dict(kept)
    assert after["jeton"] != before["jeton"]
    assert after.get("csrf_token") != before.get("csrf_token", "")
    assert "lien" not in after


def test_signing_out_ends_the_session_for_whoever_copied_it(site: Site) -> None:
    client, thief = site.person("membre-a"), site.visitor()
    with client.session_transaction() as mine, thief.session_transaction() as stolen:
        stolen["jeton"] = mine["jeton"]
    assert is_signed_in(thief)

    left = form_of(client.get("/espace"), "/deconnexion").send(client)

    assert left.status_code == 303
    assert not is_signed_in(client)
    assert not is_signed_in(thief)


def test_the_back_button_shows_nothing_after_signing_out(site: Site) -> None:
    client = site.person("membre-a")
    page = client.get("/espace")

    assert page.headers["Cache-Control"] == "no-store"


def test_a_session_ends_when_its_account_is_closed(site: Site) -> None:
    client = site.person("membre-a")
    site.espace.comptes.close(site.compte_id("membre-a"))

    assert not is_signed_in(client)


def test_the_link_of_a_closed_account_opens_nothing(site: Site) -> None:
    site.espace.comptes.close(site.compte_id("membre-a"))
    client = site.visitor()
    ask(client, "membre-a@essai.fr")
    client.get(site.boite.link())

    assert "Ce compte a été fermé" in press(client).text
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        pytest.param("", "Écrivez votre adresse", id="nothing"),
        pytest.param("pas une adresse", "n’est pas un courriel", id="words"),
        pytest.param("a@b\r\nBcc: tous@essai.fr", "n’est pas un courriel", id="header"),
        pytest.param("<script>alert(1)</script>", "n’est pas un courriel", id="markup"),
    ],
)
def test_a_wrong_address_is_kept_and_explained(site: Site, typed: str, message: str) -> None:
    response = ask(site.visitor(), typed)

    assert response.status_code == 400
    assert message in response.text
    assert "<script>alert" not in response.text
    form = form_of(response, "/connexion")
    assert form["courriel"].split() == typed.split()
    assert site.boite.courriels == []


def test_a_mailbox_is_not_flooded(site: Site) -> None:
    client = site.visitor()
    statuses = [ask(client, "membre-a@essai.fr").status_code for _ in range(7)]

    assert statuses == [303] * 5 + [429] * 2
    assert len(site.boite.courriels) == 5
    assert ask(client, "membre-b@essai.fr").status_code == 303


@pytest.mark.parametrize("fault", [EnvoiImpossible("arret"), AdresseRefusee("5.1.1")])
def test_a_message_that_cannot_leave_is_said(site: Site, fault: Exception) -> None:
    site.boite.fault = fault

    response = ask(site.visitor(), "membre-a@essai.fr")

    assert response.status_code == 503
    assert "n’a pas pu partir" in response.text
    assert form_of(response, "/connexion")["courriel"] == "membre-a@essai.fr"


def test_a_form_without_its_token_is_refused(site: Site) -> None:
    client = site.visitor()
    response = client.post("/connexion", data={"courriel": "membre-a@essai.fr"})

    assert response.status_code == 400
    assert site.boite.courriels == []


def test_a_page_older_than_the_session_says_to_open_it_again(site: Site) -> None:
    client = site.visitor()
    form = form_of(client.get("/connexion"), "/connexion").fill("courriel", "membre-a@essai.fr")
    with client.session_transaction() as kept:
        kept.clear()

    response = form.send(client)

    assert response.status_code == 400
    assert "Ouvrez-la de nouveau" in response.text
    assert site.boite.courriels == []


def test_a_form_of_another_site_is_refused(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get("/espace/compte"), "/espace/compte/nom")

    response = client.post(
        form.action, data=dict(form.fields), headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert response.status_code == 403


def test_the_page_that_was_wanted_comes_after_signing_in(site: Site) -> None:
    client = site.visitor()
    wanted = f"/espace/structures/{STRUCTURE_A}"
    assert client.get(wanted).headers["Location"] == "/connexion"
    ask(client, "membre-a@essai.fr")
    client.get(site.boite.link())

    assert press(client).headers["Location"] == wanted


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        pytest.param("/espace/nouvelle-structure?reprise=3", None, id="number"),
        pytest.param(
            "/espace/reglages/vaucluse?a=1&a=2&b=%C3%A9%26%3F%23",
            None,
            id="repeated and escaped",
        ),
        pytest.param(
            "/espace/campagnes?_external=1&_scheme=ftp&_anchor=x&next=https://ailleurs.fr",
            "/espace/campagnes?_external=1&_scheme=ftp&_anchor=x&next=https%3A%2F%2Failleurs.fr",
            id="another site",
        ),
        pytest.param("/espace/structures/a//b", None, id="two slashes"),
        pytest.param("/espace/structures/a%3Fb%23c?d=1", None, id="escaped path"),
        pytest.param(f"/espace/cles?x={'x' * 2000}", "/espace/cles", id="long query"),
        pytest.param(f"/espace/regles/{'x' * 2000}", "/espace", id="long path"),
    ],
)
def test_what_the_wanted_page_asks_comes_too(
    shared_site: Site, asked: str, wanted: str | None
) -> None:
    client = shared_site.visitor()
    client.get("/espace/journal")  # an older wish is forgotten
    assert client.get(asked).headers["Location"] == "/connexion"
    with client.session_transaction() as kept:
        suite = kept.get("suite", "/espace")

    assert suite == (wanted or asked)


def test_asking_to_join_waits_for_a_member(site: Site) -> None:
    newcomer, member = site.person("sans-structure"), site.person("membre-a")
    page = newcomer.get(f"/espace/structures/{STRUCTURE_A}/rejoindre")
    form_of(page, "/espace/adhesions").send(newcomer)
    assert "Demande en attente" in newcomer.get("/espace").text
    assert newcomer.get(f"/espace/structures/{STRUCTURE_A}").status_code == 403

    members = member.get(f"/espace/structures/{STRUCTURE_A}")
    assert "sans-structure@essai.fr" in members.text
    asked = str(site.compte_id("sans-structure"))
    admit = next(
        form
        for form in all_forms(members)
        if form.action.endswith("/admettre") and form["compte"] == asked
    )
    admit.send(member)

    assert newcomer.get(f"/espace/structures/{STRUCTURE_A}").status_code == 200


def test_the_mailbox_of_a_structure_opens_its_listings_only(site: Site) -> None:
    client = site.person("boite")

    response = client.get("/espace")

    assert response.headers["Location"] == f"/espace/structures/{STRUCTURE_A}"
    page = client.get(response.headers["Location"])
    assert "Passer le permis" in page.text
    assert "membre-a@essai.fr" not in page.text
    assert client.get("/espace/structures/essai--b").status_code == 403


def test_a_visitor_keeps_no_cookie_outside_the_space(site: Site) -> None:
    client = site.visitor()
    for address in ("/", "/recherche?q=permis", "/offres/essai--a1", "/structures/essai--a"):
        assert "Set-Cookie" not in client.get(address).headers


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    cookie = site.visitor().get("/connexion").headers["Set-Cookie"]

    assert cookie.startswith("eventail=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("membre-a", True),
        ("membre-b", False),
        ("coordinateur", True),
        ("coordinateur-bassin", True),
        ("coordinateur-ailleurs", False),
        ("administrateur", True),
        ("sans-structure", False),
    ],
)
def test_who_may_answer_sees_who_asks(shared_site: Site, name: str, sees: bool) -> None:
    page = shared_site.person(name).get("/espace").text

    assert ("en-attente@essai.fr" in page) is sees
