"""The canonical expression of hours, and its reading back."""

from datetime import date, datetime

import pytest
from hypothesis import given
from opening_hours import OpeningHours

from app.hours.opening import MAX_CHARACTERS, state_at
from app.hours.plages import Plage
from app.hours.week import MAX_COMMENTAIRE, Feries, Horaires, PeriodeExceptionnelle, Semaine
from app.hours.week_osm import write_week
from app.hours.week_reading import read_week
from tests.weeks import ANY_COMMENT, horaires_around, monday_to_friday

local = datetime.fromisoformat
MORNING, AFTERNOON, NIGHT = Plage(540, 720), Plage(840, 1020), Plage(1320, 120)
OFFICE: Semaine = (*monday_to_friday(MORNING, AFTERNOON)[:5], (MORNING,), ())
HOLS = PeriodeExceptionnelle(du=date(2026, 8, 3), au=date(2026, 8, 15), commentaire="congés d’été")
YEAR_END = PeriodeExceptionnelle(du=date(2026, 12, 24), au=date(2027, 1, 2))
ONE_DAY = PeriodeExceptionnelle(du=date(2026, 8, 20), au=date(2026, 8, 20), plages=(MORNING,))
BRIEF = "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00"


@pytest.mark.parametrize(
    ("horaires", "written"),
    [
        pytest.param(Horaires(), None, id="nothing"),
        pytest.param(Horaires(feries=Feries.FERMES, exceptions=(HOLS,)), None, id="only closed"),
        pytest.param(
            Horaires(semaine=OFFICE, feries=Feries.FERMES, exceptions=(HOLS,)),
            f'{BRIEF}; PH off; 2026 Aug 03-2026 Aug 15 off "congés d’été"',
            id="everything",
        ),
        pytest.param(
            Horaires(semaine=OFFICE, exceptions=(YEAR_END, ONE_DAY)),
            f"{BRIEF}; 2026 Aug 20 09:00-12:00; 2026 Dec 24-2027 Jan 02 off",
            id="exceptions in order",
        ),
        pytest.param(
            Horaires(semaine=OFFICE, feries=Feries.OUVERTS),
            "Mo-Fr,PH 09:00-12:00,14:00-17:00; Sa 09:00-12:00; Su off",
            id="holidays as other days",
        ),
        pytest.param(
            Horaires(semaine=((MORNING,),) * 7, feries=Feries.OUVERTS),
            "Mo-Su,PH 09:00-12:00",
            id="every day",
        ),
        pytest.param(
            Horaires(semaine=((Plage(0, 1440),),) * 7, feries=Feries.OUVERTS), "24/7", id="always"
        ),
        pytest.param(
            Horaires(semaine=((Plage(0, 1440),),) * 7), "Mo-Su 00:00-24:00", id="every whole day"
        ),
        pytest.param(
            Horaires(
                semaine=monday_to_friday(MORNING), commentaire="sur rdv", exceptions=(ONE_DAY,)
            ),
            'Mo-Fr 09:00-12:00 "sur rdv"; 2026 Aug 20 09:00-12:00 "sur rdv"',
            id="comment for all",
        ),
        pytest.param(
            Horaires(commentaire="sur rdv", feries=Feries.FERMES),
            '"sur rdv"; PH off',
            id="no hours",
        ),
        pytest.param(
            Horaires(semaine=((NIGHT,), (MORNING,), (NIGHT,), (), (), (), ())),
            "Mo,We 22:00-02:00, Tu 09:00-12:00",
            id="nights",
        ),
        pytest.param(Horaires(exceptions=(ONE_DAY,)), "2026 Aug 20 09:00-12:00", id="one day"),
    ],
)
def test_hours_have_one_expression(horaires: Horaires, written: str | None) -> None:
    assert write_week(horaires) == written
    if written:
        assert read_week(written) == horaires


@pytest.mark.parametrize(
    ("at", "state"),
    [
        pytest.param(local("2026-12-23 10:00"), True, id="the day before"),
        pytest.param(local("2026-12-24 10:00"), False, id="first day"),
        pytest.param(local("2026-12-31 10:00"), False, id="last day of the year"),
        pytest.param(local("2027-01-02 10:00"), False, id="last day"),
        pytest.param(local("2027-01-04 10:00"), True, id="the Monday after"),
        pytest.param(local("2027-12-27 10:00"), True, id="a year later"),
        pytest.param(local("2028-02-28 10:00"), True, id="before the leap day"),
        pytest.param(local("2028-02-29 10:00"), False, id="leap day"),
        pytest.param(local("2028-03-01 10:00"), True, id="after the leap day"),
        pytest.param(local("2026-07-14 10:00"), False, id="holiday"),
    ],
)
def test_exceptions_hold_for_their_own_days(at: datetime, state: bool) -> None:
    leap = PeriodeExceptionnelle(du=date(2028, 2, 29), au=date(2028, 2, 29))

    written = write_week(
        Horaires(semaine=OFFICE, feries=Feries.FERMES, exceptions=(YEAR_END, leap))
    )

    assert written is not None
    assert state_at(written, at) is state


def test_a_night_goes_on_the_day_after() -> None:
    written = write_week(Horaires(semaine=((NIGHT,), (MORNING,), (), (), (), (), ())))

    assert written is not None
    assert state_at(written, local("2026-11-24 01:59")) is True
    assert state_at(written, local("2026-11-24 02:00")) is False
    assert state_at(written, local("2026-11-24 09:00")) is True


@given(horaires_around())
def test_what_is_written_is_read_back(drawn: tuple[Horaires, date]) -> None:
    horaires, _ = drawn

    written = write_week(horaires)

    if written is None:
        assert horaires.is_blank
    else:
        OpeningHours(written)
        assert read_week(written) == horaires


@given(ANY_COMMENT)
def test_any_comment_is_only_a_comment(commentaire: str) -> None:
    horaires = Horaires(semaine=OFFICE, commentaire=commentaire)

    written = write_week(horaires)

    assert written is not None
    assert state_at(written, local("2026-11-24 10:00")) is None
    assert state_at(written, local("2026-11-24 13:00")) is False
    assert read_week(written) == horaires


def test_the_longest_week_without_exceptions_can_be_told() -> None:
    days = (tuple(Plage(n + k * 60, n + k * 60 + 30) for k in (10, 12, 14)) for n in range(7))
    longest = Horaires(
        semaine=tuple(days),  # type: ignore[arg-type]
        feries=Feries.OUVERTS,
        commentaire="x" * MAX_COMMENTAIRE,
    )

    assert len(write_week(longest) or "") <= MAX_CHARACTERS
