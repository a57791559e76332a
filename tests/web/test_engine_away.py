"""While the cluster does not answer, pages say so, the record is written, and the debt is kept."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.factory import create_app
from tests.conftest import AppWith

NOWHERE = "http://127.0.0.1:9"  # the port of “discard”: nobody listens
AWAY = {"SEARCH_ENGINE": "elasticsearch", "ELASTICSEARCH_URL": NOWHERE}
STRUCTURE = {
    "id": "essai--s1", "source": "essai", "nom": "Garage solidaire", "date_maj": "2026-11-20",
    "commune": "Apt", "code_postal": "84400", "code_insee": "84003",
}  # fmt: skip


@pytest.fixture
def away(app_with: AppWith) -> Flask:
    """A site on the shipped catalogue, whose cluster is away."""
    return app_with(**AWAY)


@pytest.fixture
def visitor(away: Flask) -> FlaskClient:
    return away.test_client()


@pytest.mark.parametrize("path", ["/recherche?q=permis", "/recherche?lieu=Apt"])
def test_a_search_is_never_an_empty_one(visitor: FlaskClient, path: str) -> None:
    response = visitor.get(path)

    assert response.status_code == 503
    assert "Aucun résultat" not in response.text
    assert "Aucune offre" not in response.text


@pytest.mark.parametrize("flow", ["accompagner", "pour-moi"])
def test_a_questionnaire_keeps_its_answers(visitor: FlaskClient, flow: str) -> None:
    response = visitor.post(f"/{flow}/solutions", data={"f.age": "31", "b.mobilite": "3"})

    assert response.status_code == 503
    assert 'name="f.age" value="31"' in response.text


def test_the_api_says_that_search_is_away(visitor: FlaskClient) -> None:
    response = visitor.post("/api/v1/match", json={})

    assert (response.status_code, response.mimetype) == (503, "application/problem+json")


def test_sheets_are_read_all_the_same(visitor: FlaskClient) -> None:
    assert visitor.get("/").status_code == 200
    assert visitor.get("/accompagner").status_code == 200


def test_readiness_names_the_engine(visitor: FlaskClient) -> None:
    response = visitor.get("/readyz")

    assert response.status_code == 503
    assert response.json["controles"]["base"] == "ok"
    assert response.json["controles"]["index"] == "moteur de recherche injoignable"


def test_an_import_succeeds_and_its_debt_is_kept(away: Flask, tmp_path: Path) -> None:
    feed = tmp_path / "flux.json"
    offre = {
        "id": "essai--o1", "source": "essai", "structure_id": "essai--s1", "nom": "Réparation",
        "description": "Un garage pour ceux qui n’en ont pas les moyens.", "type": "accompagnement",
        "thematiques": ["mobilite--entretenir-reparer-son-vehicule"], "date_maj": "2026-11-20",
    }  # fmt: skip
    feed.write_text(json.dumps([STRUCTURE, offre]), encoding="utf-8")

    done = away.test_cli_runner().invoke(args=["catalogue", "import", str(feed)])

    assert done.exit_code == 0
    assert "Rien n’est perdu" in done.output
    mesures = away.test_client().get("/readyz").json["mesures"]
    assert mesures["changements_en_attente"] >= 1


def test_a_first_start_does_not_wait_for_the_cluster(tmp_path: Path) -> None:
    app = create_app(Settings.from_environ({"EVENTAIL_DATA_DIR": str(tmp_path), **AWAY}))

    done = app.test_cli_runner().invoke(args=["seed", "demo", "--si-vide"])

    assert done.exit_code == 0
    assert "Le moteur de recherche ne répond pas" in done.output


@pytest.mark.parametrize("command", ["drain", "rebuild", "check"])
def test_index_commands_say_what_to_do(away: Flask, command: str) -> None:
    done = away.test_cli_runner().invoke(args=["index", command])

    assert done.exit_code == 1
    assert "Le moteur de recherche ne répond pas" in done.output
