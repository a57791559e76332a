"""Reads the OSM `opening_hours` expressions of the catalogue: open, closed, or cannot be told.

Nobody must be sent to a closed door, and no open one hidden: wherever the expression leaves room
for doubt the answer is None, which searches keep and mark. The library does the reading; this
module refuses what it takes for certain too easily. It never reads the clock.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from heapq import merge

# ParserError is raised by the library and forgotten by its stubs.
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from app.clock import PARIS

MAX_CHARACTERS = 1_000  # the longest of 4,335 distinct real expressions has 246
CACHED_EXPRESSIONS = 20_000  # five times what the whole country writes today
HOLIDAYS_KNOWN = range(2000, 2077)  # later, the library has no French holiday and PH never matches

COMMENT = re.compile(r'"[^"]*"')
TIME = re.compile(r"\d{1,2}:\d\d")
WITHOUT_TIMES = re.compile(r"24/7|off|closed|unknown", re.IGNORECASE)
# The library reads 14:00-14:00 as 24 hours; in real listings it is a slip.
EMPTY_SPAN = re.compile(r"\b(\d{1,2}:\d\d)-\1(?!\d)")
SPAN = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
# PH with an offset (“the day after”) says nothing of the holiday itself.
OPEN_ON_HOLIDAYS = re.compile(r"24/7|PH(?!\s*[+-])(?![^;]*(?i:off|closed))")
UNDECIDABLE = re.compile(
    r"""
      SH                                  # school holidays: three zones, and no calendar of them
    | (?i:sunrise|sunset|dawn|dusk)       # sun times need the place
    | :\d\d\s*\+                          # 09:00+ closes nobody knows when
    | :\d\d/\d                            # moments, not spans
    | PH\s+(?:Mo|Tu|We|Th|Fr|Sa|Su)       # holidays on such days; the library adds the days
    | \|\|                                # the library forgets the fallback at other hours of a day
    | \s,\s*\d                            # a stray space: the library opens these times every day
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression says, and what must say open too for “open” to be certain.

    `certain` is None when no “open” of the expression can be relied on; `overnight`: some times
    go beyond midnight.
    """

    written: OpeningHours
    certain: OpeningHours | None
    overnight: bool


def state_at(expression: str, at: datetime) -> bool | None:
    """Returns True when open, False when surely closed, None when it cannot be told.

    `at` is local time in Europe/Paris (naive), or any aware time, converted to it.

    Public holidays are the eleven of metropolitan France. A listing that does not say what happens
    on them (no real one does) is never open on one: None where its plain rule says open. What
    closes with `PH off` is closed; a rule that opens on PH, or `24/7`, is taken at its word.

    An “open” that carries a comment ("sur rendez-vous") is None, as in the OSM rules.
    """
    reading = _reading_of(expression)
    if reading is None or at.year not in HOLIDAYS_KNOWN:
        return None

    local = local_time(at)
    state, comment = reading.written.state(local)
    if state == State.CLOSED:
        return False
    if state == State.UNKNOWN or comment or reading.certain is None:
        return None
    if not reading.certain.is_open(local):
        return None
    return None if reading.overnight and _is_orphan_night(reading.certain, local) else True


def changes_of(expression: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """Lists in order the local times, after `start`, where the answer of `state_at` may change.

    Between two of them it is the same. Both bounds are naive local times of known years.
    """
    reading = _reading_of(expression)
    if reading is None:
        return
    known = {id(hours): hours for hours in (reading.written, reading.certain) if hours}
    last = start
    for begun, *_ in merge(*(hours.intervals(start, end) for hours in known.values())):
        if begun > last:
            yield begun
            last = begun


def is_usually_open(expression: str, day: date) -> bool:
    """Tells whether a day would have open hours, certain or not, were it no public holiday."""
    if _reading_of(expression) is None:
        return False
    usual = OpeningHours(expression.strip(), auto_country=False, auto_timezone=False)
    midnight = datetime.combine(day, time())
    spells = usual.intervals(midnight, midnight + timedelta(days=1))
    return any(state != State.CLOSED for _, _, state, _ in spells)


def local_time(at: datetime) -> datetime:
    """Returns the naive time of Europe/Paris; a naive time is one already."""
    return at.astimezone(PARIS).replace(tzinfo=None) if at.tzinfo else at


def _reading_of(expression: str) -> Reading | None:
    return _reading(expression.strip()) if len(expression) <= MAX_CHARACTERS else None


@lru_cache(maxsize=CACHED_EXPRESSIONS)
def _reading(expression: str) -> Reading | None:
    """Returns the parsed expression, once for all, or None when no state can be drawn from it."""
    said = COMMENT.sub("", expression)
    rules = said.split(";")
    overnight = _goes_beyond_midnight(said)
    if UNDECIDABLE.search(said) or _undoes_itself(rules):
        return None
    try:
        written = _parsed(expression)
        if not _gives_its_times(rules) or EMPTY_SPAN.search(said):
            return Reading(written, None, overnight)
        if OPEN_ON_HOLIDAYS.search(said):
            return Reading(written, written, overnight)
        return Reading(written, _parsed(f"{expression}; PH off"), overnight)
    except (ParserError, UnicodeError):  # a lone surrogate is no text for the library
        return None


def _undoes_itself(rules: list[str]) -> bool:
    """Tells whether a rule replaces another for the same days, which its writer cannot have meant.

    `Mo 09:00-12:00; Mo 14:00-17:00` is closed on Monday morning by the book.
    """
    days = [rule[: time.start()].strip() for rule in rules if (time := TIME.search(rule))]
    return len(set(days)) < len(days) or "" in days[1:]


def _gives_its_times(rules: list[str]) -> bool:
    """Tells whether no rule opens whole days for want of times, as `Mo-Fr` does."""
    return all(TIME.search(rule) or WITHOUT_TIMES.search(rule) for rule in rules)


def _goes_beyond_midnight(said: str) -> bool:
    """Tells whether a span ends the day after, as `22:00-02:00` and `22:00-26:00` do."""
    spans = [[int(number) for number in span] for span in SPAN.findall(said)]
    return any(end < start or end > [24, 0] for start, end in ((s[:2], s[2:]) for s in spans))


def _is_orphan_night(hours: OpeningHours, local: datetime) -> bool:
    """Tells whether `local` is in the end of a night whose evening was closed by a holiday.

    The library closes the evening and forgets the hours after midnight.
    """
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if hours.is_open(midnight - timedelta(minutes=1)) or not hours.is_open(midnight):
        return False
    _, end, _, _ = next(iter(hours.intervals(midnight, local + timedelta(minutes=1))))
    return end > local


def _parsed(expression: str) -> OpeningHours:
    return OpeningHours(expression, country="FR", auto_country=False, auto_timezone=False)
