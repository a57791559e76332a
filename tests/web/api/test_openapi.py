"""The OpenAPI document: valid, complete, and true of real answers."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from schemas.search import DemandeSchema, StructuresSchema, SuggestionSchema
from tests.web.api.conftest import Reference

DOCUMENT = "/api/openapi.json"
EXAMPLES = 40  # for each operation, of good requests and of bad ones
PATHS = (
    "/api/v1/offres",
    "/api/v1/offres/{offre_id}",
    "/api/v1/structures",
    "/api/v1/structures/{structure_id}",
    "/api/v1/referentiels/{nom}",
    "/api/v1/suggestions",
    "/api/v1/match",
)
POSTED = {"/api/v1/match"}
# Tried with a key: tests/web/ecriture/test_openapi_ecriture.py.
WRITTEN = (
    "/api/v1/offres/{offre_id}/confirmation",
    "/api/v1/structures/{structure_id}/confirmation",
)
SUCCESS = {"200", "201"}
load_all_checks()
# A well-formed code may be no commune's, half a position is a fault, a deep page too: no schema can
# say it, so valid data may be refused.
LEFT_OUT = [CHECKS.get_one("positive_data_acceptance")]


@pytest.fixture
def api_schema(catalogue_app: Flask) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi(DOCUMENT, catalogue_app)


def method_of(path: str) -> str:
    return "POST" if path in POSTED else "GET"


def operations(client: FlaskClient) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in client.get(DOCUMENT).json["paths"].items():
        yield from ((path, item[method]) for method in item if method != "parameters")


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        *((path, GenerationMode.POSITIVE) for path in PATHS),
        # Any text is well formed as the name of a list.
        *((path, GenerationMode.NEGATIVE) for path in PATHS if "{nom}" not in path),
    ],
)
def test_any_answer_is_as_documented(
    api_schema: schemathesis.BaseSchema, path: str, mode: GenerationMode
) -> None:
    @seed(20261122)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=api_schema[path][method_of(path)].as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=LEFT_OUT)

    check()


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        *(("/api/v1/offres", {"par_page": 100, "page": page}) for page in range(1, 11)),
        ("/api/v1/offres", {"q": "ordinatuer pertuis", "tri": "distance"}),
        ("/api/v1/offres", {"code_commune": "55029", "thematiques": "famille", "rayon_km": 5}),
        *(("/api/v1/structures", {"par_page": 100, "page": page}) for page in range(1, 8)),
        ("/api/v1/suggestions", {"q": "mobilite"}),
        ("/api/v1/suggestions", {"q": "841"}),
    ],
)
def test_real_answers_are_as_documented(
    api_schema: schemathesis.BaseSchema, path: str, asked: dict[str, object]
) -> None:
    response = api_schema[path]["GET"].Case(query=asked).call_and_validate(excluded_checks=LEFT_OUT)

    assert response.status_code == 200


def test_every_list_is_as_documented(
    api_schema: schemathesis.BaseSchema, client: FlaskClient
) -> None:
    operation = api_schema["/api/v1/referentiels/{nom}"]["GET"]
    known = client.get("/api/v1/referentiels/x").json["detail"].partition(": ")[2].rstrip(".")

    for nom in known.split(", "):
        response = operation.Case(path_parameters={"nom": nom}).call_and_validate()
        assert response.status_code == 200


def test_a_structure_is_as_documented(
    api_schema: schemathesis.BaseSchema, client: FlaskClient
) -> None:
    operation = api_schema["/api/v1/structures/{structure_id}"]["GET"]

    for structure in client.get("/api/v1/structures?par_page=20").json["resultats"]:
        case = operation.Case(path_parameters={"structure_id": structure["id"]})
        assert case.call_and_validate().status_code == 200


def test_every_path_is_tried(client: FlaskClient) -> None:
    assert {*PATHS, *WRITTEN} == set(client.get(DOCUMENT).json["paths"])


def test_the_document_is_valid_openapi_3_1(api_schema: schemathesis.BaseSchema) -> None:
    assert api_schema.raw_schema["openapi"].startswith("3.1.")

    api_schema.validate()


def test_every_route_of_the_api_is_documented(catalogue_app: Flask, client: FlaskClient) -> None:
    documented = set(client.get(DOCUMENT).json["paths"])

    routes = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in catalogue_app.url_map.iter_rules()
        if rule.rule.startswith("/api/v")
    }
    assert routes == documented


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        pytest.param("/api/v1/offres", DemandeSchema, id="offres"),
        pytest.param("/api/v1/structures", StructuresSchema, id="structures"),
        pytest.param("/api/v1/suggestions", SuggestionSchema, id="suggestions"),
    ],
)
def test_every_parameter_is_documented(
    client: FlaskClient, reference: Reference, path: str, schema: type[DemandeSchema]
) -> None:
    parameters = client.get(DOCUMENT).json["paths"][path]["parameters"]

    assert {p["name"] for p in parameters} == schema(*reference).fields.keys()
    assert all(len(p["description"]) > 10 for p in parameters)


def test_every_operation_says_its_errors(client: FlaskClient) -> None:
    for path, operation in operations(client):
        responses = operation["responses"]

        assert {"200", "400", "405", "414", "429", "500"} <= responses.keys(), path
        assert ("404" in responses) == ("{" in path)
        assert ("401" in responses) == ("403" in responses) == ("security" in operation)
        for status, response in responses.items():
            kind = "application/json" if status in SUCCESS else "application/problem+json"
            said = set() if status == "302" else {kind}
            assert response.get("content", {}).keys() == said, (path, status)


def test_no_reference_of_the_document_is_broken(client: FlaskClient) -> None:
    document = client.get(DOCUMENT)

    named = set(re.findall(r'"#/components/schemas/(\w+)"', document.text))
    assert named <= document.json["components"]["schemas"].keys()


def test_lists_of_the_document_are_those_of_the_site(client: FlaskClient) -> None:
    schemas = client.get(DOCUMENT).json["components"]["schemas"]

    assert "mobilite" in schemas["Besoin"]["enum"]
    assert "mobilite" not in schemas["Thematique"]["enum"]
    assert "grand-avignon" in schemas["Bassin"]["enum"]


def test_the_page_shows_every_operation_without_script(client: FlaskClient) -> None:
    response = client.get("/api/docs")

    assert response.status_code == 200
    for path, operation in operations(client):
        assert path in response.text
        assert f'id="{operation["operationId"]}"' in response.text
    assert "<script" not in response.text
    assert not re.search(r"\sstyle=|\son\w+=", response.text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', response.text)


def test_links_inside_the_page_lead_somewhere(client: FlaskClient) -> None:
    page = client.get("/api/docs").text

    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_the_type_of_an_error_leads_to_its_explanation(client: FlaskClient) -> None:
    page, _, anchor = client.get("/api/v1/rien").json["type"].partition("#")

    assert f'id="{anchor}"' in client.get(page).text
