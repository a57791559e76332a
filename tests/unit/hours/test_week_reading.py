"""What the form can show of real and odd expressions: all of their meaning, or nothing."""

from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.hours.opening import MAX_CHARACTERS, state_at
from app.hours.week_osm import write_week
from app.hours.week_reading import read_week
from tests.shipped import shipped_records

SHIPPED = sorted({str(hours) for r in shipped_records() if (hours := r.get("horaires_accueil"))})
START = datetime.fromisoformat("2026-07-11 00:00")
HALF_HOURS = [START + timedelta(minutes=30 * n) for n in range(48 * 16)]  # two holidays inside
PIECES = st.sampled_from(
    [
        *("Mo-Fr", "We,Sa", "Tu", "Sa-Mo", "PH", "Mo-Fr,PH", "Mo-Su", "Su,PH", "24/7"),
        *("2026 Jul 13", "2026 Jul 13-16", "2026 Jul 14-Jul 20", "2026 Jul 10-2026 Jul 25"),
    ]
)
HOURS = st.sampled_from(
    [
        *("09:00-12:00", "09:00-12:00,14:00-17:00", "14:00-17:00, 9:30-15:00", "22:00-02:00"),
        *("00:00-24:00", "10:00-24:00", "off", "closed", '10:00-12:00 "rdv"', 'off "x"', '"rdv"'),
    ]
)
RULES = st.one_of(
    st.tuples(PIECES, HOURS).map(" ".join), HOURS, st.sampled_from(["24/7", "PH off", '"rdv"'])
)


@st.composite
def expressions(draw: st.DrawFn) -> str:
    """Rules that may be joined in any way."""
    text = draw(RULES)
    for rule in draw(st.lists(RULES, max_size=4)):
        text += draw(st.sampled_from(["; ", "; ", ";", ", ", ","])) + rule
    return text


@pytest.mark.parametrize("expression", SHIPPED)
def test_every_shipped_week_has_its_form(expression: str) -> None:
    horaires = read_week(expression)

    assert horaires is not None
    written = write_week(horaires) or ""
    assert all(state_at(written, at) is state_at(expression, at) for at in HALF_HOURS), written


