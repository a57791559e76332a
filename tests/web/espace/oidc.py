"""Going to a provider of identities and coming back, as a browser does."""

from pathlib import Path
from urllib.parse import urlsplit

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.integration.oidc_provider import Provider, settings_for
from tests.web.espace.conftest import Site, site_in

CAMILLE = "camille@ministere.fr"
NOT_OURS = "ne correspond pas à votre demande"


def trusting_site(people_dir: Path, folder: Path, provider: Provider) -> Site:
    """Returns a site that trusts the provider."""
    return site_in(people_dir, folder, **settings_for(provider))


def leave(client: FlaskClient) -> str:
    """Leaves for the provider, and returns the address that it sends the browser back to."""
    left = client.get("/connexion/proconnect")
    assert left.status_code == 303, left.text
    return requests.get(left.headers["Location"], allow_redirects=False).headers["Location"]


def come_back(client: FlaskClient, address: str) -> TestResponse:
    """Opens the address that the provider gave."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def sign_in(client: FlaskClient) -> TestResponse:
    """Leaves and comes back."""
    return come_back(client, leave(client))


def is_signed_in(client: FlaskClient) -> bool:
    """True when the browser may open the space."""
    return client.get("/espace").status_code == 200
