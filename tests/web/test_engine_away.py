"""While the cluster does not answer, pages say so, the record is written, and the debt is kept."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.config import Settings
from app.factory import create_app
from indexer.elasticsearch import cluster
from tests.conftest import AppWith, settings_of
from tests.fake_node import WHOLE, Answer, Asked, FakeNode, Slow, Writing

NOWHERE = "http://127.0.0.1:9"  # the port of “discard”: nobody listens
AWAY = {"SEARCH_ENGINE": "elasticsearch", "ELASTICSEARCH_URL": NOWHERE}
STRUCTURE = {
    "id": "essai--s1", "source": "essai", "nom": "Garage solidaire", "date_maj": "2026-11-20",
    "commune": "Apt", "code_postal": "84400", "code_insee": "84003",
}  # fmt: skip
OFFRE = {
    "id": "essai--o1", "source": "essai", "structure_id": "essai--s1", "nom": "Réparation",
    "description": "Un garage pour ceux qui n’en ont pas les moyens.", "type": "accompagnement",
    "thematiques": ["mobilite--entretenir-reparer-son-vehicule"], "date_maj": "2026-11-20",
}  # fmt: skip
OFFRES = 6
# The second search asks first whether the index knows its word.
PAGES = ("/recherche?q=permis", "/recherche?q=permiss", "/recherche?lieu=Apt&ouvert=1")
API = ("/api/v1/offres?q=permis", "/api/v1/offres?q=permiss")


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
    feed.write_text(json.dumps([STRUCTURE, OFFRE]), encoding="utf-8")

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


@pytest.fixture(scope="module")
def nodes() -> Iterator[list[FakeNode]]:
    """Three nodes that answer as a test says."""
    made = [FakeNode() for _ in range(3)]
    yield made
    for node in made:
        node.stop()


@pytest.fixture(scope="module")
def searching(seeded_dir: Path, nodes: list[FakeNode]) -> Flask:
    """A site that only searches, and knows the three nodes."""
    addresses = ",".join(node.url for node in nodes)
    return create_app(
        settings_of(seeded_dir, SEARCH_ENGINE="elasticsearch", ELASTICSEARCH_URL=addresses)
    )


def say(nodes: list[FakeNode], answer: Answer) -> None:
    for node in nodes:
        node.answer = answer
        node.received.clear()


def half(asked: Asked) -> tuple[int, object]:
    """Every other search of a round trip fails."""
    searches = len(asked.body.splitlines()) // 2
    failed = {"error": {"type": "shard"}, "status": 503}
    return 200, {"responses": [failed if n % 2 == 0 else WHOLE for n in range(searches)]}


OUTAGES = [
    pytest.param(lambda _: (429, {"error": "busy"}), id="busy"),
    pytest.param(lambda _: (503, {"error": "no master"}), id="no-master"),
    pytest.param(lambda _: (500, {"error": "fault"}), id="fault"),
    pytest.param(lambda _: (404, {"error": "index_not_found"}), id="no-generation"),
    pytest.param(half, id="half-of-the-searches"),
]


def assert_says_that_search_is_away(searching: Flask) -> None:
    visitor = searching.test_client()
    for path in PAGES:
        assert_page(visitor.get(path))
    for flow in ("accompagner", "pour-moi"):
        assert_page(visitor.post(f"/{flow}/solutions", data={"f.age": "31", "b.mobilite": "3"}))
    for path in API:
        assert_problem(visitor.get(path))
    assert_problem(visitor.post("/api/v1/match", json={}))


def assert_page(response: TestResponse) -> None:
    assert (response.status_code, response.mimetype) == (503, "text/html")
    assert "momentanément indisponible" in response.text
    for empty in ("aucun résultat", "aucune offre", "0 offre"):
        assert empty not in response.text.lower()


def assert_problem(response: TestResponse) -> None:
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert response.json["title"] == "Recherche indisponible"
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize("answer", OUTAGES)
def test_every_page_and_address_says_that_search_is_away(
    searching: Flask, nodes: list[FakeNode], answer: Answer
) -> None:
    say(nodes, answer)

    assert_says_that_search_is_away(searching)

    assert sum(node.asked for node in nodes) >= len(PAGES) + len(API) + 3


@pytest.mark.parametrize("path", [*PAGES, *API])
def test_nodes_that_are_all_slow_are_not_waited_for_in_turn(
    searching: Flask, nodes: list[FakeNode], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of three is asked, once: a page takes the time of one search, less than two seconds."""
    assert cluster.SEARCH_SECONDS < 2
    monkeypatch.setattr(cluster, "SEARCH_SECONDS", 0.2)
    say(nodes, slow := Slow())

    response = searching.test_client().get(path)

    slow.released.set()
    (assert_problem if path in API else assert_page)(response)
    assert sum(node.asked for node in nodes) == 1


def test_slow_nodes_leave_a_questionnaire_its_answers(
    searching: Flask, nodes: list[FakeNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "SEARCH_SECONDS", 0.2)
    say(nodes, slow := Slow())

    response = searching.test_client().post("/accompagner/solutions", data={"f.age": "31"})

    slow.released.set()
    assert_page(response)
    assert 'name="f.age" value="31"' in response.text
    assert sum(node.asked for node in nodes) == 1


@pytest.fixture
def node() -> Iterator[FakeNode]:
    node = FakeNode()
    yield node
    node.stop()


@pytest.fixture
def writing_site(app_with: AppWith, node: FakeNode) -> Flask:
    """A site whose one node has already taken the shipped catalogue in."""
    app = app_with(SEARCH_ENGINE="elasticsearch", ELASTICSEARCH_URL=node.url)
    node.answer = Writing()
    run(app, "index", "drain")
    return app


def run(app: Flask, *words: str, code: int = 0) -> str:
    done = app.test_cli_runner().invoke(args=[*words])
    assert done.exit_code == code, done.output
    return done.output


def import_named(app: Flask, tmp_path: Path, nom: str, ranks: Iterable[int]) -> str:
    offres = [{**OFFRE, "id": f"essai--{rank}", "nom": nom} for rank in ranks]
    feed = tmp_path / "flux.json"
    feed.write_text(json.dumps([STRUCTURE, *offres]), encoding="utf-8")
    return run(app, "catalogue", "import", str(feed))


def debt(app: Flask) -> int:
    return int(app.test_client().get("/readyz").json["mesures"]["changements_en_attente"])


WRITE_OUTAGES = [
    pytest.param(lambda _: (429, {"error": "busy"}), id="busy"),
    pytest.param(lambda _: (503, {"error": "no master"}), id="no-master"),
    pytest.param(Writing(refuse=lambda rank: rank % 2 == 1), id="half-a-bulk"),
]


@pytest.mark.parametrize("outage", WRITE_OUTAGES)
def test_what_is_written_during_an_outage_is_carried_after_it_in_order(
    writing_site: Flask, node: FakeNode, tmp_path: Path, outage: Answer
) -> None:
    node.answer = outage
    for nom, ranks in (("Trottinette", range(OFFRES)), ("Parapluie", reversed(range(OFFRES)))):
        assert "Rien n’est perdu" in import_named(writing_site, tmp_path, nom, ranks)
    assert debt(writing_site) >= 2 * OFFRES

    node.answer = back = Writing()
    run(writing_site, "index", "drain")

    assert debt(writing_site) == 0
    assert back.versions == sorted(set(back.versions))
    assert back.held.keys() == {f"essai--{rank}" for rank in range(OFFRES)}
    sources = [json.dumps(source) for _, source in back.held.values()]
    assert all("paraplu" in source and "trottinet" not in source for source in sources)
