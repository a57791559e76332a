"""Reads what a person typed: spelling first, then the place, then needs and synonyms, then words.

What is recognised becomes groups of tokens (`app.domain.texte`); the rest is left as typed. Facts
about the person are never deduced from a query.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.domain.lecture import LectureRequete
from app.domain.lieux import Lieux
from app.domain.noms import fold
from app.domain.territoire import CodeInsee
from app.domain.texte import Groupe, RequeteTexte
from indexer.analysis import LINKING_WORDS, stop_words, token_of, words
from indexer.lexique import Lexique
from indexer.places_in_text import PlaceFinder

SHORTEST_CORRECTED = 4  # shorter words have too many neighbours one letter away
ONE_TYPO_UP_TO = 6  # letters: longer words may hold two
MAX_CORRECTED = 6  # words: a query with more unknown ones is not French
NEED_WEIGHT = 1.0  # a need named in full is what the person came for


@dataclass(frozen=True, slots=True)
class _Read:
    groupe: Groupe
    mots: str
    size: int


class LexiconQueryReader:
    """Reads queries with the shipped lexicon, the places of France and the index's own words."""

    def __init__(
        self,
        lexique: Lexique,
        lieux: Lieux,
        known_tokens: Callable[[Iterable[str]], frozenset[str]],
    ) -> None:
        self._lexique = lexique
        self._lieux = lieux
        self._known_tokens = known_tokens
        self._places = PlaceFinder(lieux, lexique)
        self._spellings = lexique.candidates() + lieux.local_words

    def read(self, q: str, *, with_place: bool) -> LectureRequete:
        """Returns the reading of a query; a place is looked for only when asked."""
        typed = words(q)
        corrected = self._correct(typed)
        lieu, rest = self._take_place(corrected) if with_place else (None, corrected)
        read = list(self._groups(rest))
        groups = [found.groupe for found in read]
        texte = RequeteTexte(tuple(groups)) if groups else None
        besoins = frozenset(t for group in groups for t in group.thematiques)
        correction = _as_typed(q, typed, corrected) if corrected != typed else None
        return LectureRequete(
            texte=texte,
            mots=tuple(found.mots for found in read),
            lieu=lieu,
            besoins=besoins,
            correction=correction,
        )

    def _correct(self, typed: list[str]) -> list[str]:
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
            word, self._spellings, scorer=OSA.distance, score_cutoff=limit, limit=20
        )

        def preference(found: tuple[str, float, int]) -> tuple[float, bool, bool, int]:
            is_of_field, count = self._lexique.commonness(found[0])
            return (found[1], found[0][0] != word[0], not is_of_field, -count)

        return min(near, key=preference)[0] if near else word

    def _take_place(self, typed: list[str]) -> tuple[CodeInsee | None, list[str]]:
        """Finds the place, outside of recognised expressions, and takes it out of the words."""
        at = [rank for rank, word in enumerate(typed) if word not in LINKING_WORDS]
        content = [typed[rank] for rank in at]
        taken: set[int] = set()
        for first in range(len(content)):
            read = self._longest_term(content, first)
            if read is not None and read.size > 1:
                taken.update(range(at[first], at[first + read.size - 1] + 1))
        found = self._places.find(typed, taken)
        return (found.code, found.rest) if found else (None, typed)

    def _groups(self, typed: list[str]) -> Iterator[_Read]:
        content = [word for word in typed if word not in LINKING_WORDS]
        first = 0
        while first < len(content):
            read = self._longest_term(content, first)
            if read is not None:
                yield read
                first += read.size
                continue
            word = content[first]
            # The whole catalogue is about the territories served: their names choose nothing.
            if word not in stop_words() and word not in self._lieux.served_names:
                yield _Read(self._word_group(word), word, 1)
            first += 1

    def _longest_term(self, content: list[str], first: int) -> _Read | None:
        for last in range(min(len(content), first + 2 * self._lexique.longest) - 1, first - 1, -1):
            inner = [w for w in content[first + 1 : last] if w not in stop_words()]
            ends = content[first : first + 1] + inner + content[last : last + 1][: last - first]
            phrase = tuple(token_of(word) for word in ends)
            terme = self._lexique.termes.get(phrase)
            if terme is None or (len(phrase) == 1 and content[first] in stop_words()):
                continue
            weight = NEED_WEIGHT if terme.thematiques else self._weight(phrase)
            groupe = Groupe(poids=weight, phrases=terme.phrases, thematiques=terme.thematiques)
            return _Read(groupe, " ".join(content[first : last + 1]), last - first + 1)
        return None

    def _word_group(self, word: str) -> Groupe:
        phrase = (token_of(word),)
        return Groupe(poids=self._weight(phrase), phrases=frozenset((phrase,)))

    def _weight(self, phrase: tuple[str, ...]) -> float:
        return max(self._lexique.weight(token) for token in phrase)


def _as_typed(q: str, typed: list[str], corrected: list[str]) -> str:
    """Returns the query with the corrected words in place, the rest as the person wrote it."""
    text, position = q, 0
    for before, after in zip(typed, corrected, strict=True):
        folded = fold(text)
        at = folded.find(before, position)
        if at < 0 or len(folded) != len(text):
            return " ".join(corrected)
        if before != after:
            text = text[:at] + after + text[at + len(before) :]
        position = at + len(after)
    return text
