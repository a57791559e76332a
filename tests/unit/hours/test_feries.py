"""The names of public holidays, against the date of Easter reckoned another way."""

import doctest
from datetime import date, timedelta

import pytest

from app.hours import feries
from app.hours.feries import holiday_on
from app.hours.opening import HOLIDAYS_KNOWN

FIXED = {
    (1, 1): "jour de l’An",
    (5, 1): "fête du Travail",
    (5, 8): "fête de la Victoire",
    (7, 14): "fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "Armistice",
    (12, 25): "Noël",
}
MOVING = {1: "lundi de Pâques", 39: "Ascension", 50: "lundi de Pentecôte"}


def easter(year: int) -> date:
    """Reckons Easter from the paschal moon, for the years 1900 to 2099."""
    epact = (19 * (year % 19) + 24) % 30
    moon = date(year, 3, 22) + timedelta(epact - (epact == 29 or (epact == 28 and year % 19 > 10)))
    return moon + timedelta((6 - moon.weekday()) % 7)


def holidays(year: int) -> dict[date, str]:
    moving = {easter(year) + timedelta(delay): name for delay, name in MOVING.items()}
    return moving | {date(year, *day): name for day, name in FIXED.items()}


@pytest.mark.parametrize("year", [HOLIDAYS_KNOWN[0], 2008, *range(2020, 2041), HOLIDAYS_KNOWN[-1]])
def test_every_holiday_of_the_law_has_its_name(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(delay) for delay in range(366))

    named = {day: name for day in days if day.year == year and (name := holiday_on(day))}

    assert named == holidays(year)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param(date(2026, 4, 6), "lundi de Pâques", id="Easter Monday"),
        pytest.param(date(2026, 4, 5), None, id="Easter Sunday"),
        pytest.param(date(2026, 4, 3), None, id="Good Friday, only in Alsace and Moselle"),
        pytest.param(date(2008, 5, 1), "fête du Travail", id="Ascension on 1 May"),
        pytest.param(date(HOLIDAYS_KNOWN.stop, 7, 14), None, id="year too far"),
    ],
)
def test_days_that_could_be_mistaken(day: date, name: str | None) -> None:
    assert holiday_on(day) == name


def test_examples_of_the_documentation_are_true() -> None:
    result = doctest.testmod(feries)

    assert result.attempted > 0
    assert result.failed == 0
