"""The base of every field of a listing: silence is None, whatever the way of saying it.

JSON, a CSV cell and an HTML form say nothing in three ways (null, an empty cell, spaces); all mean
None here, and a fault only where the value is required. Fields are read often (a national feed is
75,000 listings), so a field does its own checks instead of going through a chain of validators.
"""

import json
import re
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from marshmallow import ValidationError, fields, missing

from schemas.french import REQUIRED
from schemas.suggestions import quoted

T = TypeVar("T")

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # PostgreSQL refuses \x00 in a text
_SURROGATES = re.compile("[\ud800-\udfff]")  # half characters: no file nor base can hold them
_SEPARATORS = re.compile(r"[|,]")


class ReadField(fields.Field[T | None], Generic[T]):
    """A field whose subclass only says how to `read` a value that is there."""

    json_type: Mapping[str, object] = {"type": "string"}  # what the OpenAPI document says

    def __init__(self, *, required: bool = False, **options: Any) -> None:
        options.setdefault("metadata", dict(self.json_type))
        super().__init__(required=required, allow_none=not required, **options)
        self.error_messages |= {"required": REQUIRED, "null": REQUIRED}

    @abstractmethod
    def read(self, value: object) -> T | None:
        """Returns the value of an input that is neither null nor blank, or raises."""

    def deserialize(
        self,
        value: Any,
        attr: str | None = None,
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Returns the value, None for silence; `marshmallow.missing` when the key is absent.

        It replaces marshmallow's own steps, which cost twice as much as the checks themselves.
        """
        if value is None or value is missing or (isinstance(value, str) and not value.strip()):
            if self.required:
                raise self.make_error("required")
            return missing if value is missing else None
        read = self.read(value)
        if read is None and self.required:
            raise self.make_error("required")
        if self.validators and read is not None:
            self._validate(read)
        return read


def is_blank(value: object) -> bool:
    """Tells whether an input says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def clean_text(value: object) -> str:
    """Returns a text without surrounding spaces nor control characters.

    Raises `ValidationError` when it is not a text, or cannot be stored.
    """
    if not isinstance(value, str):
        raise ValidationError("Un texte est attendu : écrivez-le entre guillemets.")
    if value.isprintable():  # most texts; neither controls nor surrogates are printable
        return value.strip()
    if _SURROGATES.search(value):
        raise ValidationError("Ce texte contient un caractère illisible : enregistrez-le en UTF-8.")
    return _CONTROLS.sub("", value).strip()


def has_controls(text: str) -> bool:
    """Tells whether an identifier holds characters that nobody can see nor type."""
    return not text.isprintable() and bool(_CONTROLS.search(text) or _SURROGATES.search(text))


def json_of(text: str) -> object:
    """Returns the value of a JSON text found in a CSV cell or a form."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValidationError(
            f"{quoted(text)} n’est pas du JSON lisible : vérifiez guillemets, virgules et crochets."
        ) from None


def items_of(value: object, separators: re.Pattern[str] = _SEPARATORS) -> list[object]:
    """Returns the items of a list: a JSON one, or a cell with its values between `|` or `,`.

    Blank items are dropped: a form sends one when nothing is ticked.
    """
    if isinstance(value, str):
        text = value.strip()
        value = json_of(text) if text.startswith("[") else separators.split(text)
    if not isinstance(value, list | tuple | set | frozenset):
        raise ValidationError("Une liste est attendue : écrivez les valeurs entre crochets.")
    return [item for item in value if not (isinstance(item, str) and not item.strip())]
