"""The door of feeds: what is a service, what is refused, what is counted."""

import csv
import io
import json
import math
from collections import Counter
from datetime import date

import pytest
from marshmallow import ValidationError

from app.domain.offre import Offre, Structure
from app.domain.vocabulaire import EtatPublication
from schemas.base import ReadingContext
from schemas.offre import OffreSchema
from schemas.records import UNNAMED, RecordReader, RecordRefused, Refus
from schemas.structure import StructureSchema

Record = dict[str, object]

MISSING = "Ce champ est obligatoire : renseignez-le."


def refus_of(reader: RecordReader, record: object) -> dict[str, str]:
    with pytest.raises(RecordRefused) as refused:
        reader.read(record)
    return {r.champ: r.raison.replace("\u00a0", " ") for r in refused.value.refus}


def test_a_record_with_a_structure_id_is_an_offer(
    reader: RecordReader, service: Record, structure: Record
) -> None:
    offre, porteuse = reader.read(service), reader.read(structure)

    assert isinstance(offre, Offre)
    assert (offre.structure_id, offre.date_maj) == ("dora--1", date(2026, 1, 31))
    assert offre.etat_publication is EtatPublication.PUBLIE
    assert not offre.adresse_confidentielle
    assert isinstance(porteuse, Structure)
    assert porteuse.nom == "Le Garage"


def test_a_blank_structure_id_is_a_structure_unless_the_rest_is_an_offer(
    reader: RecordReader, service: Record, structure: Record
) -> None:
    blank = {"structure_id": "", "publics": None, "type": " "}

    assert isinstance(reader.read({**structure, **blank}), Structure)
    assert refus_of(reader, {**service, "structure_id": None, "publics": ["jeunes"]}) == {
        "structure_id": MISSING
    }


def test_every_fault_is_told_with_the_id(reader: RecordReader) -> None:
    record = {
        "id": "dora--9",
        "structure_id": "dora--1",
        "publics": ["jeune", "femme"],
        "eligibilite": {"toutes": [{"fait": "agee", "min": 1}]},
        "latitude": "91",
    }

    with pytest.raises(RecordRefused) as refused:
        reader.read(record)

    assert refused.value.identifiant == "dora--9"
    assert [r.champ for r in refused.value.refus] == [
        "source", "nom", "date_maj", "latitude", "description", "publics", "publics",
        "eligibilite.toutes[0].fait", "longitude",
    ]  # fmt: skip
    assert refused.value.refus[0] == Refus(champ="source", raison=refused.value.refus[0].raison)


@pytest.mark.parametrize("record", [None, 3, "x", [], [{"id": "a"}], True], ids=repr)
def test_what_is_no_object_is_refused(reader: RecordReader, record: object) -> None:
    assert refus_of(reader, record) == {
        "": "Chaque fiche est un objet JSON : écrivez des paires « champ : valeur »."
    }


def test_an_unreadable_id_is_not_recalled(reader: RecordReader, structure: Record) -> None:
    with pytest.raises(RecordRefused) as refused:
        reader.read({**structure, "id": {"a": 1}})

    assert refused.value.identifiant is None


def test_unknown_fields_are_counted_not_refused(
    reader: RecordReader, service: Record, structure: Record
) -> None:
    reader.read({**service, "extra": {"a": [1]}, "_di_surrogate_id": "x", "siret": "1"})
    reader.read({**structure, "extra": None, None: ["surplus"]})  # type: ignore[dict-item]

    assert reader.ignored_fields == Counter(
        {"extra": 2, "_di_surrogate_id": 1, "siret": 1, UNNAMED: 1}
    )


def test_resolved_codes_are_those_of_accepted_records(
    reader: RecordReader, service: Record
) -> None:
    tree = {"fait": "residence", "parmi": ["55136"]}
    reader.read({**service, "code_insee": "55136", "zone_eligibilite": ["55136"]})
    reader.read({**service, "eligibilite": tree})
    refus_of(reader, {**service, "code_insee": "55136", "nom": ""})
    reader.read(service)

    assert reader.resolved_codes == Counter({("55136", "55551"): 3})


def test_a_csv_line_reads_as_its_json(reader: RecordReader, service: Record) -> None:
    eligibilite = {"toutes": [{"fait": "age", "min": 16}]}
    cells = {
        **service,
        "publics": "jeunes|femmes",
        "thematiques": '["sante--addictions"]',
        "zone_eligibilite": "84,55",
        "eligibilite": json.dumps(eligibilite),
        "latitude": "43.94",
        "longitude": "4,81",
        "adresse_confidentielle": "oui",
        "nombre_semaines": "3",
        "frais": "",
        "langues": "fr,en",
        "telephone": " 3949 ",
    }
    file = io.StringIO()
    writer = csv.DictWriter(file, list(cells))
    writer.writeheader()
    writer.writerow(cells)
    file.seek(0)
    (line,) = csv.DictReader(file)

    assert reader.read(line) == reader.read(
        {
            **service,
            "publics": ["jeunes", "femmes"],
            "thematiques": ["sante--addictions"],
            "zone_eligibilite": ["84", "55"],
            "eligibilite": eligibilite,
            "latitude": 43.94,
            "longitude": 4.81,
            "adresse_confidentielle": True,
            "nombre_semaines": 3,
            "langues": ["fr", "en"],
            "telephone": "3949",
        }
    )


