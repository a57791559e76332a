"""Writes the hours of a form as an OSM expression, and reads back those that lose nothing by it.

What is written is made for `opening.state_at`, which is stricter than the specification: a comment
makes “open” a doubt, and holidays must be named to be certain.
"""

from collections.abc import Iterable
from datetime import date

from app.hours.plages import MIDNIGHT, Plage, hhmm
from app.hours.week import JOURS, Feries, Horaires, PeriodeExceptionnelle

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
WHOLE_DAY = (Plage(0, MIDNIGHT),)


def write_week(horaires: Horaires) -> str | None:
    """Returns the canonical expression, or None when nothing says when to come.

    >>> write_week(Horaires(semaine=(WHOLE_DAY,) * 5 + ((), ()), feries=Feries.FERMES))
    'Mo-Fr 00:00-24:00; PH off'
    """
    if horaires.is_blank:
        return None
    rules = list(_week_rules(horaires))
    if horaires.feries is Feries.FERMES:
        rules.append("PH off")
    rules += [_exception_rule(found, horaires.commentaire) for found in horaires.exceptions]
    return "; ".join(rules)


def _week_rules(horaires: Horaires) -> Iterable[str]:
    note = _quoted(horaires.commentaire)
    groups: dict[tuple[Plage, ...], list[int]] = {}
    for day in range(len(JOURS)):
        groups.setdefault(horaires.semaine[day], []).append(day)
    closed = groups.pop((), [])
    if not groups:
        return [note.strip()] if note else []
    if horaires.feries is not Feries.OUVERTS:
        rules = [f"{_days(days)} {_times(plages)}{note}" for plages, days in groups.items()]
        # A rule that adds, unlike one that replaces, leaves the night of the day before alone.
        return [", ".join(rules)] if horaires.has_nights else rules
    if list(groups) == [WHOLE_DAY] and not closed:
        return [f"24/7{note}"]
    return _rules_with_holidays(groups, closed, note)


def _rules_with_holidays(
    groups: dict[tuple[Plage, ...], list[int]], closed: list[int], note: str
) -> list[str]:
    """Names the holidays once, then every other day, closed ones too, so that each is itself."""
    rules = [f"{_days(days)} {_times(plages)}{note}" for plages, days in groups.items()]
    days, _, hours = rules[0].partition(" ")
    rules[0] = f"{days},PH {hours}"
    return [*rules, f"{_days(closed)} off"] if closed else rules


def _exception_rule(exception: PeriodeExceptionnelle, for_all: str | None) -> str:
    days = _date(exception.du)
    if exception.au != exception.du:
        days += f"-{_date(exception.au)}"
    if not exception.plages:
        return f"{days} off{_quoted(exception.commentaire)}"
    return f"{days} {_times(exception.plages)}{_quoted(exception.commentaire or for_all)}"


def _quoted(commentaire: str | None) -> str:
    return f' "{commentaire}"' if commentaire else ""


def _date(day: date) -> str:
    return f"{day.year} {MONTHS[day.month - 1]} {day.day:02}"


def _times(plages: Iterable[Plage]) -> str:
    return ",".join(f"{hhmm(plage.debut)}-{hhmm(plage.fin)}" for plage in plages)


def _days(indexes: list[int]) -> str:
    runs: list[list[int]] = []
    for day in indexes:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in runs
    )
