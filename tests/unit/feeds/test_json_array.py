"""An array is cut into its elements wherever the pieces that are read begin and end."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feeds import json_array
from app.feeds.json_array import ArrayMalformed, ElementTooLong, array_elements

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('ab"\\[]{},é\n '),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


class Trickle(io.BytesIO):
    """Gives a few bytes at a time, whatever is asked."""

    def __init__(self, content: bytes, step: int) -> None:
        super().__init__(content)
        self.step = step

    def read(self, _size: int | None = -1) -> bytes:
        return super().read(self.step)


@given(st.lists(VALUES, max_size=5), st.integers(1, 40), st.sampled_from([None, 1]))
def test_elements_are_those_that_the_json_module_reads(
    values: list[object], step: int, indent: int | None
) -> None:
    content = json.dumps(values, indent=indent, ensure_ascii=False).encode()

    elements = list(array_elements(Trickle(content, step), 1_000_000))

    assert [json.loads(element) for element in elements] == values


@pytest.mark.parametrize("content", [b"[,1]", b"[1,,2]", b"[}", b'[["a"] "b"]', b"[1] 2"])
def test_an_array_that_is_not_one_is_refused(content: bytes) -> None:
    with pytest.raises(ArrayMalformed):
        list(array_elements(io.BytesIO(content), 1_000_000))


def test_an_element_longer_than_any_record_is_refused() -> None:
    content = b'["' + b"a" * 3 * json_array.CHUNK_BYTES + b'"]'

    with pytest.raises(ElementTooLong):
        list(array_elements(io.BytesIO(content), json_array.CHUNK_BYTES))
