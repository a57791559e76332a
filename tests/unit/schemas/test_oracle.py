"""Our rules against those of the official package, on real records and on mutated ones.

Both accept or both refuse, but for the differences listed here, each with its reason. A difference
that no longer occurs fails too, so that the list stays true.
"""

import copy
import gzip
import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from data_inclusion.schema import v1
from pydantic import ValidationError

from app.domain.offre import Offre
from schemas.export import OFFRE_FIELDS, STRUCTURE_FIELDS
from schemas.records import RecordReader, RecordRefused, offre_to_record, structure_to_record
from schemas.scalars import number_of

NATIONAL = Path(__file__).resolve().parents[4] / "shared/data/real/national"
SHIPPED = Path(__file__).resolve().parents[3] / "seed" / "data" / "catalogue"
ABSENT = object()

STRUCTURE = {
    "source": "s", "id": "s--1", "nom": "Le Garage", "description": "Un garage solidaire",
    "date_maj": "2024-01-01", "longitude": 4.8, "latitude": 43.9,
}  # fmt: skip
SERVICE = {**STRUCTURE, "structure_id": "s--2"}
VALUES = [
    ABSENT, None, "", "  ", "abc", "ab", " ab ", "a" * 151, "a" * 10_001, "a\x00bcdef", "\ud800",
    0, 1, -1, 3.5, 2**40, 1_704_067_200, True, False, 10**400, math.nan, math.inf,
    [], {}, [None], [""], ["x"], [[]], {"a": 1},
    "2024-01-31", "2024-01-31T00:00:00", "2024-01-31T10:00:00", "20240131", "1999-12-31",
    "2000-01-01", "2999-01-01", "31/01/2024", "4.81", "4,81", " 4.81 ", "1_000", "1e2", "200",
    "nan", "3.0", "3", "84007", "55136", "2a004", "84 007", "00000", "1000", "21710153400014",
    "217 101 534 00014", "2171015340001", "http://a.fr", " http://a.fr ", "javascript:alert(1)",
    "www.a.fr", "http://a:b@a.fr", "a@a.fr", "A <a@a.fr>", "a@a", "15", "gratuit", "Gratuit",
    "formation", "jeunes", ["jeunes"], ["jeunes", "jeunes"], ["tous-publics", "jeunes"],
    ["84"], ["84007"], ["200035723"], ["france"], ["99137"], ["99100"], ["999999"], ["ZZ"],
    ["region:93"], ["2a"], "84", ["a-distance"], ["usagers"], ["telephoner"], ["mobilite"],
    ["mobilite--preparer-un-permis"], ["caf"], "x.",
]  # fmt: skip

IDS = {"source", "id", "structure_id"}
COORDINATES = {"longitude", "latitude"}
NUMBERS = COORDINATES | {"volume_horaire_hebdomadaire", "nombre_semaines"}
LISTS = {
    "thematiques", "publics", "modes_accueil", "zone_eligibilite", "modes_mobilisation",
    "mobilisable_par", "reseaux_porteurs",
}  # fmt: skip

Rule = Callable[[str, object], bool]


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def is_off_earth(field: str, value: object) -> bool:
    number = number_of(value)
    return number is not None and abs(number) > (90 if field == "latitude" else 180)


