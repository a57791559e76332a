"""Reads what a person typed: spelling first, then the place, then needs and synonyms, then words.

What is recognised becomes groups of tokens (`app.domain.texte`); the rest is left as typed. Facts
about the person are never deduced from a query.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from app.domain.lecture import Element, LectureRequete
from app.domain.lieux import ARTICLES, Lieux
from app.domain.mots import MotsLocaux
from app.domain.territoire import CodeInsee
from app.domain.texte import Groupe, Phrase, RequeteTexte
from indexer.analysis import LINKING_WORDS, skipped_words, stop_words, token_of, words
from indexer.asides import Asides
from indexer.lexique import Lexique, Terme
from indexer.places_in_text import PLACE_WORDS, PlaceFinder, PlaceFound, words_of_place
from indexer.spelling import Spelling
from indexer.typed_text import TypedText

NEED_WEIGHT = 1.0  # a need named in full is what the person came for
# Beside the need that it names, a word of a sentence is a hint: chosen on the judged searches.
STORY_WEIGHT = 0.25
MAX_STORY_WORDS = 8  # of a long sentence, the first words that say something
# Who says “I”, or asks, tells a story: what helps is what is needed, not every word of it.
TELLING = frozenset(
    [
        "aimerais",
        "besoin",
        "cherche",
        "cherchons",
        "chui",
        "chuis",
        "comment",
        "j",
        "jai",
        "je",
        "m",
        "ma",
        "me",
        "mes",
        "moi",
        "mon",
        "nos",
        "notre",
        "nous",
        "pas",
        "veut",
        "veux",
        "voudrais",
    ]
)


@dataclass(frozen=True, slots=True)
class _Read:
    """A group and the positions of its words, with what the lexicon knows of it."""

    groupe: Groupe
    at: range
    terme: Terme | None = None

    @property
    def names_a_need(self) -> bool:
        """True for a need, and for whatever a plain way of saying stands for."""
        return bool(self.groupe.thematiques) or (self.terme is not None and self.terme.est_tournure)


class LexiconQueryReader:
    """Reads queries with the shipped lexicon, the places of France and the index's own words."""

    def __init__(
        self,
        lexique: Lexique,
        lieux: Lieux,
        known_tokens: Callable[[Iterable[str]], frozenset[str]],
        surnoms: Mapping[tuple[str, ...], CodeInsee] | None = None,
    ) -> None:
        """`surnoms` are what communes are called besides their names, as words."""
        self._surnoms = surnoms or {}
        self._known_tokens = known_tokens
        self._lexique = lexique
        self._lieux = lieux
        self._places = PlaceFinder(lieux, lexique)
        self._spelling = Spelling(lexique, lieux, known_tokens)

    def with_local(self, locaux: MotsLocaux) -> "LexiconQueryReader":
        """Returns a reader that also understands local words, and no line that is turned off."""
        surnoms: dict[tuple[str, ...], CodeInsee] = {}
        doubtful = set()
        for mot in locaux.mots:
            if mot.lieu is None:
                continue
            for name in (tuple(words(nom)) for nom in mot.noms):
                if surnoms.setdefault(name, mot.lieu) != mot.lieu:  # two towns, two territories
                    doubtful.add(name)
        known = {name: code for name, code in surnoms.items() if name not in doubtful}
        return LexiconQueryReader(
            self._lexique.with_local(locaux), self._lieux, self._known_tokens, known
        )

    def read(self, q: str, *, with_place: bool, territoire: str | None = None) -> LectureRequete:
        """Returns the reading of a query; a place is looked for only when asked.

        These words are the same in all territories.
        """
        typed = words(q)
        corrected = self._spelling.correct(typed)
        text = TypedText.of(q, typed, corrected)
        asides = Asides.of(corrected)
        lieu, taken = self._place(corrected, asides) if with_place else (None, range(0))
        at = [rank for rank in range(len(corrected)) if rank not in taken]
        read = list(self._groups(corrected, asides, at))
        terms = [found.terme for found in read if found.terme is not None]
        needs = _needs_told(read, corrected)
        return LectureRequete(
            texte=_told(needs, read) if needs else _all_of(read),
            elements=_elements(text, needs or read),
            est_recit=bool(needs),
            lieu=lieu,
            sans_lieu=text.without(taken) if lieu is not None else None,
            besoins=frozenset[str]().union(*(found.groupe.thematiques for found in read)),
            urgences=tuple(dict.fromkeys(chain(*(terme.urgences for terme in terms)))),
            correction=text.text if corrected != typed else None,
        )

    def read_literally(self, q: str) -> LectureRequete:
        """Returns the words alone: no place, no need, no synonym, no correction."""
        typed = words(q)
        text = TypedText.of(q, typed, typed)
        read = [
            _Read(self._word_group(word), range(rank, rank + 1))
            for rank, word in enumerate(typed)
            if word not in LINKING_WORDS and word not in stop_words()
        ]
        return LectureRequete(
            texte=_all_of(read),
            elements=_elements(text, read),
        )

    def _place(self, typed: list[str], asides: Asides) -> tuple[CodeInsee | None, range]:
        """Finds the place, outside of recognised expressions, and the words that name it."""
        at = [rank for rank, word in enumerate(typed) if word not in LINKING_WORDS]
        taken: set[int] = set()
        for first in range(len(at)):
            read = self._longest_term(typed, asides, at, first)
            if read is not None and read[1] > 1:
                taken.update(read[0].at)
        found = self._nickname(typed) or self._places.find(typed, taken)
        return (found.code, found.taken) if found else (None, range(0))

    def _nickname(self, typed: list[str]) -> PlaceFound | None:
        """Finds the longest nickname of a commune, with the words that lead to it."""
        for size in sorted({len(name) for name in self._surnoms}, reverse=True):
            for first in range(len(typed) - size + 1):
                code = self._surnoms.get(tuple(typed[first : first + size]))
                if code is not None:
                    return PlaceFound(
                        code, words_of_place(typed, first, size, PLACE_WORDS | ARTICLES)
                    )
        return None

    def _groups(self, typed: list[str], asides: Asides, at: list[int]) -> Iterator[_Read]:
        """Reads the words at some positions, the longest term first."""
        at = [rank for rank in at if typed[rank] not in LINKING_WORDS]
        first = 0
        while first < len(at):
            found = self._longest_term(typed, asides, at, first)
            if found is not None:
                yield found[0]
                first += found[1]
                continue
            word = typed[at[first]]
            # The whole catalogue is about the territories served: their names choose nothing.
            if word not in stop_words() and word not in self._lieux.served_names:
                yield _Read(self._word_group(word), range(at[first], at[first] + 1))
            first += 1

    def _longest_term(
        self, typed: list[str], asides: Asides, at: list[int], first: int
    ) -> tuple[_Read, int] | None:
        """Returns the longest term that begins at a position, and how many of `at` it takes."""
        start = typed[at[first]]
        for last in range(min(len(at), first + 2 * self._lexique.longest) - 1, first - 1, -1):
            if not asides.address.isdisjoint(at[first : last + 1]):
                continue
            inner = [typed[rank] for rank in at[first + 1 : last] if rank not in asides.vanishing]
            kept = [word for word in inner if word not in skipped_words()]
            ends = [start, *kept, *([typed[at[last]]] if last > first else [])]
            phrase = tuple(token_of(word) for word in ends)
            terme = self._lexique.termes.get(phrase)
            if terme is None or (len(phrase) == 1 and start in stop_words()):
                continue
            weight = NEED_WEIGHT if terme.thematiques else self._weight(phrase)
            groupe = Groupe(poids=weight, phrases=terme.phrases, thematiques=terme.thematiques)
            return _Read(groupe, range(at[first], at[last] + 1), terme), last - first + 1
        return None

    def _word_group(self, word: str) -> Groupe:
        phrase = (token_of(word),)
        return Groupe(poids=self._weight(phrase), phrases=frozenset((phrase,)))

    def _weight(self, phrase: tuple[str, ...]) -> float:
        return max(self._lexique.weight(token) for token in phrase)


