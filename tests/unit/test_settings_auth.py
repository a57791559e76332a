"""The settings of ProConnect: all of them or none, and never in clear in production."""

from pathlib import Path

import pytest

from app.settings_auth import ProConnect
from tests.unit.test_config import STRONG_KEY, problems, read

GIVEN = {
    "PROCONNECT_ISSUER": "https://proconnect.gouv.fr/api/v2/",
    "PROCONNECT_CLIENT_ID": "eventail",
    "PROCONNECT_CLIENT_SECRET": "hunter2",
}
PRODUCTION = {
    "EVENTAIL_ENV": "production",
    "SECRET_KEY": STRONG_KEY,
    "SITE_URL": "https://eventail.exemple.fr",
}


def test_a_site_has_no_provider_unless_asked(tmp_path: Path) -> None:
    assert read(tmp_path).proconnect is None
    assert read(tmp_path, PROCONNECT_ISSUER=" ").proconnect is None


def test_the_provider_is_read_and_its_secret_kept_out_of_sight(tmp_path: Path) -> None:
    settings = read(tmp_path, **PRODUCTION, **GIVEN)

    assert settings.proconnect == ProConnect(
        issuer="https://proconnect.gouv.fr/api/v2", client_id="eventail", client_secret="hunter2"
    )
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("name", GIVEN)
def test_one_without_the_others_is_refused(tmp_path: Path, name: str) -> None:
    (problem,) = problems(tmp_path, **{**GIVEN, name: ""})

    assert problem.startswith(f"{name} manque")
    assert "hunter2" not in problem


@pytest.mark.parametrize(
    "issuer",
    [
        "proconnect.gouv.fr",
        "ftp://proconnect.gouv.fr",
        "https://moi@proconnect.gouv.fr",
        "https://proconnect.gouv.fr?x=1",
        "http://proconnect.gouv.fr",
        "https://",
    ],
)
def test_an_address_that_is_no_issuer_is_refused(tmp_path: Path, issuer: str) -> None:
    (problem,) = problems(tmp_path, **GIVEN | {"PROCONNECT_ISSUER": issuer})

    assert problem.startswith("PROCONNECT_ISSUER doit être")


def test_a_provider_in_clear_is_for_this_machine_and_for_development(tmp_path: Path) -> None:
    local = GIVEN | {"PROCONNECT_ISSUER": "http://127.0.0.1:9000"}
    found = read(tmp_path, **local).proconnect
    assert found is not None
    assert found.issuer == "http://127.0.0.1:9000"

    (problem,) = problems(tmp_path, **PRODUCTION, **local)
    assert "https://" in problem


def test_production_says_where_people_come_back(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, **GIVEN, EVENTAIL_ENV="production", SECRET_KEY=STRONG_KEY)

    assert "SITE_URL" in problem


@pytest.mark.parametrize(
    ("issuer", "verifies"),
    [
        ("https://proconnect.gouv.fr/api/v2", True),
        ("https://auth.agentconnect.gouv.fr/api/v2", True),
        ("https://identite.proconnect.gouv.fr", True),
        ("https://proconnect.gouv.fr.exemple.fr", False),
        ("https://autreproconnect.gouv.fr", False),
        ("https://exemple.fr/proconnect.gouv.fr", False),
        ("http://127.0.0.1:9000", False),
    ],
)
def test_only_the_federation_is_believed_without_saying_so(issuer: str, verifies: bool) -> None:
    found = ProConnect(issuer=issuer, client_id="x", client_secret="y")

    assert found.verifies_courriels is verifies
