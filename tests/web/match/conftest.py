"""A catalogue with rules: ages, a licence to get, a structure with many offers, one far away."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Record

PERMIS = "mobilite--preparer-un-permis"
VEHICULE = "mobilite--acceder-a-un-vehicule"
FINANCER = "mobilite--financer-ma-mobilite"
LOUER = "logement-hebergement--louer-un-logement"
STRUCTURE: Record = {
    "source": "essai", "id": "essai--s", "nom": "Garage solidaire", "date_maj": "2026-11-01",
    "code_insee": "84007", "commune": "Avignon", "telephone": "0490000000",
}  # fmt: skip
ELSEWHERE: Record = {**STRUCTURE, "id": "essai--t", "nom": "Auto-école du Nord"}


def offre(ident: str, nom: str, **more: object) -> Record:
    """Returns a listing in Avignon for everyone."""
    return {
        "source": "essai", "structure_id": "essai--s", "id": f"essai--{ident}", "nom": nom,
        "date_maj": "2026-11-01", "thematiques": [PERMIS], "code_insee": "84007",
        "commune": "Avignon", "modes_accueil": ["en-presentiel"], "publics": ["tous-publics"],
        "description": "Une aide pour bouger.", "mobilisable_par": ["usagers"], **more,
    }  # fmt: skip


RECORDS = [
    STRUCTURE,
    ELSEWHERE,
    *(offre(f"p{n}", f"Cours de code {n}") for n in range(6)),
    offre(
        "jeune", "Permis jeune", structure_id="essai--t",
        eligibilite={"toutes": [{"fait": "age", "min": 18, "max": 25}]},
    ),
    offre(
        "voiture", "Voiture à louer", structure_id="essai--t", thematiques=[FINANCER],
        eligibilite={"toutes": [{"fait": "situations", "parmi": ["permis-b"]}]},
        mobilisable_par=["professionnels"], conditions_acces="Avoir un projet.",
        a_apporter=["Votre permis, en cours de validité", "Un RIB"],
    ),
    offre(
        "atelier", "Atelier permis B", structure_id="essai--t",
        apporte=[{"fait": "situations", "valeur": "permis-b"}],
    ),
    offre(
        "sante", "Permis adapté", structure_id="essai--t",
        eligibilite={"toutes": [{"fait": "situations", "parmi": ["rqth"]}]},
    ),
    offre("loin", "Louer à Verdun", thematiques=[LOUER], code_insee="55545", commune="Verdun"),
]  # fmt: skip


@pytest.fixture
def match_app(empty_app: Flask, tmp_path: Path) -> Flask:
    """A site on these listings alone, so that counts do not follow the shipped catalogue."""
    feed = tmp_path / "flux.json"
    feed.write_text(json.dumps(RECORDS), encoding="utf-8")
    imported = empty_app.test_cli_runner().invoke(args=["catalogue", "import", str(feed)])
    assert imported.exit_code == 0, imported.output
    return empty_app


@pytest.fixture
def visitor(match_app: Flask) -> FlaskClient:
    """A visitor of that catalogue."""
    return match_app.test_client()
