"""Logs, request id, probes and metrics; above all, what must never be recorded."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask, abort
from flask.testing import FlaskClient

from app.observability import (
    HANDLER_NAME,
    ReadinessCheck,
    add_gauge,
    configure_logging,
    install_observability,
    record_search,
)

SECRETS = ("Garance", "tok-9f8e7d", "0612345678", "logement-urgent", "84007")


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """Gives logging back as it was found: sites made by other tests go on with it."""
    root = logging.getLogger()
    level, handlers, config = root.level, list(root.handlers), structlog.get_config()
    yield
    root.setLevel(level)
    root.handlers[:] = handlers
    structlog.configure(**config)


def make_app(*checks: ReadinessCheck, production: bool = True) -> Flask:
    app = Flask("app")
    install_observability(app, checks, production=production)

    @app.route("/lien/<token>", methods=["GET", "POST"])
    def lien(token: str) -> str:
        return "ok"

    @app.post("/echec/<token>")
    def echec(token: str) -> str:
        raise ValueError(f"{token} refusé pour Garance, 0612345678")

    @app.get("/absent")
    def absent() -> str:
        abort(404)

    return app


@pytest.fixture
def client() -> FlaskClient:
    return make_app().test_client()


def events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_each_request_leaves_one_event(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    response = client.get("/lien/tok-9f8e7d?q=logement-urgent")

    (event,) = events(capsys)
    assert event["event"] == "request_finished"
    assert event["method"] == "GET"
    assert event["endpoint"] == "lien"
    assert event["status"] == 200
    assert isinstance(event["milliseconds"], float)
    assert event["request_id"] == response.headers["X-Request-ID"]


@pytest.mark.parametrize("production", [True, False], ids=["json", "console"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "/lien/tok-9f8e7d", id="found"),
        pytest.param("POST", "/lien/tok-9f8e7d", id="posted"),
        pytest.param("POST", "/echec/tok-9f8e7d", id="crash"),
        pytest.param("GET", "/nulle-part/tok-9f8e7d", id="not-found"),
        pytest.param("DELETE", "/lien/tok-9f8e7d", id="wrong-method"),
        pytest.param("TOK-9F8E7D", "/lien/tok-9f8e7d", id="made-up-method"),
    ],
)
def test_no_query_no_path_and_no_body_reaches_a_log(
    capsys: pytest.CaptureFixture[str], method: str, path: str, production: bool
) -> None:
    client = make_app(production=production).test_client()

    client.open(
        f"{path}?q=logement-urgent&code_commune=84007",
        method=method,
        data={"nom": "Garance", "telephone": "0612345678"},
        headers={"X-Request-ID": "Garance 0612345678", "Referer": f"http://localhost{path}"},
    )

    written = capsys.readouterr().err
    assert "request_finished" in written
    assert not [secret for secret in SECRETS if secret.lower() in written.lower()]


def test_a_crash_is_told_by_its_type_and_its_lines(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    response = client.post("/echec/tok-9f8e7d")

    failed, finished = events(capsys)
    assert response.status_code == 500
    assert failed["event"] == "request_failed"
    assert failed["endpoint"] == "echec"
    assert failed["exception_type"] == "ValueError"
    assert str(failed["crossed"]).count("unit.test_observability:") == 1
    assert finished["status"] == 500
    assert finished["request_id"] == failed["request_id"]


def test_a_plain_request_id_is_kept(client: FlaskClient) -> None:
    response = client.get("/absent", headers={"X-Request-ID": "4bf92f35-77b3_4da6"})

    assert response.headers["X-Request-ID"] == "4bf92f35-77b3_4da6"


@pytest.mark.parametrize(
    "given", ["", "court", "a" * 65, "{jndi:ldap}", "é" * 10, "Marie Dupont"], ids=repr
)
def test_an_odd_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    response = client.get("/absent", headers={"X-Request-ID": given})

    assert len(response.headers["X-Request-ID"]) == 32
    assert given not in response.headers["X-Request-ID"] or not given


def test_personal_keys_and_values_are_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(production=True)

    structlog.get_logger("indexer.sync").info(
        "index_rebuilt",
        documents=12,
        seconds=0.5,
        formats=["json", "csv"],
        nom="Garance",
        q="logement-urgent",
        search_query="logement-urgent",
        profil={"age": 24},
        anything={"telephone": "0612345678"},
        source="lu sur https://example.org/lien/tok-9f8e7d?q=Garance",
    )

    (event,) = events(capsys)
    assert event["documents"] == 12
    assert event["seconds"] == 0.5
    assert event["formats"] == ["json", "csv"]
    assert event["source"] == "lu sur …"
    assert event["logger"] == "indexer.sync"
    assert not {"nom", "q", "search_query", "profil", "anything"} & event.keys()


def test_messages_of_other_packages_lose_their_addresses(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(production=True)

    logging.getLogger("other").warning(
        "POST %s failed for %s", "http://search/offres?q=Garance", "/lien/tok-9f8e7d"
    )
    logging.getLogger("urllib3.connectionpool").info("GET /?q=Garance")

    (event,) = events(capsys)
    assert event["event"] == "POST … failed for …"


def test_configuring_twice_writes_each_event_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(production=False)
    configure_logging(production=True)

    logging.getLogger("app.web").warning("once")

    assert len(events(capsys)) == 1
    assert [h.get_name() for h in logging.getLogger().handlers].count(HANDLER_NAME) == 1


def test_healthz_says_that_the_process_lives(client: FlaskClient) -> None:
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json == {"statut": "ok"}
    assert response.headers["Cache-Control"] == "no-store"


def test_readyz_is_200_when_every_check_passes() -> None:
    check = ReadinessCheck(name="base", find_fault=lambda: None)

    response = make_app(check).test_client().get("/readyz")

    assert response.status_code == 200
    assert response.json == {"statut": "prêt", "controles": {"base": "ok"}, "mesures": {}}


def test_readyz_tells_how_late_the_index_is_and_stays_ready() -> None:
    def away() -> float:
        raise RuntimeError("Garance")

    app = Flask("essai")
    install_observability(app, (), {"changements_en_attente": lambda: 12, "attente": away})

    response = app.test_client().get("/readyz")

    assert response.status_code == 200
    assert response.json["mesures"] == {"changements_en_attente": 12, "attente": None}


def test_the_time_of_the_engine_is_measured_by_operation() -> None:
    app = make_app()

    record_search(app, "embedded", "match", 0.003)

    text = app.test_client().get("/metrics").text
    labels = 'engine="embedded",operation="match"'
    assert f"eventail_engine_seconds_count{{{labels}}} 1.0" in text


def test_readyz_is_503_and_names_what_fails() -> None:
    def crash() -> str | None:
        raise RuntimeError("Garance")

    checks = (
        ReadinessCheck(name="base", find_fault=lambda: None),
        ReadinessCheck(name="index", find_fault=lambda: "l’index n’existe pas encore"),
        ReadinessCheck(name="moteur", find_fault=crash),
    )

    response = make_app(*checks).test_client().get("/readyz")

    assert response.status_code == 503
    assert response.json == {
        "statut": "indisponible",
        "controles": {
            "base": "ok",
            "index": "l’index n’existe pas encore",
            "moteur": "le contrôle n’a pas pu se faire",
        },
        "mesures": {},
    }


def test_metrics_count_requests_by_endpoint_and_status(client: FlaskClient) -> None:
    client.get("/lien/tok-9f8e7d")
    client.get("/lien/autre")
    client.get("/nulle-part/tok-9f8e7d")

    page = client.get("/metrics").text

    assert 'eventail_http_requests_total{endpoint="lien",status="200"} 2.0' in page
    assert 'eventail_http_requests_total{endpoint="unmatched",status="404"} 1.0' in page
    assert 'eventail_http_request_seconds_count{endpoint="lien",status="200"} 2.0' in page
    assert "tok-9f8e7d" not in page


def test_gauges_are_read_at_each_scrape() -> None:
    def crash() -> float:
        raise RuntimeError

    app = make_app()
    owed = iter([3, 1])
    add_gauge(app, "eventail_broken", "Cannot be read", crash)
    add_gauge(app, "eventail_outbox_rows", "Changes the index is owed", lambda: next(owed))
    client = app.test_client()

    assert "eventail_outbox_rows 3.0" in client.get("/metrics").text
    assert "eventail_outbox_rows 1.0" in client.get("/metrics").text


def test_two_applications_do_not_share_their_counts(client: FlaskClient) -> None:
    client.get("/lien/un")

    assert 'endpoint="lien"' not in make_app().test_client().get("/metrics").text


def test_workers_add_their_counts_up(tmp_path: os.PathLike[str]) -> None:
    script = (
        "import os\n"
        "from flask import Flask\n"
        "from app.observability import install_observability\n"
        "app = Flask('app'); install_observability(app, ())\n"
        "client = app.test_client()\n"
        "if os.fork() == 0:\n"
        "    client.get('/healthz'); os._exit(0)\n"
        "os.wait(); client.get('/healthz')\n"
        "print(client.get('/metrics').text)\n"
    )

    page = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    count = 'eventail_http_requests_total{endpoint="observability.healthz",status="200"}'
    assert f"{count} 2.0" in page
