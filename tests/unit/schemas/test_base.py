"""No English reaches a reader, and unknown fields are faults."""

import inspect
from datetime import date

import marshmallow.fields
import pytest
from marshmallow import ValidationError, fields, validate

from schemas.base import ReadingContext, StrictSchema
from schemas.fields import CodeInsee
from schemas.french import FRENCH

_NAMED = (getattr(marshmallow.fields, name) for name in marshmallow.fields.__all__)
FIELD_CLASSES = list(dict.fromkeys(cls for cls in _NAMED if inspect.isclass(cls)))
VALIDATORS = [
    *(
        validate.Range(min=low, max=high, min_inclusive=inclusive, max_inclusive=inclusive)
        for low, high in ((1, None), (None, 2), (1, 2))
        for inclusive in (True, False)
    ),
    *(validate.Length(**lengths) for lengths in ({"min": 5}, {"max": 1}, {"min": 5, "max": 6})),
    validate.Length(equal=7),
    validate.OneOf(["a"]),
    validate.NoneOf(["xyz"]),
    validate.Equal("b"),
    validate.Regexp("^z"),
    validate.ContainsOnly("b"),
    validate.ContainsNoneOf("x"),
    validate.URL(),
    validate.Email(),
    validate.And(validate.Length(min=9)),
]


@pytest.mark.parametrize("cls", FIELD_CLASSES, ids=lambda cls: cls.__name__)
def test_every_message_of_a_marshmallow_field_has_its_french(cls: type) -> None:
    assert set(cls.default_error_messages.values()) <= FRENCH.keys()


@pytest.mark.parametrize("validator", VALIDATORS, ids=repr)
def test_a_marshmallow_validator_speaks_french(validator: validate.Validator) -> None:
    if isinstance(validator, validate.Range):
        schema = StrictSchema.from_dict({"champ": fields.Integer(validate=validator)})()
        values: tuple[object, ...] = (-9, 99, 1, 2)
    else:
        schema = StrictSchema.from_dict({"champ": fields.String(validate=validator)})()
        values = ("xyz",)

    messages = [m for value in values for m in schema.validate({"champ": value}).get("champ", [])]

    assert messages
    assert not any("ust be" in m or "Not a" in m or "ength " in m for m in messages)
    assert all(any(m.startswith(f[:5]) for f in FRENCH.values()) for m in messages)


def test_parts_of_a_field_speak_french() -> None:
    schema = StrictSchema.from_dict(
        {
            "liste": fields.List(fields.Integer(), required=True),
            "table": fields.Dict(keys=fields.String(), values=fields.Integer()),
            "couple": fields.Tuple((fields.Integer(), fields.Url())),
            "propre": fields.Integer(error_messages={"invalid": "Mot à moi."}),
        }
    )()

    errors = schema.validate({"liste": ["x"], "table": {"a": "x"}, "couple": ["x", "y"]})

    assert errors["liste"][0] == [FRENCH["Not a valid integer."]]
    assert errors["table"]["a"]["value"] == [FRENCH["Not a valid integer."]]
    assert errors["couple"][1] == [FRENCH["Not a valid URL."]]
    assert schema.validate({"liste": [], "propre": "x"}) == {"propre": ["Mot à moi."]}


def test_an_unknown_field_and_a_wrong_type_are_faults() -> None:
    schema = StrictSchema.from_dict({"a": fields.Integer()})()

    assert schema.validate({"b": 1}) == {"b": [FRENCH["Unknown field."]]}
    assert schema.validate([1]) == {"_schema": [FRENCH["Invalid input type."]]}


def test_a_field_that_needs_the_context_says_so() -> None:
    with pytest.raises(TypeError, match="CodeInsee belongs in a ListingSchema"):
        StrictSchema.from_dict({"code": CodeInsee()})()


def test_a_context_without_listener_drops_resolved_codes(context: ReadingContext) -> None:
    silent = ReadingContext(
        vocabulaire=context.vocabulaire, geographie=context.geographie, today=date(2026, 1, 1)
    )

    silent.note_resolved("55136", "55551")


def test_validation_error_carries_every_fault() -> None:
    schema = StrictSchema.from_dict({"a": fields.Integer(required=True), "b": fields.Date()})()

    with pytest.raises(ValidationError) as refused:
        schema.load({"b": "hier"})

    assert refused.value.normalized_messages() == {
        "a": [FRENCH["Missing data for required field."]],
        "b": [FRENCH["Not a valid date."]],
    }
