"""One's own account: its name, its password and what guards it, its open sessions."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.domain.mots_de_passe import FRAICHEUR, MAX_ESSAIS, MIN_CARACTERES
from app.mail.sender import EnvoiImpossible
from app.persistence.database import open_database, writing
from app.persistence.tables.comptes import sessions
from tests.web.espace.conftest import Site, all_forms, form_of

ADRESSE = "membre-a@essai.fr"
SENTENCE, OTHER = "trois vélos rouges sous la pluie", "quatre ânes gris dans un pré"
PAGE, CHOOSE, REMOVE = "/espace/compte", "/mot-de-passe/choisir", "/mot-de-passe/retirer"
SIGN_IN = "/connexion/mot-de-passe"


def choose(client: FlaskClient, nouveau: str = SENTENCE, **more: str) -> TestResponse:
    """Chooses a password on the page of one's account."""
    form = form_of(client.get(PAGE), CHOOSE).fill("nouveau", nouveau)
    for name, value in more.items():
        form.fill(name, value)
    return form.send(client)


def enter(client: FlaskClient, mot_de_passe: str, courriel: str = ADRESSE) -> TestResponse:
    """Signs in by a password."""
    form = form_of(client.get("/connexion"), SIGN_IN)
    return form.fill("courriel", courriel).fill("mot_de_passe", mot_de_passe).send(client)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/espace").status_code == 200


def make_older(site: Site) -> None:
    """Lets a quarter of an hour pass for every session of the site."""
    settings = site.espace.comptes._engine.url  # type: ignore[attr-defined]
    engine = open_database(settings.render_as_string(hide_password=False))
    past = site.espace.clock.now() - FRAICHEUR
    with writing(engine) as connection:
        connection.execute(update(sessions).values(ouverte_le=past))
    engine.dispose()


def test_a_password_is_chosen_then_opens_the_space(site: Site) -> None:
    chosen = choose(site.person("membre-a"))
    assert chosen.headers["Location"] == f"{PAGE}?fait=mot-de-passe"
    client = site.visitor()

    entered = enter(client, SENTENCE, " Membre-A@essai.fr ")

    assert (entered.status_code, entered.headers["Location"]) == (303, "/espace")
    assert "Maison A" in client.get("/espace").text
    assert "ouverte par mot de passe" in client.get(PAGE).text


def test_the_owner_is_told_without_detail(site: Site) -> None:
    choose(site.person("membre-a"))

    (courriel,) = site.boite.courriels
    assert courriel.destinataire == ADRESSE
    assert courriel.sujet == "Le mot de passe de votre compte Éventail"
    assert "http://localhost/connexion" in courriel.texte
    assert SENTENCE not in courriel.texte
    assert ADRESSE not in courriel.texte


def test_a_message_that_cannot_leave_undoes_nothing(site: Site) -> None:
    site.boite.fault = EnvoiImpossible("arret")

    assert choose(site.person("membre-a")).status_code == 303
    assert enter(site.visitor(), SENTENCE).status_code == 303


def test_the_page_that_was_wanted_comes_after_a_password(site: Site) -> None:
    choose(site.person("membre-a"))
    client = site.visitor()
    client.get(PAGE)

    assert enter(client, SENTENCE).headers["Location"] == PAGE


def test_signing_in_by_a_password_gives_a_new_session(site: Site) -> None:
    client = site.person("membre-a")
    choose(client)
    with client.session_transaction() as kept:
        before = kept["jeton"]
    thief = site.visitor()
    with thief.session_transaction() as stolen:
        stolen["jeton"] = before
    assert is_signed_in(thief)

    form = form_of(site.visitor().get("/connexion"), SIGN_IN)
    token = form_of(client.get(PAGE), CHOOSE)["csrf_token"]
    form.fill("csrf_token", token).fill("courriel", ADRESSE).fill("mot_de_passe", SENTENCE)
    assert form.send(client).status_code == 303

    with client.session_transaction() as kept:
        assert kept["jeton"] != before
    assert not is_signed_in(thief), "the older session is closed in the record too"


