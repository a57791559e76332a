"""Reads the OSM expressions that a form can show in full; all others stay text.

`write_week(read_week(x))` answers as x does at every moment. Hence what is refused: rules whose
order matters in a way that seven days cannot keep, comments that differ from day to day, dates
that come back every year, and whatever `opening` does not rely on.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from app.hours.opening import MAX_CHARACTERS
from app.hours.plages import MIDNIGHT, Plage, Plages, merged
from app.hours.week import SEMAINE_VIDE, Feries, Horaires, PeriodeExceptionnelle, Semaine
from app.hours.week_osm import DAYS, MONTHS, WHOLE_DAY, write_week

_DAY = f"(?:{'|'.join(DAYS)})"
_ITEM = rf"(?:{_DAY}(?:-{_DAY})?|PH)"
_MONTH = f"(?:{'|'.join(MONTHS)})"
_SPAN = r"\d{1,2}:\d\d-\d{1,2}:\d\d"
_RULE = re.compile(
    rf"""
    \s*
    (?: (?P<always> 24/7 )
      | (?: (?P<days> {_ITEM}(?:,[ ]?{_ITEM})* )[ ] | (?P<dates> \d{{4}}[ ]{_MONTH}[^:"]*?)[ ] )?
        (?: (?P<times> {_SPAN}(?:,[ ]?{_SPAN})* ) | (?P<closed> off|closed ) )
      | (?P<alone> (?=") )
    )
    (?: [ ]?"(?P<comment>[^"]*)" )?
    (?P<end> ; | ,(?=[ ]) | \Z )
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_DATES = re.compile(
    rf"(\d{{4}}) ({_MONTH}) (\d{{1,2}})(?:-(?:(?:(\d{{4}}) )?({_MONTH}) )?(\d{{1,2}}))?",
    re.IGNORECASE | re.ASCII,
)


def read_week(expression: str) -> Horaires | None:
    """Returns what an OSM expression says, or None when the form would lose some of it."""
    text = expression.strip()
    if len(text) > MAX_CHARACTERS:
        return None
    try:
        horaires = _horaires(text)
    except ValueError:  # HoraireInvalide, or no such date
        return None
    written = write_week(horaires)
    return horaires if written and len(written) <= MAX_CHARACTERS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A rule of an expression; `adds` when a comma, not a semicolon, comes before it."""

    found: re.Match[str]
    adds: bool

    @property
    def selector(self) -> str:
        return self.found["always"] or self.found["days"] or self.found["dates"] or ""

    @property
    def is_comment(self) -> bool:
        """Tells whether there is a comment and nothing else, which makes all hours a doubt."""
        return self.found["alone"] is not None

    @property
    def comment(self) -> str | None:
        comment = self.found["comment"]
        return None if comment is None else " ".join(comment.split())

    @property
    def plages(self) -> Plages:
        if self.found["always"]:
            return WHOLE_DAY
        return _plages(self.found["times"]) if self.found["times"] else ()


@dataclass(slots=True)
class _Week:
    """The seven days and the holidays of an expression, as its rules follow one another."""

    usual: list[Plages] = field(default_factory=lambda: list(SEMAINE_VIDE))
    holiday: list[Plages] = field(default_factory=lambda: list(SEMAINE_VIDE))  # by day of the week
    comments: set[str | None] = field(default_factory=set)
    holidays_said: set[bool] = field(default_factory=set)  # open or not
    has_nights: bool = (
        False  # even of a rule that another replaces, since the library keeps its end
    )
    replacing: int = 0

    def apply(self, rule: _Rule) -> None:
        """Raises `ValueError` for a rule that a form cannot show."""
        plages = rule.plages
        days, has_holidays = _days(rule)
        if plages or rule.is_comment:
            self.comments.add(rule.comment)
        elif rule.comment is not None:
            raise ValueError("a comment on a closed day has no place in a form")
        if has_holidays:
            self.holiday = [plages] * len(DAYS)
            self.holidays_said.add(bool(plages))
        for day in days:
            for hours in (self.usual, self.holiday):
                hours[day] = merged((*hours[day], *plages)) if rule.adds else plages
        self.has_nights |= any(plage.is_nuit for plage in plages)
        self.replacing += bool(days) and not rule.adds
        if rule.adds and (has_holidays or not plages):
            raise ValueError("only hours of days are added without risk")

    def feries(self) -> Feries | None:
        """Raises `ValueError` when holidays have hours of their own."""
        match sorted(self.holidays_said):
            case []:
                return None
            case [True] if self.holiday == self.usual:
                return Feries.OUVERTS
            case [False] if not any(self.holiday):
                return Feries.FERMES
        raise ValueError("hours of holidays have no place in a form")


def _horaires(text: str) -> Horaires:
    rules = list(_rules(text))
    week = _Week()
    exceptions: list[_Rule] = []
    for n, rule in enumerate(rules):
        if rule.found["dates"]:
            exceptions.append(rule)
        elif exceptions and not _leaves_closed(rule, exceptions):
            raise ValueError("a rule of all weeks replaces exceptions")
        elif n and not rule.selector:
            raise ValueError("`opening` does not rely on it")
        else:
            week.apply(rule)
    return _assembled(rules, week, exceptions)


def _leaves_closed(rule: _Rule, exceptions: Sequence[_Rule]) -> bool:
    """Tells whether a rule that comes after exceptions, such as `PH off`, changes none of them."""
    is_of_holidays = rule.selector.upper() == "PH"
    return is_of_holidays and not any((rule.plages, *(found.plages for found in exceptions)))


def _assembled(rules: Sequence[_Rule], week: _Week, exceptions: Sequence[_Rule]) -> Horaires:
    selectors = [rule.selector for rule in rules if not rule.adds]
    if len(set(selectors)) < len(selectors) or any(exception.adds for exception in exceptions):
        raise ValueError("`opening` does not rely on it")
    if rules[0].is_comment and (week.replacing or any(week.usual)):
        raise ValueError("a doubt over all other hours has no place in a form")
    if week.comments and not (rules[0].is_comment or any(week.usual)):
        raise ValueError("a comment on hours that are all replaced")
    if len(week.comments) > 1:
        raise ValueError("comments differ")
    commentaire = next(iter(week.comments), None)
    horaires = Horaires(
        semaine=cast(Semaine, tuple(week.usual)),
        feries=week.feries(),
        exceptions=_in_order([_exception(rule, commentaire) for rule in exceptions]),
        commentaire=commentaire,
    )
    if week.has_nights and week.replacing > 1:
        raise ValueError("a rule that replaces cuts the night before")
    return horaires


def _rules(text: str) -> Iterator[_Rule]:
    position, adds = 0, False
    while found := _RULE.match(text, position):
        yield _Rule(found=found, adds=adds)
        if not found["end"]:
            return
        position, adds = found.end(), found["end"] == ","
    raise ValueError("no form of ours")


def _days(rule: _Rule) -> tuple[list[int], bool]:
    """Returns the days of the week of a rule, and whether holidays are among its days."""
    if rule.is_comment:
        return [], False
    if not rule.found["days"]:
        return list(range(len(DAYS))), bool(rule.found["always"])
    items = [item.strip().title() for item in rule.selector.split(",")]
    days: list[int] = []
    for item in items:
        if item != "Ph":
            first, _, last = item.partition("-")
            start, end = DAYS.index(first), DAYS.index(last or first)
            days += [(start + step) % 7 for step in range((end - start) % 7 + 1)]
    return days, "Ph" in items


def _exception(rule: _Rule, for_all: str | None) -> PeriodeExceptionnelle:
    found = _DATES.fullmatch(rule.selector)
    if found is None:
        raise ValueError("no dates of ours")
    year, month, day, last_year, last_month, last_day = found.groups()
    du = _date(year, month, day)
    au = _date(last_year or year, last_month or month, last_day) if last_day else du
    if rule.plages and for_all and not rule.comment:
        raise ValueError("hours without the comment of all the others")
    return PeriodeExceptionnelle(du=du, au=au, plages=rule.plages, commentaire=rule.comment)


def _in_order(exceptions: Sequence[PeriodeExceptionnelle]) -> tuple[PeriodeExceptionnelle, ...]:
    """Raises `ValueError` when one is replaced by a longer one that comes after it."""
    for n, inner in enumerate(exceptions):
        if any(outer.covers(inner.du) and outer.covers(inner.au) for outer in exceptions[n + 1 :]):
            raise ValueError("an exception is replaced")
    return tuple(exceptions)


def _date(year: str, month: str, day: str) -> date:
    return date(int(year), MONTHS.index(month.title()) + 1, int(day))


def _plages(times: str) -> Plages:
    return merged(tuple(_plage(span.strip()) for span in times.split(",")))


def _plage(span: str) -> Plage:
    debut, fin = (int(time[:-3]) * 60 + _minutes(time[-2:]) for time in span.split("-"))
    if debut == fin:
        raise ValueError("a slip for the people who wrote it, a whole day for the library")
    if fin > MIDNIGHT:
        fin -= MIDNIGHT
        if fin >= debut:
            raise ValueError("more than a day")
    return Plage(debut, fin or MIDNIGHT)


def _minutes(text: str) -> int:
    if (minutes := int(text)) > 59:
        raise ValueError("no such minute")
    return minutes
