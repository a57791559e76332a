"""Opening hours in words, for what a week with exceptions can say of the OpenStreetMap syntax.

Anything else is shown as the source wrote it: wrong hours are worse than unread ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.hours.plages import MIDNIGHT, Plage, Plages, hhmm
from app.hours.week import JOURS as JOURS
from app.hours.week import Feries, Horaires, PeriodeExceptionnelle
from app.hours.week_reading import read_week
from app.web.public.typographie import NBSP, apostrophes, date_fr

WHOLE_DAY = Plage(0, MIDNIGHT)


@dataclass(frozen=True, slots=True)
class DayHours:
    """One day, or several alike, and when it is open."""

    days: str
    hours: str


def hours_in_words(text: str, today: date | None = None) -> tuple[DayHours, ...]:
    """Returns the week in words, without the exceptions that are over; empty when none can tell.

    >>> hours_in_words("Mo-Fr 09:00-12:00")[0].days
    'Du lundi au vendredi'
    """
    week = read_week(text)
    return tuple(_said(week, today)) if week is not None and not week.is_blank else ()


def _said(week: Horaires, today: date | None) -> Iterator[DayHours]:
    if any(week.semaine):
        yield from _grouped(week.semaine)
    if week.feries is Feries.OUVERTS:
        yield DayHours("Jours fériés", "comme les autres jours")
    for exception in sorted(week.exceptions, key=lambda one: (one.du, one.au)):
        if today is None or exception.au >= today:
            yield _exception(exception)
    if week.commentaire:
        yield DayHours("À savoir", apostrophes(week.commentaire))


def _grouped(week: tuple[Plages, ...]) -> Iterator[DayHours]:
    first = 0
    for day in range(1, len(week) + 1):
        if day == len(week) or week[day] != week[first]:
            yield DayHours(_span(first, day - 1), _hours(week[first]))
            first = day


def _span(first: int, last: int) -> str:
    if first == last:
        return JOURS[first].capitalize()
    if last == first + 1:
        return f"{JOURS[first].capitalize()} et {JOURS[last]}"
    return f"Du {JOURS[first]} au {JOURS[last]}"


def _exception(exception: PeriodeExceptionnelle) -> DayHours:
    first, last = date_fr(exception.du), date_fr(exception.au)
    days = f"Le {first}" if exception.du == exception.au else f"Du {first} au {last}"
    why = f" ({apostrophes(exception.commentaire)})" if exception.commentaire else ""
    return DayHours(days, f"{_hours(exception.plages)}{why}")


def _hours(plages: Plages) -> str:
    if plages == (WHOLE_DAY,):
        return "toute la journée"
    spans = [
        f"de {hour_in_words(hhmm(plage.debut))} à {hour_in_words(hhmm(plage.fin))}"
        for plage in plages
    ]
    return " et ".join(spans) or "fermé"


def hour_in_words(time: str) -> str:
    """Returns an hour as it is said.

    >>> hour_in_words("09:30").replace(NBSP, " "), hour_in_words("14:00").replace(NBSP, " ")
    ('9 h 30', '14 h')
    """
    hour, minute = time.split(":")
    return f"{int(hour)}{NBSP}h" + (f"{NBSP}{minute}" if minute != "00" else "")
