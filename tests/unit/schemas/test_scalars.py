"""Numbers and answers, whichever way a feed writes them."""

import math
from collections.abc import Callable

import pytest
from marshmallow import fields

from schemas.scalars import Booleen, Entier, Nombre

Load = Callable[[fields.Field, object], object]
Refusals = Callable[[fields.Field, object], list[str]]

LATITUDE = Nombre(low=-90, high=90, range_text="une latitude va de -90 à 90")


@pytest.mark.parametrize(
    ("value", "read"),
    [(4.81, 4.81), (4, 4.0), ("4.81", 4.81), (" -4,81 ", -4.81), ("1e1", 10.0), (".5", 0.5),
     ("-0", 0.0), (90, 90.0), ("", None), (None, None)], ids=repr,
)  # fmt: skip
def test_number_reads(load: Load, value: object, read: float | None) -> None:
    assert load(LATITUDE, value) == read


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, "nan", "Infinity", True, False, "1_0", "１", "4.8.1", "4 8",
     "0x1", 10**400, "9" * 400, "1e400", [], {}, "quatre"],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_what_is_no_number_is_refused(refusals_of: Refusals, value: object) -> None:
    (refusal,) = refusals_of(LATITUDE, value)

    assert "n’est pas un nombre" in refusal


def test_number_out_of_range_is_refused(refusals_of: Refusals) -> None:
    assert refusals_of(LATITUDE, "91") == ["« 91 » est refusé : une latitude va de -90 à 90."]


@pytest.mark.parametrize(
    ("value", "read"),
    [(3, 3), ("3", 3), (3.0, 3), ("3.0", 3), ("3,0", 3), (1, 1), ("", None)],
    ids=repr,
)
def test_whole_number_reads(load: Load, value: object, read: int | None) -> None:
    result = load(Entier(low=1), value)

    assert result == read
    assert result is None or type(result) is int


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3.5, "n’est pas un nombre entier"),
        (True, "n’est pas un nombre entier"),
        ("trois", "n’est pas un nombre entier"),
        (0, "écrivez au moins 1"),
        (2**31, "est trop grand"),
    ],
)
def test_whole_number_refuses(refusals_of: Refusals, value: object, message: str) -> None:
    (refusal,) = refusals_of(Entier(low=1), value)

    assert message in refusal


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ((True, 1, "1", "true", "True", " OUI ", "vrai", "on", "x"), True),
        ((False, 0, "0", "false", "FALSE", "non", "faux", "off"), False),
        ((None, "", "  "), None),
    ],
)
def test_answer_reads(load: Load, values: tuple[object, ...], read: bool | None) -> None:
    assert [load(Booleen(), value) for value in values] == [read] * len(values)


@pytest.mark.parametrize("value", ["peut-être", 2, 1.0, [], {}, "10"], ids=repr)
def test_unclear_answer_is_refused(refusals_of: Refusals, value: object) -> None:
    (refusal,) = refusals_of(Booleen(), value)

    assert refusal.endswith("est ambigu : répondez par « oui » ou « non ».")
