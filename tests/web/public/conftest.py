"""A listing of ours that says everything, and an engine that is down."""

import pytest
from flask import Flask

from app.web.current import EXTENSION
from tests.conftest import AppWith, Record
from tests.web.public.outage import without_engine

STRUCTURE: Record = {
    "source": "essai",
    "id": "essai--s",
    "nom": "L'Atelier du Vernet",
    "date_maj": "2026-11-01",
    "code_insee": "84007",
    "commune": "Avignon",
    "telephone": "0490000000",
    "siret": "13002526500013",
    "description": "Une maison ouverte.",
}
OFFRE: Record = {
    "source": "essai",
    "structure_id": "essai--s",
    "id": "essai--tout",
    "nom": "Passer le permis zéphyr",
    "description": "Première phrase.\n\nDeuxième paragraphe.",
    "date_maj": "2026-11-01",
    "type": "accompagnement",
    "thematiques": ["mobilite--preparer-un-permis"],
    "publics": ["jeunes"],
    "publics_precisions": "De 16 à 25 ans.",
    "conditions_acces": "Avoir un projet.",
    "frais": "payant",
    "frais_precisions": "20 euros par mois.",
    "code_insee": "84007",
    "commune": "Avignon",
    "modes_accueil": ["en-presentiel", "a-distance"],
    "zone_eligibilite": ["84", "55029"],
    "lien_mobilisation": "https://exemple.fr/demande",
    "modes_mobilisation": ["telephoner"],
    "mobilisable_par": ["professionnels"],
    "volume_horaire_hebdomadaire": 3.5,
    "nombre_semaines": 6,
    "horaires_accueil": "sur rendez-vous",
    "langues": ["fr", "fsl"],
    "places_disponibles": 1,
    "prochaine_session": "2030-02-03",
    "a_apporter": ["Une pièce d'identité, en cours de validité", "Un RIB"],
    "eligibilite": {
        "toutes": [
            {"fait": "age", "min": 16, "max": 25},
            {"sauf": {"fait": "situations", "parmi": ["permis-b"]}},
            {
                "une_parmi": [
                    {"fait": "allocations", "parmi": ["rsa"]},
                    {
                        "toutes": [
                            {"fait": "activite", "parmi": ["apprenti"]},
                            {"fait": "situations", "parmi": ["rqth"]},
                        ]
                    },
                ]
            },
        ]
    },
    "suppose": {"fait": "situations", "parmi": ["ordinateur"]},
    "prioritaires": {"fait": "situations", "parmi": ["parent-isole"]},
    "apporte": [
        {"fait": "situations", "valeur": "permis-b"},
        {"fait": "niveau_francais", "valeur": "a1"},
        {"fait": "niveau_francais", "valeur": "a2"},
    ],
    "regles": {
        "source": "Code de l'exemple, article 1",
        "lien": "https://loi.exemple.fr/1",
        "lue_le": "2026-11-01",
    },
}


@pytest.fixture
def full_app(app_with: AppWith) -> Flask:
    """The shipped catalogue and a listing that says everything."""
    return app_with([STRUCTURE, OFFRE])


@pytest.fixture
def engine_down(catalogue_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The site while its search engine does not answer."""
    monkeypatch.setitem(catalogue_app.extensions, EXTENSION, without_engine(catalogue_app))
    return catalogue_app