@settings(deadline=None)
@given(expressions())
@example("Mo-Fr,PH 09:00-12:00, Sa 10:00-11:00")
@example("Mo-Su 22:00-02:00; Tu 09:00-12:00")
@example("Mo-Fr 22:00-02:00, 00:00-24:00")
@example("09:00-12:00,Mo-Fr 09:00-12:00")
@example('"rdv"; Mo-Fr 09:00-12:00 "rdv"')
@example("Mo-Fr 09:00-12:00; PH off; 2026 Jul 14 09:00-12:00")
def test_a_form_says_what_its_expression_said(expression: str) -> None:
    horaires = read_week(expression)
    if horaires is None:
        return

    written = write_week(horaires) or ""

    for at in HALF_HOURS:
        assert state_at(written, at) is state_at(expression, at), (written, at)
    assert read_week(written) == horaires


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        pytest.param("09:00-12:00", "Mo-Su 09:00-12:00", id="no day"),
        pytest.param(" mo-fr 9:00-12:00 ", "Mo-Fr 09:00-12:00", id="small letters, one digit"),
        pytest.param("Sa-Mo 09:00-12:00", "Mo,Sa-Su 09:00-12:00", id="around the week"),
        pytest.param("Mo-We 09:00-12:00; We off", "Mo-Tu 09:00-12:00", id="day taken away"),
        pytest.param(
            "Mo-Tu 09:00-12:00; Tu 14:00-17:00",
            "Mo 09:00-12:00; Tu 14:00-17:00",
            id="day replaced",
        ),
        pytest.param("Mo 09:00-17:00,14:00-18:00", "Mo 09:00-18:00", id="overlapping"),
        pytest.param("Mo 09:00-12:00,09:00-12:00", "Mo 09:00-12:00", id="twice"),
        pytest.param("Mo 08:00-12:00,12:00-17:00", "Mo 08:00-12:00,12:00-17:00", id="touching"),
        pytest.param(
            "Mo 09:00-12:00, Mo 14:00-17:00", "Mo 09:00-12:00,14:00-17:00", id="hours added"
        ),
        pytest.param("Mo 20:00-00:00", "Mo 20:00-24:00", id="until midnight"),
        pytest.param("Mo 20:00-26:00", "Mo 20:00-02:00", id="beyond midnight"),
        pytest.param(
            "Mo-Fr 09:00-12:00; Sa,Su,PH off", "Mo-Fr 09:00-12:00; PH off", id="PH among days"
        ),
        pytest.param("24/7", "24/7", id="always"),
        pytest.param("Mo-Su,PH 00:00-24:00", "24/7", id="always, otherwise said"),
        pytest.param(
            "Mo 09:00-12:00; 2026 Aug 3-15 off; PH off",
            "Mo 09:00-12:00; PH off; 2026 Aug 03-2026 Aug 15 off",
            id="short dates, PH last",
        ),
    ],
)
def test_other_ways_of_saying_the_same_are_read(expression: str, written: str) -> None:
    horaires = read_week(expression)

    assert horaires is not None
    assert write_week(horaires) == written


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("", id="empty"),
        pytest.param("du lundi au vendredi", id="prose"),
        pytest.param("off", id="never"),
        pytest.param("Mo-Fr 09:00-12:00;", id="unfinished"),
        pytest.param("Mo-Fr 09:60-12:00", id="no such time"),
        pytest.param("Mo-Fr 24:00-25:00", id="start after the day"),
        pytest.param("Mo-Fr 10:00-36:00", id="more than a day"),
        pytest.param("Mo-Fr 00:00-24:00,22:00-02:00", id="more than a day in two spans"),
        pytest.param("Tu 18:00-18:00", id="empty span"),
        pytest.param("Fr 19:00-11:00", id="backwards"),
        pytest.param("Mo 01:00-02:00,03:00-04:00,05:00-06:00,07:00-08:00", id="four spans"),
        pytest.param("Mo 09:00-12:00; Mo 14:00-17:00", id="same day twice"),
        pytest.param("Mo 09:00-12:00; 14:00-17:00", id="times without a day"),
        pytest.param("Mo-Fr 22:00-02:00; Sa 09:00-12:00", id="night cut by a rule"),
        pytest.param("22:00-02:00; Mo-Su 09:00-12:00", id="night replaced"),
        pytest.param("Mo-Fr,PH 09:00-12:00", id="holidays at weekends too"),
        pytest.param("Mo-Fr 09:00-12:00; PH 10:00-11:00", id="hours of holidays"),
        pytest.param("Mo-Fr,PH 09:00-12:00; PH off", id="holidays said twice"),
        pytest.param("PH off; Mo-Fr 09:00-12:00", id="holidays replaced"),
        pytest.param('Mo-Fr 09:00-12:00; PH off "x"', id="comment on holidays"),
        pytest.param('Mo 09:00-12:00 "rdv"; Tu 09:00-12:00', id="comment on one day"),
        pytest.param('Mo 09:00-12:00 "rdv"; 2026 Aug 03 09:00-12:00', id="exception without it"),
        pytest.param('"rdv"; Mo 09:00-12:00 "rdv"', id="comment over all"),
        pytest.param('Mo 09:00-12:00; "rdv"', id="comment at the end"),
        pytest.param('"rdv"; Mo-Fr off', id="comment, then closed days"),
        pytest.param('09:00-12:00 "rdv"; Mo-Su off', id="comment on nothing"),
        pytest.param("Mo 09:00-12:00, We off", id="closed day added"),
        pytest.param("Mo 09:00-12:00, 2026 Aug 03 off", id="exception added"),
        pytest.param("Mo 09:00-12:00; Aug 03-15 off", id="every year"),
        pytest.param("Mo 09:00-12:00; 2026 Feb 30 off", id="no such day"),
        pytest.param("Mo 09:00-12:00; 2026 Aug 15-03 off", id="dates backwards"),
        pytest.param("Mo 09:00-12:00; 2026 Aug 03+ off", id="without end"),
        pytest.param("Mo 09:00-12:00; 2026 Aug 3 off; 2026 Aug 1-9 off", id="exception replaced"),
        pytest.param("2026 Aug 03 off; Mo 09:00-12:00", id="exception before the week"),
        pytest.param("Mo 09:00-12:00; 2026 Jul 14 10:00-11:00; PH off", id="PH after hours"),
        pytest.param("Mo-Fr 09:00-12:00; SH off", id="school holidays"),
        pytest.param("We[1] 09:00-12:00", id="first Wednesday"),
        pytest.param("week 01-53/2 Mo 09:00-12:00", id="odd weeks"),
        pytest.param("Jul-Aug Mo 09:00-12:00", id="months"),
        pytest.param('Mo 09:00-12:00 || "rdv"', id="fallback"),
        pytest.param("Mo 09:00-12:00" + " " * MAX_CHARACTERS + ";", id="too long"),
        pytest.param("\ud800", id="lone surrogate"),
    ],
)
def test_what_the_form_would_lose_stays_text(expression: str) -> None:
    assert read_week(expression) is None
