"""What hours may be together, and what is refused with the way to mend it."""

import doctest
from dataclasses import replace
from datetime import date
from types import ModuleType

import pytest

from app.hours import plages as plages_module
from app.hours import typed, week_osm
from app.hours.plages import HoraireInvalide, Plage
from app.hours.week import MAX_COMMENTAIRE, Feries, Horaires, PeriodeExceptionnelle, Semaine
from tests.weeks import monday_to_friday

MORNING, AFTERNOON, NIGHT = Plage(540, 720), Plage(840, 1020), Plage(1320, 120)
WEEK = monday_to_friday(MORNING)
NIGHTS: Semaine = ((NIGHT,),) * 7
AUGUST = PeriodeExceptionnelle(du=date(2026, 8, 1), au=date(2026, 8, 31))


def exception(first: int, last: int, *plages: Plage) -> PeriodeExceptionnelle:
    return PeriodeExceptionnelle(
        du=date(2026, 8, first), au=date(2026, 8, last), plages=tuple(plages)
    )


@pytest.mark.parametrize("module", [plages_module, typed, week_osm])
def test_examples_of_the_documentation_are_true(module: ModuleType) -> None:
    result = doctest.testmod(module)

    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("debut", "fin", "says"),
    [
        pytest.param(-1, 60, "00:00 à 24:00", id="before the day"),
        pytest.param(1440, 60, "00:00 à 24:00", id="start at the end of the day"),
        pytest.param(60, 1441, "00:00 à 24:00", id="after the day"),
        pytest.param(60, 0, "00:00 à 24:00", id="end at the start of the day"),
        pytest.param(540, 540, "même heure", id="empty"),
        pytest.param(1020, 720, "La fin (12:00) est avant le début (17:00)", id="backwards"),
        pytest.param(1200, 361, "coupez la nuit à 24:00", id="a night too late"),
    ],
)
def test_impossible_spans_are_refused(debut: int, fin: int, says: str) -> None:
    with pytest.raises(HoraireInvalide) as refused:
        Plage(debut, fin)

    assert says in str(refused.value)
    assert refused.value.jour is None


def test_a_night_ends_at_six_at_the_latest() -> None:
    assert Plage(1200, 360).is_nuit
    assert Plage(1200, 360).until == 1800
    assert not Plage(1200, 1440).is_nuit


def test_spans_and_exceptions_are_put_in_order() -> None:
    inner, outer = exception(10, 12), AUGUST

    horaires = Horaires(semaine=monday_to_friday(AFTERNOON, MORNING), exceptions=(inner, outer))

    assert horaires.semaine == monday_to_friday(MORNING, AFTERNOON)
    assert horaires.exceptions == (outer, inner)


def test_the_shorter_exception_rules_its_days() -> None:
    inner = exception(10, 12, MORNING)

    horaires = Horaires(semaine=WEEK, exceptions=(inner, AUGUST))

    assert horaires.exception_on(date(2026, 8, 9)) == AUGUST
    assert horaires.exception_on(date(2026, 8, 12)) == inner
    assert horaires.exception_on(date(2026, 9, 1)) is None


def test_a_comment_that_holds_for_all_is_said_once() -> None:
    open_then = replace(exception(3, 3, MORNING), commentaire="sur rendez-vous")
    closed_then = replace(exception(4, 4), commentaire="sur rendez-vous")

    horaires = Horaires(commentaire="sur rendez-vous", exceptions=(open_then, closed_then))

    assert [found.commentaire for found in horaires.exceptions] == [None, "sur rendez-vous"]


