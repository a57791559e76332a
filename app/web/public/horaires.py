"""Opening hours in words, for the simplest and commonest forms of the OpenStreetMap syntax.

Anything else is shown as the source wrote it: wrong hours are worse than unread ones.
"""

import re
from dataclasses import dataclass

from app.web.public.typographie import NBSP

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_DAYS_PART = rf"{_DAY}(?:-{_DAY})?(?:,\s*{_DAY}(?:-{_DAY})?)*"
_TIME = r"(?:[01]\d|2[0-4]):[0-5]\d"
_TIMES_PART = rf"{_TIME}-{_TIME}(?:,\s*{_TIME}-{_TIME})*"
_RULE = re.compile(rf"(?P<days>{_DAYS_PART})\s+(?P<times>{_TIMES_PART}|off)")
_HOLIDAYS_OFF = re.compile(r"PH\s+off")

Week = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class DayHours:
    """One day, or several alike, and when it is open."""

    days: str
    hours: str


def hours_in_words(text: str) -> tuple[DayHours, ...]:
    """Returns the week in words; empty when the text is not simple enough.

    >>> hours_in_words("Mo-Fr 09:00-12:00")[0].days
    'Du lundi au vendredi'
    """
    week = _read_week(text)
    return tuple(_grouped(week)) if week is not None else ()


def _read_week(text: str) -> Week | None:
    week: Week = [()] * len(_DAYS)
    for rule in (part.strip() for part in text.split(";")):
        if not rule or _HOLIDAYS_OFF.fullmatch(rule):
            continue
        found = _RULE.fullmatch(rule)
        if found is None:
            return None
        times = () if found["times"] == "off" else tuple(re.split(r",\s*", found["times"]))
        for day in _days_of(found["days"]):
            week[day] = times  # a later rule replaces an earlier one for the same day
    return week if any(week) else None


def _days_of(text: str) -> list[int]:
    days: list[int] = []
    for part in re.split(r",\s*", text):
        first, _, last = part.partition("-")
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        span = (end - start) % len(_DAYS)
        days.extend((start + step) % len(_DAYS) for step in range(span + 1))
    return days


def _grouped(week: Week) -> list[DayHours]:
    groups: list[DayHours] = []
    first = 0
    for day in range(1, len(week) + 1):
        if day == len(week) or week[day] != week[first]:
            groups.append(DayHours(_span(first, day - 1), _hours(week[first])))
            first = day
    return groups


def _span(first: int, last: int) -> str:
    if first == last:
        return JOURS[first].capitalize()
    if last == first + 1:
        return f"{JOURS[first].capitalize()} et {JOURS[last]}"
    return f"Du {JOURS[first]} au {JOURS[last]}"


def _hours(times: tuple[str, ...]) -> str:
    spans = [
        f"de {hour_in_words(start)} à {hour_in_words(end)}"
        for start, end in (t.split("-") for t in times)
    ]
    return " et ".join(spans) or "fermé"


def hour_in_words(time: str) -> str:
    """Returns an hour as it is said.

    >>> hour_in_words("09:30").replace(NBSP, " "), hour_in_words("14:00").replace(NBSP, " ")
    ('9 h 30', '14 h')
    """
    hour, minute = time.split(":")
    return f"{int(hour)}{NBSP}h" + (f"{NBSP}{minute}" if minute != "00" else "")
