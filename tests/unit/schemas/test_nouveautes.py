"""What is refused when it is newly written, and kept when it was there."""

from datetime import date

import pytest

from schemas.nouveautes import session_faults, telephone_faults
from schemas.records import RecordReader

SHORT = {"telephone": "+33 4 90"}


def test_a_telephone_that_nobody_can_dial_says_what_to_write() -> None:
    (message,) = telephone_faults(SHORT)["telephone"]

    assert message.startswith("«\xa0+33 4 90\xa0» n’est pas un numéro")
    for way in ("10 chiffres", "numéro court", "indicatif du pays"):
        assert way in message


@pytest.mark.parametrize("said", ["04 90 00 00 00", "+32 2 200 00 00", "3949", "", "  ", None])
def test_a_telephone_that_can_be_dialled_or_is_silent_is_no_fault(said: str | None) -> None:
    assert telephone_faults({"telephone": said}) == telephone_faults({}) == {}


def test_a_telephone_that_was_there_is_no_fault() -> None:
    assert telephone_faults(SHORT, {}, dict(SHORT)) == {}
    assert telephone_faults(SHORT, {"telephone": "0490000000"}, {}) != {}


def test_a_feed_keeps_its_record_and_what_it_says(
    reader: RecordReader, structure: dict[str, object]
) -> None:
    assert reader.read(structure | SHORT).telephone == "+33 4 90"


@pytest.mark.parametrize(
    ("said", "is_refused"),
    [
        ("2026-11-26", True),
        ("2020-01-01", True),
        ("2026-11-27", False),
        ("2026-11-28T09:00:00", False),
        ("2026-13-01", False),  # no date: the schema says so
        ("1999-01-01", False),
        ("demain", False),
        ("", False),
        (None, False),
    ],
)
def test_a_session_that_has_begun_is_not_written(said: str | None, is_refused: bool) -> None:
    found = session_faults({"prochaine_session": said}, date(2026, 11, 27))

    assert bool(found) is is_refused
    if is_refused:
        assert (
            "écrivez le jour de la prochaine session, ou effacez" in found["prochaine_session"][0]
        )


def test_a_session_that_was_there_is_no_fault() -> None:
    old = {"prochaine_session": "2020-01-01"}

    assert session_faults(old, date(2026, 11, 27), {}, dict(old)) == {}
    assert session_faults(old, date(2026, 11, 27), {"prochaine_session": "2020-01-02"}) != {}
