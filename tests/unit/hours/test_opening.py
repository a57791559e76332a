"""What an expression answers: open, surely closed, or cannot be told."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.clock import PARIS
from app.hours.opening import HOLIDAYS_KNOWN, state_at

local = datetime.fromisoformat

PLAIN = "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00"
NATIONAL_DAY = local("2026-07-14 10:00")  # a Tuesday
DAY_AFTER = local("2026-07-15 10:00")
EASTER = {
    2026: date(2026, 4, 5),
    2027: date(2027, 3, 28),
    2028: date(2028, 4, 16),
    2035: date(2035, 3, 25),
    2060: date(2060, 4, 18),
    2076: date(2076, 4, 19),
}


def holidays(year: int) -> set[date]:
    """Lists the public holidays of metropolitan France by the law (article L3133-1)."""
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    after_easter = {timedelta(days) for days in (1, 39, 50)}
    return {date(year, month, day) for month, day in fixed} | {
        EASTER[year] + delay for delay in after_easter
    }


# Ordinary days


@pytest.mark.parametrize(
    ("at", "state"),
    [
        pytest.param(local("2026-11-24 08:59:59.999999"), False, id="just before opening"),
        pytest.param(local("2026-11-24 09:00"), True, id="at opening"),
        pytest.param(local("2026-11-24 11:59:59.999999"), True, id="just before noon"),
        pytest.param(local("2026-11-24 12:00"), False, id="at closing"),
        pytest.param(local("2026-11-24 14:00"), True, id="afternoon"),
        pytest.param(local("2026-11-28 10:00"), True, id="Saturday morning"),
        pytest.param(local("2026-11-28 15:00"), False, id="Saturday afternoon"),
        pytest.param(local("2026-11-29 10:00"), False, id="Sunday"),
    ],
)
def test_plain_week_is_read_to_the_second(at: datetime, state: bool) -> None:
    assert state_at(PLAIN, at) is state


@pytest.mark.parametrize(
    ("expression", "at", "state"),
    [
        pytest.param("24/7", local("2026-11-29 03:33"), True, id="always"),
        pytest.param("off", DAY_AFTER, False, id="never"),
        pytest.param("  Mo-Fr 9:00-12:00\n", DAY_AFTER, True, id="spaces around, one digit"),
        pytest.param("mo-fr 09:00-12:00", DAY_AFTER, True, id="small letters"),
        pytest.param("Mo-Fr 09:00-12:00, 14:00-17:00", DAY_AFTER, True, id="space after comma"),
        pytest.param("Mo-Fr 09:00-17:00; We 14:00-17:00", DAY_AFTER, False, id="day replaced"),
        pytest.param("Mo-Fr 09:00-17:00; We off", DAY_AFTER, False, id="day taken away"),
        pytest.param("We[3] 09:00-12:00", DAY_AFTER, True, id="third Wednesday"),
        pytest.param("We[1,2] 09:00-12:00", DAY_AFTER, False, id="other Wednesdays"),
        pytest.param("Jul-Aug 10:00-12:00", DAY_AFTER, True, id="in the months"),
        pytest.param("Sep-Jun 10:00-12:00", DAY_AFTER, False, id="out of the months"),
        pytest.param(
            "Dec 24-Jan 02 off; 09:00-12:00",
            local("2026-12-28 10:00"),
            True,
            id="closure replaced by what follows",
        ),
        pytest.param(
            "Mo-Fr 09:00-12:00; Dec 24-Jan 02 off", local("2026-12-28 10:00"), False, id="closure"
        ),
        pytest.param(
            "Mo-Fr 09:00-12:00; 2026 Jul 13-2026 Jul 31 off", DAY_AFTER, False, id="dated closure"
        ),
        pytest.param(
            "Mo-Fr 09:00-12:00; 2026 Jul 01-2026 Jul 14 off", DAY_AFTER, True, id="closure ended"
        ),
    ],
)
def test_the_syntax_of_openstreetmap_is_read(expression: str, at: datetime, state: bool) -> None:
    assert state_at(expression, at) is state


@pytest.mark.parametrize(
    ("at", "odd"),
    [
        pytest.param(local("2026-11-16 10:00"), True, id="week 47"),
        pytest.param(local("2026-11-23 10:00"), False, id="week 48"),
        pytest.param(local("2026-12-31 10:00"), True, id="week 53"),
        pytest.param(local("2027-01-04 10:00"), True, id="week 1 follows week 53"),
    ],
)
def test_weeks_are_counted_as_iso_does(at: datetime, odd: bool) -> None:
    assert state_at("week 01-53/2 Mo-Fr 09:00-12:00", at) is odd
    assert state_at("week 02-52/2 Mo-Fr 09:00-12:00", at) is not odd


@pytest.mark.parametrize("expression", ["Fr 22:00-02:00", "Fr 22:00-26:00"])
def test_times_beyond_midnight_belong_to_the_evening_before(expression: str) -> None:
    saturday = local("2026-11-28")

    assert state_at(expression, saturday - timedelta(minutes=1)) is True
    assert state_at(expression, saturday + timedelta(hours=1, minutes=59)) is True
    assert state_at(expression, saturday + timedelta(hours=2)) is False
    assert state_at(expression, saturday - timedelta(hours=23)) is False


# Time zones


@pytest.mark.parametrize(
    ("at", "state"),
    [
        pytest.param(datetime(2026, 7, 15, 7, tzinfo=UTC), True, id="09:00 in summer"),
        pytest.param(datetime(2026, 7, 15, 6, 59, tzinfo=UTC), False, id="08:59 in summer"),
        pytest.param(datetime(2026, 11, 25, 7, tzinfo=UTC), False, id="08:00 in winter"),
        pytest.param(datetime(2026, 11, 25, 9, tzinfo=PARIS), True, id="Paris"),
        pytest.param(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), False, id="Monday already"),
    ],
)
def test_aware_times_are_read_in_paris(at: datetime, state: bool) -> None:
    assert state_at("Mo-Fr 09:00-12:00", at) is state


def test_days_that_change_the_clock_are_read_on_the_wall() -> None:
    night = "Su 01:00-04:00"
    last_before, first_after = local("2026-03-29 01:59"), local("2026-03-29 03:00")
    skipped = local("2026-03-29 02:30")
    twice = [datetime(2026, 10, 25, utc_hour, 30, tzinfo=UTC) for utc_hour in (0, 1)]

    assert [state_at(night, at) for at in (last_before, skipped, first_after)] == [True] * 3
    assert [state_at("Su 02:30-02:31", at) for at in twice] == [True, True]
    assert state_at(night, datetime(2026, 3, 29, 2, tzinfo=UTC)) is False


# Public holidays


@pytest.mark.parametrize("year", EASTER)
def test_holidays_are_those_of_metropolitan_france(year: int) -> None:
    noons = [datetime.combine(date(year, 1, 1), time(12)) + timedelta(day) for day in range(365)]

    closed = {noon.date() for noon in noons if state_at("24/7; PH off", noon) is False}

    assert closed == holidays(year)


@pytest.mark.parametrize("year", [2026, 2027])
def test_eleven_holidays_a_year(year: int) -> None:
    assert len(holidays(year)) == 11


@pytest.mark.parametrize("day", sorted(holidays(2026) | holidays(2027)), ids=str)
def test_plain_listing_is_never_open_on_a_holiday(day: date) -> None:
    every_day = "Mo-Su 09:00-17:00"

    assert state_at(every_day, datetime.combine(day, time(10))) is None
    assert state_at(every_day, datetime.combine(day, time(8))) is False


@pytest.mark.parametrize(
    ("expression", "state"),
    [
        pytest.param("Mo-Fr 09:00-17:00", None, id="silent"),
        pytest.param("We 09:00-17:00", False, id="closed that day anyway"),
        pytest.param("Mo-Fr 09:00-17:00; PH off", False, id="PH off"),
        pytest.param("Mo-Fr 09:00-17:00; Sa,Su,PH closed", False, id="PH among days"),
        pytest.param('Mo-Fr 09:00-17:00; PH off "férié"', False, id="PH off, comment"),
        pytest.param("PH off; Mo-Fr 09:00-17:00", None, id="PH off, replaced by the week"),
        pytest.param("Mo-Fr 09:00-17:00; PH 09:00-11:00", True, id="hours of PH"),
        pytest.param("Mo-Fr 09:00-17:00; PH 11:00-12:00", False, id="other hours of PH"),
        pytest.param("Mo-Fr,PH 09:00-17:00", True, id="as in the week"),
        pytest.param("Mo-Fr 09:00-17:00; PH unknown", None, id="PH unknown"),
        pytest.param("Mo-Fr 09:00-17:00; PH +1 day off", None, id="the day after only"),
        pytest.param('Mo-Fr 09:00-17:00; Sa off "PH 24/7"', None, id="PH in a comment"),
        pytest.param("Mo-Fr 09:00-17:00; Jul 14 off", False, id="dated"),
        pytest.param("24/7", True, id="24/7"),
        pytest.param("24/7; PH off", False, id="24/7 but PH"),
    ],
)
def test_a_holiday_is_open_only_when_the_listing_says_so(
    expression: str, state: bool | None
) -> None:
    assert state_at(expression, NATIONAL_DAY) is state


@pytest.mark.parametrize(
    "expression", ["Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:00; PH off", "Mo-Fr,PH 09:00-17:00"]
)
def test_the_day_after_a_holiday_is_an_ordinary_day(expression: str) -> None:
    assert state_at(expression, DAY_AFTER) is True


def test_the_night_of_a_holiday_ends_with_it() -> None:
    small_hours = local("2026-07-15 01:00")

    assert state_at("Mo-Su 22:00-02:00", small_hours) is None
    assert state_at("Mo-Su 22:00-26:00; PH off", small_hours) is None
    assert state_at("Mo-Su,PH 22:00-02:00", small_hours) is True
    assert state_at("Mo-Su 22:00-02:00", small_hours + timedelta(days=1)) is True
    assert state_at("Mo-Su 00:00-03:00,12:00-14:00,22:00-02:00", DAY_AFTER.replace(hour=13)) is True
    assert state_at("Mo-Su 00:00-24:00", local("2026-07-15 00:00")) is True


@pytest.mark.parametrize("year", [1, HOLIDAYS_KNOWN[0] - 1, HOLIDAYS_KNOWN[-1] + 1, 9999])
def test_nothing_is_told_of_years_without_known_holidays(year: int) -> None:
    assert state_at("24/7", datetime(year, 7, 14, 10, tzinfo=UTC)) is None
