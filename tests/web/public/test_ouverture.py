"""What a page says of now, in words."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hours.opening import state_at
from app.web.public.documents import Document
from app.web.public.ouverture import NowState, is_open_now, opening_of, short_opening
from tests.shipped import shipped_records

local = datetime.fromisoformat

WEEK = "Mo-Fr 09:00-12:00,14:00-17:30"
SHIPPED = sorted({str(hours) for r in shipped_records() if (hours := r.get("horaires_accueil"))})
EXPRESSIONS = st.sampled_from(
    [*SHIPPED, *(f"{said}; PH off" for said in SHIPPED), "24/7", "Mo-Su 22:00-02:00", "charabia"]
)


def said(hours: str | None, at: str, *, has_telephone: bool = True) -> str:
    """Returns the sentence of a moment, with plain spaces."""
    text = opening_of(hours, local(at), has_telephone=has_telephone).text
    return text.replace("\u00a0", " ")


# Open


@pytest.mark.parametrize(
    ("hours", "at", "words"),
    [
        pytest.param(WEEK, "2026-11-24 14:00", "ferme à 17 h 30", id="this afternoon"),
        pytest.param(WEEK, "2026-11-24 16:29", "ferme à 17 h 30", id="in 61 minutes"),
        pytest.param(WEEK, "2026-11-24 16:30", "ferme dans 60 min", id="in an hour"),
        pytest.param(WEEK, "2026-11-24 17:10", "ferme dans 20 min", id="soon"),
        pytest.param(WEEK, "2026-11-24 17:29:40", "ferme dans 1 min", id="at once"),
        pytest.param("Mo-Su 09:00-24:00", "2026-11-24 20:00", "ferme à minuit", id="midnight"),
        pytest.param("Fr 22:00-02:00", "2026-11-27 22:00", "ferme demain à 2 h", id="night"),
        pytest.param("Fr 22:00-02:00", "2026-11-28 00:30", "ferme à 2 h", id="after midnight"),
        pytest.param("Fr 22:00-02:00", "2026-11-28 01:30", "ferme dans 30 min", id="end of night"),
        pytest.param(
            "24/7; Su off", "2026-11-23 10:00", "ferme samedi à minuit", id="on Saturday night"
        ),
        pytest.param(
            "24/7; PH off", "2026-04-07 10:00", "ferme le 30 avril à minuit", id="later on"
        ),
        pytest.param(
            "Su 01:00-04:00", "2026-03-29 01:30", "ferme à 4 h", id="an hour and half: one skipped"
        ),
        pytest.param("Su 01:00-02:30", "2026-03-29 01:45", "ferme dans 15 min", id="skipped end"),
        pytest.param("Su 01:00-03:30", "2026-10-25 02:45", "ferme à 3 h 30", id="hour twice"),
    ],
)
def test_open_says_until_when(hours: str, at: str, words: str) -> None:
    assert said(hours, at) == f"Ouvert, {words}"


def test_what_never_closes_is_open_round_the_clock() -> None:
    assert said("24/7", "2026-05-01 03:00") == "Ouvert 24 h sur 24"


@pytest.mark.parametrize(
    ("hours", "at", "words"),
    [
        pytest.param("Mo-Su 22:00-02:00", "2026-04-05 22:30", "jusqu’à minuit", id="today"),
        pytest.param("Mo-Su 00:00-24:00", "2026-04-04 10:00", "jusqu’à demain à minuit", id="next"),
        pytest.param("Mo-Su 00:00-24:00", "2026-04-07 10:00", "jusqu’au 30 avril à", id="later"),
    ],
)
def test_an_end_in_doubt_is_not_a_closing(hours: str, at: str, words: str) -> None:
    assert said(hours, at).startswith(f"Ouvert, au moins {words}")


# Closed


@pytest.mark.parametrize(
    ("hours", "at", "words"),
    [
        pytest.param(WEEK, "2026-11-24 12:30", "ouvre aujourd’hui à 14 h", id="lunch"),
        pytest.param(WEEK, "2026-11-24 00:00", "ouvre aujourd’hui à 9 h", id="midnight"),
        pytest.param(WEEK, "2026-11-24 17:30", "ouvre demain à 9 h", id="evening"),
        pytest.param(WEEK, "2026-11-27 18:00", "ouvre lundi à 9 h", id="weekend"),
        pytest.param("Mo 09:30-12:00", "2026-11-24 09:00", "ouvre lundi à 9 h 30", id="in 6 days"),
        pytest.param("Mo 09:00-12:00", "2026-11-23 13:00", "ouvre le 30 novembre à 9 h", id="in 7"),
        pytest.param("May 04 09:00-12:00", "2026-04-20 10:00", "ouvre le 4 mai à 9 h", id="dated"),
        pytest.param("Jul-Aug 10:00-12:00", "2026-11-24", "ouvre le 1er juillet à 10 h", id="far"),
        pytest.param("off", "2026-11-24 10:00", "réouverture inconnue", id="for good"),
        pytest.param(WEEK, "2026-04-04 10:00", "ouvre mardi à 9 h", id="a holiday is not promised"),
        pytest.param(
            'Mo 09:00-12:00 "sur rendez-vous"; Th 09:00-12:00',
            "2026-11-22 10:00",
            "ouvrira peut-être demain à 9 h : appelez avant de vous déplacer",
            id="on appointment first",
        ),
    ],
)
def test_closed_says_when_it_opens(hours: str, at: str, words: str) -> None:
    assert said(hours, at) == f"Fermé, {words}"


# Holidays


@pytest.mark.parametrize(
    ("hours", "at", "words"),
    [
        pytest.param(
            f"{WEEK}; PH off",
            "2026-04-06 10:00",
            "Fermé aujourd’hui : lundi de Pâques, ouvre demain à 9 h",
            id="PH off",
        ),
        pytest.param(
            WEEK,
            "2026-04-06 10:00",
            "Aujourd’hui est férié (lundi de Pâques) : appelez pour savoir si c’est ouvert",
            id="silent",
        ),
        pytest.param(
            WEEK,
            "2026-05-01 12:30",
            "Aujourd’hui est férié (fête du Travail) : appelez pour savoir si c’est ouvert",
            id="silent, lunch",
        ),
        pytest.param(WEEK, "2026-04-06 18:00", "Fermé, ouvre demain à 9 h", id="silent, evening"),
        pytest.param(
            f"{WEEK}; PH 09:00-11:00", "2026-05-01 09:30", "Ouvert, ferme à 11 h", id="PH hours"
        ),
    ],
)
def test_a_holiday_is_named(hours: str, at: str, words: str) -> None:
    assert said(hours, at) == words


@pytest.mark.parametrize(
    ("hours", "notices"),
    [
        pytest.param(WEEK, ["Attention : férié le vendredi 1er mai (fête du Travail)"], id="doubt"),
        pytest.param(
            f"{WEEK}; PH off",
            ["Attention : fermé le vendredi 1er mai (fête du Travail)"],
            id="closed",
        ),
        pytest.param("Mo 09:00-12:00", [], id="closed on Fridays"),
        pytest.param("24/7", [], id="always"),
    ],
)
def test_a_coming_holiday_is_announced(hours: str, notices: list[str]) -> None:
    opening = opening_of(hours, local("2026-04-29 10:00"), has_telephone=True)

    assert [notice.replace("\u00a0", " ") for notice in opening.notices] == notices


# Doubt


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        pytest.param(None, "Horaires inconnus", id="none"),
        pytest.param("", "Horaires inconnus", id="empty"),
        pytest.param("sur rendez-vous", "Horaires incertains", id="prose"),
        pytest.param("Lu-Ve 9h-17h", "Horaires incertains", id="garbage"),
        pytest.param('Mo-Fr 09:00-12:00 "sur rendez-vous"', "Horaires incertains", id="comment"),
        pytest.param("Mo-Fr 09:00+", "Horaires incertains", id="open end"),
        pytest.param("Mo-Fr 09:00-12:00; SH off", "Horaires incertains", id="school holidays"),
    ],
)
def test_a_doubt_says_whom_to_ask(hours: str | None, words: str) -> None:
    wednesday = "2026-11-25 10:00"
    without = "renseignez-vous avant de vous déplacer"

    assert said(hours, wednesday) == f"{words} : appelez avant de vous déplacer"
    assert said(hours, wednesday, has_telephone=False) == f"{words} : {without}"


def test_without_a_telephone_nobody_is_told_to_call() -> None:
    words = "Aujourd’hui est férié (lundi de Pâques) : renseignez-vous pour savoir si c’est ouvert"

    assert said(WEEK, "2026-04-06 10:00", has_telephone=False) == words


@given(EXPRESSIONS, st.datetimes(local("2020-01-01"), local("2040-12-31")))
def test_words_never_say_more_than_what_is_certain(hours: str, at: datetime) -> None:
    opening = opening_of(hours, at, has_telephone=True)

    state = state_at(hours, at)
    assert (opening.state is NowState.OPEN) == (state is True)
    assert opening.text.startswith("Ouvert") == (state is True)
    if opening.text.startswith("Fermé") or opening.state is NowState.CLOSED:
        assert state is False
    elif state is False:  # later today there is a doubt, which is what helps
        assert opening.text.startswith("Aujourd’hui est férié")


# Cards


@pytest.mark.parametrize(
    ("document", "is_open", "words"),
    [
        pytest.param({"horaires_accueil": WEEK}, True, "Ouvert, ferme à 17 h 30", id="open"),
        pytest.param(
            {"horaires_accueil": "Mo 09:00-12:00", "structure": {"horaires_accueil": WEEK}},
            False,
            "Fermé, ouvre lundi à 9 h",
            id="its own hours first",
        ),
        pytest.param(
            {"structure": {"horaires_accueil": WEEK}}, True, "Ouvert, ferme à 17 h 30", id="carrier"
        ),
        pytest.param({"horaires_accueil": "?"}, None, "Horaires incertains", id="unreadable"),
        pytest.param({"structure": {}}, None, None, id="none"),
    ],
)
def test_a_card_says_it_in_few_words(
    document: Document, is_open: bool | None, words: str | None
) -> None:
    now = datetime(2026, 11, 24, 14, tzinfo=UTC)  # 15:00 in Paris

    short = short_opening(document, now)

    assert is_open_now(document, now) is is_open
    assert (short and short.replace("\u00a0", " ")) == words


def test_a_card_has_no_room_for_advice() -> None:
    holiday = opening_of(WEEK, local("2026-04-06 10:00"), has_telephone=True)

    assert holiday.short == "Férié, horaires incertains"
