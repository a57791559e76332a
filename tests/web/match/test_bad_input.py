"""Absurd, forged or contradictory fields: a French message, other answers kept, never a crash."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.demande import DemandeMatch
from app.domain.errors import EngineUnavailable
from app.services.matching import MatchingService
from app.web.match.flows import FLOWS, Flow
from tests.conftest import AppWith
from tests.web.match.browser import Browser
from tests.web.match.conftest import PERMIS
from tests.web.public.markup import Markup, read

WAITING = """
[[fait]]
cle = "attente"
libelle = "Attente"
question = "Depuis combien de mois ?"
nature = "nombre"
unite = "mois"
evolue = true
debut_age = 16
"""
HOSTILE = "<script>alert(1)</script>\"'><img src=x>"


def post(client: FlaskClient, address: str, data: dict[str, object]) -> Markup:
    response = client.post(address, data=data)
    return read(response.text, response.status_code)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        pytest.param("f.age", "abc", "n’est pas un nombre", id="age-in-letters"),
        pytest.param("f.age", "-4", "n’est pas plausible", id="age-below-zero"),
        pytest.param("f.age", "2.5", "nombre entier", id="half-an-age"),
        pytest.param("f.age", "500", "n’est pas plausible", id="too-old"),
        pytest.param("f.age", "2090", "dans le futur", id="not-born"),
        pytest.param("f.age", "31/02/2002", "Une date est attendue", id="no-such-day"),
        pytest.param("f.age", "9" * 400, "n’est pas un nombre", id="huge"),
        pytest.param("f.age", "1" * 600, "trop longue", id="too-long"),
        pytest.param("f.residence", "Trifouillis", "ne trouvons pas la commune", id="no-place"),
        pytest.param("f.residence", "Saint-Martin", "choisissez la bonne", id="homonyms"),
        pytest.param("f.activite", "astronaute", "Choisissez une des réponses", id="forged-choice"),
        pytest.param("f.niveau_francais", "z9", "Choisissez une des réponses", id="forged-level"),
        pytest.param("f.situations.permis-b", "peut-être", "Choisissez une", id="forged-yes"),
        pytest.param(f"b.{PERMIS}", "9", "Choisissez une des réponses", id="forged-priority"),
        pytest.param("mode", "fusée", "Choisissez une des réponses", id="forged-mode"),
        pytest.param("rayon_km", "500", "n’est pas un rayon", id="radius"),
        pytest.param("rayon_km", "abc", "n’est pas un rayon", id="radius-in-letters"),
        pytest.param("page", "0", "n’existe pas", id="page"),
        pytest.param("page", "9" * 40, "n’existe pas", id="far-page"),
        pytest.param("page", "²", "n’existe pas", id="odd-digit"),
        pytest.param("f.inconnu", "1", "ne connaît pas", id="unknown-fact"),
        pytest.param("f.situations", "oui", "ne connaît pas", id="set-without-value"),
        pytest.param("b.rien", "1", "ne connaît pas", id="unknown-need"),
        pytest.param("x", "1", "ne connaît pas", id="unknown-field"),
        pytest.param("f.age", HOSTILE, "n’est pas un nombre", id="markup"),
    ],
)
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.slug)
def test_a_refused_value_is_told_and_the_rest_kept(
    visitor: FlaskClient, flow: Flow, name: str, value: str, said: str
) -> None:
    kept = {"f.statut_logement": "chez-parents", "b.numerique": "2"}
    for address in (f"/{flow.slug}", f"/{flow.slug}/solutions", f"/{flow.slug}/offre"):
        if address.endswith("offre") and name in ("rayon_km", "page", "x", "f.inconnu", "b.rien"):
            continue  # what does not bear on the person does not stop a sheet
        response = visitor.post(address, data={**kept, name: value, "offre": "essai--p1"})
        if address.endswith("offre") and name == "f.situations":
            continue
        page = read(response.text, response.status_code)

        assert page.status == 400
        assert page.title.startswith("Erreur")
        assert said in page.text
        carried = [(n, v) for n, v in Browser(visitor, response, page).carried() if n in kept]
        assert sorted(carried) == sorted(kept.items())
        assert "<script" not in response.text


def test_a_fault_stands_next_to_its_field_and_can_be_mended(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/accompagner")
    browser.press(f__residence="Avignon", f__age="abc", step="/accompagner/solutions")

    (field,) = browser.page.all("input", name="f.age")
    assert field["aria-invalid"] == "true"
    assert "f.age-faute-1" in (field["aria-describedby"] or "")
    assert browser.page.link("Âge") == "#f.age"
    browser.press(f__age="24", step="/accompagner/solutions")
    assert browser.page.status == 200


def test_a_homonym_is_chosen_on_the_same_screen(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/pour-moi").press("aller", "lieu")
    browser.press("aller", "age", f__residence="Saint-Martin")
    codes = [a["value"] or "" for a in browser.page.all("input", name="code_commune")]
    assert len(codes) > 1

    browser.press("aller", "age", code_commune=codes[1])

    assert browser.page.status == 200
    assert browser.hidden()["code_commune"] == codes[1]


def test_a_misspelt_commune_is_proposed(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/accompagner").press(f__residence="Carpentrass")

    assert "Carpentras (84200)" in browser.page.text


def test_a_duration_longer_than_life_is_a_contradiction(app_with: AppWith, tmp_path: Path) -> None:
    supplement = tmp_path / "faits.toml"
    supplement.write_text(WAITING, encoding="utf-8")
    client = app_with(FAITS_SUPPLEMENTAIRES=str(supplement)).test_client()

    page = post(client, "/accompagner/solutions", {"f.age": "20", "f.attente": "144"})

    assert page.status == 400
    assert "plus longtemps que l’âge" in page.text
    assert page.value_of("f.attente") == "144"


def test_the_same_field_twice_is_a_contradiction(visitor: FlaskClient) -> None:
    page = post(visitor, "/accompagner/solutions", {"f.age": ["20", "30"]})

    assert page.status == 400
    assert "se contredisent" in page.text


def test_a_refused_answer_that_no_screen_asks_can_be_mended(visitor: FlaskClient) -> None:
    page = post(visitor, "/pour-moi/solutions", {"f.droits_cpf": "beaucoup"})

    assert page.status == 400
    assert page.value_of("f.droits_cpf") == "beaucoup"


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.slug)
def test_ten_thousand_fields_are_refused(visitor: FlaskClient, flow: Flow) -> None:
    many: dict[str, object] = {f"f.{n}": "x" for n in range(10_000)}
    for step in ("", "/solutions", "/proposition", "/offre"):
        response = visitor.post(f"/{flow.slug}{step}", data={"f.age": "20", **many})
        assert response.status_code in (200, 400, 404)
        assert len(response.data) < 60_000
    assert visitor.post(f"/{flow.slug}/solutions", data=many).status_code == 400


@pytest.mark.parametrize("ident", ["inconnue", "", "\x00", "x" * 5_000, HOSTILE])
def test_an_offer_that_is_no_more_says_so_and_keeps_the_answers(
    visitor: FlaskClient, ident: str
) -> None:
    page = post(visitor, "/accompagner/offre", {"f.age": "20", "offre": ident})

    assert page.status in (400, 404)
    assert "Réponse à corriger" not in page.text or page.status == 400
    assert any(a.get("value") == "20" for a in page.all("input", name="f.age"))


def test_a_body_that_is_no_form_is_an_empty_one(visitor: FlaskClient) -> None:
    response = visitor.post("/accompagner/solutions", data=b"\xff\xfe%00", content_type="text/x")

    assert response.status_code == 200


@pytest.fixture
def without_match(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_self: MatchingService, _demande: DemandeMatch) -> None:
        raise EngineUnavailable

    monkeypatch.setattr(MatchingService, "match", down)


@pytest.mark.usefixtures("without_match")
@pytest.mark.parametrize("step", ["solutions", "offre"])
def test_a_missing_engine_keeps_the_answers(client: FlaskClient, step: str) -> None:
    response = client.post(f"/accompagner/{step}", data={"f.age": "20", "offre": "x"})
    page = read(response.text, response.status_code)

    assert page.status == 503
    assert response.headers["Retry-After"] == "30"
    assert page.value_of("f.age") == "20"
    assert "Réessayer" in page.text
    assert "Revenir aux questions" in page.text


def test_an_empty_catalogue_says_so(empty_app: Flask) -> None:
    empty_app.test_cli_runner().invoke(args=["index", "rebuild"])

    page = post(empty_app.test_client(), "/pour-moi/solutions", {"f.age": "20"})

    assert page.status == 200
    assert "Le catalogue est vide pour l’instant" in page.text
