"""What people type in the form of hours, what is said beside each fault, and the form filled."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hours.opening import MAX_CHARACTERS
from app.hours.plages import Plage
from app.hours.typed import date_of, minutes_of, quoted
from app.hours.week import Feries, Horaires, PeriodeExceptionnelle
from app.hours.week_fields import fields_of, week_of_fields
from app.hours.week_osm import write_week
from tests.weeks import horaires_around, monday_to_friday

MORNING, AFTERNOON, NIGHT = Plage(540, 720), Plage(840, 1020), Plage(1320, 120)
NBSP, NARROW = "\xa0", "\u202f"
NAMES = st.sampled_from(
    [
        *("horaires.lundi.0.debut", "horaires.lundi.0.fin", "horaires.lundi.1.debut"),
        *("horaires.lundi.1.fin", "horaires.feries", "horaires.commentaire", "nom"),
        *(f"horaires.exceptions.{n}.{half}" for n in (0, 7) for half in ("du", "au", "debut")),
        *("horaires.exceptions.0.fin", "horaires.exceptions.0.commentaire"),
    ]
)
VALUES = st.text(max_size=12) | st.sampled_from(
    ["9h", "12:00", "22h", "2h", "24:00", "2026-12-24", "24/12/2026", "2027-01-02", "ouverts", '"']
)


def line(number: int, du: str = "", au: str = "", *hours: str, comment: str = "") -> dict[str, str]:
    """The fields of a line of exceptions; blank ones too, as a browser sends them."""
    debut, fin = hours or ("", "")
    values = {"du": du, "au": au, "debut": debut, "fin": fin, "commentaire": comment}
    return {f"horaires.exceptions.{number}.{half}": value for half, value in values.items()}


def monday(*hours: str) -> dict[str, str]:
    """The fields of the spans of a Monday."""
    halves = [f"{n}.{half}" for n in range(3) for half in ("debut", "fin")]
    return {f"horaires.lundi.{half}": hour for half, hour in zip(halves, hours, strict=False)}


def faults_of(*parts: dict[str, str]) -> dict[str, str]:
    """The faults of a form, by the name of their field without `horaires.`."""
    fields: dict[str, str] = {}
    for part in parts:
        fields |= part
    faults = week_of_fields(fields)[1]
    assert len({fault.champ for fault in faults}) == len(faults)
    return {fault.champ.removeprefix("horaires."): fault.message for fault in faults}


# Times and dates


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *((text, 570) for text in ("9h30", "09:30", "9.30", "9 h 30", "0930", "930", "9H30")),
        *((text, 570) for text in (f"9{NBSP}h{NBSP}30", f" 9{NARROW}h{NARROW}30 ", "9: 30")),
        *((text, 540) for text in ("9h", "9 h", "09h00", "0900", "9:00")),
        *(("midi", 720), ("Midi ", 720), ("minuit", 0), ("24:00", 1440), ("24h", 1440), ("0h", 0)),
        *((text, None) for text in ("", "9", "neuf heures", "25:00", "24:01", "9h60", "9h3")),
        *((text, None) for text in ("9-12", "٩:٣٠", "9:30:00", "-9:00", "09:30 du matin")),
    ],
)
def test_times_are_read_as_people_type_them(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *((text, date(2026, 12, 4)) for text in ("2026-12-04", "04/12/2026", "4/12/2026")),
        *((text, date(2026, 12, 4)) for text in (f"{NBSP}4 / 12 / 2026", "2026-12-4")),
        *((text, None) for text in ("", "4 décembre", "04/12/26", "2026-02-29", "12-04-2026")),
        ("0000-01-01", None),
    ],
)
def test_dates_are_read_as_people_type_them(text: str, day: date | None) -> None:
    assert date_of(text) == day


def test_a_refused_value_is_recalled_and_cut() -> None:
    assert quoted("neuf\nheures\0") == "« neuf heures »"
    assert quoted("x" * 1000) == f"« {'x' * 39}… »"


# A form without fault


def test_a_whole_form_is_read() -> None:
    fields = {
        "nom": "une offre",
        "horaires.vendredi.0.debut": "14h",
        "horaires.vendredi.0.fin": "17h",
        "horaires.vendredi.2.debut": "9h",
        "horaires.vendredi.2.fin": "midi",
        "horaires.samedi.0.debut": "22h",
        "horaires.samedi.0.fin": "2h",
        "horaires.dimanche.0.debut": "20h",
        "horaires.dimanche.0.fin": "minuit",
        "horaires.feries": "fermes",
        "horaires.commentaire": f" sur{NBSP}rendez-vous\n",
        **line(0),
        **line(12, "24/12/2026", "2027-01-02", comment='"fêtes"'),
        **line(3, "2026-08-20", "", "9h", "12h"),
    }

    horaires, faults = week_of_fields(fields)

    assert faults == []
    assert horaires == Horaires(
        semaine=((), (), (), (), (MORNING, AFTERNOON), (NIGHT,), (Plage(1200, 1440),)),
        feries=Feries.FERMES,
        commentaire="sur rendez-vous",
        exceptions=(
            PeriodeExceptionnelle(du=date(2026, 8, 20), au=date(2026, 8, 20), plages=(MORNING,)),
            PeriodeExceptionnelle(
                du=date(2026, 12, 24), au=date(2027, 1, 2), commentaire="”fêtes”"
            ),
        ),
    )


def test_lines_of_the_same_dates_are_one_exception() -> None:
    horaires, faults = week_of_fields(
        line(0, "2026-08-20", "2026-08-21", "14h", "17h", comment="été")
        | line(1, "20/08/2026", "21/08/2026", "9h", "12h")
        | line(2, "2026-09-01", "", "9h", "12h")
    )

    assert faults == []
    assert [found.plages for found in horaires.exceptions] == [(MORNING, AFTERNOON), (MORNING,)]
    assert [found.commentaire for found in horaires.exceptions] == ["été", None]


@pytest.mark.parametrize("fields", [{}, {"horaires.feries": "ouverts"}, monday("", "", " ")])
def test_a_blank_form_is_no_hours(fields: dict[str, str]) -> None:
    assert week_of_fields(fields) == (Horaires(), [])


# Faults


@pytest.mark.parametrize(
    ("hours", "champ", "says"),
    [
        pytest.param(("9h", ""), "lundi.0.fin", "l’heure de fin, par exemple", id="no end"),
        pytest.param(("", "12h"), "lundi.0.debut", "l’heure de début, par", id="no start"),
        pytest.param(("9 heures", "12h"), "lundi.0.debut", "« 9 heures »", id="words"),
        pytest.param(("9h", "?"), "lundi.0.fin", "écrivez par exemple 9h30", id="rubbish"),
        pytest.param(("17h", "9h"), "lundi.0.fin", "avant le début (17:00)", id="backwards"),
        pytest.param(("9h", "9h"), "lundi.0.fin", "même heure", id="empty"),
        pytest.param(("24:00", "2h"), "lundi.0.debut", "s’écrit 00:00", id="start at 24:00"),
        pytest.param(("0h", "0h"), "lundi.0.fin", "toute la journée", id="00:00 twice"),
        pytest.param(("14h", "17h", "9h", "14h30"), "lundi.0.debut", "lundi", id="overlap"),
        pytest.param(("22h", "2h", "23h", "24h"), "lundi.1.debut", "lundi", id="in a night"),
    ],
)
def test_a_fault_is_told_beside_its_field(hours: tuple[str, ...], champ: str, says: str) -> None:
    faults = faults_of(monday(*hours))

    assert list(faults) == [champ]
    assert says in faults[champ]


@pytest.mark.parametrize(
    ("lines", "champ", "says"),
    [
        pytest.param(line(4, "", "2026-08-21"), "exceptions.4.du", "premier jour", id="no start"),
        pytest.param(line(4, comment="été"), "exceptions.4.du", "premier jour", id="comment only"),
        pytest.param(line(4, "août"), "exceptions.4.du", "« août » n’est pas", id="words"),
        pytest.param(line(4, "2026-08-21", "x"), "exceptions.4.au", "24/12/2026", id="end"),
        pytest.param(
            line(4, "2026-08-21", "2026-08-20"), "exceptions.4.au", "avant le", id="backwards"
        ),
        pytest.param(line(4, "1926-08-21"), "exceptions.4.du", "une année entre", id="too old"),
        pytest.param(
            line(4, "2026-08-21", "2226-08-20"), "exceptions.4.au", "une année", id="too far"
        ),
        pytest.param(
            line(4, "1926-08-21", "2026-08-20"), "exceptions.4.du", "une année", id="old start"
        ),
        pytest.param(
            line(4, "2026-08-21", "", "22h", "2h"), "exceptions.4.fin", "à 24:00", id="night"
        ),
        pytest.param(line(4, "2026-08-21", "", "9h", ""), "exceptions.4.fin", "fin", id="no end"),
        pytest.param(
            line(4, "2026-08-21", comment="x" * 81),
            "exceptions.4.commentaire",
            "80 caractères",
            id="long comment",
        ),
        pytest.param(
            line(0, "2026-08-20", "2026-08-22") | line(1, "2026-08-22", "2026-08-23"),
            "exceptions.1.du",
            "une autre exception",
            id="one day in common",
        ),
        pytest.param(
            line(0, "2026-08-20") | line(1, "2026-08-20", "2026-08-20", "9h", "12h"),
            "exceptions.1.debut",
            "fermés sur une ligne",
            id="closed and open",
        ),
        pytest.param(
            line(0, "2026-08-20", "", "9h", "12h") | line(1, "2026-08-20", "", "11h", "14h"),
            "exceptions.1.debut",
            "chevauche",
            id="overlap",
        ),
        pytest.param(
            {
                name: value
                for n in range(4)
                for name, value in line(n, "2026-08-20", "", f"{9 + n}h", f"{9 + n}h30").items()
            },
            "exceptions.3.debut",
            "3 plages",
            id="four spans",
        ),
        pytest.param(
            line(0, "2026-08-20", "", "9h", "12h", comment="a")
            | line(1, "2026-08-20", "", "14h", "17h", comment="b"),
            "exceptions.1.commentaire",
            "un autre commentaire",
            id="two comments",
        ),
    ],
)
def test_a_fault_of_an_exception_is_told_on_its_line(
    lines: dict[str, str], champ: str, says: str
) -> None:
    faults = faults_of(monday("9h", "12h"), lines)

    assert list(faults) == [champ]
    assert says in faults[champ]


def test_every_fault_is_told_and_the_rest_is_read() -> None:
    fields = monday("9h", "12h", "x", "y") | {
        "horaires.mardi.0.debut": "9h",
        "horaires.feries": "parfois",
        "horaires.commentaire": "x" * 81,
    }

    horaires, faults = week_of_fields(fields)

    assert horaires == Horaires(semaine=((MORNING,), (), (), (), (), (), ()))
    assert [fault.champ.removeprefix("horaires.") for fault in faults] == [
        *("lundi.1.debut", "lundi.1.fin", "mardi.0.fin", "commentaire", "feries"),
    ]


def test_holidays_cannot_be_open_with_nights_unlike() -> None:
    assert list(faults_of(monday("22h", "2h"), {"horaires.feries": "ouverts"})) == ["feries"]


def test_closed_days_alone_do_not_say_when_to_come() -> None:
    closed = line(0, "2026-08-01", "2026-08-31")

    assert list(faults_of(closed)) == ["lundi.0.debut"]
    assert faults_of(closed, {"horaires.commentaire": "sur rendez-vous"}) == {}


def test_more_exceptions_than_an_expression_can_hold_are_refused() -> None:
    many = {
        name: value
        for n in range(70)
        for name, value in line(n, f"{2001 + n}-08-01", "", comment="x" * 60).items()
    }
    twenty = {name: value for name, value in many.items() if int(name.split(".")[2]) < 20}

    assert "60 exceptions" in faults_of(monday("9h", "12h"), many)["exceptions"]
    assert "trop d’exceptions" in faults_of(monday("9h", "12h"), twenty)["exceptions"]


@given(st.dictionaries(NAMES, VALUES))
def test_whatever_is_typed_is_read_or_told(fields: dict[str, str]) -> None:
    horaires, faults = week_of_fields(fields)

    assert all(fault.message.endswith((".", "?")) for fault in faults)
    assert len(write_week(horaires) or "") <= MAX_CHARACTERS
    assert week_of_fields(fields_of(horaires))[0] == horaires


# The form filled again


def test_a_form_is_filled_with_times_of_two_digits() -> None:
    closed = PeriodeExceptionnelle(
        du=date(2026, 8, 1), au=date(2026, 8, 31), commentaire="congés d’été"
    )
    open_then = PeriodeExceptionnelle(
        du=date(2026, 9, 1), au=date(2026, 9, 1), plages=(MORNING, AFTERNOON)
    )

    fields = fields_of(
        Horaires(
            semaine=((MORNING, Plage(1200, 1440)), (), (), (), (), (), ()),
            feries=Feries.FERMES,
            commentaire="sur rendez-vous",
            exceptions=(closed, open_then),
        )
    )

    filled = monday("09:00", "12:00", "20:00", "24:00")
    filled |= {"horaires.feries": "fermes", "horaires.commentaire": "sur rendez-vous"}
    filled |= line(0, "2026-08-01", "2026-08-31", comment="congés d’été")
    filled |= line(1, "2026-09-01", "2026-09-01", "09:00", "12:00")
    filled |= line(2, "2026-09-01", "2026-09-01", "14:00", "17:00")
    assert fields == {name: value for name, value in filled.items() if value}


@given(horaires_around())
def test_a_form_filled_is_read_back(drawn: tuple[Horaires, date]) -> None:
    horaires, _ = drawn

    read, faults = week_of_fields(fields_of(horaires))

    assert read == horaires
    assert {fault.champ for fault in faults} <= {"horaires.lundi.0.debut"}
    assert not faults or horaires.is_blank


def test_an_empty_week_fills_nothing() -> None:
    assert fields_of(Horaires()) == {}
    assert "horaires.samedi.0.debut" not in fields_of(Horaires(semaine=monday_to_friday(MORNING)))
