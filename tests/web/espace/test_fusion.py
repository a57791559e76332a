"""Two people at once: a merge of three versions, compared with one written apart."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.espace.fusion import Conflit, differences, merged
from tests.strategies import LOGIC

Record = dict[str, object]
CHAMPS = ("nom", "frais", "publics", "places_disponibles", "adresse_confidentielle", "eligibilite")
SILENCE: list[object] = [None, "", [], {}, False, "non"]
VALUES: list[object] = [
    *SILENCE,
    True,
    "oui",
    "gratuit",
    3,
    4.5,
    ["jeunes"],
    ["jeunes", "femmes"],
    {"toutes": []},
    {"fait": "age", "min": 16},
]
_VALUE = st.sampled_from([*VALUES, *SILENCE])
_RECORD = st.dictionaries(st.sampled_from(CHAMPS), _VALUE)


@st.composite
def versions(draw: st.DrawFn) -> tuple[Record, Record, Record]:
    """One listing, what I made of it and what they made of it: most fields are left alone."""
    base = draw(_RECORD)
    mine, theirs = (
        {**base, **draw(st.dictionaries(st.sampled_from(CHAMPS), _VALUE, max_size=3))}
        for _ in range(2)
    )
    return base, mine, theirs


def changes_of(base: Record, theirs: Record) -> dict[str, tuple[object, object]]:
    """Returns what a history says that they changed."""
    pairs = {champ: (base.get(champ), theirs.get(champ)) for champ in CHAMPS}
    return {champ: pair for champ, pair in pairs.items() if not is_same(*pair)}


def is_silent(value: object) -> bool:
    return value is None or value is False or value in ("", "non") or value in ([], {})


def is_same(one: object, other: object) -> bool:
    return one == other or (is_silent(one) and is_silent(other))


@LOGIC
@given(versions())
def test_each_keeps_what_they_alone_changed(told: tuple[Record, Record, Record]) -> None:
    base, mine, theirs = told
    fusion = merged(mine, theirs, changes_of(base, theirs))

    for champ in CHAMPS:
        before, my, their = base.get(champ), mine.get(champ), theirs.get(champ)
        says = fusion.record.get(champ)
        if is_same(my, their):
            assert is_same(says, my)
            continue
        i_did, they_did = not is_same(my, before), not is_same(their, before)
        assert says == (their if they_did and not i_did else my)
        assert (champ in fusion.reprises) is (they_did and not i_did)
        both = [c for c in fusion.conflits if c.champ == champ]
        assert len(both) == (i_did and they_did)
        for conflit in both:
            assert is_same(conflit.mienne, my)
            assert is_same(conflit.leur, their)


@LOGIC
@given(versions())
def test_what_is_said_alike_is_neither_taken_nor_disputed(
    told: tuple[Record, Record, Record],
) -> None:
    base, mine, theirs = told
    fusion = merged(mine, theirs, changes_of(base, theirs))

    named = [*fusion.reprises, *(conflit.champ for conflit in fusion.conflits)]
    assert len(named) == len(set(named))
    assert not [champ for champ in named if is_same(mine.get(champ), theirs.get(champ))]


@LOGIC
@given(versions())
def test_merging_changes_no_version_and_settles_at_once(
    told: tuple[Record, Record, Record],
) -> None:
    base, mine, theirs = deepcopy(told)
    fusion = merged(mine, theirs, changes_of(base, theirs))
    assert (base, mine, theirs) == told

    again = merged(fusion.record, theirs, {})

    assert again.record == fusion.record
    assert (list(again.conflits), list(again.reprises)) == ([], [])


def test_nobody_else_changed_anything() -> None:
    mine: Record = {"nom": "Permis", "frais": None}

    fusion = merged(mine, {"nom": "Code"}, {})

    assert (fusion.record, fusion.conflits, fusion.reprises) == (mine, [], [])


def test_a_field_that_they_emptied_is_emptied() -> None:
    fusion = merged(
        {"nom": "Permis", "frais": "payant"}, {"nom": "Permis"}, {"frais": ("payant", None)}
    )

    assert fusion.record["frais"] is None
    assert fusion.reprises == ["frais"]


def test_a_field_that_both_changed_is_mine_until_one_chooses() -> None:
    fusion = merged({"nom": "Permis B"}, {"nom": "Le permis"}, {"nom": ("Permis", "Le permis")})

    assert fusion.record == {"nom": "Permis B"}
    assert fusion.conflits == [Conflit(champ="nom", leur="Le permis", mienne="Permis B")]
    assert fusion.reprises == []


@pytest.mark.parametrize("zero", [0, 0.0])
def test_no_place_left_is_not_silence(zero: float) -> None:
    """0 says that an offer is full; nothing says that its places are not counted."""
    theirs: Record = {"places_disponibles": zero}

    fusion = merged({}, theirs, {"places_disponibles": (None, zero)})

    assert fusion.record == theirs
    assert fusion.reprises == ["places_disponibles"]
    assert differences({}, theirs) == {"places_disponibles": (None, zero)}


def test_being_full_is_not_lost_to_who_empties_the_field() -> None:
    fusion = merged({}, {"places_disponibles": 0}, {"places_disponibles": (5, 0)})

    assert fusion.conflits == [Conflit(champ="places_disponibles", leur=0, mienne=None)]


@LOGIC
@given(_RECORD, _RECORD)
def test_differences_are_what_is_said_otherwise(before: Record, after: Record) -> None:
    found = differences(before, after)

    expected = {champ for champ in CHAMPS if not is_same(before.get(champ), after.get(champ))}
    assert found.keys() == expected
    for champ, (one, other) in found.items():
        assert is_same(one, before.get(champ))
        assert is_same(other, after.get(champ))
