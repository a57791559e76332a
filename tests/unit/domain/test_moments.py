"""Moments in words are instants, whatever the day it is."""

from datetime import UTC, date, datetime

import pytest

from app.domain.moments import MAINTENANT, MOMENTS, moment_at

NOW = datetime(2026, 11, 25, 16, 40, tzinfo=UTC)
WEDNESDAY = date(2026, 11, 25)


def test_now_is_now() -> None:
    assert moment_at(MAINTENANT, NOW, WEDNESDAY) == NOW


@pytest.mark.parametrize(
    ("moment", "at"),
    [
        ("mercredi-matin", "2026-11-25T10:00"),
        ("jeudi-apres-midi", "2026-11-26T15:00"),
        ("mardi-matin", "2026-12-01T10:00"),
        ("dimanche-apres-midi", "2026-11-29T15:00"),
    ],
)
def test_a_day_is_the_next_one_today_included(moment: str, at: str) -> None:
    assert moment_at(moment, NOW, WEDNESDAY) == datetime.fromisoformat(at)


def test_every_moment_has_a_name_and_an_instant() -> None:
    assert len(MOMENTS) == 15
    assert MOMENTS["lundi-apres-midi"] == "Lundi après-midi"
    for moment in MOMENTS:
        assert moment_at(moment, NOW, WEDNESDAY)


def test_an_unknown_moment_is_a_fault() -> None:
    with pytest.raises(ValueError, match="not in"):
        moment_at("hier", NOW, WEDNESDAY)