def test_nobody_learns_who_has_an_account_nor_a_password(site: Site) -> None:
    choose(site.person("membre-a"))
    site.espace.comptes.close(site.compte_id("ferme"))
    answers = set()
    for courriel in (ADRESSE, "membre-b@essai.fr", "ferme@essai.fr", "inconnue@ailleurs.fr"):
        client = site.visitor()
        response = enter(client, "ce n’est pas le bon", courriel)
        token = form_of(response, SIGN_IN)["csrf_token"]
        answers.add((response.status_code, response.text.replace(courriel, "").replace(token, "")))
        assert form_of(response, SIGN_IN)["courriel"] == courriel
        assert not is_signed_in(client)

    ((status, text),) = answers
    assert status == 400
    assert "L’adresse ou le mot de passe ne convient pas" in text
    assert "ce n’est pas le bon" not in text


def test_a_closed_account_is_not_opened_by_its_password(site: Site) -> None:
    choose(site.person("membre-a"))
    site.espace.comptes.close(site.compte_id("membre-a"))

    assert enter(site.visitor(), SENTENCE).status_code == 400


def test_tries_are_bounded_and_a_link_still_opens(site: Site) -> None:
    choose(site.person("membre-a"))
    statuses = [enter(site.visitor(), "faux").status_code for _ in range(MAX_ESSAIS)]

    refused = enter(site.visitor(), SENTENCE)

    assert set(statuses) == {400}
    assert refused.status_code == 429
    assert "Trop d’essais" in refused.text
    assert enter(site.visitor(), "faux", "membre-b@essai.fr").status_code == 400
    client = site.visitor()
    form_of(client.get("/connexion"), "/connexion").fill("courriel", ADRESSE).send(client)
    client.get(site.boite.link())
    form_of(client.get("/connexion/confirmer"), "/connexion/confirmer").send(client)
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param({"courriel": ""}, "Écrivez votre adresse", id="no-address"),
        pytest.param({"courriel": "Marie"}, "n’est pas un courriel", id="no-address-at-all"),
        pytest.param({"mot_de_passe": ""}, "Écrivez votre mot de passe", id="no-password"),
    ],
)
def test_what_is_missing_is_said_and_the_address_kept(
    shared_site: Site, typed: dict[str, str], told: str
) -> None:
    client = shared_site.visitor()
    given = {"courriel": ADRESSE, "mot_de_passe": SENTENCE} | typed
    response = enter(client, given["mot_de_passe"], given["courriel"])

    assert response.status_code == 400
    assert told in response.text
    assert form_of(response, SIGN_IN)["courriel"] == given["courriel"]
    assert SENTENCE not in response.text
    assert "<title>Erreur" in response.text


def test_the_form_can_be_opened_again_at_its_own_address(shared_site: Site) -> None:
    page = shared_site.visitor().get(SIGN_IN)

    assert page.status_code == 200
    assert form_of(page, SIGN_IN)["courriel"] == ""


REFUSED = {
    "": "Écrivez un mot de passe",
    "trop court": f"au moins {MIN_CARACTERES}",
    "ab" * 65: "trop long",
    "abcdefghijklmnopqrst": "répète",
    "q1w2e3r4t5y6u7i8": "plus courants",
    ADRESSE: "votre adresse",
}


def test_a_password_that_is_guessed_first_is_refused(shared_site: Site) -> None:
    client = shared_site.person("membre-a")

    for nouveau, told in REFUSED.items():
        response = choose(client, nouveau)

        assert response.status_code == 400, nouveau
        assert told in response.text, nouveau
        assert f'name="nouveau" value="{nouveau}"' not in response.text
    assert "Vous n’en avez pas" in client.get(PAGE).text


def test_what_password_managers_and_browsers_are_told(site: Site) -> None:
    client = site.person("membre-a")
    choose(client)
    make_older(site)
    page = client.get(PAGE).text

    assert 'autocomplete="new-password"' in page
    assert page.count('autocomplete="current-password"') == 2
    assert 'autocomplete="current-password"' in site.visitor().get("/connexion").text
    assert page.count('type="password"') == 3
    assert "onpaste" not in page


def test_changing_asks_for_the_password_in_use_once_the_link_is_old(site: Site) -> None:
    client, other = site.person("membre-a"), site.person("membre-a")
    choose(client)
    assert not is_signed_in(other)
    make_older(site)

    assert "Écrivez votre mot de passe actuel" in choose(client, OTHER).text
    assert "Ce n’est pas votre mot de passe actuel" in choose(client, OTHER, actuel="faux").text
    assert enter(site.visitor(), SENTENCE).status_code == 303
    assert choose(client, OTHER, actuel=SENTENCE).status_code == 303

    assert enter(site.visitor(), SENTENCE).status_code == 400
    assert enter(site.visitor(), OTHER).status_code == 303
    assert len(site.boite.courriels) == 2


