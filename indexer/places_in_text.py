"""Finds the place in a query: a postal code, or the name of a commune that is surely meant.

Hundreds of villages are called like ordinary words (Ligné, Son, La Garde), so a name is believed
only by what surrounds it. Wrongly sending somebody elsewhere is worse than missing a place, which
the person can still type in its own field.
"""

from collections.abc import Set
from dataclasses import dataclass

from app.domain.lieux import Lieux, Notoriety
from app.domain.territoire import CodeInsee
from indexer.analysis import stop_words, token_of
from indexer.lexique import Lexique

PLACE_WORDS = frozenset(
    ("a", "au", "aux", "autour", "dans", "de", "du", "en", "pres", "proche", "sur", "vers")
)
ANNOUNCING = frozenset(("a", "au", "aux", "d", "de", "sur", "vers"))
LONGEST_NAME = 7  # words: “Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson”


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A commune, and the positions of the words that name it, linking words before it included."""

    code: CodeInsee
    taken: range


class PlaceFinder:
    """Looks for a commune among the words of a query, the longest name first."""

    def __init__(self, lieux: Lieux, lexique: Lexique) -> None:
        self._lieux = lieux
        self._lexique = lexique

    def find(self, typed: list[str], taken: Set[int]) -> PlaceFound | None:
        """Returns the place of a query; positions `taken` belong to recognised expressions."""
        for size in range(min(LONGEST_NAME, len(typed)), 0, -1):
            for first in range(len(typed) - size + 1):
                if taken.isdisjoint(range(first, first + size)):
                    code = self._place_at(typed, first, size)
                    if code is not None:
                        return PlaceFound(code, words_of_place(typed, first, size))
        return None

    def _place_at(self, typed: list[str], first: int, size: int) -> CodeInsee | None:
        name = typed[first : first + size]
        if size == 1 and name[0].isdigit():
            return self._lieux.by_postal_code(name[0])
        found = self._lieux.named(name)
        if found is None:
            return None
        announced = first > 0 and typed[first - 1] in ANNOUNCING
        ends = first + size == len(typed)
        means_something = all(self._lexique.is_word(word) for word in name)
        match found.notoriety:
            case Notoriety.SERVED:
                is_meant = announced or not means_something or (ends and not self._is_need(name))
            case Notoriety.BIG_TOWN:
                is_meant = announced or (ends and not self._is_need(name))
            case Notoriety.OTHER:
                is_meant = not means_something
        return found.code if is_meant else None

    def _is_need(self, name: list[str]) -> bool:
        return len(name) == 1 and (
            name[0] in stop_words() or (token_of(name[0]),) in self._lexique.termes
        )


def words_of_place(
    typed: list[str], first: int, size: int, leading: frozenset[str] = PLACE_WORDS
) -> range:
    """Returns the positions of a name and of the words that lead to it."""
    start = first
    while start and typed[start - 1] in leading:
        start -= 1
    return range(start, first + size)
