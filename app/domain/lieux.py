"""Finds places by name or postal code, offline: what a person types in “Où ?”.

Names are compared without case, accents and punctuation. Of homonyms, those of the territories
served come first, then the most populated.
"""

import bisect
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from app.domain.geographie import Geographie
from app.domain.noms import fold
from app.domain.territoire import CodeInsee, Commune, Zone

ARTICLES = frozenset(("l", "la", "le", "les"))
SUGGESTIONS = 8  # what fits under a field without scrolling
NEAR_CHARACTERS = 2  # letters missing or in excess in a misspelt name
MAX_PLACE_CHARACTERS = 45  # the longest name of a commune
POSTAL_CODE_LENGTH = 5
BIG_TOWN = 20_000  # inhabitants: its name alone in a sentence means the town


@dataclass(frozen=True, slots=True, kw_only=True)
class LieuSuggere:
    """A place to choose: its code and what to show."""

    code: CodeInsee
    libelle: str


class Notoriety(Enum):
    """How readily the bare name of a commune means that commune."""

    SERVED = auto()
    BIG_TOWN = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Named:
    """A commune found by its name."""

    code: CodeInsee
    notoriety: Notoriety


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noms:
    """What is found under a name or a postal code, the best first."""

    local: frozenset[CodeInsee]
    by_name: Mapping[str, list[Commune]]
    by_postal_code: Mapping[str, list[Commune]]
    words: frozenset[str]
    local_words: list[str]


class Lieux:
    """An index of the communes by name and postal code."""

    def __init__(
        self, geographie: Geographie, served: Zone, served_names: Iterable[str] = ()
    ) -> None:
        """`served` are the territories' communes, preferred among homonyms.

        `served_names` are the territories' own names, which no hamlet of that name may take.
        """
        self._geographie = geographie
        self.serve(served_names, served)

    def serve(self, names: Iterable[str], served: Zone | None = None) -> None:
        """Takes the territories' names and communes of now: they may have been changed."""
        self.served_names = frozenset(map(name_of_place, names))
        if served is None:
            return
        noms = _noms(self._geographie, served)
        self._local = noms.local
        self._by_name = noms.by_name
        self._by_postal_code = noms.by_postal_code
        self._words = noms.words
        self._sorted_names = list(noms.by_name)
        self.local_words = noms.local_words

    def has_word(self, word: str) -> bool:
        """True for a word of some commune's name."""
        return word in self._words

    def by_postal_code(self, code: str) -> CodeInsee | None:
        """Returns the most populated commune of a postal code."""
        found = self._by_postal_code.get(code)
        return max(found, key=lambda c: c.population).code if found else None

    def named(self, words: Iterable[str]) -> Named | None:
        """Returns the best commune of that very name; its leading article may be missing."""
        name = " ".join(_normal(words))
        found = self._by_name.get(name)
        if not found or name in self.served_names:
            return None
        best = found[0]
        if best.code in self._local:
            return Named(best.code, Notoriety.SERVED)
        is_big = best.population >= BIG_TOWN
        return Named(best.code, Notoriety.BIG_TOWN if is_big else Notoriety.OTHER)

    def homonyms(self, text: str) -> list[LieuSuggere]:
        """Returns every commune of that very name or postal code, the best first."""
        found = self._by_name.get(name_of_place(text)) or self._by_postal_code.get(text.strip())
        return [self._suggestion(commune) for commune in found or ()]

    def suggest(self, text: str, limit: int = SUGGESTIONS) -> list[LieuSuggere]:
        """Returns the communes whose name, or postal code, begins as typed, the best first."""
        typed = text.strip()
        if typed.isdigit():
            codes = sorted(c for c in self._by_postal_code if c.startswith(typed))
            found = [commune for code in codes[:200] for commune in self._by_postal_code[code]]
        else:
            found = self._beginning_with(name_of_place(typed))
        unique = {commune.code: commune for commune in found}
        best = sorted(
            unique.values(), key=lambda c: (c.code not in self._local, -c.population, c.code)
        )
        return [self._suggestion(commune) for commune in best[:limit]]

    def nearest(self, text: str, limit: int = 3) -> list[LieuSuggere]:
        """Returns the communes whose name is spelled most like this, for “did you mean”."""
        typed = name_of_place(text)[:MAX_PLACE_CHARACTERS]
        similar = [n for n in self._sorted_names if abs(len(n) - len(typed)) <= NEAR_CHARACTERS]
        close = difflib.get_close_matches(typed, similar, n=limit, cutoff=0.75)
        return [self._suggestion(self._by_name[name][0]) for name in close]

    def commune_of_address(self, text: str) -> CodeInsee | None:
        """Returns the commune that ends an address: its postal code, else its last words."""
        words = name_of_place(text).split()
        for word in reversed(words):
            if len(word) == POSTAL_CODE_LENGTH and word.isdigit():
                named = [c for c in self._by_postal_code.get(word, ()) if self._ends(c, words)]
                return named[0].code if named else self.by_postal_code(word)
        for first in range(1, len(words)):
            if (found := self.named(words[first:])) is not None:
                return found.code
        return None

    @staticmethod
    def _ends(commune: Commune, words: list[str]) -> bool:
        return " ".join(words).endswith(name_of_place(commune.nom))

    def label(self, code: CodeInsee) -> str:
        """Returns what to show for a commune: its name and département or postal code."""
        return self._suggestion(self._geographie.communes[code]).libelle

    def _beginning_with(self, prefix: str) -> list[Commune]:
        if not prefix:
            return []
        first = bisect.bisect_left(self._sorted_names, prefix)
        last = bisect.bisect_right(self._sorted_names, prefix + "\uffff")
        return [c for name in self._sorted_names[first:last] for c in self._by_name[name]]

    @staticmethod
    def _suggestion(commune: Commune) -> LieuSuggere:
        code = commune.codes_postaux[0] if commune.codes_postaux else commune.departement
        return LieuSuggere(code=commune.code, libelle=f"{commune.nom} ({code})")


