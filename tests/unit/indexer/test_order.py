"""Numbers follow the order of ids, whatever comes between them and however often."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embedded.order import GAP, GapFull, numbers_between

BOUNDS = st.none() | st.floats(-GAP * 10_000, GAP * 10_000, allow_nan=False)


@given(BOUNDS, st.floats(1, GAP), st.integers(1, 2_000))
def test_numbers_increase_between_their_neighbours(
    low: float | None, width: float, count: int
) -> None:
    high = None if low is None else low + width

    numbers = numbers_between(low, high, count)

    bounded = [low, *numbers, high] if low is not None and high is not None else numbers
    assert len(numbers) == count
    assert all(one < other for one, other in pairwise(bounded))


def test_numbers_before_the_first_stay_below_it() -> None:
    assert numbers_between(None, 0.0, 2) == [-2 * GAP, -GAP]


def test_runs_that_follow_one_another_in_one_gap_are_many_before_it_is_full() -> None:
    low = 0.0
    for _ in range(440):  # 440,000 listings of a new source, a thousand at a time
        low = numbers_between(low, GAP, 1_000)[-1]

    assert low < GAP


def test_a_full_gap_is_told() -> None:
    with pytest.raises(GapFull):
        numbers_between(GAP, GAP + 1e-9, 3)
