"""The public holidays of metropolitan France and their names.

Which days they are is asked of the library that reads the hours, so that both always agree.
"""

from datetime import date, datetime, time
from functools import cache

from opening_hours import OpeningHours

_NOON = time(12)
_THURSDAY = 3
# Code du travail, article L3133-1. The three days that move with Easter are never on the same
# weekday in the same season: Easter Monday ends on 26 April, Whit Monday begins on 11 May.
_FIXED = {
    (1, 1): "jour de l’An",
    (5, 1): "fête du Travail",
    (5, 8): "fête de la Victoire",
    (7, 14): "fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "Armistice",
    (12, 25): "Noël",
}
_MAY = 5


def holiday_on(day: date) -> str | None:
    """Returns the name of the public holiday of a day, as it goes inside a sentence.

    >>> holiday_on(date(2026, 4, 6)), holiday_on(date(2026, 4, 7))
    ('lundi de Pâques', None)
    """
    if not _holidays().is_open(datetime.combine(day, _NOON)):
        return None
    if fixed := _FIXED.get((day.month, day.day)):
        return fixed
    if day.weekday() == _THURSDAY:
        return "Ascension"
    return "lundi de Pâques" if day.month < _MAY else "lundi de Pentecôte"


@cache
def _holidays() -> OpeningHours:
    return OpeningHours("PH", country="FR", auto_country=False, auto_timezone=False)