@pytest.mark.parametrize(
    ("changes", "jour", "says"),
    [
        pytest.param(
            {"semaine": monday_to_friday(MORNING, Plage(600, 780))},
            "lundi",
            "se chevauchent",
            id="overlapping",
        ),
        pytest.param(
            {
                "semaine": (
                    (),
                    (MORNING, AFTERNOON, Plage(1080, 1090), Plage(1100, 1110)),
                    *[()] * 5,
                )
            },
            "mardi",
            "3 plages",
            id="four spans",
        ),
        pytest.param(
            {"semaine": ((),) * 7, "feries": Feries.OUVERTS}, "feries", "d’abord", id="no usual day"
        ),
        pytest.param(
            {"semaine": ((NIGHT,), *[()] * 6), "feries": Feries.OUVERTS},
            "feries",
            "coupez la nuit",
            id="holidays open, nights unlike",
        ),
        pytest.param({"commentaire": ""}, "commentaire", "sur une ligne", id="blank comment"),
        pytest.param({"commentaire": 'a "b"'}, "commentaire", "guillemets", id="quotes"),
        pytest.param({"commentaire": "a\nb"}, "commentaire", "sur une ligne", id="two lines"),
        pytest.param({"commentaire": "\ud800"}, "commentaire", "sur une ligne", id="surrogate"),
        pytest.param(
            {"commentaire": "x" * (MAX_COMMENTAIRE + 1)}, "commentaire", "trop long", id="long"
        ),
        pytest.param(
            {"exceptions": (AUGUST, AUGUST)}, "2026-08-01", "une autre exception", id="twice"
        ),
        pytest.param(
            {"exceptions": (exception(1, 10), exception(10, 12))},
            "2026-08-10",
            "une autre exception",
            id="one day in common",
        ),
        pytest.param(
            {"semaine": NIGHTS, "exceptions": (exception(1, 2, Plage(600, 1440)),)},
            "2026-08-01",
            "le lendemain (03/08/2026)",
            id="a night cut at midnight",
        ),
    ],
)
def test_what_would_be_written_wrong_is_refused(
    changes: dict[str, object], jour: str, says: str
) -> None:
    with pytest.raises(HoraireInvalide) as refused:
        Horaires(**{"semaine": WEEK, **changes})  # type: ignore[arg-type]

    assert refused.value.jour == jour
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("first", "last", "plages", "says"),
    [
        pytest.param(date(2026, 8, 2), date(2026, 8, 1), (), "avant le premier", id="backwards"),
        pytest.param(date(1999, 8, 2), date(2026, 8, 1), (), "entre 2000 et 2076", id="too old"),
        pytest.param(date(2026, 8, 2), date(2077, 1, 1), (), "entre 2000 et 2076", id="too far"),
        pytest.param(date(2026, 8, 1), date(2026, 8, 1), (NIGHT,), "24:00", id="night"),
    ],
)
def test_impossible_exceptions_are_refused(
    first: date, last: date, plages: tuple[Plage, ...], says: str
) -> None:
    with pytest.raises(HoraireInvalide) as refused:
        PeriodeExceptionnelle(du=first, au=last, plages=plages)

    assert refused.value.jour == first.isoformat()
    assert says in str(refused.value)


def test_a_night_cut_at_midnight_is_kept_when_the_day_after_is_said() -> None:
    cut = exception(1, 2, Plage(600, 1440))

    assert Horaires(semaine=NIGHTS, exceptions=(cut, exception(3, 3))).exceptions
    assert Horaires(semaine=NIGHTS, feries=Feries.OUVERTS).has_nights


@pytest.mark.parametrize(
    ("horaires", "blank"),
    [
        pytest.param(Horaires(), True, id="nothing"),
        pytest.param(Horaires(feries=Feries.FERMES, exceptions=(AUGUST,)), True, id="closed days"),
        pytest.param(Horaires(semaine=WEEK), False, id="a week"),
        pytest.param(Horaires(exceptions=(exception(1, 1, MORNING),)), False, id="one open day"),
        pytest.param(Horaires(commentaire="sur rendez-vous"), False, id="a comment"),
    ],
)
def test_blank_hours_say_nothing_of_when_to_come(horaires: Horaires, blank: bool) -> None:
    assert horaires.is_blank is blank
