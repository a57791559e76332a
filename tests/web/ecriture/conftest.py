"""Software that writes by a key: the same site and people as those of the partners' space."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Site, shared_site, site

__all__ = ["shared_site", "site"]
OFFRE = f"/api/v1/offres/{OFFRE_A}"
STRUCTURE = f"/api/v1/structures/{STRUCTURE_A}"
NEW_OFFRE = {
    "structure_id": STRUCTURE_A,
    "nom": "Louer un scooter",
    "description": "Un scooter à deux euros par jour.",
    "thematiques": ["mobilite--acceder-a-un-vehicule"],
}


@dataclass
class Logiciel:
    """A program with a key of someone."""

    site: Site
    person: str = "membre-a"
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.person:
            cle = key_of(self.site, self.person)
            self.headers = {"Authorization": f"Bearer {cle}", **self.headers}

    def call(self, method: str, address: str, **more: Any) -> TestResponse:
        """Sends a request without any cookie."""
        headers: Mapping[str, str] = more.pop("headers", {})
        client = self.site.visitor()
        return client.open(address, method=method, headers={**self.headers, **headers}, **more)

    def read(self, address: str = OFFRE) -> tuple[dict[str, Any], str]:
        """Returns a listing as it is written, and its entity tag."""
        response = self.call("GET", address)
        assert response.status_code == 200, response.text
        return response.json, response.headers["ETag"]

    def put(self, record: object, etag: str, address: str = OFFRE) -> TestResponse:
        """Writes a listing from what was read."""
        return self.call("PUT", address, json=record, headers={"If-Match": etag})

    def create(self, record: object, address: str) -> TestResponse:
        """Writes a new listing."""
        return self.call("PUT", address, json=record, headers={"If-None-Match": "*"})


def key_of(site: Site, person: str, validite: timedelta = timedelta(days=30)) -> str:
    """Makes a key of someone."""
    compte = site.espace.comptes.find(f"{person}@essai.fr")
    assert compte is not None
    acteur = site.espace.connexion.acteur_of(compte)
    cle, _ = site.espace.cles.make(acteur, "Essai", validite)
    return cle
