"""Numbers and answers, as JSON, a CSV cell or a form write them."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from schemas.reading import ReadField
from schemas.suggestions import quoted

MAX_INTEGER = 2**31 - 1  # what an SQL INTEGER holds

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_YES = frozenset(("true", "oui", "vrai", "1", "yes", "on", "o", "x"))
_NO = frozenset(("false", "non", "faux", "0", "no", "off", "n"))


class Nombre(ReadField[float]):
    """A number, from JSON or from a text such as `4.81` or `4,81`; never NaN nor infinite."""

    json_type: Mapping[str, object] = {"type": "number"}

    def __init__(self, *, low: float, high: float, range_text: str, **options: Any) -> None:
        super().__init__(**options)
        self.low, self.high, self.range_text = low, high, range_text

    def read(self, value: object) -> float:
        """Returns the number when it is in range."""
        number = number_of(value)
        if number is None:
            raise ValidationError(
                f"{quoted(value)} n’est pas un nombre : écrivez-le en chiffres, comme 4.81."
            )
        if not self.low <= number <= self.high:
            raise ValidationError(f"{quoted(value)} est refusé : {self.range_text}.")
        return number


class Entier(ReadField[int]):
    """A whole number, at least `low`."""

    json_type: Mapping[str, object] = {"type": "integer"}

    def __init__(self, *, low: int, **options: Any) -> None:
        super().__init__(**options)
        self.low = low

    def read(self, value: object) -> int:
        """Returns the number."""
        number = number_of(value)
        if number is None or number != int(number):
            raise ValidationError(f"{quoted(value)} n’est pas un nombre entier : corrigez-le.")
        if number < self.low:
            raise ValidationError(f"{quoted(value)} est refusé : écrivez au moins {self.low}.")
        if number > MAX_INTEGER:
            raise ValidationError(f"{quoted(value)} est trop grand : vérifiez ce nombre.")
        return int(number)


class Booleen(ReadField[bool]):
    """Yes or no, from JSON, a CSV cell or a form."""

    json_type: Mapping[str, object] = {"type": "boolean"}

    def read(self, value: object) -> bool:
        """Returns the answer; anything unclear is refused, never guessed."""
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower() if isinstance(value, str | int) else ""
        if word not in _YES and word not in _NO:
            raise ValidationError(f"{quoted(value)} est ambigu : répondez par « oui » ou « non ».")
        return word in _YES


def number_of(value: object) -> float | None:
    """Returns the number that a JSON value or a text says, None when it says none."""
    if isinstance(value, str):
        text = value.strip()
        if not _NUMBER.fullmatch(text):
            return None
        value = float(text.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 else None  # NaN and infinities fail the comparison
