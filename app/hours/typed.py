"""Reads the times and the dates that people type, in the ways they have been seen to type them."""

import re
from datetime import date

from app.hours.plages import MIDNIGHT

_TIME = re.compile(r"([0-9]{1,2}) ?(?:h ?([0-9]{2})?|[:.] ?([0-9]{2}))|([0-9]{1,2})([0-9]{2})")
_WORDS = {"midi": 12 * 60, "minuit": 0}
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FRENCH = re.compile(r"([0-9]{1,2}) ?/ ?([0-9]{1,2}) ?/ ?([0-9]{4})")
_MAX_CHARACTERS = 40  # a refused value is recalled, never reproduced


def minutes_of(text: str) -> int | None:
    """Returns the minutes of the day that a text says, up to 24:00, or None.

    >>> [minutes_of(text) for text in ("9h", "9 h 30", "0930", "midi", "24:00", "neuf heures")]
    [540, 570, 570, 720, 1440, None]
    """
    words = plain(text).lower()
    if words in _WORDS:
        return _WORDS[words]
    found = _TIME.fullmatch(words)
    if found is None:
        return None
    hour = int(found[1] or found[4])
    minute = int(found[2] or found[3] or found[5] or 0)
    minutes = hour * 60 + minute
    return minutes if minute < 60 and minutes <= MIDNIGHT else None


def date_of(text: str) -> date | None:
    """Returns the day that a text says, or None when there is no such day.

    >>> date_of("2026-12-24") == date_of("24/12/2026")
    True
    """
    words = plain(text)
    if found := _ISO.fullmatch(words):
        year, month, day = found.groups()
    elif found := _FRENCH.fullmatch(words):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def plain(text: str) -> str:
    """Returns a text on one line: ordinary spaces, nothing around it, nothing invisible."""
    return " ".join("".join(c for c in " ".join(text.split()) if c.isprintable()).split())


def quoted(text: str) -> str:
    """Returns a refused value between guillemets, cut when it is long."""
    words = plain(text[: 4 * _MAX_CHARACTERS])
    return f"« {words if len(words) <= _MAX_CHARACTERS else words[: _MAX_CHARACTERS - 1] + '…'} »"
