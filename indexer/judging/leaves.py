"""Every distinct criterion of the catalogue, judged once for one person with the domain's code.

Criteria on facts of which nothing is known keep the value that they have for nobody in particular,
so that a person touches only those on the facts that they gave.
"""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from app.domain.arbre import Critere
from app.domain.eligibility import Juge, judge_critere
from app.domain.geographie import Geographie
from app.domain.profil import Connaissance, Ensemble, Lieu, Profil
from app.domain.questions import Asked, asked_by
from app.domain.vocabulaire import Nature, Vocabulaire
from indexer.judging.arrays import Ids, Masks, Values
from indexer.judging.places import PlaceIndex

_CACHED_FACTS = 2_000  # answers kept by fact and what is known of it
_WORD = 64  # bits


class QuestionBits:
    """Gives each question a bit."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._numbers: dict[Asked, int] = {}

    @property
    def known(self) -> frozenset[Asked]:
        """The questions that have a bit."""
        return frozenset(self._numbers)

    @property
    def words(self) -> int:
        """How many words of 64 bits hold every question."""
        return 1 + len(self.asked) // _WORD

    def mask(self, questions: frozenset[Asked]) -> list[int]:
        """Returns the words of a set of questions, adding those not yet known."""
        words: list[int] = []
        for question in questions:
            number = self._numbers.setdefault(question, len(self.asked))
            if number == len(self.asked):
                self.asked.append(question)
            words += [0] * (1 + number // _WORD - len(words))
            words[number // _WORD] |= 1 << number % _WORD
        return words

    def rows(self, masks: list[list[int]]) -> Masks:
        """Returns masks as rows of equal length."""
        rows = np.zeros((len(masks), self.words), dtype=np.uint64)
        for rank, words in enumerate(masks):
            rows[rank, : len(words)] = words
        return rows


@dataclass(frozen=True, slots=True)
class Asking:
    """The bits of the questions of each leaf for somebody in particular.

    `masks` are those for nobody in particular, and `open` those that are not answered yet.
    """

    masks: Masks
    open: Masks

    @property
    def words(self) -> int:
        """How many words of 64 bits hold the questions."""
        return int(self.masks.shape[1])

    def of(self, leaves: Ids) -> Masks:
        """Returns the bits of some leaves."""
        return self.masks[leaves] & self.open


class LeafJudge:
    """Judges the leaves that it was given, in their order."""

    def __init__(
        self, vocabulaire: Vocabulaire, geographie: Geographie, bits: QuestionBits
    ) -> None:
        self._vocabulaire = vocabulaire
        self._geographie = geographie
        self._bits = bits
        self._leaves: list[Critere] = []
        self._unknown: list[int] = []  # values for somebody of whom nothing is known
        self._masks: list[list[int]] = []
        self._by_fact: dict[str, list[int]] = {}
        self._places: dict[str, PlaceIndex] = {}
        self._cache: OrderedDict[tuple[str, Connaissance], Values] = OrderedDict()
        self._compiled: tuple[Values, Masks, dict[str, Ids]] | None = None

    def add(self, leaf: Critere) -> None:
        """Adds the next leaf."""
        fait = self._vocabulaire.faits[leaf.fait]
        self._by_fact.setdefault(leaf.fait, []).append(len(self._leaves))
        self._leaves.append(leaf)
        if fait.nature is Nature.LIEU:
            places = self._places.setdefault(leaf.fait, PlaceIndex(self._geographie))
            places.add(leaf.parmi or ())
        self._unknown.append(judge_critere(leaf, fait, None, self._geographie))
        self._masks.append(self._bits.mask(asked_by(leaf, Profil(), self._vocabulaire)))
        self._cache.clear()
        self._compiled = None

    def judge(self, profil: Profil, juge: Juge) -> tuple[Values, Asking]:
        """Returns the value of each leaf, and what there is to ask."""
        unknown, masks, by_fact = self._compiled = self._compiled or self._compile()
        values = unknown.copy()
        for fait, connu in profil.faits.items():
            if fait in by_fact:
                values[by_fact[fait]] = self._judge_fact(fait, connu, juge)
        return values, Asking(masks, ~self._answered(profil))

    def _judge_fact(self, fait: str, connu: Connaissance, juge: Juge) -> Values:
        key = (fait, connu)
        if key not in self._cache:
            if isinstance(connu, Lieu):
                self._cache[key] = self._places[fait].values(connu.zone)
            else:
                leaves = (self._leaves[number] for number in self._by_fact[fait])
                self._cache[key] = np.fromiter(map(juge.critere, leaves), dtype=np.uint8)
            while len(self._cache) > _CACHED_FACTS:
                self._cache.popitem(last=False)
        return self._cache[key]

    def _answered(self, profil: Profil) -> Masks:
        """Returns the bits of the values of an `ensemble` that are known."""
        known = frozenset(
            (fait, valeur)
            for fait, connu in profil.faits.items()
            if isinstance(connu, Ensemble)
            for valeur in connu.vrais | connu.faux
        )
        already = frozenset(known & self._bits.known)
        row: Masks = self._bits.rows([self._bits.mask(already)])[0]
        return row

    def _compile(self) -> tuple[Values, Masks, dict[str, Ids]]:
        return (
            np.array(self._unknown, dtype=np.uint8),
            self._bits.rows(self._masks),
            {fait: np.array(found, dtype=np.intp) for fait, found in self._by_fact.items()},
        )
