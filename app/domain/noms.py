"""Names compared as a reader compares them: without case, accents, punctuation or spacing."""

import re
import unicodedata

_NOT_A_WORD = re.compile(r"[^0-9a-z]+")
_SMALL_WORDS = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les")
)
_LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss"}


class _Folding(dict[int, str]):
    """What each character becomes, worked out the first time that it is met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        decomposed = unicodedata.normalize("NFKD", _LIGATURES.get(char, char))
        self[code] = "".join(part for part in decomposed if not unicodedata.combining(part))
        return self[code]


_FOLDING = _Folding()


def is_encodable(text: str) -> bool:
    """False for a text with half a character: JSON can say one, no file can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def fold(text: str) -> str:
    """Returns the text in lower case without accents; ligatures are spelled out.

    >>> fold("Cœur Été")
    'coeur ete'
    """
    lowered = text.lower()
    return lowered if lowered.isascii() else lowered.translate(_FOLDING)


def name_key(nom: str) -> str:
    """Returns the key under which two spellings of one name are equal; small words do not count.

    >>> name_key("Bibliothèque de L'Isle-sur-la-Sorgue")
    'bibliotheque isle sur sorgue'
    """
    words = _NOT_A_WORD.sub(" ", fold(nom)).split()
    return " ".join(word for word in words if word not in _SMALL_WORDS) or " ".join(words)
