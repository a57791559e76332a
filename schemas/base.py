"""The strict schema that every other one extends, and what reading a listing needs to know.

Strict means that an unknown field is a fault; feeds, which carry fields of other tools, are read by
`schemas.records` with unknown fields counted instead.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, fields

from app.domain.geographie import Geographie
from app.domain.vocabulaire import Vocabulaire
from schemas.french import FRENCH, translate_validator


def _ignore(_old: str, _today: str) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingContext:
    """What a listing is read with; `today` is the date in Europe/Paris.

    `note_resolved` is told each former commune code with today's.
    """

    vocabulaire: Vocabulaire
    geographie: Geographie
    today: date
    note_resolved: Callable[[str, str], None] = _ignore


class StrictSchema(Schema):
    """Refuses unknown fields and speaks French, whatever marshmallow fields it declares."""

    class Meta:
        unknown = RAISE

    error_messages = {  # noqa: RUF012  declared so by marshmallow
        key: FRENCH[text]
        for key, text in Schema._default_error_messages.items()  # noqa: SLF001
    }

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Translates the default messages of a field, of its parts and of its validators."""
        for field in _with_parts(field_obj):
            field.error_messages = {
                key: FRENCH.get(text, text) if isinstance(text, str) else text
                for key, text in field.error_messages.items()
            }
            for validator in field.validators:
                translate_validator(validator)


class ListingSchema(StrictSchema):
    """A schema whose fields check values against the vocabulary, the geography and a date."""

    def __init__(self, context: ReadingContext, **options: Any) -> None:
        self.context = context  # before the fields are bound, since they read it
        super().__init__(**options)


def context_of(field: fields.Field[Any]) -> ReadingContext:
    """Returns what the schema of a bound field reads with."""
    if not isinstance(field.root, ListingSchema):
        raise TypeError(f"{type(field).__name__} belongs in a ListingSchema")
    return field.root.context


def _with_parts(field: fields.Field[Any]) -> Iterator[fields.Field[Any]]:
    yield field
    inner = [getattr(field, name, None) for name in ("inner", "key_field", "value_field")]
    for part in (*inner, *getattr(field, "tuple_fields", ())):
        if isinstance(part, fields.Field):
            yield from _with_parts(part)
