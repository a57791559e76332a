"""What goes out is what came in: plain JSON, in the order of the schema v1."""

import json
from collections.abc import Iterator

import pytest
from data_inclusion.schema import v1

from app.domain.geographie import Geographie
from app.domain.offre import Offre, Structure
from schemas.export import DEPARTEMENTS_OF_REGION, OFFRE_FIELDS, STRUCTURE_FIELDS
from schemas.records import RecordReader, offre_to_record, structure_to_record

Record = dict[str, object]


@pytest.fixture
def full_service(service: Record) -> Record:
    """Every v1 field of a service, in the order of the schema."""
    said: Record = {
        **service,
        "lien_source": "https://exemple.fr/1",
        "type": "atelier",
        "thematiques": ["mobilite--preparer-un-permis"],
        "frais": "payant",
        "frais_precisions": "10 €",
        "publics": ["jeunes", "femmes"],
        "publics_precisions": "De 16 à 25 ans",
        "conditions_acces": "Sur rendez-vous",
        "commune": "Avignon",
        "code_postal": "84000",
        "code_insee": "84007",
        "adresse": "1 rue de la République",
        "complement_adresse": "Bâtiment B",
        "longitude": 4.81,
        "latitude": 43.94,
        "telephone": "+33490000000",
        "courriel": "contact@exemple.fr",
        "modes_accueil": ["en-presentiel"],
        "zone_eligibilite": ["84007", "84", "200035723", "france", "99137"],
        "contact_nom_prenom": "L’accueil",
        "lien_mobilisation": "https://exemple.fr/rdv",
        "modes_mobilisation": ["telephoner"],
        "mobilisable_par": ["usagers"],
        "mobilisation_precisions": "Le matin",
        "volume_horaire_hebdomadaire": 2.5,
        "nombre_semaines": 3,
        "horaires_accueil": "Mo-Fr 09:00-12:00",
    }
    return {name: said[name] for name in OFFRE_FIELDS}


@pytest.fixture
def extensions() -> Record:
    return {
        "eligibilite": {"toutes": [{"fait": "age", "min": 16.0}], "a_verifier": ["Projet"]},
        "apporte": [{"fait": "situations", "valeur": "permis-b"}],
        "suppose": {"fait": "situations", "parmi": ["vehicule"]},
        "prioritaires": {"sauf": {"fait": "residence", "parmi": ["departement:84"]}},
        "regles": {
            "source": "Code du travail, article L5131-6",
            "lien": "https://exemple.fr/loi",
            "lue_le": "2026-11-01",
            "etat": "confirmees",
        },
        "langues": ["fr", "en"],
        "places_disponibles": 0,
        "prochaine_session": "2027-01-15",
        "a_apporter": ["Une pièce d’identité", "Un RIB"],
        "derniere_confirmation": "2026-11-01",
        "adresse_confidentielle": True,
        "etat_publication": "a-moderer",
    }


def read_offre(reader: RecordReader, record: Record) -> Offre:
    listing = reader.read(record)
    assert isinstance(listing, Offre)
    return listing


def field_order(model: type) -> Iterator[str]:
    yield from model.model_fields  # type: ignore[attr-defined]


def test_the_order_is_that_of_the_schema() -> None:
    assert set(OFFRE_FIELDS) == set(field_order(v1.Service))
    assert set(STRUCTURE_FIELDS) == set(field_order(v1.Structure))


def test_a_full_service_goes_out_as_it_came(
    reader: RecordReader, full_service: Record, extensions: Record
) -> None:
    offre = read_offre(reader, {**full_service, **extensions})

    bare = offre_to_record(offre, extensions=False)
    whole = offre_to_record(offre, extensions=True)

    assert list(bare.items()) == list(full_service.items())
    assert list(whole.items()) == [*full_service.items(), *extensions.items()]
    assert json.loads(json.dumps(whole)) == whole
    assert reader.read(whole) == offre
    v1.Service.model_validate(bare, context={"ignore_warnings": False})


def test_silence_and_defaults_are_left_out(
    reader: RecordReader, service: Record, structure: Record
) -> None:
    porteuse = reader.read(structure)

    assert offre_to_record(read_offre(reader, service), extensions=True) == service
    assert isinstance(porteuse, Structure)
    assert structure_to_record(porteuse, extensions=True) == structure


def test_a_structure_goes_out_as_it_came(reader: RecordReader, structure: Record) -> None:
    record = {
        **structure,
        "siret": "21710153400014",
        "site_web": "https://exemple.fr",
        "reseaux_porteurs": ["ccas-cias"],
    }
    ours = {"derniere_confirmation": "2026-11-01", "adresse_confidentielle": True}
    porteuse = reader.read({**record, **ours})

    assert isinstance(porteuse, Structure)
    assert structure_to_record(porteuse, extensions=False) == record
    assert structure_to_record(porteuse, extensions=True) == {**record, **ours}


@pytest.mark.parametrize(
    ("zone", "codes"),
    [
        (["region:94"], ["2A", "2B"]),
        (["departement:2B", "region:94"], ["2B", "2A"]),
        (["region:975"], ["975"]),
        (["99100"], ["france"]),
        (["55136"], ["55551"]),
    ],
)
def test_zones_go_out_as_bare_codes(
    reader: RecordReader, service: Record, zone: list[str], codes: list[str]
) -> None:
    offre = read_offre(reader, {**service, "zone_eligibilite": zone})

    assert offre_to_record(offre, extensions=False)["zone_eligibilite"] == codes


def test_regions_have_the_departements_of_the_geography(geographie: Geographie) -> None:
    regions: dict[str, set[str]] = {}
    for place in geographie.places:
        regions.setdefault(place.region, set()).add(place.departement)

    for region, departements in regions.items():
        expected = set(DEPARTEMENTS_OF_REGION.get(region, (region,)))
        assert departements == expected, region
    assert DEPARTEMENTS_OF_REGION.keys() <= regions.keys()
