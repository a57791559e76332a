"""Words of a sentence that belong to no need: a street address, an age, an auxiliary.

An address cuts an expression in two (“115 rue Pasteur” is not the number to call, “je vis rue
Pasteur” is not life in the street); the others vanish inside one (“mon fils de 14 ans fugue”, “le
gaz a été coupé”).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

_WAYS = frozenset(
    (
        "allee",
        "av",
        "avenue",
        "bd",
        "boulevard",
        "chemin",
        "cours",
        "impasse",
        "passage",
        "place",
        "quai",
        "route",
        "rue",
        "square",
    )
)
# A street that these come before is none in particular: “à la rue”.
_ARTICLES = frozenset(("cette", "de", "des", "la", "les", "leur", "ma", "une"))
_REPEATED = frozenset(("b", "bis", "ter", "quater"))
_UNITS_OF_AGE = frozenset(("an", "ans", "mois"))
_AUXILIARIES = frozenset(("a", "ai", "as", "avait", "avons", "avez", "ont"))


@dataclass(frozen=True, slots=True)
class Asides:
    """The positions of these words in one query."""

    address: frozenset[int]
    vanishing: frozenset[int]

    @classmethod
    def of(cls, typed: Sequence[str]) -> Self:
        """Finds them among the words of a query."""
        return cls(address_ranks(typed), vanishing_ranks(typed))


def address_ranks(typed: Sequence[str]) -> frozenset[int]:
    """Returns the positions of the number and of the kind of way of every street address.

    >>> sorted(address_ranks("j habite 115 bis rue pasteur".split()))
    [2, 3, 4]
    >>> address_ranks("je vis a la rue depuis mars".split())
    frozenset()
    """
    return frozenset(
        rank for at, word in enumerate(typed) if word in _WAYS for rank in _address_at(typed, at)
    )


def _address_at(typed: Sequence[str], at: int) -> range:
    first = at
    if first and typed[first - 1] in _REPEATED:
        first -= 1
    if first and typed[first - 1].isdigit():
        return range(first - 1, at + 1)
    # Without a number only a street is surely an address: a “place” may be one in a crèche.
    is_street = typed[at] == "rue" and at + 1 < len(typed)
    is_named = is_street and not (at and typed[at - 1] in _ARTICLES)
    return range(at, at + 1) if is_named else range(0)


def vanishing_ranks(typed: Sequence[str]) -> frozenset[int]:
    """Returns the positions of ages and of “été” after an auxiliary.

    >>> sorted(vanishing_ranks("mon fils de 14 ans a ete frappe".split()))
    [3, 4, 6]
    >>> vanishing_ranks("emploi d ete".split())
    frozenset()
    """
    ranks: set[int] = set()
    for at in range(1, len(typed)):
        before, word = typed[at - 1], typed[at]
        if word in _UNITS_OF_AGE and before.isdigit():
            ranks.update((at - 1, at))
        elif word == "ete" and before in _AUXILIARIES:
            ranks.add(at)
    return frozenset(ranks)