STRICTER: dict[str, Rule] = {
    "an identifier is visible, storable and indexable": lambda f, v: f in IDS and is_text(v),
    "a text that cannot be encoded cannot be stored": lambda _, v: v == "\ud800",
    "lengths do not count surrounding spaces": lambda f, v: (
        f in {"nom", "description"} and is_text(v) and v != str(v).strip()
    ),
    "a telephone has digits": lambda f, v: f == "telephone" and is_text(v),
    "a position is whole, on Earth, and not (0, 0)": lambda f, v: (
        f in COORDINATES and (v in (ABSENT, None) or is_off_earth(f, v))
    ),
    "a boolean is no number": lambda f, v: f in NUMBERS and isinstance(v, bool),
    "numbers are plain, finite and fit in the database": lambda f, v: (
        f in NUMBERS and (v == "1_000" or number_of(v) is None or abs(number_of(v) or 0) >= 2**31)
    ),
    "a date is not a number of seconds": lambda f, v: f == "date_maj" and isinstance(v, int),
    "a commune exists": lambda f, v: f == "code_insee" and v in ("00000", "1_000"),
    "a zone exists": lambda f, v: f == "zone_eligibilite" and v in (["ZZ"], ["caf"]),
    "a public link holds no password": lambda _, v: v == "http://a:b@a.fr",
}  # fmt: skip
LOOSER: dict[str, Rule] = {
    "blank is silence": lambda f, v: f not in IDS and is_blank(v),
    "an empty list is silence": lambda f, v: f in LISTS and v in ([], [""]),
    "a list may be a CSV cell": lambda f, v: f in LISTS and is_text(v),
    "a date may have a time": lambda f, v: f == "date_maj" and v == "2024-01-31T10:00:00",
    "a decimal comma is read": lambda f, v: f in NUMBERS and v == "4,81",
    "a whole number may have an exponent": lambda f, v: f == "nombre_semaines" and v == "1e2",
    "a SIRET may have spaces": lambda f, v: f == "siret" and v == "217 101 534 00014",
    "a zone may be a region": lambda f, v: f == "zone_eligibilite" and v == ["region:93"],
}


def oracle_accepts(record: dict[str, object]) -> bool:
    model = v1.Service if "structure_id" in record else v1.Structure
    try:
        model.model_validate(record)
    except ValidationError:
        return False
    return True


def we_accept(reader: RecordReader, record: dict[str, object]) -> bool:
    try:
        reader.read(record)
    except RecordRefused:
        return False
    return True


def mutated(base: dict[str, object], field: str, value: object) -> dict[str, object]:
    record = {**base, field: copy.deepcopy(value)}
    if value is ABSENT:
        del record[field]
    return record


def cases() -> list[tuple[dict[str, object], str, object]]:
    return [
        (base, field, value)
        for base, fields in ((SERVICE, OFFRE_FIELDS), (STRUCTURE, STRUCTURE_FIELDS))
        for field in fields
        for value in VALUES
        if not (field == "structure_id" and (value in (ABSENT, None) or is_blank(value)))
    ]


def test_mutated_records_are_judged_alike(reader: RecordReader) -> None:
    unexplained, met = [], set()
    for base, field, value in cases():
        record = mutated(base, field, value)
        oracle, ours = oracle_accepts(record), we_accept(reader, record)
        if oracle == ours:
            continue
        rules = STRICTER if oracle else LOOSER
        reasons = {reason for reason, rule in rules.items() if rule(field, value)}
        met |= reasons
        if not reasons:
            unexplained.append((field, repr(value)[:40], "oracle" if oracle else "ours"))

    assert unexplained == []
    assert met == STRICTER.keys() | LOOSER.keys()


@pytest.mark.parametrize("name", ["services", "structures"])
@pytest.mark.parametrize("folder", [NATIONAL, SHIPPED], ids=["national", "shipped"])
def test_real_records_are_accepted_and_go_out_as_they_came(
    reader: RecordReader, folder: Path, name: str
) -> None:
    path = folder / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"NO REAL RECORDS TO CHECK THE SCHEMAS AGAINST: {path} is absent")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for rank, line in enumerate(lines) if rank % 50 == 0]

    for record in records:
        listing = reader.read(record)
        to_record = offre_to_record if isinstance(listing, Offre) else structure_to_record
        out = to_record(listing, extensions=False)  # type: ignore[operator]

        assert oracle_accepts(record)
        assert oracle_accepts(out)
        assert out == {key: value for key, value in record.items() if value is not None}
    assert records
    assert not reader.ignored_fields