_NOT_A_LETTER = re.compile(r"[^0-9a-z]+")
_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


def name_of_place(nom: str) -> str:
    """Returns the comparable form of a place's name: `St-Didier` reads as `saint didier`."""
    return " ".join(_normal(_NOT_A_LETTER.sub(" ", fold(nom)).split()))


@lru_cache(maxsize=4)
def _noms(geographie: Geographie, served: Zone) -> _Noms:
    """Returns the index of the names, which the sites of one process share: it never changes."""
    local = frozenset(
        geographie.whole_commune(place.code) for place in geographie.places_of(served)
    )
    communes = [c for c in geographie.communes.values() if c.parent is None]
    names = _names(geographie)
    by_name: dict[str, list[Commune]] = {}
    by_postal_code: dict[str, list[Commune]] = {}
    for commune in sorted(communes, key=lambda c: (c.code not in local, -c.population, c.code)):
        name = names[commune.code]
        by_name.setdefault(name, []).append(commune)
        article, _, rest = name.partition(" ")
        if article in ARTICLES and " " in rest:  # “isle sur la sorgue”, but not “garde”
            by_name.setdefault(rest, []).append(commune)
        for code in commune.codes_postaux:
            by_postal_code.setdefault(code, []).append(commune)
    return _Noms(
        local=local,
        by_name={name: by_name[name] for name in sorted(by_name)},
        by_postal_code=by_postal_code,
        words=frozenset(word for name in by_name for word in name.split()),
        local_words=sorted(w for code in local for w in names[code].split() if len(w) > 3),
    )


@lru_cache(maxsize=4)
def _names(geographie: Geographie) -> Mapping[CodeInsee, str]:
    """Returns the comparable name of every commune; 35,000 of them take a third of a second."""
    return {commune.code: name_of_place(commune.nom) for commune in geographie.communes.values()}


def _normal(words: Iterable[str]) -> list[str]:
    return [_ABBREVIATIONS.get(word, word) for word in words]
