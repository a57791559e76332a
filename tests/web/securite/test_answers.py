"""What every answer tells a browser, errors included; and what no log ever says."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.web.security_headers import HEADERS, HSTS
from tests.web.ecriture.conftest import Logiciel, key_of
from tests.web.espace.conftest import (
    ACCOUNTS,
    OFFRE_A,
    STRUCTURE_A,
    Site,
    form_of,
    site_in,
)

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
OFFRE = f"/api/v1/offres/{OFFRE_A}"
BIG = b"x" * 1_100_000
SECRET = "canari-9f8e7d"
Ask = Callable[[FlaskClient], TestResponse]
ERRORS: Mapping[str, tuple[int, Ask]] = {
    "unreadable": (400, lambda c: c.get("/api/v1/offres?page=0")),
    "no-token": (400, lambda c: c.post("/espace/compte/nom")),
    "no-key": (401, lambda c: c.put(OFFRE)),
    "no-right": (403, lambda c: c.get("/espace/journal")),
    "other-site": (403, lambda c: c.post("/connexion", headers={"Sec-Fetch-Site": "cross-site"})),
    "no-page": (404, lambda c: c.get("/nulle-part")),
    "no-listing": (404, lambda c: c.get("/api/v1/offres/rien")),
    "method": (405, lambda c: c.delete("/recherche")),
    "heavy": (413, lambda c: c.post("/connexion", data=BIG)),
    "long": (414, lambda c: c.get(f"/attributions?q={'x' * 40_000}")),
    "form": (415, lambda c: c.post("/api/v1/match", data="a=b")),
}


@pytest.fixture(scope="module")
def person(shared_site: Site) -> FlaskClient:
    return shared_site.person("membre-a")


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_has_the_security_headers(person: FlaskClient, name: str) -> None:
    status, ask = ERRORS[name]

    response = ask(person)

    assert response.status_code == status
    assert HEADERS.items() <= dict(response.headers).items()
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.mimetype in ("text/html", "application/problem+json")
    assert "Traceback" not in response.text


@pytest.fixture(scope="module")
def production(people_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("production")
    return site_in(
        people_dir,
        folder,
        EVENTAIL_ENV="production",
        SECRET_KEY="k" * 64,
        GEOCODER_URL="",
        SITE_URL="https://eventail.exemple.fr",
    )


@pytest.mark.parametrize("name", ["no-page", "no-key", "other-site", "heavy"])
def test_production_asks_for_https_on_errors_too(production: Site, name: str) -> None:
    _, ask = ERRORS[name]

    assert ask(production.visitor()).headers["Strict-Transport-Security"] == HSTS


def test_the_cookie_of_production_is_bound_to_its_host_and_to_https(production: Site) -> None:
    response = production.visitor().get("/espace", base_url="https://localhost")

    (cookie,) = response.headers.getlist("Set-Cookie")
    name, _, attributes = cookie.partition("=")
    assert name == "__Host-eventail"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes.split("; "))
    assert "Domain" not in attributes


def test_only_the_session_has_a_cookie(production: Site) -> None:
    for address in ("/", "/recherche", OFFRE, f"/offres/{OFFRE_A}", "/api/docs"):
        with production.visitor().get(address, base_url="https://localhost") as response:
            assert "Set-Cookie" not in response.headers, address


def test_what_a_signed_in_person_reads_is_kept_by_no_cache(shared_site: Site) -> None:
    client = shared_site.person("membre-b")
    for address in ("/espace", "/espace/cles", "/connexion"):
        assert client.get(address).headers["Cache-Control"] == "no-store", address
    logiciel = Logiciel(shared_site, "coordinateur")
    assert logiciel.call("GET", OFFRE).headers["Cache-Control"] == "no-store"


def test_no_journey_leaves_a_person_in_a_log(
    site: Site,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    client = site.visitor()
    address = f"{SECRET}-a@essai.fr"
    form_of(client.get("/connexion"), "/connexion").fill("courriel", address).send(client)
    lien = site.boite.link()
    client.get(lien)
    form_of(client.get("/connexion/confirmer"), "/confirmer").send(client)
    with client.session_transaction() as kept:
        session = kept["jeton"]
    form_of(client.get("/espace/compte"), "/nom").fill("nom", f"{SECRET}-b").send(client)
    client.get(EDIT)
    client.get(f"/espace/structures/{SECRET}-c")
    member = site.person("membre-a")
    form = form_of(member.get(EDIT), EDIT)
    form.fill("description", f"{SECRET}-d").send(member, "enregistrer")
    form.fill("telephone", f"{SECRET}-e").send(member, "enregistrer")
    cle = key_of(site, "membre-a")
    logiciel = Logiciel(site, "", {"Authorization": f"Bearer {cle}"})
    record, etag = logiciel.read()
    logiciel.put(record | {f"{SECRET}-f": 1, "nom": f"{SECRET}-g"}, etag)
    logiciel.call("PUT", OFFRE, data=f'{{"{SECRET}-h": NaN}}', headers={"If-Match": etag})
    logiciel.call("GET", OFFRE, headers={"Authorization": f"Bearer {SECRET}-i"})
    monkeypatch.setitem(site.app.view_functions, "espace.structure", _crash)
    member.get(f"/espace/structures/{STRUCTURE_A}?q={SECRET}-j")
    form_of(member.get("/espace"), "/deconnexion").send(member)

    said = capfd.readouterr()
    logged = (
        said.err
        + said.out
        + "".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    )
    assert "sensitive_action" in logged
    assert "request_failed" in logged
    for word in (SECRET, "@essai.fr", lien.rpartition("/")[2], session, cle, "127.0.0.1"):
        assert word not in logged, word
    assert not [name for name in ACCOUNTS if f"{name}@" in logged]


def _crash(identifiant: str) -> str:
    raise ValueError(identifiant)
