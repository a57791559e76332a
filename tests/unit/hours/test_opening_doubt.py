"""What cannot be told, and what nobody should have written: never an error, never slow."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hours.opening import CACHED_EXPRESSIONS, MAX_CHARACTERS, _reading, state_at

WEDNESDAY = datetime.fromisoformat("2026-11-25 10:00")
FIRST, LAST = datetime.fromisoformat("1999-12-01"), datetime.fromisoformat("2077-02-01")
PIECES = [
    *("Mo-Fr", "We", "PH", "SH", "off", "24/7", "unknown", "week 01-53/2", "Feb 30"),
    *("Jan 1 +9999 days", "easter -9999 days", "9999 Dec 31", "Su[-5] -999 days"),
    *("09:00-12:00", "10:00-48:00", "22:00-02:00", "(sunset+23:59)-(dawn-12:00)", "10:00+", '"x"'),
    *(";", ",", " ||", "-", "/", "é", "\t"),
]
BOUND_S = 0.25  # of processor; measured 13 ms at worst


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("", id="empty"),
        pytest.param("  \n", id="blank"),
        pytest.param("Lu-Ve 9h-17h", id="French"),
        pytest.param("du lundi au vendredi", id="prose"),
        pytest.param("Mo-Fr 09.00-17.00", id="dots"),
        pytest.param("Mo-Fr 25:00-26:00", id="no such time"),
        pytest.param("Mo-Fr 09:00-12:00;", id="unfinished"),
        pytest.param("24/24", id="24/24"),
        pytest.param("\0", id="null character"),
        pytest.param("\ud800", id="lone surrogate"),
        pytest.param('Mo-Fr 09:00-12:00 "sur', id="open quote"),
    ],
)
def test_rubbish_tells_nothing(expression: str) -> None:
    assert state_at(expression, WEDNESDAY) is None


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("unknown", id="unknown"),
        pytest.param('Mo-Fr 09:00-12:00 unknown "selon les bénévoles"', id="unknown, comment"),
        pytest.param('"sur rendez-vous"', id="comment only"),
        pytest.param('Mo-Fr "sur rendez-vous"', id="days and comment"),
        pytest.param('Mo-Fr 09:00-12:00 "sur rendez-vous"', id="hours and comment"),
        pytest.param('Mo-Fr 09:00-12:00; "sur rendez-vous"', id="comment over all"),
        pytest.param('Mo-Fr 14:00-17:00 || "sur rendez-vous"', id="fallback"),
        pytest.param("Mo-Fr 09:00-12:00; SH off", id="school holidays"),
        pytest.param("Mo-Fr sunrise-sunset", id="sun"),
        pytest.param("Mo-Fr 09:00+", id="open end"),
        pytest.param("Mo-Fr 08:00-09:30+", id="closes nobody knows when"),
        pytest.param("Mo-Fr 09:00-12:00/00:30", id="moments"),
        pytest.param("PH We 09:00-12:00", id="holidays that are Wednesdays"),
        pytest.param("Mo,Tu 09:00-12:00 , 09:30-17:00", id="stray space"),
        pytest.param("We 09:00-12:00; We 14:00-17:00", id="same day twice"),
        pytest.param("We 09:00-12:00; 14:00-17:00", id="times without a day"),
        pytest.param("We 07:00-07:00", id="empty span"),
        pytest.param("We", id="no time"),
        pytest.param("Sa 09:00-12:00; Mo-Fr", id="one rule without time"),
    ],
)
def test_doubt_is_not_open_and_not_closed(expression: str) -> None:
    assert state_at(expression, WEDNESDAY) is None


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param('Sa 09:00-12:00 "sur rendez-vous"', id="comment on another day"),
        pytest.param('Mo-Fr 09:00-12:00; We off "sauf urgence"', id="off, comment"),
        pytest.param("We 14:00-17:00; Th 07:00-07:00", id="empty span on another day"),
        pytest.param("Sa", id="another day without time"),
    ],
)
def test_doubt_on_other_days_leaves_a_closed_one_closed(expression: str) -> None:
    assert state_at(expression, WEDNESDAY) is False


def test_a_comment_on_other_hours_leaves_open_ones_open() -> None:
    expression = 'We 09:00-12:00; Th 09:00-12:00 "sur rendez-vous"'

    assert state_at(expression, WEDNESDAY) is True


# Limits


def test_the_longest_expression_accepted() -> None:
    closures = "Mo-Fr 09:00-12:00" + "; Jan 01 off" * 90
    longest = closures[:MAX_CHARACTERS].rpartition(";")[0].ljust(MAX_CHARACTERS)

    assert state_at(longest, WEDNESDAY) is True
    assert state_at(f"{longest} ", WEDNESDAY) is None


def test_an_expression_too_long_is_neither_parsed_nor_kept() -> None:
    before = _reading.cache_info().misses

    assert state_at("Mo-Fr 09:00-12:00," * 600, WEDNESDAY) is None
    assert _reading.cache_info().misses == before


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("2026 Nov 25-9999 Dec 31 00:00-48:00", id="until the end of time"),
        pytest.param('"' * 1_000, id="quotes"),
        pytest.param("(" * 1_000, id="parentheses"),
        pytest.param("9" * 1_000, id="digits"),
        pytest.param("PH ;" * 250, id="PH"),
        pytest.param(":00" + " " * 990, id="spaces after a time"),
        pytest.param("Mo " + ",".join(["09:00-10:00"] * 82) + " x", id="many spans, then rubbish"),
        pytest.param(
            ", ".join(f"{1900 + n}-9999/{n + 1} {n}:00-23:00" for n in range(24)) + " x",
            id="many years, then rubbish",
        ),
        pytest.param(
            ", ".join(f"easter -{n}9 days-easter +{n}9 days 01:00-02:00" for n in range(10, 30)),
            id="many Easters",
        ),
        pytest.param(
            ", ".join(f"week {n}-53/{n} 1:0{n % 9}-20:00" for n in range(2, 40)), id="many weeks"
        ),
    ],
)
def test_nasty_expressions_are_answered_at_once(expression: str) -> None:
    assert len(expression) <= MAX_CHARACTERS
    start = time.thread_time()

    state_at(expression, WEDNESDAY)

    assert time.thread_time() - start < BOUND_S


@given(
    st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=16).map(" ".join),
    st.datetimes(FIRST, LAST, timezones=st.sampled_from([None, UTC])),
)
def test_nothing_raises(expression: str, at: datetime) -> None:
    assert state_at(expression, at) in (True, False, None)


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    for expression in ("mo-fr 09:00-12:00", "Mo-Fr 09:00-12:00; PH OFF", "rubbish"):
        state_at(expression, WEDNESDAY)

    assert capfd.readouterr() == ("", "")


# Memory of what was read


@pytest.mark.parametrize("expression", ["Fr 09:01-12:02", "not hours at all", "Fr 09:01+"])
def test_an_expression_is_read_once(expression: str) -> None:
    state_at(expression, WEDNESDAY)
    before = _reading.cache_info()

    state_at(f" {expression} ", WEDNESDAY)

    after = _reading.cache_info()
    assert (after.misses, after.hits) == (before.misses, before.hits + 1)
    assert after.maxsize == CACHED_EXPRESSIONS == 20_000


def test_threads_agree() -> None:
    expressions = [f"We {hour:02}:00-{hour + 1:02}:00" for hour in range(23)] * 20

    with ThreadPoolExecutor(max_workers=8) as pool:
        states = list(pool.map(lambda said: state_at(said, WEDNESDAY), expressions))

    assert states == [said == "We 10:00-11:00" for said in expressions]
