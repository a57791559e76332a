"""Dates known to the day, the month or the year, and what has passed since."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.durees import DateConnue, Unite, elapsed, reached_on, read_date

DAYS = st.dates(date(1920, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2002-05-12", date(2002, 5, 12), date(2002, 5, 12)),
        ("2002-05", date(2002, 5, 1), date(2002, 5, 31)),
        ("2004-02", date(2004, 2, 1), date(2004, 2, 29)),
        (" 2002 ", date(2002, 1, 1), date(2002, 12, 31)),
    ],
)
def test_a_date_may_be_a_day_a_month_or_a_year(text: str, first: date, last: date) -> None:
    assert read_date(text) == DateConnue(first, last)


@pytest.mark.parametrize(
    "text", ["", "hier", "2002-13", "2002-02-30", "0000", "02-05-2002", "2002-5"]
)
def test_anything_else_is_no_date(text: str) -> None:
    assert read_date(text) is None


@given(DAYS, st.integers(0, 120), st.sampled_from(Unite))
def test_a_count_is_reached_on_the_first_day_when_it_has_passed(
    since: date, count: int, unite: Unite
) -> None:
    day = reached_on(since, count, unite)

    assert day is not None
    assert elapsed(since, day, unite) == count
    if count:
        assert elapsed(since, day - timedelta(days=1), unite) == count - 1


@given(DAYS, DAYS, st.sampled_from(Unite))
def test_time_never_goes_back(since: date, day: date, unite: Unite) -> None:
    assert elapsed(since, day, unite) <= elapsed(since, day + timedelta(days=1), unite)


def test_beyond_the_calendar_nothing_is_reached() -> None:
    assert reached_on(date(2000, 1, 1), 9_000, Unite.ANS) is None
