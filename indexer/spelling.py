"""Mends the spelling of a query: an unknown word becomes the nearest known one, if any is near."""

from collections.abc import Callable, Iterable
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.domain.lieux import Lieux
from indexer.analysis import token_of
from indexer.lexique import Lexique

SHORTEST_CORRECTED = 4  # shorter words have too many neighbours one letter away
ONE_TYPO_UP_TO = 6  # letters: longer words may hold two
MAX_CORRECTED = 6  # words: a query with more unknown ones is not French


class Spelling:
    """Corrects the words that neither the lexicon, nor the places, nor the listings know."""

    def __init__(
        self,
        lexique: Lexique,
        lieux: Lieux,
        known_tokens: Callable[[Iterable[str]], frozenset[str]],
    ) -> None:
        self._lexique = lexique
        self._lieux = lieux
        self._known_tokens = known_tokens

    @cached_property
    def _spellings(self) -> list[str]:
        """What a misspelt word may be, listed once one is met."""
        return self._lexique.candidates()

    def correct(self, typed: list[str]) -> list[str]:
        """Returns the words, one for one, with the misspelt ones mended."""
        unsure = [word for word in typed if self._may_be_misspelt(word)][:MAX_CORRECTED]
        in_index = self._known_tokens([token_of(word) for word in unsure]) if unsure else set()
        return [
            self._nearest(word) if word in unsure and token_of(word) not in in_index else word
            for word in typed
        ]

    def _may_be_misspelt(self, word: str) -> bool:
        return (
            len(word) >= SHORTEST_CORRECTED
            and word.isalpha()
            and not self._lexique.is_known(word)
            and not self._lieux.has_word(word)
        )

    def _nearest(self, word: str) -> str:
        """Returns the commonest of the nearest known spellings, or the word itself."""
        limit = 1 if len(word) <= ONE_TYPO_UP_TO else 2
        near = process.extract(
            word,
            self._spellings + self._lieux.local_words,  # territories may be added meanwhile
            scorer=OSA.distance,
            score_cutoff=limit,
            limit=20,
        )

        def preference(found: tuple[str, float, int]) -> tuple[float, bool, bool, int]:
            is_of_field, count = self._lexique.commonness(found[0])
            return (found[1], found[0][0] != word[0], not is_of_field, -count)

        return min(near, key=preference)[0] if near else word