@pytest.mark.parametrize(
    ("latitude", "longitude", "champs"),
    [
        pytest.param(None, None, set(), id="none"),
        pytest.param(" ", "", set(), id="blank"),
        pytest.param(43.9, 4.8, set(), id="both"),
        pytest.param(0, 4.8, set(), id="on the equator"),
        pytest.param(43.9, None, {"longitude"}, id="latitude alone"),
        pytest.param("", 4.8, {"latitude"}, id="longitude alone"),
        pytest.param(0, 0, {"latitude"}, id="null island"),
        pytest.param("0.0", 0.0, {"latitude"}, id="null island in a cell"),
        pytest.param(math.nan, 4.8, {"latitude"}, id="NaN"),
        pytest.param(91, -181, {"latitude", "longitude"}, id="out of range"),
    ],
)
def test_position(
    reader: RecordReader, structure: Record, latitude: object, longitude: object, champs: set[str]
) -> None:
    record = {**structure, "latitude": latitude, "longitude": longitude}

    assert (refus_of(reader, record).keys() if champs else reader.read(record) and set()) == champs


def test_a_position_needs_no_commune_and_conversely(
    reader: RecordReader, structure: Record
) -> None:
    assert reader.read({**structure, "code_insee": "84007"}).latitude is None
    assert reader.read({**structure, "latitude": 43.9, "longitude": 4.8}).code_insee is None


@pytest.mark.parametrize(
    ("champ", "value", "read"),
    [
        ("volume_horaire_hebdomadaire", "1,5", 1.5),
        ("places_disponibles", 0, 0),
        ("prochaine_session", "2027-01-15", date(2027, 1, 15)),
        ("derniere_confirmation", "2026-11-22", date(2026, 11, 22)),
        ("etat_publication", "a-moderer", EtatPublication.A_MODERER),
        ("type", "atelier", "atelier"),
        ("modes_mobilisation", ["telephoner"], ("telephoner",)),
        ("mobilisable_par", ["usagers"], ("usagers",)),
        ("modes_accueil", [], None),
    ],
)
def test_offer_field_reads(
    reader: RecordReader, service: Record, champ: str, value: object, read: object
) -> None:
    assert getattr(reader.read({**service, champ: value}), champ) == read


@pytest.mark.parametrize(
    ("champ", "value"),
    [
        ("volume_horaire_hebdomadaire", -1),
        ("nombre_semaines", 0),
        ("places_disponibles", -1),
        ("derniere_confirmation", "2026-11-23"),
        ("publics", ["tous-publics", "jeunes"]),
        ("nom", "ab"),
        ("nom", "a" * 151),
        ("description", "abcd"),
        ("description", "a" * 10_001),
        ("lien_mobilisation", "javascript:alert(1)"),
        ("langues", ["klingon"]),
        ("adresse_confidentielle", "peut-être"),
    ],
    ids=range(12),
)
def test_offer_field_refuses(
    reader: RecordReader, service: Record, champ: str, value: object
) -> None:
    assert set(refus_of(reader, {**service, champ: value})) == {champ}


def test_a_name_may_end_with_a_full_stop(reader: RecordReader, structure: Record) -> None:
    assert reader.read({**structure, "nom": "S.A.R.L."}).nom == "S.A.R.L."


def test_forms_and_api_refuse_unknown_fields(
    context: ReadingContext, service: Record, structure: Record
) -> None:
    for schema, record in ((OffreSchema(context), service), (StructureSchema(context), structure)):
        assert schema.load(record).source == "dora"
        with pytest.raises(ValidationError) as refused:
            schema.load({**record, "extra": 1})
        assert list(refused.value.normalized_messages()) == ["extra"]
        with pytest.raises(ValidationError) as refused:
            schema.load([record])
        assert list(refused.value.normalized_messages()) == ["_schema"]


def test_a_feed_whose_records_all_have_other_fields_reads_the_same(
    reader: RecordReader, service: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_habit = reader.read({**service, "type": "atelier"})

    monkeypatch.setattr("schemas.records.MAX_SHAPES", 0)

    assert reader.read({**service, "frais": None, "type": "atelier"}) == as_habit
    with pytest.raises(RecordRefused):
        reader.read({**service, "frais": "cher"})
