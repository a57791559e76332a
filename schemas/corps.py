"""The JSON body of a write: read strictly, so that what is kept is what its sender meant.

Python reads more than JSON: `NaN`, infinite numbers, a key said twice of which the last one wins.
Each is refused, and so is what no text can hold (half a character) or no listing needs (depth).
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Never

from marshmallow import ValidationError

from app.domain.arbre import MAX_DEPTH
from schemas.suggestions import quoted

# The largest of the records that are shipped has 3.6 kB; a description of 10,000 characters that
# are all escaped has 60, a tree of 500 conditions 50.
MAX_CORPS_BYTES = 262_144
# Two levels for each one of a tree, and room for one that is too deep to hear its own message.
MAX_NIVEAUX = 2 * MAX_DEPTH + 20


class CorpsIllisible(Exception):
    """A body that is no JSON object; the message says what to mend."""


def read_corps(data: bytes) -> dict[str, Any]:
    """Returns the object of a body. Raises `CorpsIllisible`."""
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
        )
        require_whole_characters(value)
    except ValidationError as fault:
        raise CorpsIllisible(str(fault.messages[0])) from None
    except UnicodeError:
        raise CorpsIllisible("Ce corps n’est pas en UTF-8 : encodez-le ainsi.") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise CorpsIllisible(
            "Ce corps n’est pas du JSON lisible : vérifiez guillemets, virgules et crochets."
        ) from None
    if not isinstance(value, dict):
        raise CorpsIllisible("Un objet JSON est attendu : écrivez la fiche entre accolades.")
    _check_depth(value)
    return value


def require_whole_characters(value: object) -> None:
    """Refuses half a character, which JSON can spell and no answer can say back.

    Raises `ValidationError`.
    """
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise ValidationError(
            "Un texte contient la moitié d’un caractère (\\ud800 à \\udfff) : retirez-la."
        ) from None


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        shown = twice.encode(errors="replace").decode()
        raise CorpsIllisible(f"Le champ {quoted(shown)} est écrit deux fois : gardez-en un.")
    return read


def _constant(name: str) -> Never:
    raise CorpsIllisible(f"{name} n’est pas un nombre de JSON : écrivez null, ou retirez le champ.")


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise CorpsIllisible("Un nombre est trop grand : corrigez-le.")
    return number


def _check_depth(value: object) -> None:
    level: list[object] = [value]
    for _ in range(MAX_NIVEAUX):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> CorpsIllisible:
    return CorpsIllisible(
        f"Ce corps a plus de {MAX_NIVEAUX} niveaux : réunissez les conditions emboîtées."
    )


def check_types(record: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
    """Refuses what the documented schema refuses: a machine says a list as a list.

    Forms and feeds may say `"4,81"` or `"a|b"`, which the fields read; the API may not. Fields that
    are unknown are left to the schema of the listing. Raises `ValidationError`.
    """
    faults = {
        name: [fault]
        for name, value in record.items()
        if value is not None and name in properties
        if (fault := _fault(value, properties[name])) is not None
    }
    if faults:
        raise ValidationError(faults)


def _fault(value: object, schema: Mapping[str, Any]) -> str | None:
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_IS[name](value) for name in types):
        return f"{_WORDS[types[0]]} est attendu : corrigez cette valeur, ou retirez le champ."
    if schema.get("format") == "date" and not _is_day(value):
        return "Une date est attendue : écrivez AAAA-MM-JJ, ou retirez le champ."
    if "enum" in schema and value not in schema["enum"]:
        return f"{quoted(str(value))} n’est pas de la liste : lisez-la dans les référentiels."
    if isinstance(value, list) and "items" in schema:
        return next(filter(None, (_fault(item, schema["items"]) for item in value)), None)
    return None


def _is_day(value: object) -> bool:
    return (
        isinstance(value, str)
        and len(value) == len("2026-11-26")
        and value.isascii()
        and value[4] == value[7] == "-"
        and (value[:4] + value[5:7] + value[8:]).isdigit()
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return _is_number(value) and isinstance(value, int | float) and value == int(value)


_IS: Mapping[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": _is_whole,
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}
_WORDS = {
    "string": "Un texte",
    "number": "Un nombre",
    "integer": "Un nombre entier",
    "boolean": "true ou false",
    "array": "Une liste",
    "object": "Un objet",
}
