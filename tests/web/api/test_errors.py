"""Every error of the API: its status, its shape, its words."""

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from jinja2 import TemplateNotFound

from app.web.errors import BY_STATUS
from tests.conftest import AppWith

SEARCH = "/api/v1/offres"
NAMES = ("type", "title", "status", "detail", "erreurs")


def assert_problem(response, status: int) -> dict:  # type: ignore[no-untyped-def, type-arg]
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert tuple(response.json) == NAMES
    assert response.json["status"] == status
    assert "Traceback" not in response.text
    return response.json


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("code_commune", "99999", id="unknown-commune"),
        pytest.param("rayon_km", "-3", id="negative-radius"),
        pytest.param("rayon_km", "10000", id="huge-radius"),
        pytest.param("thematiques", "licorne", id="unknown-thematique"),
        pytest.param("page", "1000000000", id="page-1e9"),
        pytest.param("q", "a" * 10_000, id="long-query"),
        pytest.param("q", "é" * 3_000, id="long-accented-query"),
        pytest.param("lat", "nan", id="nan"),
        pytest.param("code_insee", "84007", id="unknown-parameter"),
    ],
)
def test_bad_input_names_its_parameter(client: FlaskClient, name: str, value: str) -> None:
    problem = assert_problem(client.get(SEARCH, query_string={name: value}), 400)

    assert problem["title"] == "Paramètres à corriger"
    assert name in {erreur["champ"] for erreur in problem["erreurs"]}
    assert all(len(erreur["message"]) < 500 for erreur in problem["erreurs"])


def test_an_unknown_parameter_names_the_nearest(client: FlaskClient) -> None:
    problem = client.get(SEARCH, query_string={"rayon": "10"}).json

    assert "« rayon_km »" in problem["erreurs"][0]["message"].replace("\u00a0", " ")


def test_a_hostile_request_is_not_echoed(client: FlaskClient) -> None:
    asked = {f"{'x' * 300}{number}": "1" for number in range(60)}
    problem = client.get(SEARCH, query_string=asked).json

    assert len(problem["erreurs"]) == 30
    assert max(len(erreur["champ"]) for erreur in problem["erreurs"]) == 80


@pytest.mark.parametrize(
    "text",
    ['"', '"permis', "'", "a AND", "OR", "NOT", "NEAR(a, b)", "nom:permis", "a* -b +c ^d ~e",
     "(((", "<script>alert(1)</script>", "'; DROP TABLE offres;--", "{{7*7}}", "%", "\\", "\t\n",
     "🦄", "\u202eabc", "a" * 300, "un deux " * 37],
    ids=lambda text: text[:16].encode("unicode_escape").decode(),
)  # fmt: skip
def test_operators_and_quotes_are_searched_as_words(client: FlaskClient, text: str) -> None:
    response = client.get(SEARCH, query_string={"q": text, "code_commune": "84007"})

    assert response.status_code == 200
    assert "<script>" not in response.text


@pytest.mark.parametrize(
    "query", ["q=%00", "q=a%00b", "q=%E9", "q=%ff%fe", "%C3=1", "structure_id=%ed%a0%80"]
)
def test_an_unreadable_query_is_refused(client: FlaskClient, query: str) -> None:
    assert_problem(client.get(f"{SEARCH}?{query}"), 400)


@pytest.mark.parametrize("path", [b"/api/v1/offres/a\x00b", b"/api/v1/offres/\xe9"])
def test_an_unreadable_path_is_refused(client: FlaskClient, path: bytes) -> None:
    overrides = {"PATH_INFO": path.decode("latin-1")}

    assert_problem(client.get("/api/v1/offres/x", environ_overrides=overrides), 400)


@pytest.mark.parametrize("query", ["q=100%", "q=%zz", "q=%u0041", "q=a;b", "q=a&&", "q"])
def test_a_clumsy_query_is_still_read(client: FlaskClient, query: str) -> None:
    assert client.get(f"{SEARCH}?{query}").status_code == 200


def test_an_address_too_long_is_refused(client: FlaskClient) -> None:
    assert_problem(client.get(SEARCH, query_string={"q": "a" * 40_000}), 414)


def test_an_unknown_route_is_not_found(client: FlaskClient) -> None:
    problem = assert_problem(client.get("/api/v1/rien"), 404)

    assert problem["title"] == "Page introuvable"


def test_a_refused_method_says_which_are_accepted(client: FlaskClient) -> None:
    response = client.post(SEARCH)

    assert_problem(response, 405)
    assert "GET" in response.headers["Allow"]


def test_a_body_too_heavy_is_refused(app_with: AppWith) -> None:
    app = app_with()
    # Under a name that is open to everyone: what has no name in the table of rights is refused.
    app.add_url_rule("/api/essai", "api-essai.x", lambda: str(request.get_data()), methods=["POST"])

    assert_problem(app.test_client().post("/api/essai", data=b"x" * 2_000_000), 413)


def test_without_an_index_the_search_is_unavailable(empty_app: Flask) -> None:
    response = empty_app.test_client().get(f"{SEARCH}?q=permis")

    problem = assert_problem(response, 503)
    assert int(response.headers["Retry-After"]) > 0
    assert problem["detail"].startswith("La recherche est momentanément indisponible")


def test_a_crash_says_nothing_of_itself(app_with: AppWith, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_with()

    def crash(*_arguments: object) -> None:
        raise RuntimeError("secret interne")

    monkeypatch.setattr("app.web.api.offres.read_demande", crash)

    response = app.test_client().get(SEARCH)

    assert_problem(response, 500)
    assert "secret" not in response.text


def test_pages_answer_errors_as_pages(client: FlaskClient) -> None:
    response = client.get("/nulle-part")

    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert BY_STATUS[404].title in response.text


def test_an_error_page_survives_a_missing_template(
    app_with: AppWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_with()
    monkeypatch.setattr(app.jinja_env, "get_or_select_template", _missing)

    response = app.test_client().get("/nulle-part")

    assert response.status_code == 404
    assert BY_STATUS[404].title in response.text


def _missing(name: str, *_more: object) -> None:
    raise TemplateNotFound(str(name))


@pytest.mark.parametrize("path", ["/api/v1/offres", "/api/v1/structures", "/api/v1/suggestions"])
def test_head_and_options_work(client: FlaskClient, path: str) -> None:
    assert client.head(path).status_code == 200
    assert client.options(path).headers["Access-Control-Allow-Origin"] == "*"
