"""Names compared as a reader compares them: without case, accents, punctuation or spacing."""

import re
import unicodedata

_NOT_A_WORD = re.compile(r"[^0-9a-z]+")
_SMALL_WORDS = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les")
)
_LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss"}


def _base(char: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _LIGATURES.get(char, char))
    return "".join(part for part in decomposed if not unicodedata.combining(part))


# The letters of European languages, prepared once: listings are mostly made of them.
_FOLDED = {code: _base(chr(code)) for code in range(0x80, 0x250)}


def fold(text: str) -> str:
    """Returns the text in lower case without accents; ligatures are spelled out.

    >>> fold("Cœur Été")
    'coeur ete'
    """
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    folded = lowered.translate(_FOLDED)
    return folded if folded.isascii() else "".join(map(_base, folded))


def name_key(nom: str) -> str:
    """Returns the key under which two spellings of one name are equal; small words do not count.

    >>> name_key("Bibliothèque de L'Isle-sur-la-Sorgue")
    'bibliotheque isle sur sorgue'
    """
    words = _NOT_A_WORD.sub(" ", fold(nom)).split()
    return " ".join(word for word in words if word not in _SMALL_WORDS) or " ".join(words)
