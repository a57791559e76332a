"""The search that other sites show: limited as they ask, closed by default, never a dead end."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.errors import CatalogueUnavailable
from app.web.current import EXTENSION
from app.web.security_headers import HEADERS
from tests.conftest import TOWN, AppWith
from tests.web.public.conftest import OFFRE, STRUCTURE
from tests.web.public.markup import Markup, read, visit

WIDGET, CODE = "/widget", "/widget/code"
PRODUCTION = {"EVENTAIL_ENV": "production", "SECRET_KEY": "k" * 64, "GEOCODER_URL": ""}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def frame(client: FlaskClient, **asked: object) -> Markup:
    page = visit(client, WIDGET, **asked)
    assert page.status == 200
    return page


def cards(page: Markup) -> list[str]:
    return [href for href in page.hrefs() if href.startswith("/offres/")]


def policy(app: Flask, address: str = WIDGET) -> str:
    return app.test_client().get(address).headers["Content-Security-Policy"]


# --- who may show it ---


@pytest.mark.parametrize("address", [WIDGET, CODE, f"{WIDGET}?territoire=x"])
def test_it_is_closed_until_a_site_is_named(app_with: AppWith, address: str) -> None:
    response = app_with().test_client().get(address)

    assert response.status_code == 404
    assert "Ce site ne laisse pas encore d’autres sites afficher sa recherche." in response.text
    assert response.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_only_the_named_sites_and_ours_may_frame_it(app_with: AppWith) -> None:
    app = app_with(WIDGET_SITES=f"{TOWN}, https://ccas.exemple.fr:8443", **PRODUCTION)

    allowed = f"frame-ancestors 'self' {TOWN} https://ccas.exemple.fr:8443"
    assert policy(app) == HEADERS["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", allowed
    )


def test_every_site_may_frame_it_when_the_setting_says_so(app_with: AppWith) -> None:
    app = app_with(WIDGET_SITES="*", **PRODUCTION)

    assert policy(app).endswith("frame-ancestors 'self' *")
    assert "Le cadre s’affiche sur tous les sites." in visit(app.test_client(), CODE).text


@pytest.mark.parametrize("address", ["/", "/recherche", CODE, "/accessibilite", "/nulle-part"])
def test_nothing_else_is_ever_framed(catalogue_app: Flask, address: str) -> None:
    assert "frame-ancestors 'none'" in policy(catalogue_app, address)


def test_it_keeps_no_trace_of_who_searches(client: FlaskClient) -> None:
    response = client.get(WIDGET, query_string={"q": "permis", "lieu": "Apt"})

    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "<script>" not in response.text
    assert " style=" not in response.text


# --- what it shows ---


def test_it_shows_five_offers_of_its_territory_and_needs(client: FlaskClient) -> None:
    page = frame(client, territoire="vaucluse", thematiques="numerique", lieu="Apt")

    assert (
        page.title
        == "Numérique près d’Apt (84400), 125 offres, Trouver une aide : Vaucluse – Éventail"
    )
    assert "125 offres ; les 5 premières sont ici." in page.text
    assert len(cards(page)) == 5
    full = visit(client, page.link("Tout voir et filtrer"))
    assert "Numérique près d’Apt (84400) : 125 offres, page 1 sur 13" in full.title
    assert cards(full)[:5] == cards(page)


@pytest.mark.parametrize("limite", [1, 10])
def test_it_shows_as_many_as_asked(client: FlaskClient, limite: int) -> None:
    page = frame(client, territoire="meuse", limite=limite)

    assert len(cards(page)) == limite
    assert page.value_of("limite") == str(limite)


def test_a_territory_keeps_the_offers_of_the_other_away(client: FlaskClient) -> None:
    vaucluse = frame(client, territoire="vaucluse", q="bibliothèque", limite=10)
    meuse = frame(client, territoire="meuse", q="bibliothèque", limite=10)
    both = visit(client, "/recherche", q="bibliothèque")

    def total(page: Markup) -> int:
        found = re.search(r"(\d[\d ]*) offres?[ ,;.]", page.title)
        assert found
        return int(found[1].replace(" ", ""))

    assert total(vaucluse) > 0
    assert total(meuse) > 0
    assert total(vaucluse) + total(meuse) == total(both)
    assert not set(cards(vaucluse)) & set(cards(meuse))


def test_what_its_site_chose_survives_a_search(client: FlaskClient) -> None:
    page = frame(
        client, territoire="vaucluse", thematiques=["numerique", "mobilite"], limite=3, q="aide"
    )

    hidden = [(a["name"], a["value"]) for a in page.all("input", type="hidden")]
    assert hidden == [
        ("territoire", "vaucluse"), ("thematiques", "numerique"), ("thematiques", "mobilite"),
        ("limite", "3"),
    ]  # fmt: skip
    assert (page.value_of("q"), page.value_of("lieu")) == ("aide", "")
    assert page.all("form")[0]["action"] == WIDGET


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"territoire": "vaucluse", "lieu": "Apt"}, id="offers"),
        pytest.param({"lieu": "Carpentrass"}, id="choices"),
        pytest.param({"q": "natation", "lieu": "Orange"}, id="nothing"),
        pytest.param({"territoire": "x"}, id="set-wrong"),
        pytest.param({"q": "x" * 301}, id="fault"),
    ],
)
def test_every_link_opens_the_full_site_in_a_tab_and_says_so(
    client: FlaskClient, asked: dict[str, str]
) -> None:
    page = visit(client, WIDGET, **asked)

    assert len(page.links) >= 2
    for href, text in page.links:
        assert text.endswith("(nouvel onglet)"), text
        assert client.get(href).status_code == 200, href
    for link in page.all("a"):
        assert (link["target"], link["rel"]) == ("_blank", "noopener")
    assert not page.all("header")
    assert "/#urgences" in page.hrefs()
    assert page.link("Avec Éventail")


def test_an_unknown_place_says_where_the_offers_come_from(client: FlaskClient) -> None:
    page = frame(client, territoire="vaucluse", lieu="Carpentrass")

    assert "Nous n’avons pas trouvé le lieu « Carpentrass »" in page.text
    assert "viennent de tout le territoire" in page.text
    assert "lieu=Carpentras+" in page.link("Carpentras (84200)")
    assert "territoire=vaucluse" in page.link("Carpentras (84200)")


def test_offers_that_answer_some_of_the_words_stand_apart(client: FlaskClient) -> None:
    asked = {"territoire": "vaucluse", "q": "natation bibliothèque", "limite": 4}

    page = frame(client, **asked)

    apart = page.text.index("Ces offres répondent à une partie de la recherche")
    assert page.text.index("Aucune offre.") < apart
    assert 0 < len(cards(page)) <= 4


def test_nothing_found_leads_to_the_full_site(client: FlaskClient) -> None:
    page = frame(client, territoire="vaucluse", q="natation", lieu="Orange")

    assert "Aucune offre." in page.text
    full = visit(client, page.link("Élargir la recherche"))
    assert "Aucune offre" in full.text
    assert full.value_of("territoire") == "vaucluse"


# --- what it refuses ---


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        pytest.param({"territoire": "vauclus"}, "Vouliez-vous dire « vaucluse »", id="territory"),
        pytest.param({"territoires": "vaucluse"}, "« territoire »", id="misspelt-parameter"),
        pytest.param({"thematiques": "zzz"}, "« zzz » n’existe pas", id="need"),
        pytest.param({"limite": "11"}, "écrivez 10 au plus", id="too-many"),
        pytest.param({"limite": "-1"}, "limite", id="negative"),
    ],
)
def test_a_frame_set_wrong_says_what_its_site_must_mend(
    client: FlaskClient, asked: dict[str, str], words: str
) -> None:
    response = client.get(WIDGET, query_string=asked)
    page = read(response.text, response.status_code)

    assert page.status == 400
    assert "Cette recherche est mal réglée." in page.text
    assert words in page.text
    assert not page.all("form")
    assert TOWN in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["q", "lieu"])
def test_a_typed_fault_is_next_to_its_field_and_loses_nothing(
    client: FlaskClient, name: str
) -> None:
    asked = {"q": "permis", "lieu": "Apt", "territoire": "vaucluse", name: "x" * 400}

    page = visit(client, WIDGET, **asked)

    assert page.status == 400
    (field,) = page.all("input", name=name)
    assert field["aria-invalid"] == "true"
    assert all(page.all("span", id=i) for i in (field["aria-describedby"] or "").split())
    assert {key: page.value_of(key) for key in asked} == asked


@pytest.mark.parametrize("name", ["q", "lieu", "territoire", "thematiques", "limite", "utm_source"])
@pytest.mark.parametrize("address", [WIDGET, CODE])
def test_what_is_asked_is_never_markup(client: FlaskClient, address: str, name: str) -> None:
    response = client.get(address, query_string={name: HOSTILE})

    assert response.status_code in (200, 400)
    assert "<script>" not in response.text
    assert "<img src=x" not in response.text


def test_what_a_source_says_is_never_markup(app_with: AppWith) -> None:
    hostile = {**OFFRE, "id": "essai--x", "nom": f"zéphyr {HOSTILE}"}
    app = app_with([{**STRUCTURE, "nom": HOSTILE}, hostile], WIDGET_SITES=TOWN)

    text = app.test_client().get(f"{WIDGET}?q=zéphyr&lieu=Avignon").text

    assert "alert(1)" in text
    assert "<script>" not in text
    assert "<img src=x" not in text


def test_a_search_that_is_down_says_so_inside_the_frame(engine_down: Flask) -> None:
    response = engine_down.test_client().get(f"{WIDGET}?territoire=vaucluse&q=permis&lieu=Apt")
    page = read(response.text, response.status_code)

    assert page.status == 503
    assert response.headers["Retry-After"] == "30"
    assert TOWN in response.headers["Content-Security-Policy"]
    assert "La recherche est momentanément indisponible" in page.text
    assert "Aucune offre" not in page.text
    assert [page.value_of(name) for name in ("q", "lieu", "territoire")] == [
        "permis", "Apt", "vaucluse"
    ]  # fmt: skip


def test_a_record_that_is_away_says_so_inside_the_frame(
    catalogue_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = catalogue_app.extensions[EXTENSION]().search

    def away(_demande: object) -> None:
        raise CatalogueUnavailable

    monkeypatch.setattr(search, "search", away, raising=True)

    page = visit(catalogue_app.test_client(), WIDGET, q="permis")

    assert page.status == 503
    assert "Votre recherche est gardée" in page.text


# --- the code to paste ---


def pasted(page: Markup, source: str) -> Markup:
    """What a browser makes of the code, once pasted in a page."""
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", source, re.S)
    assert text
    assert page.all("textarea", id="code")[0].get("readonly", "") is None
    return read(html.unescape(text[1]))


def test_the_code_shows_the_frame_that_was_chosen(client: FlaskClient) -> None:
    asked = {"territoire": "vaucluse", "thematiques": ["numerique", "mobilite"], "limite": "3"}
    source = client.get(CODE, query_string=asked, base_url="https://eventail.exemple.fr").text
    page = read(source)

    (element,) = pasted(page, source).all("iframe")

    assert element == {
        "src": "https://eventail.exemple.fr/widget?territoire=vaucluse&thematiques=numerique"
        "&thematiques=mobilite&limite=3",
        "title": "Trouver une aide avec Éventail (Vaucluse)",
        "width": "100%",
        "height": "720",
        "loading": "lazy",
    }
    (preview,) = page.all("iframe")
    assert element["src"] == f"https://eventail.exemple.fr{preview['src']}"
    assert len(cards(visit(client, preview["src"] or ""))) == 3


def test_the_choices_are_kept_and_the_allowed_sites_named(client: FlaskClient) -> None:
    page = visit(client, CODE, territoire="meuse", thematiques="mobilite", limite=2, q="permis")

    assert [o["value"] for o in page.all("option") if "selected" in o] == ["meuse"]
    ticked = [box["value"] for box in page.all("input", type="checkbox") if "checked" in box]
    assert ticked == ["mobilite"]
    assert page.value_of("limite") == "2"
    assert TOWN in page.text
    assert "q=permis" not in page.text


def test_without_choice_the_code_is_of_the_whole_catalogue(client: FlaskClient) -> None:
    source = client.get(CODE).text

    (element,) = pasted(read(source), source).all("iframe")

    assert element["src"] == "http://localhost/widget"


def test_a_wrong_choice_is_told_next_to_it_and_no_code_is_given(client: FlaskClient) -> None:
    page = visit(client, CODE, territoire="meuse", thematiques="mobilite", limite="50")

    assert page.status == 400
    assert page.title.startswith("Erreur : choix à corriger")
    assert "#limite" in page.hrefs()
    assert page.value_of("limite") == "50"
    assert [o["value"] for o in page.all("option") if "selected" in o] == ["meuse"]
    assert page.all("input", type="checkbox", value="mobilite")[0].get("checked", "") is None
    assert not page.all("iframe")
    assert not page.all("textarea")


def test_the_attributions_lead_to_the_code_when_it_is_open(
    client: FlaskClient, app_with: AppWith
) -> None:
    assert visit(client, "/attributions").link("afficher la recherche") == CODE
    assert CODE not in visit(app_with().test_client(), "/attributions").hrefs()
