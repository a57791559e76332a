"""Keeps a list from being one structure's: its 4th and later offers fold under its 3rd."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

FOLD_AFTER = 3  # design section 5: the 4th and later offers of one structure fold under its 3rd

T = TypeVar("T")


def fold(cards: Sequence[T], structure_of: Callable[[T], Hashable]) -> list[tuple[T, Sequence[T]]]:
    """Returns the cards that show, in place, each with those that fold under it."""
    places: dict[Hashable, list[int]] = {}
    kept: list[tuple[T, list[T]]] = []
    for card in cards:
        ranks = places.setdefault(structure_of(card), [])
        if len(ranks) >= FOLD_AFTER:
            kept[ranks[FOLD_AFTER - 1]][1].append(card)
            continue
        ranks.append(len(kept))
        kept.append((card, []))
    return list(kept)
