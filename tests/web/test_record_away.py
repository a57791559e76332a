"""While the record does not answer, every page and address says so, and when to return."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import AppWith


@pytest.fixture
def without_record(app_with: AppWith, tmp_path: Path) -> Flask:
    """A site that runs while its tables are taken away."""
    app = app_with()
    assert app.test_client().get("/").status_code == 200
    with sqlite3.connect(tmp_path / "site" / "eventail.sqlite3") as connection:
        connection.executescript(
            "PRAGMA foreign_keys = OFF; DROP TABLE offres; DROP TABLE structures"
        )
    connection.close()
    return app


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/recherche?q=permis",
        "/offres/x",
        "/offres/x/signale",
        "/structures/x",
        "/structures/x/signale",
    ],
)
def test_pages_say_that_the_catalogue_is_away(without_record: Flask, path: str) -> None:
    response = without_record.test_client().get(path)

    assert (response.status_code, response.mimetype) == (503, "text/html")
    assert "momentanément indisponible" in response.text
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize("sheet", ["/offres/x", "/structures/x"])
def test_a_report_is_not_lost_in_silence(without_record: Flask, sheet: str) -> None:
    response = without_record.test_client().post(f"{sheet}/signaler", data={"motif": "autre"})

    assert response.status_code == 503
    assert "momentanément indisponible" in response.text


@pytest.mark.parametrize("path", ["offres?q=numerique", "offres/x", "structures", "structures/x"])
def test_the_api_says_that_the_catalogue_is_away(without_record: Flask, path: str) -> None:
    response = without_record.test_client().get(f"/api/v1/{path}")

    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert response.json["title"] == "Catalogue indisponible"
    assert int(response.headers["Retry-After"]) > 0


def test_the_log_has_no_word_of_the_query(
    without_record: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    without_record.test_client().get("/recherche?q=permis+zephyr")

    said = capfd.readouterr()
    assert "catalogue_unavailable" in said.out + said.err
    assert "zephyr" not in said.out + said.err
