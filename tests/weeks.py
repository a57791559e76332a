"""Weeks of opening hours drawn by Hypothesis, and a plain way to tell when they are open."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, cast

from hypothesis import strategies as st

from app.hours.feries import holiday_on
from app.hours.plages import LATEST_NIGHT, MIDNIGHT, HoraireInvalide, Plage, Plages
from app.hours.week import MAX_COMMENTAIRE, Feries, Horaires, PeriodeExceptionnelle, Semaine

ONE_DAY = timedelta(days=1)
CENTRES = (
    date(2026, 7, 14),  # a holiday on a Tuesday
    date(2026, 8, 15),  # a holiday on a Saturday
    date(2026, 11, 1),  # a holiday on a Sunday
    date(2026, 12, 29),  # the end of a year, between two holidays
    date(2028, 2, 29),
    date(2027, 3, 28),  # the clock changes, and Easter Monday follows
)
DAY_PLAGES = ((), (Plage(540, 720),), (Plage(540, 720), Plage(840, 1020)), (Plage(0, MIDNIGHT),))
COMMENTS = st.sampled_from(["sur rendez-vous", "congés d’été", "PH off; SH 09:00+", "24/7 || x"])
ANY_COMMENT = st.text(min_size=1, max_size=MAX_COMMENTAIRE).filter(
    lambda text: text.isprintable() and " ".join(text.split()) == text and '"' not in text
)


def monday_to_friday(*plages: Plage) -> Semaine:
    """The same hours on five days."""
    return (plages, plages, plages, plages, plages, (), ())


@st.composite
def plages(draw: st.DrawFn) -> Plages:
    """The hours of a day: often common ones, sometimes odd ones or a night."""
    if draw(st.booleans()):
        return draw(st.sampled_from(DAY_PLAGES))
    size = draw(st.sampled_from([2, 4, 6]))
    ends = sorted(draw(st.lists(st.integers(0, MIDNIGHT), min_size=size, max_size=size)))
    spans = [Plage(a, b) for a, b in list(pairwise(ends))[::2] if a < b]
    if draw(st.booleans()) and spans:
        night = draw(st.integers(1, LATEST_NIGHT))
        if night < spans[-1].debut:
            spans[-1] = Plage(spans[-1].debut, night)
    return tuple(spans)


@st.composite
def exceptions(draw: st.DrawFn, centre: date) -> PeriodeExceptionnelle:
    """Some days around a date."""
    du = centre + ONE_DAY * draw(st.integers(-9, 9))
    return PeriodeExceptionnelle(
        du=du,
        au=du + ONE_DAY * draw(st.sampled_from([0, 0, 1, 2, 5, 9])),
        plages=tuple(span for span in draw(st.just(()) | plages()) if not span.is_nuit),
        commentaire=draw(st.none() | COMMENTS),
    )


@st.composite
def horaires_around(draw: st.DrawFn) -> tuple[Horaires, date]:
    """Hours that are possible, and a day near which they are not as usual."""
    centre = draw(st.sampled_from(CENTRES))
    few = draw(st.lists(plages(), min_size=1, max_size=3))
    semaine = cast(Semaine, tuple(draw(st.sampled_from(few)) for _ in range(7)))
    horaires = Horaires(semaine=semaine, commentaire=draw(st.none() | st.none() | COMMENTS))
    horaires = _changed(horaires, feries=draw(st.sampled_from([None, *Feries])))
    for exception in draw(st.lists(exceptions(centre), max_size=4)):
        horaires = _changed(horaires, exceptions=(*horaires.exceptions, exception))
    return horaires, centre


def _changed(horaires: Horaires, **change: Any) -> Horaires:
    """Applies a change, unless it is refused."""
    try:
        return replace(horaires, **change)
    except HoraireInvalide:
        return horaires


def admissible_states(horaires: Horaires, at: datetime) -> set[bool | None]:
    """Tells what may be answered: one state, or a doubt too after an evening unlike the others.

    `opening` takes what goes on from midnight for the end of a night.
    """
    day, minute = at.date(), at.hour * 60 + at.minute
    today = _day_states(horaires, day, minute)
    eve = day - ONE_DAY
    night = _day_states(horaires, eve, minute + MIDNIGHT)
    is_cut = _rank(horaires, day) > _rank(horaires, eve)
    state = today if is_cut else max(today, night, key=(False, None, True).index)
    is_same_rule = _rank(horaires, day) == _rank(horaires, eve)
    is_usual = is_same_rule and not holiday_on(eve) and not holiday_on(day)
    goes_on = _day_states(horaires, eve, MIDNIGHT - 1) is True or state is False
    if not _goes_on_from_midnight(horaires, day, minute) or (is_usual and goes_on):
        return {state}
    return {state, None}


def _goes_on_from_midnight(horaires: Horaires, day: date, minute: int) -> bool:
    """Tells whether a usual night, and hours that follow it at once, would last until a minute."""
    exception = horaires.exception_on(day)
    today = exception.plages if exception else horaires.semaine[day.weekday()]
    usual = horaires.semaine[(day - ONE_DAY).weekday()]
    spans = [(plage.debut, plage.until) for plage in today]
    spans += [(0, plage.fin) for plage in usual if plage.is_nuit]
    reached = 0
    for start, until in sorted(spans):
        reached = max(reached, until) if start <= reached else reached
    return horaires.has_nights and minute < reached


def _day_states(horaires: Horaires, day: date, minute: int) -> bool | None:
    """Tells whether the hours of a day are open at a minute, counted beyond 24:00 for its night."""
    exception = horaires.exception_on(day)
    is_holiday = holiday_on(day) is not None
    if exception is None and is_holiday and horaires.feries is Feries.FERMES:
        return False
    comes_by_comment = not any(horaires.semaine) and horaires.commentaire
    if exception is None and comes_by_comment:
        return None
    plages = horaires.semaine[day.weekday()] if exception is None else exception.plages
    if not any(plage.debut <= minute < plage.until for plage in plages):
        return False
    is_doubtful = is_holiday and horaires.feries is not Feries.OUVERTS
    comment = horaires.commentaire or (exception and exception.commentaire)
    return None if is_doubtful or comment else True


def _rank(horaires: Horaires, day: date) -> int:
    """Orders what rules a day: a later rule of the expression replaces those before it."""
    exception = horaires.exception_on(day)
    if exception:
        return 2 + horaires.exceptions.index(exception)
    return int(horaires.feries is Feries.FERMES and holiday_on(day) is not None)
