"""Signing in through a provider of identities that really answers, and signing out of both."""

import html
import logging
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from werkzeug.wrappers import Response

from tests.integration.oidc_provider import (
    CLIENT_SECRET,
    Provider,
)
from tests.web.espace.conftest import STRUCTURE_A, Site, form_of
from tests.web.espace.oidc import (
    CAMILLE,
    NOT_OURS,
    come_back,
    is_signed_in,
    leave,
    sign_in,
    trusting_site,
)


@pytest.fixture
def site(people_dir: Path, tmp_path: Path, provider: Provider) -> Site:
    """A site of its own, for who is let in."""
    return trusting_site(people_dir, tmp_path, provider)


def test_a_site_without_a_provider_shows_no_button(shared_site: Site) -> None:
    client = shared_site.visitor()

    assert "ProConnect" not in client.get("/connexion").text
    assert client.get("/connexion/proconnect").headers["Location"] == "/connexion"
    assert client.get("/connexion/proconnect/retour?code=x&state=y").headers["Location"] == (
        "/connexion"
    )


@pytest.mark.parametrize("is_signed", [True, False], ids=["jwt", "json"])
def test_the_whole_journey_makes_an_account(
    site: Site, provider: Provider, is_signed: bool
) -> None:
    provider.is_userinfo_signed = is_signed
    client = site.visitor()
    assert "S’identifier avec ProConnect" in client.get("/connexion").text

    entered = sign_in(client)

    assert (entered.status_code, entered.headers["Location"]) == (303, "/espace")
    compte = site.espace.comptes.find(CAMILLE)
    assert compte is not None
    assert (compte.nom, compte.role) == ("Camille Durand", "partenaire")
    page = client.get("/espace/compte").text
    assert "avec ProConnect" in page
    assert "Dissocier ProConnect" in page
    assert site.boite.courriels == []


def test_a_provider_that_knows_no_pkce_is_not_asked_for_it(site: Site, provider: Provider) -> None:
    provider.metadata = {"code_challenge_methods_supported": []}
    client = site.visitor()
    assert "code_challenge" not in client.get("/connexion/proconnect").headers["Location"]

    assert sign_in(client).headers["Location"] == "/espace"


def test_the_page_that_was_wanted_comes_after(site: Site, provider: Provider) -> None:
    provider.person["email"] = "membre-a@essai.fr"
    client, wanted = site.visitor(), f"/espace/structures/{STRUCTURE_A}"
    client.get(wanted)

    assert sign_in(client).headers["Location"] == wanted


def test_the_account_of_a_verified_address_is_joined(site: Site, provider: Provider) -> None:
    provider.person["email"] = " Membre-A@essai.fr "
    client = site.visitor()

    sign_in(client)

    assert "Maison A" in client.get("/espace").text
    compte = site.espace.comptes.find("membre-a@essai.fr")
    assert compte is not None
    assert compte.nom == "membre-a"


def test_an_identity_keeps_its_account_when_its_address_changes(
    site: Site, provider: Provider
) -> None:
    sign_in(site.visitor())
    provider.person["email"] = "membre-a@essai.fr"
    client = site.visitor()

    sign_in(client)

    assert CAMILLE in client.get("/espace/compte").text
    assert "Maison A" not in client.get("/espace").text


def test_an_address_given_to_somebody_else_opens_nothing(site: Site, provider: Provider) -> None:
    sign_in(site.visitor())
    provider.person["sub"] = "sujet-de-dominique"
    client = site.visitor()

    response = sign_in(client)

    assert response.status_code == 403
    assert "associé à une autre identité" in response.text
    assert not is_signed_in(client)


def test_parting_from_an_identity_lets_another_join(site: Site, provider: Provider) -> None:
    client = site.visitor()
    sign_in(client)
    parted = form_of(client.get("/espace/compte"), "/dissocier").send(client)
    assert parted.status_code == 303
    assert "Dissocier ProConnect" not in client.get("/espace/compte").text
    provider.person["sub"] = "sujet-de-dominique"

    assert sign_in(site.visitor()).headers["Location"] == "/espace"


@pytest.mark.parametrize("is_known", [True, False], ids=["by-identity", "by-address"])
def test_a_closed_account_is_refused(site: Site, provider: Provider, is_known: bool) -> None:
    provider.person["email"] = "membre-b@essai.fr"
    if is_known:
        sign_in(site.visitor())
    site.espace.comptes.close(site.compte_id("membre-b"))
    client = site.visitor()

    response = sign_in(client)

    assert response.status_code == 403
    assert "Ce compte a été fermé" in response.text
    assert not is_signed_in(client)


def test_a_code_serves_once(site: Site, provider: Provider) -> None:
    client = site.visitor()
    address = leave(client)
    with client.session_transaction() as kept:
        depart = kept["depart"]
    come_back(client, address)
    client.post("/deconnexion")
    thief = site.visitor()
    with thief.session_transaction() as stolen:
        stolen["depart"] = depart

    assert come_back(client, address).status_code == 403, "the question is forgotten"
    replayed = come_back(thief, address)

    assert replayed.status_code == 403, "the provider takes a code once"
    assert NOT_OURS in replayed.text
    assert not is_signed_in(thief)


def test_signing_out_ends_the_session_of_the_provider_too(site: Site, provider: Provider) -> None:
    client = site.visitor()
    sign_in(client)

    left = form_of(client.get("/espace"), "/deconnexion").send(client)

    assert not is_signed_in(client)
    assert left.status_code == 200
    found = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)"', left.text)
    assert found
    back = requests.get(html.unescape(found[1]), allow_redirects=False)
    assert back.headers["Location"].startswith("http://localhost/?state=")
    assert provider.left[0]["id_token_hint"] == provider.proofs[0]
    assert come_back(client, back.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "metadata",
    [{"end_session_endpoint": None}, {"end_session_endpoint": "https://ailleurs.exemple.fr"}],
    ids=["none", "elsewhere"],
)
def test_signing_out_works_without_a_page_of_the_provider(
    site: Site, provider: Provider, metadata: dict[str, object]
) -> None:
    client = site.visitor()
    sign_in(client)
    provider.metadata = metadata

    left = form_of(client.get("/espace"), "/deconnexion").send(client)

    assert (left.status_code, left.headers["Location"]) == (303, "/")
    assert not is_signed_in(client)


def test_a_provider_that_is_away_keeps_nobody_signed_in(site: Site, provider: Provider) -> None:
    client = site.visitor()
    sign_in(client)
    provider.faults["discovery"] = Response(status=500)

    left = form_of(client.get("/espace"), "/deconnexion").send(client)

    assert left.headers["Location"] == "/"
    assert not is_signed_in(client)


def test_nothing_about_the_person_is_in_a_log(
    site: Site,
    provider: Provider,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    client = site.visitor()
    address = leave(client)
    come_back(client, address)
    provider.id_claims = {"nonce": "autre"}
    sign_in(site.visitor())

    said = capfd.readouterr()
    logged = said.err + said.out + "".join(f"{one.__dict__}" for one in caplog.records)
    assert "identite_refusee" in logged
    code = parse_qs(urlsplit(address).query)["code"][0]
    secrets_ = (CAMILLE, provider.person["sub"], CLIENT_SECRET, code, *provider.proofs)
    assert [one for one in secrets_ if one in logged] == []
