"""How many requests one address may make."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.rate_limits import GROUPS, LIMITS
from tests.conftest import AppWith

ADDRESS = "203.0.113.7"


@pytest.fixture
def limited(app_with: AppWith) -> Flask:
    return app_with(RATE_LIMITS="on")


def ask(client: FlaskClient, path: str, address: str = ADDRESS) -> int:
    with client.get(path, environ_overrides={"REMOTE_ADDR": address}) as response:
        return response.status_code


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        pytest.param("/api/v1/offres?page=0", 60, id="search"),
        pytest.param("/api/v1/suggestions", 240, id="suggestions"),
        pytest.param("/api/v1/referentiels/frais", 120, id="others"),
    ],
)
def test_each_group_has_its_limit(limited: Flask, path: str, allowed: int) -> None:
    client = limited.test_client()

    statuses = [ask(client, path) for _ in range(allowed + 1)]

    assert 429 not in statuses[:allowed]
    assert statuses[allowed] == 429
    assert ask(client, path, address="203.0.113.8") != 429


def test_pages_share_one_count(limited: Flask) -> None:
    client = limited.test_client()

    statuses = {ask(client, path) for _ in range(60) for path in ("/attributions", "/offres/x")}

    assert statuses == {200, 404}
    assert ask(client, "/attributions") == 429
    assert ask(client, "/api/v1/suggestions") == 200


def test_the_refusal_says_when_to_come_back_and_to_whom_nothing(
    limited: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    client = limited.test_client()
    for _ in range(60):
        ask(client, "/api/v1/offres?page=0")

    response = client.get("/api/v1/offres", environ_overrides={"REMOTE_ADDR": ADDRESS})

    assert response.status_code == 429
    assert response.content_type == "application/problem+json"
    assert response.json["title"] == "Trop de demandes"
    assert 0 < int(response.headers["Retry-After"]) <= 60
    said = capfd.readouterr()
    assert ADDRESS not in said.err + said.out + caplog.text


def statuses_through_a_proxy(app: Flask) -> list[int]:
    client = app.test_client()
    return [
        client.get(
            "/api/v1/offres?page=0", headers={"X-Forwarded-For": f"203.0.113.{rank}"}
        ).status_code
        for rank in range(61)
    ]


def test_a_trusted_proxy_tells_visitors_apart(app_with: AppWith) -> None:
    statuses = statuses_through_a_proxy(app_with(RATE_LIMITS="on", TRUSTED_PROXIES="1"))

    assert set(statuses) == {400}


def test_an_address_told_by_nobody_that_is_trusted_counts_for_nothing(limited: Flask) -> None:
    assert statuses_through_a_proxy(limited)[-1] == 429


def test_probes_and_static_files_are_not_counted(limited: Flask) -> None:
    client = limited.test_client()
    paths = ("/healthz", "/api/docs/static/documentation.css")

    assert {ask(client, path) for _ in range(130) for path in paths} == {200}


def test_nothing_is_limited_unless_asked(client: FlaskClient) -> None:
    assert {ask(client, "/api/v1/offres?page=0") for _ in range(70)} == {400}


def test_groups_name_real_routes_and_limits(catalogue_app: Flask) -> None:
    assert GROUPS.keys() <= catalogue_app.view_functions.keys()
    assert set(GROUPS.values()) <= LIMITS.keys()
