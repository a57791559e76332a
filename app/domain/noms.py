"""Names compared as a reader compares them: without case, accents, punctuation or spacing."""

import re
import unicodedata

_NOT_A_WORD = re.compile(r"[^0-9a-z]+")
_SMALL_WORDS = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les")
)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})


def fold(text: str) -> str:
    """Returns the text in lower case without accents; ligatures are spelled out.

    >>> fold("Cœur Été")
    'coeur ete'
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def name_key(nom: str) -> str:
    """Returns the key under which two spellings of one name are equal; small words do not count.

    >>> name_key("Bibliothèque de L'Isle-sur-la-Sorgue")
    'bibliotheque isle sur sorgue'
    """
    words = _NOT_A_WORD.sub(" ", fold(nom)).split()
    return " ".join(word for word in words if word not in _SMALL_WORDS) or " ".join(words)
