"""What is true at a moment, and that it never says more than `state_at`."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hours.opening import MAX_CHARACTERS, changes_of, state_at
from app.hours.status import LOOK_AHEAD, Holiday, spells_of, status_at
from tests.shipped import shipped_records

local = datetime.fromisoformat

WEEK = "Mo-Fr 09:00-12:00,14:00-17:00"
EASTER_MONDAY = Holiday(day=date(2026, 4, 6), name="lundi de Pâques", is_closed=False)
SHIPPED = sorted({str(hours) for r in shipped_records() if (hours := r.get("horaires_accueil"))})
PIECES = [
    *("Mo-Fr", "We,Sa", "PH", "PH off", "Su[1]", "week 01-53/2", "Jul-Aug", "easter -3 days"),
    *("off", "24/7", "unknown", '"sur rendez-vous"', "SH off", "Nov 26-Dec 24"),
    *("09:00-12:00", "14:00-17:00", "22:00-02:00", "22:00-26:00", "00:00-24:00", "10:00+", ";"),
]
EXPRESSIONS = st.one_of(
    st.sampled_from(SHIPPED),
    st.sampled_from(SHIPPED).map(lambda said: f"{said}; PH off"),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map(" ".join),
)
INSTANT = timedelta(microseconds=1)
MOMENTS = st.datetimes(local("2020-01-01"), local("2040-12-31"))
BOUND_S = 0.5  # of processor, for a year ahead


# Agreement


def test_the_catalogue_has_hours_to_try() -> None:
    assert len(SHIPPED) > 50


@given(EXPRESSIONS, MOMENTS, st.integers(0, 24 * 60))
def test_spells_answer_as_state_at_does(expression: str, start: datetime, minutes: int) -> None:
    at = start + timedelta(minutes=minutes)

    (spell,) = [
        spell
        for spell in spells_of(expression, start, start + timedelta(days=2))
        if spell.start <= at < spell.end
    ]

    assert spell.state is state_at(expression, at)


@given(EXPRESSIONS, MOMENTS, st.floats(0, 1))
def test_the_state_lasts_until_the_end_told(expression: str, at: datetime, share: float) -> None:
    status = status_at(expression, at)
    end = status.until or at + LOOK_AHEAD

    assert status.state is state_at(expression, at)
    assert state_at(expression, at + share * (end - at - INSTANT)) is status.state
    if status.until:
        assert state_at(expression, status.until) is not status.state


@given(EXPRESSIONS, MOMENTS, st.floats(0, 1))
def test_nothing_opens_before_the_opening_told(expression: str, at: datetime, share: float) -> None:
    status = status_at(expression, at)
    if status.state:
        return
    end = status.opens or status.may_open or at + LOOK_AHEAD

    assert state_at(expression, at + share * (end - at - INSTANT)) is not True
    if status.opens:
        assert state_at(expression, status.opens) is True


@pytest.mark.parametrize("expression", SHIPPED)
def test_every_shipped_week_is_followed_hour_by_hour(expression: str) -> None:
    start = local("2026-04-30 00:00")  # two holidays within ten days

    spells = list(spells_of(expression, start, start + timedelta(days=10)))

    for quarter in range(10 * 24 * 4):
        at = start + timedelta(minutes=15 * quarter)
        (spell,) = (spell for spell in spells if spell.start <= at < spell.end)
        assert spell.state is state_at(expression, at), at


# Now and next


@pytest.mark.parametrize(
    ("at", "state", "until", "minutes", "opens"),
    [
        pytest.param("24 08:00", False, "24 09:00", 60, "24 09:00", id="before opening"),
        pytest.param("24 09:00", True, "24 12:00", 180, "24 14:00", id="at opening"),
        pytest.param("24 11:40:30", True, "24 12:00", 19, "24 14:00", id="minutes begun"),
        pytest.param("24 12:00", False, "24 14:00", 120, "24 14:00", id="lunch"),
        pytest.param("27 17:00", False, "30 09:00", 3840, "30 09:00", id="weekend"),
    ],
)
def test_the_state_and_what_follows(
    at: str, state: bool, until: str, minutes: int, opens: str
) -> None:
    status = status_at(WEEK, local(f"2026-11-{at}"))

    assert status.state is state
    assert status.until == local(f"2026-11-{until}")
    assert status.minutes_left == minutes
    assert status.opens == local(f"2026-11-{opens}")


def test_aware_times_are_read_in_paris() -> None:
    status = status_at(WEEK, datetime(2026, 11, 22, 23, 30, tzinfo=UTC))

    assert status.today == date(2026, 11, 23)
    assert status.opens == local("2026-11-23 09:00")


def test_what_never_changes_has_no_end() -> None:
    assert status_at("24/7", local("2026-05-01 10:00")).until is None
    assert status_at("off", local("2026-05-01 10:00")).opens is None


def test_a_closing_that_is_only_a_doubt_is_not_certain() -> None:
    before_holiday = status_at("Mo-Su 22:00-02:00", local("2026-04-05 23:00"))
    any_day = status_at("Mo-Su 22:00-02:00", local("2026-04-07 23:00"))

    assert before_holiday.until == local("2026-04-06 00:00")
    assert not before_holiday.is_end_certain
    assert any_day.until == local("2026-04-08 02:00")
    assert any_day.is_end_certain


def test_a_doubtful_opening_is_not_hidden_by_a_later_sure_one() -> None:
    status = status_at('Mo 09:00-12:00 "rdv"; Th 09:00-12:00', local("2026-11-22 10:00"))

    assert status.may_open == local("2026-11-23 09:00")
    assert status.opens is None


def test_a_holiday_explains_its_doubts() -> None:
    night = "Mo-Su 22:00-02:00; PH off"

    assert status_at(WEEK, local("2026-04-05 10:00")).may_open is None
    assert status_at(night, local("2026-04-06 10:00")).may_open is None


@pytest.mark.parametrize(
    ("expression", "at", "minutes"),
    [
        pytest.param("Su 01:00-04:00", local("2026-03-29 01:30"), 90, id="hour skipped"),
        pytest.param("Su 01:00-02:30", local("2026-03-29 01:45"), 15, id="end skipped"),
        pytest.param("Su 01:00-04:00", local("2026-10-25 01:30"), 210, id="hour twice"),
        pytest.param("Su 01:00-03:30", local("2026-10-25 02:45"), 105, id="first time"),
        pytest.param("Su 01:00-03:30", datetime(2026, 10, 25, 1, 45, tzinfo=UTC), 45, id="second"),
        pytest.param("Su 02:00-02:50", datetime(2026, 10, 25, 1, 45, tzinfo=UTC), 5, id="its end"),
    ],
)
def test_minutes_pass_as_on_a_watch(expression: str, at: datetime, minutes: int) -> None:
    assert status_at(expression, at).minutes_left == minutes


# Holidays


@pytest.mark.parametrize(
    ("expression", "at", "holiday"),
    [
        pytest.param(WEEK, "2026-04-06 10:00", False, id="silent"),
        pytest.param(WEEK, "2026-04-06 08:00", False, id="silent, before its hours"),
        pytest.param(WEEK, "2026-04-06 17:00", None, id="silent, after its hours"),
        pytest.param(f"{WEEK}; PH off", "2026-04-06 10:00", True, id="PH off"),
        pytest.param(f"{WEEK}; PH off", "2026-04-06 20:00", True, id="PH off, evening"),
        pytest.param(f"{WEEK}; PH 10:00-11:00", "2026-04-06 09:00", None, id="hours of its own"),
        pytest.param("Tu 09:00-12:00; PH off", "2026-04-06 10:00", None, id="closed on Mondays"),
        pytest.param(f"{WEEK}; PH off", "2026-04-07 08:00", None, id="day after"),
        pytest.param("sur rendez-vous", "2026-04-06 10:00", None, id="unreadable"),
    ],
)
def test_the_holiday_of_today(expression: str, at: str, holiday: bool | None) -> None:
    found = status_at(expression, local(at)).holiday

    assert (found and found.is_closed) is holiday
    assert found is None or (found.day, found.name) == (EASTER_MONDAY.day, EASTER_MONDAY.name)


@pytest.mark.parametrize(
    ("at", "coming"),
    [
        pytest.param("2026-03-29 23:59", (), id="eight days before"),
        pytest.param("2026-03-30 00:00", (EASTER_MONDAY,), id="seven days before"),
        pytest.param("2026-04-05 23:59", (EASTER_MONDAY,), id="the day before"),
        pytest.param("2026-04-06 00:00", (), id="the day itself"),
    ],
)
def test_a_coming_holiday_is_told_a_week_ahead(at: str, coming: tuple[Holiday, ...]) -> None:
    assert status_at(WEEK, local(at)).coming == coming


def test_only_holidays_usually_open_are_told() -> None:
    christmas = local("2026-12-24 10:00")  # and New Year's Day eight days later, both Fridays

    assert status_at("Mo-Th 09:00-12:00", christmas).coming == ()
    assert status_at("24/7", christmas).coming == ()
    assert status_at("Mo-Fr,PH 09:00-12:00", christmas).coming == ()
    assert [day.is_closed for day in status_at(f"{WEEK}; PH off", christmas).coming] == [True]


def test_two_holidays_of_a_same_week_are_both_told() -> None:
    status = status_at(WEEK, local("2024-05-06 10:00"))

    assert [day.name for day in status.coming] == ["fête de la Victoire", "Ascension"]


# Care


@pytest.mark.parametrize("year", [1, 1999, 2077, 9999])
def test_nothing_is_told_of_years_without_known_holidays(year: int) -> None:
    status = status_at("24/7", datetime(year, 7, 14, 10, tzinfo=UTC))

    assert (status.state, status.until, status.coming) == (None, None, ())


def test_the_end_of_known_years_is_the_end_of_what_is_told() -> None:
    status = status_at("24/7", local("2076-12-31 10:00"))

    assert (status.state, status.until) == (True, None)


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("", id="empty"),
        pytest.param("\ud800", id="lone surrogate"),
        pytest.param("Mo-Fr 09:00-12:00," * 600, id="too long"),
        pytest.param("2026 Nov 25-9999 Dec 31 00:00-48:00", id="until the end of time"),
        pytest.param(
            ", ".join(f"easter -{n}9 days-easter +{n}9 days 01:00-02:00" for n in range(10, 30)),
            id="many Easters",
        ),
        pytest.param(
            ", ".join(f"week {n}-53/{n} 1:0{n % 9}-20:00" for n in range(2, 40)), id="many weeks"
        ),
        pytest.param('00:00-24:00 "x"' + "; Jan 01 off" * 70, id="a year of doubts"),
        pytest.param(
            ",".join(
                f"{n // 60:02}:{n % 60:02}-{n // 60:02}:{n % 60 + 5:02}" for n in range(0, 800, 10)
            )
            + ' "x"',
            id="many doubts a day",
        ),
    ],
)
def test_nasty_expressions_are_answered_at_once(expression: str) -> None:
    start = time.thread_time()

    status_at(expression, local("2026-04-05 10:00"))

    assert time.thread_time() - start < BOUND_S


def test_an_unreadable_expression_never_changes() -> None:
    start = local("2026-04-05 10:00")

    assert list(changes_of("x" * (MAX_CHARACTERS + 1), start, start + LOOK_AHEAD)) == []
