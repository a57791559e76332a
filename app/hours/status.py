"""What opening hours say of a moment: open or not, until when, and the holidays to beware of.

Every answer is one of `opening.state_at`, with the same doubts. It never reads the clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.clock import PARIS
from app.hours.feries import holiday_on
from app.hours.opening import HOLIDAYS_KNOWN, changes_of, is_usually_open, local_time, state_at

ONE_DAY = timedelta(days=1)
LOOK_AHEAD = timedelta(days=360)  # under a year: a day and its month then say which day it is
HOLIDAY_NOTICE_DAYS = 7  # a week: the time for which people plan a visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A time during which `state_at` always answers the same; both ends are local times."""

    state: bool | None
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A public holiday on a day usually open: surely closed, or nobody can tell."""

    day: date
    name: str
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is true at a moment, and what comes next, in local times of Europe/Paris.

    `until` is when `state` ends, None when it does not within `LOOK_AHEAD`; `minutes_left` are
    whole minutes to there, as a watch counts them. `opens` is the next hour open, unless one that
    no holiday explains `may_open` before. `holiday` is today's when it closes or leaves a doubt.
    """

    today: date
    state: bool | None
    until: datetime | None = None
    minutes_left: int | None = None
    is_end_certain: bool = False
    opens: datetime | None = None
    may_open: datetime | None = None
    holiday: Holiday | None = None
    coming: tuple[Holiday, ...] = ()


def status_at(expression: str, at: datetime) -> Status:
    """Returns what an expression says of a moment: local time if naive, else converted to it."""
    if at.year not in HOLIDAYS_KNOWN:
        return Status(today=at.date(), state=None)
    local = local_time(at)
    today = local.date()
    last_known = datetime.combine(date(HOLIDAYS_KNOWN.stop, 1, 1), time())
    ahead = spells_of(expression, local, max(local, min(local + LOOK_AHEAD, last_known)))
    now = next(ahead)
    after, opens, may_open = _next_openings(expression, ahead)
    until = now.end if after is not None else None
    return Status(
        today=today,
        state=now.state,
        until=until,
        minutes_left=_minutes_between(local, until) if until else None,
        is_end_certain=after is not None and after.state is not None,
        opens=opens,
        may_open=may_open,
        holiday=_holiday_today(expression, local) if not now.state else None,
        coming=_holidays_to_come(expression, today),
    )


def spells_of(expression: str, start: datetime, end: datetime) -> Iterator[Spell]:
    """Cuts a period, between two naive local times of known years, where the state changes."""
    begun, state = start, state_at(expression, start)
    for change in changes_of(expression, start, end):
        changed = state_at(expression, change)
        if changed is not state:
            yield Spell(state=state, start=begun, end=change)
            begun, state = change, changed
    yield Spell(state=state, start=begun, end=end)


def _next_openings(
    expression: str, ahead: Iterator[Spell]
) -> tuple[Spell | None, datetime | None, datetime | None]:
    """Returns what follows, then the next hour open: a sure one, or else a doubtful one."""
    after = None
    for spell in ahead:
        after = after or spell
        if spell.state:
            return after, spell.start, None
        if spell.state is None and not _is_doubtful_holiday(expression, spell):
            return after, None, spell.start
    return after, None, None


def _is_doubtful_holiday(expression: str, spell: Spell) -> bool:
    """Tells whether a doubt comes from a holiday: on the day itself, or in the night after it."""
    days = {spell.start.date(), (spell.start - timedelta(minutes=1)).date()}
    return any(holiday_on(day) and is_usually_open(expression, day) for day in days)


def _holiday_today(expression: str, local: datetime) -> Holiday | None:
    """Returns today's holiday when it closes the whole day, or the rest of it is in doubt."""
    holiday = _holiday(expression, local.date())
    if holiday is None or holiday.is_closed:
        return holiday
    tonight = datetime.combine(local.date() + ONE_DAY, time())
    in_doubt = any(spell.state is None for spell in spells_of(expression, local, tonight))
    return holiday if in_doubt else None


def _holidays_to_come(expression: str, today: date) -> tuple[Holiday, ...]:
    days = (today + ONE_DAY * delay for delay in range(1, HOLIDAY_NOTICE_DAYS + 1))
    holidays = (_holiday(expression, day) for day in days)
    return tuple(holiday for holiday in holidays if holiday)


def _holiday(expression: str, day: date) -> Holiday | None:
    """Returns the holiday of a day usually open, unless the expression says when it is open."""
    name = holiday_on(day)
    if name is None or not is_usually_open(expression, day):
        return None
    midnight = datetime.combine(day, time())
    states = {spell.state for spell in spells_of(expression, midnight, midnight + ONE_DAY)}
    if states == {False} or None in states:
        return Holiday(day=day, name=name, is_closed=None not in states)
    return None


def _minutes_between(local: datetime, until: datetime) -> int:
    """Counts the whole minutes that pass, on the nights when the clock changes too."""
    start = local.replace(tzinfo=PARIS).astimezone(UTC)
    end = until.replace(tzinfo=PARIS, fold=local.fold).astimezone(UTC)
    if end.astimezone(PARIS).replace(tzinfo=None) != until:
        end = end.replace(minute=0)  # an hour that does not exist: all of it is at 01:00 UTC
    return (end - start) // timedelta(minutes=1)