def test_removing_asks_for_it_too(site: Site) -> None:
    client = site.person("membre-a")
    choose(client)
    make_older(site)

    assert form_of(client.get(PAGE), REMOVE).send(client).status_code == 400
    other = site.person("membre-a")
    removed = form_of(client.get(PAGE), REMOVE).fill("actuel", SENTENCE).send(client)

    assert removed.headers["Location"] == f"{PAGE}?fait=retrait"
    assert not is_signed_in(other)
    assert is_signed_in(client)
    assert enter(site.visitor(), SENTENCE).status_code == 400
    assert len(site.boite.courriels) == 2


def test_who_has_none_needs_a_fresh_link_to_choose_one(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(PAGE), CHOOSE).fill("nouveau", SENTENCE)
    make_older(site)

    assert "reconnectez-vous par un lien" in form.send(client).text
    page = client.get(PAGE)
    assert not [one for one in all_forms(page) if one.action.endswith(CHOOSE)]
    asked = form_of(page, f"{PAGE}/lien").send(client)
    assert asked.headers["Location"] == "/connexion/envoye"
    client.get(site.boite.link())
    entered = form_of(client.get("/connexion/confirmer"), "/connexion/confirmer").send(client)

    assert entered.headers["Location"] == PAGE
    assert choose(client).status_code == 303


def test_a_link_that_cannot_leave_is_said_on_the_page(site: Site) -> None:
    client = site.person("membre-a")
    make_older(site)
    site.boite.fault = EnvoiImpossible("arret")

    response = form_of(client.get(PAGE), f"{PAGE}/lien").send(client)

    assert response.status_code == 503
    assert "n’a pas pu partir" in response.text


def test_one_closes_another_session_by_a_name_that_opens_nothing(site: Site) -> None:
    client, other = site.person("membre-a"), site.person("membre-a")
    page = client.get(PAGE)
    assert page.text.count("Cette session") == 1
    with other.session_transaction() as theirs:
        jeton = theirs["jeton"]
    form = form_of(page, "/sessions/fermer")
    assert jeton not in page.text
    thief = site.visitor()
    with thief.session_transaction() as stolen:
        stolen["jeton"] = form["session"]

    closed = form.send(client)

    assert closed.headers["Location"] == f"{PAGE}?fait=session"
    assert not is_signed_in(other)
    assert not is_signed_in(thief)
    assert is_signed_in(client)


def test_one_closes_all_the_others(site: Site) -> None:
    client, stranger = site.person("membre-a"), site.person("membre-b")
    others = [site.person("membre-a") for _ in range(2)]

    form_of(client.get(PAGE), "/sessions/fermer-autres").send(client)

    assert not any(map(is_signed_in, others))
    assert is_signed_in(client)
    assert is_signed_in(stranger)
    assert "fermer-autres" not in client.get(PAGE).text


def test_closing_this_session_signs_out(site: Site) -> None:
    client, other = site.person("membre-a"), site.person("membre-a")
    form = form_of(other.get(PAGE), "/sessions/fermer")  # it names the session of `client`
    token = form_of(client.get(PAGE), "/sessions/fermer")["csrf_token"]

    closed = form.fill("csrf_token", token).send(client)

    assert closed.headers["Location"] == "/"
    assert not is_signed_in(client)
    assert is_signed_in(other)


def test_nobody_closes_the_session_of_another(site: Site) -> None:
    victim, attacker = site.person("membre-a"), site.person("membre-b")
    second = site.person("membre-a")
    form = form_of(second.get(PAGE), "/sessions/fermer")
    token = form_of(attacker.get(PAGE), f"{PAGE}/nom")["csrf_token"]

    form.fill("csrf_token", token).send(attacker)

    assert is_signed_in(victim)


def test_a_name_is_kept_as_typed_without_what_cannot_be_shown(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(PAGE), f"{PAGE}/nom").fill("nom", "  Anne \u202e  Le\u200bGoff ")

    assert form.send(client).headers["Location"] == f"{PAGE}?fait=nom"
    assert form_of(client.get(PAGE), f"{PAGE}/nom")["nom"] == "Anne LeGoff"


def test_a_session_is_said_with_its_hours(site: Site) -> None:
    client = site.person("membre-a")
    now = site.espace.clock.now()
    text = client.get(PAGE).text

    assert "ouverte par un lien reçu par courriel" in text
    for day in (now, now + timedelta(hours=12)):
        assert str(day.year) in text
    assert "127.0.0.1" not in text
