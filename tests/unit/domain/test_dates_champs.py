"""When each field of a listing was last known to be right."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.dates_champs import DateChamp, dates_of
from app.domain.edition import Changes, Revision

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CONFIRMED: Changes = {"derniere_confirmation": (None, "2026-11-22")}


def revision(rank: int, changes: Changes, action: str = "modification") -> Revision:
    """Returns the revision of a day, the rank-th after the first."""
    quand = NOON + timedelta(days=rank)
    return Revision(id=rank, quand=quand, auteur="compte:1", action=action, changes=changes)


def day(rank: int, *, is_confirmed: bool = False) -> DateChamp:
    return DateChamp(quand=NOON + timedelta(days=rank), is_confirmed=is_confirmed)


def test_a_listing_without_history_has_no_dates() -> None:
    assert dates_of([], ["nom"]) == {}


def test_a_creation_dates_every_field() -> None:
    dates = dates_of([revision(1, {}, "creation")], ["nom", "frais"])

    assert dates == {"nom": day(1), "frais": day(1)}


def test_a_change_dates_its_own_fields_only() -> None:
    dates = dates_of([revision(3, {"nom": ("a", "b")})], ["nom", "frais"])

    assert dates == {"nom": day(3)}


def test_nothing_has_changed_confirms_every_field() -> None:
    history = [revision(1, {"nom": ("a", "b")}), revision(2, CONFIRMED, "confirmation")]

    dates = dates_of(history, ["nom", "frais"])

    assert dates == {name: day(2, is_confirmed=True) for name in ("nom", "frais")}


def test_who_changes_a_field_and_has_read_the_rest_dates_both() -> None:
    dates = dates_of([revision(2, {"nom": ("a", "b"), **CONFIRMED})], ["nom", "frais"])

    assert dates == {"nom": day(2), "frais": day(2, is_confirmed=True)}


def test_the_newest_news_is_told_in_whatever_order_revisions_come() -> None:
    history = [revision(2, CONFIRMED), revision(3, {"nom": ("a", "b")}), revision(1, {})]

    assert dates_of(history, ["nom"]) == dates_of(history[::-1], ["nom"]) == {"nom": day(3)}


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ("eligibilite", "eligibilite_a_verifier"),
        ("eligibilite", "eligibilite"),
        ("code_insee", "commune"),
    ],
)
def test_what_is_shown_under_another_name_is_dated_there(changed: str, shown: str) -> None:
    assert dates_of([revision(1, {changed: (None, 1)})], [shown]) == {shown: day(1)}