def _needs_told(read: Sequence[_Read], typed: Sequence[str]) -> list[_Read]:
    """Returns the needs that a story names; none when the words tell no story."""
    tells = not TELLING.isdisjoint(typed) or any(
        found.terme is not None and found.terme.est_tournure for found in read
    )
    return [found for found in read if found.names_a_need] if tells else []


def _all_of(read: Iterable[_Read]) -> RequeteTexte | None:
    groupes = tuple(found.groupe for found in read)
    return RequeteTexte(groupes) if groupes else None


def _told(needs: Sequence[_Read], read: Sequence[_Read]) -> RequeteTexte:
    """Returns what a story asks: whoever has two needs is helped by an offer for one of them."""
    groupes = [found.groupe for found in needs]
    any_need = Groupe(
        poids=NEED_WEIGHT,
        phrases=frozenset[Phrase]().union(*(groupe.phrases for groupe in groupes)),
        thematiques=frozenset[str]().union(*(groupe.thematiques for groupe in groupes)),
    )
    hints = [
        replace(found.groupe, poids=STORY_WEIGHT * found.groupe.poids, facultatif=True)
        for found in read
        if not found.names_a_need
    ]
    return RequeteTexte((any_need, *hints[:MAX_STORY_WORDS]))


def _elements(text: TypedText, read: Iterable[_Read]) -> tuple[Element, ...]:
    return tuple(Element(groupe=found.groupe, mots=text.part(found.at)) for found in read)
