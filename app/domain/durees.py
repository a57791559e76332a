"""Dates known more or less finely, and the years or months that have passed since.

A person may give only a year, or a month, of birth: what follows is then an interval.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


class Unite(StrEnum):
    """What a duration is counted in."""

    ANS = "ans"
    MOIS = "mois"


@dataclass(frozen=True, slots=True)
class DateConnue:
    """A day known to lie between two, both included; one when it is known exactly."""

    premier: date
    dernier: date

    @property
    def is_exact(self) -> bool:
        """True when the very day is known."""
        return self.premier == self.dernier

    @property
    def is_month(self) -> bool:
        """True when the month is known, and not the day."""
        same_month = (self.premier.year, self.premier.month) == (
            self.dernier.year,
            self.dernier.month,
        )
        return same_month and not self.is_exact


def read_date(text: str) -> DateConnue | None:
    """Returns what `2002`, `2002-05` or `2002-05-12` says, None for anything else.

    >>> read_date("2002-05").dernier
    datetime.date(2002, 5, 31)
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        return None
    year, month, day = (int(part) if part else None for part in written.groups())
    try:
        if year is None:
            return None
        if month is None:
            return DateConnue(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            last = calendar.monthrange(year, month)[1]
            return DateConnue(date(year, month, 1), date(year, month, last))
        return DateConnue(date(year, month, day), date(year, month, day))
    except (ValueError, calendar.IllegalMonthError):
        return None


def elapsed(since: date, day: date, unite: Unite) -> int:
    """Returns the whole years, or months, completed between two days; 0 before the first.

    >>> elapsed(date(2000, 2, 29), date(2018, 2, 28), Unite.ANS)
    17
    """
    months = (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)
    return max(0, months // 12 if unite is Unite.ANS else months)


def reached_on(since: date, count: int, unite: Unite) -> date | None:
    """Returns the first day when so many years, or months, are completed; None beyond the calendar.

    >>> reached_on(date(2002, 5, 12), 26, Unite.ANS)
    datetime.date(2028, 5, 12)
    """
    months = since.month - 1 + (12 * count if unite is Unite.ANS else count)
    year, month = since.year + months // 12, months % 12 + 1
    if not date.min.year <= year < date.max.year:
        return None
    if since.day <= calendar.monthrange(year, month)[1]:
        return date(year, month, since.day)
    # Born on the 29th of February, or since a 31st: complete on the first day after that month.
    return date(year + month // 12, month % 12 + 1, 1)
