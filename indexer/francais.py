"""The words of the French language, as the package `pyspellchecker` lists them."""

from collections.abc import Mapping
from functools import cache

from app.domain.noms import fold


@cache
def french_words() -> Mapping[str, int]:
    """Returns each word, folded, with how common it is; read once, and never changed."""
    # The list takes a third of a second to read, which commands need not pay.
    from spellchecker import SpellChecker

    words: dict[str, int] = {}
    for mot, count in SpellChecker(language="fr").word_frequency.dictionary.items():
        word = fold(mot)
        words[word] = max(count, words.get(word, 0))
    return words
