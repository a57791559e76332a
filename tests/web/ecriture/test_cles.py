"""Keys: shown once, kept as a digest, ended at once; each acts as its account and never more."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.cles import MAX_CLES, MAX_NOM_CLE, PREFIXE, CleListee, new_cle
from app.domain.comptes import Role
from app.domain.connexion import empreinte_of
from app.web.rate_limits import BY_CLE
from tests.web.ecriture.conftest import OFFRE, STRUCTURE, Logiciel, key_of
from tests.web.espace.conftest import ACCOUNTS, STRUCTURE_A, Site, all_forms, form_of, site_in

PAGE = "/espace/cles"
MAY_WRITE = {"membre-a", "coordinateur", "coordinateur-bassin", "administrateur"}
MAY_READ = MAY_WRITE | {"professionnel"}


def test_a_key_is_made_on_a_page_shown_once_and_revoked_there(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(PAGE), PAGE).fill("nom", "  Notre\tlogiciel ").fill("jours", "90")

    made = form.send(client)

    cle = re.search(rf"{PREFIXE}[\w-]+", made.text)
    assert cle is not None
    assert (made.status_code, made.headers["Cache-Control"]) == (200, "no-store")
    shown = client.get(PAGE).text
    assert "Notre logiciel" in shown
    assert "Jamais utilisée" in shown
    assert cle[0] not in shown
    logiciel = Logiciel(site, "", {"Authorization": f"Bearer {cle[0]}"})
    assert logiciel.call("GET", OFFRE).status_code == 200
    assert "Dernier usage le" in client.get(PAGE).text
    revoked = form_of(client.get(PAGE), "/revoquer").send(client)
    assert revoked.status_code == 303
    assert logiciel.call("GET", OFFRE).status_code == 401
    assert "Aucune clé" in client.get(PAGE).text


def test_what_is_typed_wrong_is_told_and_kept(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(PAGE), PAGE)

    nameless = form.fill("nom", " \u200b ").fill("jours", "30").send(client)
    endless = form.fill("nom", "Mon logiciel").fill("jours", "9999").send(client)

    assert (nameless.status_code, endless.status_code) == (400, 400)
    assert 'value="30" selected' in nameless.text
    assert 'value="Mon logiciel"' in endless.text
    assert not site.espace.cles.of(
        site.espace.connexion.acteur_of(site.espace.comptes.find("membre-a@essai.fr"))  # type: ignore[arg-type]
    )
    long = form.fill("nom", "x" * 500).fill("jours", "30").send(client)
    assert f"{'x' * MAX_NOM_CLE}&nbsp;»" in long.text


def test_an_account_has_only_so_many_keys(site: Site) -> None:
    for _ in range(MAX_CLES):
        key_of(site, "membre-a")
    client = site.person("membre-a")

    response = form_of(client.get(PAGE), PAGE).fill("nom", "Une de trop").send(client)

    assert response.status_code == 409
    assert "révoquez-en une" in response.text
    assert key_of(site, "membre-b")


def test_nobody_reaches_the_keys_of_somebody_else(site: Site) -> None:
    cle = key_of(site, "membre-b")
    client = site.person("administrateur")
    key_of(site, "administrateur")
    form = next(f for f in all_forms(client.get(PAGE)) if f.action.endswith("/revoquer"))
    for numero in (1, 2**31, 2**70):
        form.action = f"{PAGE}/{numero}/revoquer"
        assert form.send(client).status_code == 404
    logiciel = Logiciel(site, "", {"Authorization": f"Bearer {cle}"})
    assert logiciel.call("GET", "/api/v1/structures/essai--b").status_code == 200


def test_the_record_holds_no_key(site: Site, tmp_path: Path) -> None:
    cle = key_of(site, "membre-a")

    assert len(cle) == len(PREFIXE) + 43  # 256 bits
    files = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    kept = b"".join(path.read_bytes() for path in files)
    assert empreinte_of(cle).encode() in kept
    assert cle.encode() not in kept


@pytest.mark.parametrize("person", [name for name in ACCOUNTS if name != "ferme"])
def test_a_key_reaches_what_its_account_does(shared_site: Site, person: str) -> None:
    logiciel = Logiciel(shared_site, person)
    stale = {"If-Match": '"0"'}

    read = logiciel.call("GET", OFFRE).status_code
    written = logiciel.call("PUT", OFFRE, json={}, headers=stale).status_code
    withdrawn = logiciel.call("DELETE", STRUCTURE, headers=stale).status_code
    confirmed = logiciel.call("POST", f"{OFFRE}/confirmation", headers=stale).status_code

    assert read == (200 if person in MAY_READ else 403)
    assert {written, withdrawn, confirmed} == ({412} if person in MAY_WRITE else {403})


def test_a_key_follows_its_account(site: Site) -> None:
    logiciel, comptes = Logiciel(site), site.espace.comptes
    quand, ident = site.espace.clock.now(), site.compte_id("membre-a")
    assert logiciel.call("GET", OFFRE).status_code == 200

    comptes.remove(ident, STRUCTURE_A)
    assert logiciel.call("GET", OFFRE).status_code == 403
    comptes.save("membre-a@essai.fr", "", Role.PROFESSIONNEL, None, quand)
    assert logiciel.call("GET", OFFRE).status_code == 200
    comptes.close(ident)
    assert logiciel.call("GET", OFFRE).status_code == 401
    comptes.save("membre-a@essai.fr", "", Role.PROFESSIONNEL, None, quand)
    assert logiciel.call("GET", OFFRE).status_code == 401  # who comes back makes another


def test_a_key_that_is_over_opens_nothing(site: Site) -> None:
    cle, quand = new_cle(), site.espace.clock.now()
    over = CleListee(
        id=0,
        compte_id=site.compte_id("membre-a"),
        nom="Ancienne",
        cree_le=quand - timedelta(days=30),
        expire_le=quand,
    )
    site.espace.cles.store.add(empreinte_of(cle), over)

    response = Logiciel(site, "", {"Authorization": f"Bearer {cle}"}).call("GET", OFFRE)

    assert response.status_code == 401
    assert "Expirée" in site.person("membre-a").get(PAGE).text


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer x",
        f"Bearer {PREFIXE}{'x' * 43}",
        f"Bearer {PREFIXE}{'é' * 43}".encode().decode("latin-1"),
        f"Basic {PREFIXE}{'x' * 43}",
        "Basic YTpi",
    ],
)
def test_what_is_no_key_is_refused(shared_site: Site, given: str) -> None:
    logiciel = Logiciel(shared_site, "", {"Authorization": given})
    for method, address in (
        ("GET", OFFRE),
        ("GET", STRUCTURE),
        ("PUT", OFFRE),
        ("PUT", STRUCTURE),
        ("DELETE", OFFRE),
        ("POST", f"{STRUCTURE}/confirmation"),
    ):
        response = logiciel.call(method, address, json={})

        assert response.status_code == 401, (method, address)
        assert response.headers["WWW-Authenticate"].startswith("Bearer realm=")
        assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("name", ["cle", "key", "api_key", "access_token", "Authorization"])
def test_a_key_in_an_address_opens_nothing(shared_site: Site, name: str) -> None:
    cle = key_of(shared_site, "membre-a")
    client = shared_site.visitor()

    for method in ("PUT", "DELETE"):
        answer = client.open(OFFRE, method=method, query_string={name: cle}, json={})
        assert answer.status_code == 401
        assert cle not in answer.text
    read = client.get(OFFRE, query_string={name: cle})
    assert "contact_nom_prenom" not in read.text


def test_a_cookie_opens_nothing_of_the_api(shared_site: Site) -> None:
    client = shared_site.person("administrateur")

    assert client.put(OFFRE, json={}).status_code == 401
    assert client.delete(STRUCTURE).status_code == 401
    assert client.post(f"{OFFRE}/confirmation").status_code == 401
    assert "contact_nom_prenom" not in client.get(OFFRE).json


def test_a_key_opens_no_page(shared_site: Site) -> None:
    response = Logiciel(shared_site, "administrateur").call("GET", "/espace")

    assert (response.status_code, response.headers["Location"]) == (303, "/connexion")


def test_no_page_of_another_site_writes(shared_site: Site) -> None:
    logiciel = Logiciel(shared_site, "coordinateur")
    origin = {"Origin": "https://ailleurs.fr"}

    asked = {**origin, "Access-Control-Request-Method": "PUT"}
    preflight = shared_site.visitor().options(OFFRE, headers=asked)
    assert "Access-Control-Allow-Methods" not in preflight.headers
    assert "Access-Control-Allow-Headers" not in preflight.headers
    for method in ("GET", "PUT", "DELETE"):
        response = logiciel.call(method, OFFRE, json={}, headers=origin)
        assert "Access-Control-Allow-Origin" not in response.headers, method


def test_each_key_has_its_limit(people_dir: Path, tmp_path: Path) -> None:
    site = site_in(people_dir, tmp_path, RATE_LIMITS="on")
    allowed = int(BY_CLE.partition(" ")[0])
    one, other = Logiciel(site), Logiciel(site, "membre-b")

    said = [one.call("DELETE", OFFRE) for _ in range(allowed + 1)]

    assert {response.status_code for response in said[:-1]} == {428}
    assert said[-1].status_code == 429
    assert int(said[-1].headers["Retry-After"]) > 0
    assert other.call("DELETE", "/api/v1/offres/essai--b1").status_code == 428


def test_no_line_of_the_record_of_keys_outlives_its_account(site: Site) -> None:
    key_of(site, "membre-b")
    site.espace.comptes.close(site.compte_id("membre-b"))

    engine = site.espace.cles.store._engine  # type: ignore[attr-defined]
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM cles")).scalar() == 0
