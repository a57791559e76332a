"""The field that says what to bring or prepare: a few short texts, one a document or a thing."""

import re
from collections.abc import Mapping

from marshmallow import ValidationError

from schemas.fields import MAX_MESSAGES
from schemas.reading import ReadField, clean_text, items_of
from schemas.suggestions import quoted

MAX_ITEMS = 12  # beyond, nobody reads it on a doorstep: the structure must choose
LENGTHS = (3, 120)  # “RIB” to one line of a sheet and a half; more is an explanation

A_APPORTER: Mapping[str, object] = {
    "type": "array",
    "items": {"type": "string", "minLength": LENGTHS[0], "maxLength": LENGTHS[1]},
    "minItems": 1,
    "maxItems": MAX_ITEMS,
    "uniqueItems": True,
}
_SEPARATORS = re.compile(r"[|\r\n]")  # a comma belongs to a sentence
_LINE_BREAKS = re.compile(r"\s*[\r\n\t]\s*")


class AApporter(ReadField[tuple[str, ...]]):
    """Distinct texts in the order given; an empty list is silence.

    A cell or a form has one text a line, or texts between `|`, or a JSON list.
    """

    json_type = A_APPORTER

    def read(self, value: object) -> tuple[str, ...] | None:
        """Returns the texts; each one that is too short or too long is a fault of its own."""
        texts = list(filter(None, map(_one_line, items_of(value, _SEPARATORS))))
        if faults := list(filter(None, map(_fault, texts))):
            raise ValidationError(faults[:MAX_MESSAGES])
        distinct: dict[str, str] = {}
        for text in texts:
            distinct.setdefault(text.casefold(), text)
        if len(distinct) > MAX_ITEMS:
            raise ValidationError(
                f"Cette liste a {len(distinct)} lignes : gardez les {MAX_ITEMS} plus utiles."
            )
        return tuple(distinct.values()) or None


def _one_line(item: object) -> str:
    return _LINE_BREAKS.sub(" ", clean_text(item))


def _fault(text: str) -> str | None:
    low, high = LENGTHS
    if len(text) < low:
        return f"{quoted(text)} est trop court : écrivez au moins {low} caractères."
    if len(text) > high:
        return f"{quoted(text)} est trop long : gardez {high} caractères au plus par ligne."
    return None
