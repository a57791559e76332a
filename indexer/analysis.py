"""Text to tokens, once for both engines and for both sides: listings and queries.

A token is a word without case, accents and inflection. Field words that the stemmer would confuse
are protected (`mots_proteges.txt`). A change of these files changes the index: `fingerprint()` is
part of its version.
"""

import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path

import snowballstemmer

from app.domain.noms import fold

_HERE = Path(__file__).parent
_WORD = re.compile(r"[^\W_]+")  # letters and digits of any script
_SHORTEST_STEMMED = 4  # shorter words have no inflection that the stemmer knows
# Never tokens, not even inside a phrase: they link words and say nothing.
LINKING_WORDS = frozenset(
    [
        "a",
        "au",
        "aux",
        "c",
        "d",
        "de",
        "des",
        "du",
        "en",
        "et",
        "j",
        "l",
        "la",
        "le",
        "les",
        "m",
        "n",
        "qu",
        "s",
        "t",
        "un",
        "une",
        "y",
    ]
)


def words(text: str) -> list[str]:
    """Returns the words of a text, without case and accents, linking words included."""
    return _WORD.findall(fold(text))


def spans(text: str) -> list[tuple[int, int]]:
    """Returns where each word begins and ends; right for a text that folding does not lengthen."""
    folded = fold(text)
    return [m.span() for m in _WORD.finditer(folded)] if len(folded) == len(text) else []


@lru_cache(maxsize=2_000)  # feeds repeat structures' names and kinds of descriptions
def tokens(text: str) -> tuple[str, ...]:
    """Returns the tokens of a text in order, without linking words.

    >>> tokens("L'aide à la garde d'enfants")
    ('aide', 'garde', 'enfant')
    """
    return tuple(token_of(word) for word in words(text) if word not in LINKING_WORDS)


@lru_cache(maxsize=200_000)
def token_of(word: str) -> str:
    """Returns the token of one word already without case and accents."""
    protected = _protected().get(word)
    if protected is not None:
        return protected
    if len(word) < _SHORTEST_STEMMED or not word.isalpha():
        return word
    stem: str = _stemmer().stemWord(_masculine(word))
    return stem


def _masculine(word: str) -> str:
    """Spells -ée and -ière as -é and -ier: without accents the stemmer no longer sees them."""
    if word.endswith(("ee", "ees")):
        return word.rstrip("s").removesuffix("e")
    if word.endswith(("iere", "ieres")):
        return word.rstrip("s").removesuffix("e").removesuffix("er") + "er"
    return word


@cache
def stop_words() -> frozenset[str]:
    """The words of a query that say nothing of the need."""
    return frozenset(_lines("mots_vides.txt"))


@cache
def fingerprint() -> str:
    """A short digest of what changes tokens; an index of another one must be rebuilt."""
    digest = hashlib.blake2b(digest_size=4)
    for part in (*sorted(LINKING_WORDS), *_lines("mots_proteges.txt")):
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("french")


@cache
def _protected() -> dict[str, str]:
    table = {}
    for line in _lines("mots_proteges.txt"):
        forms, _, token = line.partition("->")
        for form in forms.split(","):
            table[form.strip()] = token.strip()
    return table


def _lines(name: str) -> list[str]:
    """Returns the lines of a word file without comments."""
    text = (_HERE / name).read_text(encoding="utf-8")
    stripped = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return [line for line in stripped if line]


def synonym_lines() -> list[str]:
    """Returns the synonym groups as written, without their sources."""
    return _lines("synonymes.txt")


def tournure_lines() -> list[str]:
    """Returns the plain ways of saying a need as written, without their sources."""
    return _lines("tournures.txt")
