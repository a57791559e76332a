"""What every response tells the browser, and what no log ever tells."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.security_headers import HEADERS, policy_in_frames_of
from tests.conftest import TOWN, AppWith

SAMPLES = {  # a value for each variable part of an address
    "offre_id": "inconnue", "structure_id": "inconnue", "nom": "publics",
    "filename": "documentation.css", "identifiant": "inconnue", "numero": "1", "cle": "rien",
    "territoire": "vaucluse", "nature": "poids",
}  # fmt: skip
FRAMED = {"Content-Security-Policy": policy_in_frames_of((TOWN,))}  # of one page, by setting
PARTNERS = ("/connexion", "/lien/", "/espace")
CANARY = "canari-9f8e7d"


def addresses(app: Flask) -> list[str]:
    adapter = app.url_map.bind("localhost")
    return sorted(
        adapter.build(rule.endpoint, {name: SAMPLES.get(name, "x") for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    )


# A list lets the sheets of this site, and no other, know where their reader comes from.
_LEADS_BACK = {"Referrer-Policy": "same-origin"}
OWN_HEADERS = {"/widget": FRAMED, "/recherche": _LEADS_BACK, "/ma-liste": _LEADS_BACK}


def test_every_route_has_the_security_headers(catalogue_app: Flask, client: FlaskClient) -> None:
    for address in [*addresses(catalogue_app), "/nulle-part", "/api/v1/rien"]:
        with client.get(address) as response:
            is_for_partners = address.startswith(PARTNERS)
            assert response.status_code in ((200, 303, 403) if is_for_partners else (200, 404)), (
                address
            )
            expected = {**HEADERS, **OWN_HEADERS.get(address, {})}
            assert expected.items() <= dict(response.headers).items(), address
            assert "Strict-Transport-Security" not in response.headers
            # A cookie is for who signs in: everyone else leaves no trace.
            assert is_for_partners or "Set-Cookie" not in response.headers, address


def test_the_policy_allows_nothing_inline_nor_foreign() -> None:
    policy = HEADERS["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_production_asks_for_https(app_with: AppWith) -> None:
    app = app_with(EVENTAIL_ENV="production", SECRET_KEY="k" * 64, GEOCODER_URL="")

    response = app.test_client().get("/api/v1/referentiels/publics")

    assert response.headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        pytest.param("/api/v1/offres?q=permis", "no-store", id="search"),
        pytest.param("/api/v1/suggestions?q=per", "no-store", id="suggestions"),
        pytest.param("/api/v1/offres/inconnue", "no-store", id="sheet"),
        pytest.param("/recherche?q=permis", "no-store", id="page"),
        pytest.param("/api/v1/referentiels/publics", "public, max-age=3600", id="list"),
        pytest.param("/api/openapi.json", "public, max-age=3600", id="openapi"),
        pytest.param("/api/docs/static/documentation.css", "no-cache", id="static"),
    ],
)
def test_what_caches_may_keep(client: FlaskClient, address: str, kept: str) -> None:
    with client.get(address) as response:
        assert response.headers["Cache-Control"] == kept


@pytest.mark.parametrize("address", ["/api/v1/offres", "/api/v1/rien", "/api/v1/offres?page=0"])
def test_any_site_may_read_the_api(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", ["/", "/healthz", "/nulle-part"])
def test_nothing_else_is_open_to_other_sites(client: FlaskClient, address: str) -> None:
    assert "Access-Control-Allow-Origin" not in client.get(address).headers


def test_no_log_tells_what_is_asked(
    client: FlaskClient,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("app.web.api.structures.read_structures", _crash)

    pages = ("/recherche", "/widget", "/widget/code")
    for path in ("/api/v1/offres", "/api/v1/suggestions", "/api/v1/structures", *pages):
        for name in ("q", "code_commune", "thematiques", "structure_id", "page", CANARY):
            client.get(path, query_string={name: CANARY}, headers={"Referer": f"/{CANARY}"})
    for path in ("offres", "structures", "referentiels", CANARY):
        client.get(f"/api/v1/{path}/{CANARY}")
    client.post(f"/api/v1/offres?q={CANARY}", data={"q": CANARY})

    said = capfd.readouterr()
    logged = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    assert "request_finished" in said.err
    assert CANARY not in said.err + said.out
    assert not [line for line in logged if CANARY in line]


def _crash(*_arguments: object) -> None:
    raise ValueError(CANARY)
