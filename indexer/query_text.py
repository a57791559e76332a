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

SHORTEST_CORRECTED = 4  # shorter words have too many neighbours one letter away
ONE_TYPO_UP_TO = 6  # letters: longer words may hold two
PLACE_WORDS = frozenset(
    ["a", "au", "aux", "dans", "de", "du", "en", "pres", "sur", "vers", "autour", "proche"]
)
LONGEST_PLACE_NAME = 7  # words of “Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson”, and less
NEED_WEIGHT = 1.0  # a need named in full is what the person came for


@dataclass(frozen=True, slots=True)
class _Read:
    groupe: Groupe
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
        self._spellings = lexique.candidates() + lieux.local_words

    def read(self, q: str, *, with_place: bool) -> LectureRequete:
        """Returns the reading of a query; a place is looked for only when asked."""
        typed = words(q)
        corrected = self._correct(typed)
        lieu, rest = self._take_place(corrected) if with_place else (None, corrected)
        groups = list(self._groups(rest))
        texte = RequeteTexte(tuple(groups)) if groups else None
        besoins = frozenset(t for group in groups for t in group.thematiques)
        correction = _as_typed(q, typed, corrected) if corrected != typed else None
        return LectureRequete(texte=texte, lieu=lieu, besoins=besoins, correction=correction)

    def _correct(self, typed: list[str]) -> list[str]:
        unsure = [word for word in typed if self._may_be_misspelt(word)]
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
        """Finds the longest name of a commune, or a postal code, and takes it out of the words."""
        for size in range(min(LONGEST_PLACE_NAME, len(typed)), 0, -1):
            for first in range(len(typed) - size + 1):
                found = self._place_at(typed, first, size)
                if found is not None:
                    before = typed[:first]
                    while before and before[-1] in PLACE_WORDS:
                        before.pop()
                    return found, before + typed[first + size :]
        return None, typed

    def _place_at(self, typed: list[str], first: int, size: int) -> CodeInsee | None:
        name = typed[first : first + size]
        if size == 1 and name[0].isdigit():
            return self._lieux.by_postal_code(name[0])
        announced = first > 0 and typed[first - 1] in PLACE_WORDS
        is_plain_word = size == 1 and (
            name[0] in stop_words() or (token_of(name[0]),) in self._lexique.termes
        )
        if is_plain_word and not announced:
            return None
        common = size == 1 and self._lexique.is_known(name[0])
        return self._lieux.by_name(name, anywhere=announced or not common)

    def _groups(self, typed: list[str]) -> Iterator[Groupe]:
        content = [word for word in typed if word not in LINKING_WORDS]
        first = 0
        while first < len(content):
            read = self._longest_term(content, first)
            if read is not None:
                yield read.groupe
                first += read.size
                continue
            word = content[first]
            if word not in stop_words():
                yield self._word_group(word)
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
            return _Read(groupe, last - first + 1)
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
