"""How good an order is, from graded judgements: the normalised discounted cumulative gain."""

import math
from collections.abc import Sequence
from typing import Protocol

RANKS = 10


class Graded(Protocol):
    """A judgement of one key, and what it is worth when it is shown."""

    @property
    def cle(self) -> str:
        """The key."""
        ...

    @property
    def gain(self) -> int:
        """The gain."""
        ...


def ndcg(keys: Sequence[Graded | None], jugements: Sequence[Graded]) -> float:
    """Returns the normalised gain of the first ranks; None is an offer that nobody judged."""
    ranked = (keys[position] for position in ranks(keys))
    best = _discounted(sorted((j.gain for j in jugements), reverse=True))
    return _discounted([j.gain if j else 0 for j in ranked]) / best if best else 1.0


def ranks(keys: Sequence[Graded | None]) -> list[int]:
    """Returns the positions that take a rank: a key at its first one, and what nobody judged."""
    seen: set[str] = set()
    positions: list[int] = []
    for position, jugement in enumerate(keys):
        if jugement is None:
            positions.append(position)
        elif jugement.cle not in seen:
            seen.add(jugement.cle)
            positions.append(position)
    return positions


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains[:RANKS]))
