"""The body of a write: read to the letter, or refused with what to mend."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from schemas.corps import MAX_NIVEAUX, CorpsIllisible, check_types, read_corps
from tests.strategies import PROPERTY

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcé"), inner),
    max_leaves=20,
)


@PROPERTY
@given(value=st.dictionaries(st.text("abcé"), VALUES))
def test_any_object_is_read_as_it_was_written(value: dict[str, object]) -> None:
    assert read_corps(json.dumps(value).encode()) == value


@PROPERTY
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_sent_is_an_object_or_is_refused(data: bytes) -> None:
    with contextlib.suppress(CorpsIllisible):
        assert isinstance(read_corps(data), dict)


@pytest.mark.parametrize(("levels", "is_read"), [(MAX_NIVEAUX - 1, True), (MAX_NIVEAUX, False)])
def test_depth_is_bounded_exactly(levels: int, is_read: bool) -> None:
    body = b'{"a":' * levels + b"1" + b"}" * levels
    if is_read:
        assert "a" in read_corps(body)
    else:
        with pytest.raises(CorpsIllisible, match=str(MAX_NIVEAUX)):
            read_corps(body)


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string"}, ["", "a"], [1, True, [], {}]),
        ({"type": "number"}, [1, 1.5, -0.0], ["1", True, [1]]),
        ({"type": "integer"}, [1, 2.0], [1.5, "1", False]),
        ({"type": "boolean"}, [True, False], [0, "oui"]),
        ({"type": "object"}, [{}], [[], "{}"]),
        ({"type": "array", "items": {"type": "string"}}, [[], ["a"]], ["a", [1], {"a": 1}]),
        ({"type": "string", "enum": ["a"]}, ["a"], ["b", " a", ""]),
        ({"type": "string", "format": "date"}, ["2026-11-26"], ["26/11/2026", "2026-11", ""]),
    ],
)
def test_a_value_has_the_type_that_is_documented(
    schema: dict[str, object], good: list[object], bad: list[object]
) -> None:
    for value in (*good, None):
        check_types({"champ": value}, {"champ": schema})
    for value in bad:
        with pytest.raises(ValidationError) as told:
            check_types({"champ": value, "inconnu": value}, {"champ": schema})
        assert set(told.value.messages_dict) == {"champ"}
