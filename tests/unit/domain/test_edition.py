"""What several changes of a listing come to, and what a listing says of itself."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.edition import (
    ETAT,
    NEVER_HELD,
    NOT_TYPED,
    Changes,
    Fiche,
    FicheRef,
    ModifieeEntretemps,
    Revision,
    merged_changes,
)
from app.domain.publication import OFFRE
from app.domain.vocabulaire import EtatPublication
from tests.builders import make_offre, make_structure
from tests.strategies import PROPERTY

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
State = dict[str, Any]


def make_revision(rank: int, changes: Changes) -> Revision:
    return Revision(
        id=rank, quand=NOON, auteur="compte:1", action="modification", changes=dict(changes)
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([], {}, id="no-revision"),
        pytest.param([{}], {}, id="a-creation"),
        pytest.param([{"nom": ("a", "b")}], {"nom": ("a", "b")}, id="one"),
        pytest.param(
            [{"nom": ("a", "b")}, {"nom": ("b", "c")}, {"nom": ("c", "d")}],
            {"nom": ("a", "d")},
            id="a-chain",
        ),
        pytest.param([{"nom": ("a", "b")}, {"nom": ("b", "a")}], {}, id="back-to-the-start"),
        pytest.param(
            [{"nom": ("a", "b")}, {"nom": ("b", "a")}, {"nom": ("a", "c")}],
            {"nom": ("a", "c")},
            id="back-then-away",
        ),
        pytest.param(
            [{"nom": ("a", "b"), "frais": (None, "payant")}, {"frais": ("payant", None)}],
            {"nom": ("a", "b")},
            id="one-of-two-comes-back",
        ),
        pytest.param(
            [{"nom": ("a", "b")}, {}, {"publics": (None, ["jeunes"])}],
            {"nom": ("a", "b"), "publics": (None, ["jeunes"])},
            id="several-fields",
        ),
        pytest.param(
            [{"publics": (["jeunes"], None)}, {"publics": (None, ["jeunes"])}],
            {},
            id="equal-lists-are-the-same",
        ),
        pytest.param(
            [{"telephone": ("3949", None)}], {"telephone": ("3949", None)}, id="a-field-emptied"
        ),
    ],
)
def test_changes_add_up(changes: list[Changes], expected: Changes) -> None:
    revisions = [make_revision(rank, one) for rank, one in enumerate(changes, 1)]

    assert merged_changes(revisions) == expected


def test_revisions_are_left_as_they_are() -> None:
    first = make_revision(1, {"nom": ("a", "b")})

    merged_changes([first, make_revision(2, {"nom": ("b", "a")})])

    assert first.changes == {"nom": ("a", "b")}


# Plain JSON, as the record keeps it: text, nothing, lists, trees.
values = st.sampled_from([None, "", "a", 3, ["a"], ["a", "b"], {"fait": "age", "max": 25}])
states = st.fixed_dictionaries({"nom": values, "frais": values, "publics": values})


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


def revisions_between(history: list[State]) -> list[Revision]:
    """Returns one revision from each state to the next."""
    return [
        make_revision(rank, difference(before, after))
        for rank, (before, after) in enumerate(pairwise(history), 1)
    ]


@PROPERTY
@given(st.lists(states, min_size=1, max_size=6))
def test_revisions_together_are_the_difference_of_both_ends(history: list[State]) -> None:
    """A naive replay keeps every state whole, and compares the last with the first."""
    revisions = revisions_between(history)

    assert merged_changes(revisions) == difference(history[0], history[-1])


@PROPERTY
@given(st.lists(states, min_size=1, max_size=6), st.integers(0, 5))
def test_merging_in_two_steps_is_merging_at_once(history: list[State], cut: int) -> None:
    revisions = revisions_between(history)
    start, end = revisions[:cut], revisions[cut:]

    steps = [make_revision(1, merged_changes(start)), make_revision(2, merged_changes(end))]

    assert merged_changes(steps) == merged_changes(revisions)


@pytest.mark.parametrize(
    ("etat", "expected"),
    [
        (EtatPublication.PUBLIE, True),
        (EtatPublication.RETIRE, False),
        (EtatPublication.A_MODERER, False),
    ],
)
def test_only_a_published_listing_is_found(etat: EtatPublication, expected: bool) -> None:
    fiche = Fiche(
        ref=FicheRef(objet=OFFRE, id="offre-1"),
        value=make_offre(etat_publication=etat),
        structure=make_structure(),
        revision=1,
    )

    assert fiche.is_published is expected


def test_a_conflict_carries_the_newer_revisions_in_order() -> None:
    newer = [make_revision(2, {"nom": ("a", "b")}), make_revision(3, {"nom": ("b", "c")})]

    assert ModifieeEntretemps(newer).revisions == tuple(newer)


def test_nobody_holds_what_nobody_types() -> None:
    assert NOT_TYPED | {"date_maj", "derniere_confirmation"} == NEVER_HELD
    assert not NOT_TYPED & {"derniere_confirmation", ETAT}
