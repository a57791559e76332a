"""The map of a page: what it is drawn from, what it must never tell, and what it may fetch."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.tiles import PLAN_IGN_URL
from app.web.security_headers import CONTENT_SECURITY_POLICY
from tests.conftest import AppWith, Record
from tests.web.public.conftest import OFFRE, STRUCTURE
from tests.web.public.markup import Attributes, Markup, visit

SEARCH = "/recherche?q=zéphyr&lieu=Avignon&rayon_km=12"
HERE = {"latitude": 43.9412345, "longitude": 4.8123456}
CENTRE = ("43.9416", "4.8333")  # of Avignon, where distances start from too


def offre(ident: str, **changes: object) -> Record:
    return {**OFFRE, "id": f"essai--{ident}", "modes_accueil": ["en-presentiel"], **changes}


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return [
        STRUCTURE,
        offre("exact", **HERE),
        offre("approx"),
        offre("refuge", adresse_confidentielle=True, adresse="9 rue Secrète", **HERE),
        offre("remote", modes_accueil=["a-distance"], **HERE),
        {**STRUCTURE, "id": "essai--posee", **HERE},
    ]


@pytest.fixture
def site(app_with: AppWith, records: list[Record]) -> FlaskClient:
    return app_with(records).test_client()


def card_of(page: Markup, ident: str) -> Attributes:
    """Returns the attributes of the card whose first link leads to an offer."""
    cards = [
        i for i, (tag, a) in enumerate(page.elements) if tag == "li" and a.get("class") == "card"
    ]
    hrefs = {next(a["href"] for tag, a in page.elements[i:] if tag == "a"): i for i in cards}
    return page.elements[hrefs[f"/offres/essai--{ident}"]][1]


def policy(client: FlaskClient, address: str) -> str:
    return client.get(address).headers["Content-Security-Policy"]


def the_map(page: Markup) -> Attributes:
    (found,) = [a for a in page.all("div") if "data-carte" in a]
    return found


def test_a_card_says_its_point_and_whether_it_is_only_a_commune(site: FlaskClient) -> None:
    page = visit(site, SEARCH)

    exact, approx = card_of(page, "exact"), card_of(page, "approx")
    assert (exact["data-lat"], exact["data-lon"]) == ("43.94123", "4.81235")
    assert "data-approx" not in exact
    assert "data-approx" in approx


@pytest.mark.parametrize("ident", ["refuge", "remote"])
def test_nobody_is_led_to_a_refuge_nor_to_a_service_at_a_distance(
    site: FlaskClient, ident: str
) -> None:
    assert "data-lat" not in card_of(visit(site, SEARCH), ident)

    response = site.get(f"/offres/essai--{ident}")

    assert response.status_code == 200
    for told in ("data-carte", "openstreetmap", "carte.js", "43.94", "43,94"):
        assert told not in response.text, told
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_the_map_of_results_counts_what_it_shows_and_what_it_cannot(site: FlaskClient) -> None:
    page = visit(site, SEARCH)

    assert the_map(page)["data-affichee"] == "Carte affichée\u00a0: 2\u00a0offres."
    assert "2 offres à distance ou sans adresse ne sont pas sur la carte." in page.text
    assert "hidden" in the_map(page)


def test_the_map_knows_where_distances_start_from_and_how_far(site: FlaskClient) -> None:
    (start,) = [a for a in visit(site, SEARCH).all("span") if "data-depart" in a]

    assert start["data-rayon-km"] == "12.0"
    assert (start["data-lat"], start["data-lon"])[0][:4] == CENTRE[0][:4]  # type: ignore[index]  # never None


def test_the_list_has_the_numbers_of_the_whole_search(client: FlaskClient) -> None:
    first, second = (visit(client, "/recherche", lieu="Orange", page=page) for page in (1, 2))

    assert first.all("ol")[0]["start"] == "1"
    assert second.all("ol")[0]["start"] == "21"


@pytest.mark.parametrize("address", ["/offres/essai--exact", "/structures/essai--posee"])
def test_a_sheet_leads_to_its_place_without_javascript(site: FlaskClient, address: str) -> None:
    page = visit(site, address)

    seen, route = page.link("Voir sur OpenStreetMap"), page.link("Itinéraire")
    assert seen.startswith("https://www.openstreetmap.org/?mlat=43.94123&mlon=4.81235#map=17/")
    assert route == "https://www.openstreetmap.org/directions?to=43.94123%2C4.81235"
    for link in page.all("a"):
        if "openstreetmap" in (link["href"] or ""):
            assert link["rel"] == "noopener noreferrer"
    assert the_map(page)["data-lat"] == "43.94123"


def test_a_sheet_says_that_its_place_is_only_a_commune(site: FlaskClient) -> None:
    page = visit(site, "/offres/essai--approx")

    assert "Voir sur OpenStreetMap (centre de la commune)" in page.text
    assert "Itinéraire (centre de la commune)" in page.text
    assert "#map=13/" in page.link("Voir sur OpenStreetMap")
    assert "data-approx" in the_map(page)


def test_a_structure_whose_place_is_unknown_has_no_map(site: FlaskClient) -> None:
    page = visit(site, "/structures/essai--s")

    assert not page.all("script")
    assert "OpenStreetMap" not in page.text


@pytest.mark.parametrize("address", [SEARCH, "/offres/essai--exact", "/structures/essai--posee"])
def test_a_page_with_a_map_says_and_allows_the_site_of_its_background(
    site: FlaskClient, address: str
) -> None:
    page = visit(site, address)

    assert the_map(page)["data-fond"] == PLAN_IGN_URL
    assert "Le fond de carte vient de data.geopf.fr" in page.text
    assert "Fond de carte : © IGN, Géoplateforme" in page.text
    images = re.findall(r"img-src ([^;]*)", policy(site, address))
    assert images == ["'self' data: https://data.geopf.fr"]
    assert policy(site, address).replace(" https://data.geopf.fr", "") == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "address",
    ["/", "/recherche?rayon_km=-3", "/recherche?q=wxyzk", "/attributions", "/accompagner"],
)
def test_a_page_without_a_map_allows_no_other_site(client: FlaskClient, address: str) -> None:
    assert policy(client, address) == CONTENT_SECURITY_POLICY


def test_another_background_is_asked_and_credited(app_with: AppWith, records: list[Record]) -> None:
    url = "https://cartes.fr:8443/{z}/{x}/{y}.png"
    client = app_with(records, TILES_URL=url, TILES_ATTRIBUTION="© <b>Nous</b>").test_client()

    page = visit(client, SEARCH)

    assert the_map(page)["data-fond"] == url
    assert "Le fond de carte vient de cartes.fr" in page.text
    assert "Fond de carte : © <b>Nous</b>" in page.text
    assert "'self' data: https://cartes.fr:8443;" in policy(client, SEARCH)


def test_without_a_background_there_is_still_a_map_and_no_other_site(
    app_with: AppWith, records: list[Record]
) -> None:
    client = app_with(records, TILES_URL="off").test_client()

    page = visit(client, SEARCH)

    assert "data-fond" not in the_map(page)
    assert "Sans fond de carte : seuls les points sont montrés." in page.text
    assert policy(client, SEARCH) == CONTENT_SECURITY_POLICY


def test_the_address_typed_by_a_person_is_not_named(catalogue_app: Flask) -> None:
    page = visit(catalogue_app.test_client(), "/recherche?q=ordinateur&lat=44.13&lon=4.8")

    assert "Votre point de départ, d’où partent les distances" in page.text
