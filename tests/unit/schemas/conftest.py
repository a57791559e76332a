"""The shipped geography and vocabulary, and what reading a listing needs."""

from collections.abc import Callable
from datetime import date

import pytest
from marshmallow import ValidationError, fields

from app.domain.geographie import Geographie
from app.domain.vocabulaire import Vocabulaire
from schemas.base import ListingSchema, ReadingContext
from schemas.records import RecordReader
from seed.reference import load_geographie, load_vocabulaire

TODAY = date(2026, 11, 22)

Load = Callable[[fields.Field, object], object]


@pytest.fixture(scope="session")
def geographie() -> Geographie:
    return load_geographie()


@pytest.fixture(scope="session")
def vocabulaire(geographie: Geographie) -> Vocabulaire:
    return load_vocabulaire(None, geographie)


@pytest.fixture
def resolved() -> list[tuple[str, str]]:
    """The former codes met by the fields, each with today's."""
    return []


@pytest.fixture
def context(
    vocabulaire: Vocabulaire, geographie: Geographie, resolved: list[tuple[str, str]]
) -> ReadingContext:
    return ReadingContext(
        vocabulaire=vocabulaire,
        geographie=geographie,
        today=TODAY,
        note_resolved=lambda old, new: resolved.append((old, new)),
    )


@pytest.fixture
def reader(vocabulaire: Vocabulaire, geographie: Geographie) -> RecordReader:
    return RecordReader(vocabulaire, geographie, TODAY)


@pytest.fixture
def load(context: ReadingContext) -> Load:
    """Reads one value with one field, as a schema would."""

    def load_value(field: fields.Field, value: object) -> object:
        schema = ListingSchema.from_dict({"champ": field})(context)
        return schema.load({"champ": value})["champ"]

    return load_value


@pytest.fixture
def refusals_of(load: Load) -> Callable[[fields.Field, object], list[str]]:
    """Returns the messages that refuse a value, with plain spaces; empty when it is accepted."""

    def messages(field: fields.Field, value: object) -> list[str]:
        try:
            load(field, value)
        except ValidationError as error:
            found = error.normalized_messages()["champ"]
            flat = found if isinstance(found, list) else [m for ms in found.values() for m in ms]
            return [message.replace("\u00a0", " ") for message in flat]
        return []

    return messages


@pytest.fixture
def service() -> dict[str, object]:
    """The least that an offer must say."""
    return {
        "source": "dora",
        "structure_id": "dora--1",
        "id": "dora--1--permis",
        "nom": "Atelier code de la route",
        "description": "Un atelier pour préparer le code.",
        "date_maj": "2026-01-31",
    }


@pytest.fixture
def structure() -> dict[str, object]:
    """The least that a structure must say."""
    return {"source": "dora", "id": "dora--1", "nom": "Le Garage", "date_maj": "2026-01-31"}
