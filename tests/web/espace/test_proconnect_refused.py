"""Each way in which a provider of identities, or whoever plays it, opens nothing."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc.jwk import ECKey
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.identites import IdentiteRefusee, MotifIdentite
from app.identity.proconnect import ProConnectFournisseur
from app.settings_auth import ProConnect
from app.web.auth.session import ESPACE_EXTENSION
from tests.integration.mail_server import closed_port, silent
from tests.integration.oidc_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    Provider,
    providing,
)
from tests.web.espace.conftest import Site
from tests.web.espace.oidc import (
    CAMILLE,
    NOT_OURS,
    come_back,
    is_signed_in,
    leave,
    sign_in,
    trusting_site,
)


@pytest.fixture(scope="module")
def shut(
    people_dir: Path, tmp_path_factory: pytest.TempPathFactory, running_provider: Provider
) -> Site:
    """A site that all those who are let in nowhere share: they leave it as it was."""
    return trusting_site(people_dir, tmp_path_factory.mktemp("shut"), running_provider)


def refusal(shut: Site, told: str) -> None:
    """Checks that signing in opens nothing, says why, and leaves the way of a link."""
    client = shut.visitor()

    response = sign_in(client)

    assert response.status_code == 403, response.text
    assert told in response.text
    assert 'href="/connexion"' in response.text
    assert not is_signed_in(client)
    assert shut.espace.comptes.find(CAMILLE) is None


def test_the_question_is_bound_to_the_browser(shut: Site, provider: Provider) -> None:
    client = shut.visitor()
    first, second = (
        parse_qs(urlsplit(client.get("/connexion/proconnect").headers["Location"]).query)
        for _ in range(2)
    )

    assert first["redirect_uri"] == ["http://localhost/connexion/proconnect/retour"]
    assert first["code_challenge_method"] == ["S256"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 32
        assert first[name] != second[name]


@pytest.mark.parametrize("said", [False, None, "true"], ids=["no", "nothing", "text"])
def test_an_address_that_nobody_verified_opens_nothing(
    shut: Site, provider: Provider, said: object
) -> None:
    provider.person["email_verified"] = said

    refusal(shut, "n’a pas vérifié")


@pytest.mark.parametrize("said", [None, "", "pas une adresse", 7], ids=str)
def test_an_identity_without_an_address_opens_nothing(
    shut: Site, provider: Provider, said: object
) -> None:
    provider.person["email"] = said

    refusal(shut, "ne nous donne pas votre adresse")


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"nonce": "autre"}, id="nonce"),
        pytest.param({"nonce": None}, id="no-nonce"),
        pytest.param({"exp": NOW - 3600, "iat": NOW - 7200}, id="expired"),
        pytest.param({"exp": None}, id="no-end"),
        pytest.param({"aud": "autre-site"}, id="audience"),
        pytest.param({"aud": [CLIENT_ID, "autre-site"], "azp": "autre-site"}, id="azp"),
        pytest.param({"iss": "https://autre.exemple.fr"}, id="issuer"),
        pytest.param({"iat": NOW + 3600}, id="not-yet"),
        pytest.param({"at_hash": "autre"}, id="another-access-token"),
        pytest.param({"sub": ""}, id="nobody"),
        pytest.param({"sub": 7}, id="subject-of-another-type"),
    ],
)
def test_a_proof_that_is_not_for_this_question_opens_nothing(
    shut: Site, provider: Provider, claims: dict[str, object]
) -> None:
    provider.id_claims = claims

    refusal(shut, NOT_OURS)


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"sub": "quelqu-un-d-autre"}, id="subject"),
        pytest.param({"aud": "autre-site"}, id="audience"),
        pytest.param({"iss": "https://autre.exemple.fr"}, id="issuer"),
    ],
)
def test_what_is_said_of_somebody_else_opens_nothing(
    shut: Site, provider: Provider, claims: dict[str, object]
) -> None:
    provider.userinfo_claims = claims

    refusal(shut, NOT_OURS)


def test_plain_user_information_of_somebody_else_opens_nothing(
    shut: Site, provider: Provider
) -> None:
    provider.is_userinfo_signed = False
    provider.userinfo_claims = {"sub": "quelqu-un-d-autre"}

    refusal(shut, NOT_OURS)


def test_a_signature_by_another_key_opens_nothing(shut: Site, provider: Provider) -> None:
    provider.signing_key = ECKey.generate_key("P-256")

    refusal(shut, NOT_OURS)


def test_user_information_signed_by_another_key_opens_nothing(
    shut: Site, provider: Provider
) -> None:
    client = shut.visitor()
    address = leave(client)
    forged = Provider(issuer=provider.issuer, key=provider.key)
    forged.signing_key = ECKey.generate_key("P-256")
    body = forged._signed({"sub": provider.person["sub"], "email": "membre-a@essai.fr"})
    provider.faults["userinfo"] = Response(body, mimetype="application/jwt")

    assert NOT_OURS in come_back(client, address).text
    assert not is_signed_in(client)


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_proof_that_anyone_could_sign_opens_nothing(
    shut: Site, provider: Provider, alg: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forged(_self: Provider, claims: dict[str, object]) -> str:
        parts = [json.dumps(part).encode() for part in ({"alg": alg, "kid": "une"}, dict(claims))]
        text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
        mac = hmac.new(CLIENT_SECRET.encode(), text, hashlib.sha256).digest()
        end = b"" if alg == "none" else base64.urlsafe_b64encode(mac).rstrip(b"=")
        return (text + b"." + end).decode()

    monkeypatch.setattr(Provider, "_signed", forged)

    refusal(shut, NOT_OURS)


def test_an_answer_to_another_question_opens_nothing(shut: Site, provider: Provider) -> None:
    victim, attacker = shut.visitor(), shut.visitor()
    leave(victim)

    response = come_back(victim, leave(attacker))

    assert response.status_code == 403
    assert NOT_OURS in response.text
    assert "token" not in provider.asked
    assert not is_signed_in(victim)


@pytest.mark.parametrize("state", ["", "x", "é", "x" * 5000])
def test_a_wrong_state_opens_nothing(shut: Site, provider: Provider, state: str) -> None:
    client = shut.visitor()
    query = parse_qs(urlsplit(leave(client)).query)
    asked = urlencode({"code": query["code"][0], "state": state})

    assert client.get(f"/connexion/proconnect/retour?{asked}").status_code == 403
    assert not is_signed_in(client)


def test_an_answer_without_a_question_opens_nothing(shut: Site, provider: Provider) -> None:
    address = leave(shut.visitor())
    client = shut.visitor()

    assert come_back(client, address).status_code == 403
    assert "token" not in provider.asked


def test_a_code_without_the_verifier_of_its_question_opens_nothing(
    shut: Site, provider: Provider
) -> None:
    client = shut.visitor()
    address = leave(client)
    with client.session_transaction() as kept:
        etat, nonce, verificateur = kept["depart"]
        kept["depart"] = [etat, nonce, verificateur[::-1]]

    assert NOT_OURS in come_back(client, address).text
    assert not is_signed_in(client)


@pytest.mark.parametrize("error", ["access_denied", "server_error", "<script>alert(1)</script>"])
def test_a_refusal_by_the_provider_is_said(shut: Site, provider: Provider, error: str) -> None:
    provider.refusal = error
    client = shut.visitor()

    response = sign_in(client)

    assert response.status_code == 403
    assert "n’a pas confirmé qui vous êtes" in response.text
    assert "<script>alert" not in response.text
    assert "token" not in provider.asked


@pytest.mark.parametrize("endpoint", ["discovery", "token", "jwks", "userinfo"])
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((b"{}", 500), id="error"),
        pytest.param((b"<html>Maintenance</html>", 200), id="page"),
        pytest.param((b"", 200), id="nothing"),
        pytest.param((b"[]", 200), id="list"),
    ],
)
def test_a_provider_in_trouble_is_said_and_a_link_still_opens(
    shut: Site, provider: Provider, endpoint: str, answer: tuple[bytes, int]
) -> None:
    provider.faults[endpoint] = Response(*answer, mimetype="application/json")
    client = shut.visitor()

    response = client.get("/connexion/proconnect")
    if endpoint != "discovery":
        response = come_back(client, leave(client))

    assert response.status_code in (403, 503), response.text
    assert "ProConnect" in response.text
    assert not is_signed_in(client)
    assert client.get("/connexion").status_code == 200
    assert shut.espace.comptes.find(CAMILLE) is None


def test_a_provider_that_is_down_is_said(shut: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    fournisseur = shut.espace.identites.fournisseur
    assert isinstance(fournisseur, ProConnectFournisseur)
    away = replace(fournisseur.settings, issuer=f"http://127.0.0.1:{closed_port()}")
    gone = replace(
        shut.espace, identites=replace(shut.espace.identites, fournisseur=type(fournisseur)(away))
    )
    monkeypatch.setitem(shut.app.extensions, ESPACE_EXTENSION, lambda: gone)

    response = shut.visitor().get("/connexion/proconnect")

    assert response.status_code == 503
    assert "ne répond pas en ce moment" in response.text
    assert "Recevoir un lien" in response.text


def test_a_provider_that_says_nothing_is_left(shut: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.identity.proconnect.TIMEOUT_S", (0.2, 0.2))
    with silent() as port:
        silent_one = ProConnectFournisseur(
            ProConnect(issuer=f"http://127.0.0.1:{port}", client_id="x", client_secret="y")
        )
        with pytest.raises(IdentiteRefusee) as refused:
            silent_one.start("http://localhost/retour")

    assert refused.value.motif is MotifIdentite.INJOIGNABLE


@pytest.mark.parametrize(
    "name", ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "issuer"]
)
@pytest.mark.parametrize("value", ["https://ailleurs.exemple.fr/x", None, 7], ids=str)
def test_no_other_site_is_called(shut: Site, provider: Provider, name: str, value: object) -> None:
    provider.metadata = {name: value}

    response = shut.visitor().get("/connexion/proconnect")

    assert response.status_code == 403
    assert provider.asked == ["discovery"]


@pytest.mark.parametrize("endpoint", ["discovery", "token", "jwks", "userinfo"])
def test_an_answer_that_leads_elsewhere_is_not_followed(
    shut: Site, provider: Provider, endpoint: str
) -> None:
    client = shut.visitor()
    address = leave(client)
    with providing() as elsewhere:
        provider.faults[endpoint] = redirect(f"{elsewhere.issuer}/{endpoint}", 307)

        response = come_back(client, address)

        assert elsewhere.asked == []
    assert response.status_code == 503
    assert not is_signed_in(client)
