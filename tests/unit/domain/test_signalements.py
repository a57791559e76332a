"""When a report says again what an open one says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.edition import FicheRef
from app.domain.signalements import REPEAT_WINDOW, Constat, Motif, Signalement, repeated_among

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)
FIRST = Signalement(
    id=1,
    fiche=FicheRef(objet="offre", id="a"),
    motif=Motif.HORAIRES,
    precision=None,
    recu_le=NOON,
)
HORAIRES = Constat(motif=Motif.HORAIRES)


def test_the_same_reason_within_a_day_is_a_repetition() -> None:
    assert repeated_among([FIRST], HORAIRES, LATER) is FIRST
    assert FIRST.is_repeated_by(HORAIRES, NOON + REPEAT_WINDOW - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("known", "constat", "quand"),
    [
        pytest.param(FIRST, HORAIRES, NOON + REPEAT_WINDOW, id="a-day-later"),
        pytest.param(FIRST, Constat(motif=Motif.LIEN_CASSE), LATER, id="another-reason"),
        pytest.param(replace(FIRST, traite_le=LATER), HORAIRES, LATER, id="already-handled"),
        pytest.param(
            replace(FIRST, precision="Fermé le lundi"),
            Constat(motif=Motif.HORAIRES, precision="Fermé le mardi"),
            LATER,
            id="other-words",
        ),
    ],
)
def test_anything_else_is_a_new_report(
    known: Signalement, constat: Constat, quand: datetime
) -> None:
    assert repeated_among([known], constat, quand) is None


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        pytest.param("Fermé le lundi", None, id="fewer-words"),
        pytest.param("Fermé le lundi", "Fermé le lundi", id="the-same-words"),
        pytest.param(None, "Fermé le lundi", id="the-first-words"),
    ],
)
def test_words_that_can_be_held_are_counted(kept: str | None, said: str | None) -> None:
    known = replace(FIRST, precision=kept)

    assert known.is_repeated_by(Constat(motif=Motif.HORAIRES, precision=said), LATER)


def test_the_report_with_the_same_words_is_the_one_repeated() -> None:
    same = replace(FIRST, id=2, precision="Fermé le lundi")
    newer = replace(FIRST, id=3, recu_le=LATER)

    said = Constat(motif=Motif.HORAIRES, precision="Fermé le lundi")

    assert repeated_among([FIRST, same, newer], said, LATER) is same
    assert repeated_among([FIRST, same, newer], HORAIRES, LATER) is newer
    assert repeated_among([], HORAIRES, LATER) is None
