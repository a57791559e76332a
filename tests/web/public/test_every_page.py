"""What holds of every public page: help within reach, nothing from elsewhere, nothing inline."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.public.emergency import EMERGENCY_NUMBERS
from tests.conftest import AppWith
from tests.web.public.conftest import OFFRE, STRUCTURE
from tests.web.public.markup import Markup, visit

WEB = Path(__file__).resolve().parents[3] / "app" / "web"
SHEET = "/offres/aidants-connect--020d5bfc60b2--aidants-connect"
ADDRESSES = [
    "/",
    "/recherche?q=ordinateur&lieu=Orange",
    "/recherche?q=permis&lieu=Orange",
    "/recherche?lieu=Carpentrass",
    "/recherche?rayon_km=-3",
    SHEET,
    f"{SHEET}/signaler",
    f"{SHEET}/signale",
    "/structures/aidants-connect--020d5bfc60b2",
    "/attributions",
    "/a-propos/classement",
    "/accessibilite",
    "/nulle-part",
]
FETCHED = {"link": "href", "img": "src", "use": "href", "script": "src", "iframe": "src"}
DATA = "application/ld+json"  # read by search engines, run by nobody
MAX_CSS = 34_000  # bytes, 8 kB once compressed: a third of what a page may weigh
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture(params=ADDRESSES)
def page(request: pytest.FixtureRequest, client: FlaskClient) -> Markup:
    return visit(client, request.param)


def test_it_gives_the_emergency_numbers_and_a_quick_way_out(page: Markup) -> None:
    hrefs = page.hrefs()

    assert [n.number for n in EMERGENCY_NUMBERS] == [
        "15", "17", "112", "115", "3919", "114", "3114", "119"
    ]  # fmt: skip
    assert all(number.href in hrefs for number in EMERGENCY_NUMBERS)
    (way_out,) = [a for a in page.all("a") if (a["href"] or "").startswith("https://www.google")]
    assert "noreferrer" in (way_out["rel"] or "")


def test_it_has_a_title_landmarks_one_heading_and_skip_links_that_lead_somewhere(
    page: Markup,
) -> None:
    assert page.title.endswith("– Éventail")
    for landmark in ("header", "main", "footer", "search", "aside"):
        assert page.all(landmark), landmark
    assert len(page.all("h1")) == 1
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    anchors = {href for href in page.hrefs() if href.startswith("#")}
    assert {"#contenu", "#zone-recherche", "#urgences"} <= anchors
    assert {anchor.removeprefix("#") for anchor in anchors} <= ids


def test_ids_are_unique_and_references_lead_somewhere(page: Markup) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for name in ("for", "form", "aria-describedby", "aria-labelledby"):
            assert set((attributes.get(name) or "").split()) <= set(ids), (name, attributes)


def test_it_fetches_nothing_from_elsewhere_and_runs_nothing(page: Markup) -> None:
    for tag, attributes in page.elements:
        address = attributes.get(FETCHED.get(tag, "")) or ""
        if attributes.get("rel") == "canonical":  # says where the page is, fetches nothing
            continue
        assert not address or address.startswith("/static/"), address
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
    for script in page.all("script"):
        if script["type"] != DATA:
            assert script["type"] == "module"
            assert script["src"]
    assert not page.all("style")


def test_it_weighs_little(client: FlaskClient) -> None:
    sizes = {address: len(client.get(address).data) for address in ADDRESSES}

    # Every need has offers: the filters of a page of results alone are 25 kB, 2 kB once compressed.
    assert max(sizes.values()) < 70_000, sizes
    css = WEB / "static" / "css"
    for address in (*ADDRESSES, "/accompagner", "/pour-moi"):
        links = visit(client, address).all("link", rel="stylesheet")
        names = {(link["href"] or "").partition("?")[0].rpartition("/")[2] for link in links}
        assert sum((css / name).stat().st_size for name in names) <= MAX_CSS, address


@pytest.mark.parametrize("start", ADDRESSES)
def test_every_link_inside_the_site_answers(client: FlaskClient, start: str) -> None:
    inside = {href for href in visit(client, start).hrefs() if href.startswith("/")}

    statuses = {href: client.get(href).status_code for href in sorted(inside)}

    # The space of partners sends a visitor to sign in.
    assert statuses.pop("/espace", 303) == 303
    assert {href: s for href, s in statuses.items() if s != 200 and "/rejoindre" not in href} == {}


def test_every_static_file_named_exists(page: Markup, client: FlaskClient) -> None:
    for tag, attribute in FETCHED.items():
        for attributes in page.all(tag):
            if attributes.get("rel") == "canonical" or attributes.get("type") == DATA:
                continue
            path, _, symbol = (attributes[attribute] or "").partition("#")
            with client.get(path) as response:
                assert response.status_code == 200, path
                assert not symbol or f'id="{symbol}"' in response.text, symbol


@pytest.mark.parametrize("name", ["q", "lieu", "rayon_km", "thematiques", "bassin", "tri", "page"])
def test_what_is_typed_is_never_markup(client: FlaskClient, name: str) -> None:
    response = client.get("/recherche", query_string={name: HOSTILE})

    assert response.status_code in (200, 400)
    assert "<script>" not in response.text
    assert "<img src=x" not in response.text
    if name in ("q", "lieu", "rayon_km"):
        assert visit(client, "/recherche", **{name: HOSTILE}).value_of(name) == HOSTILE


def test_what_a_source_says_is_never_markup(app_with: AppWith) -> None:
    texts = ("nom", "description", "publics_precisions", "conditions_acces", "horaires_accueil")
    hostile = {**OFFRE, "id": "essai--x", **dict.fromkeys(texts, f"zéphyr {HOSTILE}"[:140])}
    client = app_with([{**STRUCTURE, "nom": HOSTILE}, hostile]).test_client()

    for address in ("/recherche?q=zéphyr&lieu=Avignon", "/offres/essai--x", "/structures/essai--s"):
        response = client.get(address)
        assert response.status_code == 200
        assert "<script>" not in response.text
        assert "<img src=x" not in response.text
        assert "alert(1)" in response.text


@pytest.mark.parametrize(
    "query", ["AND OR NOT", '"', "a* NEAR(b", "';--", "\\", "%", "🙂", "‮abc", "-" * 300]
)
def test_operators_and_quotes_are_only_words(client: FlaskClient, query: str) -> None:
    assert visit(client, "/recherche", q=query).status == 200


def test_attributions_name_every_source(catalogue_app: Flask) -> None:
    page = visit(catalogue_app.test_client(), "/attributions")

    assert page.status == 200
    assert "Ministère de la Culture – Adresses des bibliothèques publiques" in page.text
    assert "Licence Ouverte 2.0" in page.text
    assert "Éventail, d’après les textes officiels cités par chaque fiche" in page.text


def test_french_texts_have_their_apostrophes_and_unbreakable_spaces() -> None:
    for path in sorted((WEB / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        visible = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", "", source, flags=re.S)
        assert "'" not in visible, path
        assert not re.search(r"[ \n][:;?!»]|«[ \n]", visible), path
