"""The words that queries are read with: synonyms, needs, ways of saying, spellings, commonness.

All of it is shipped: nothing depends on the live collection, so that adding a listing never
reorders two others.
"""

import math
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass

from app.domain.mots import MotLocal, MotsLocaux, SynonymeLivre
from app.domain.noms import fold
from app.domain.texte import Phrase
from app.domain.vocabulaire import Vocabulaire
from indexer.analysis import (
    skipped_words,
    stop_words,
    token_of,
    tokens,
    tournure_lines,
    words,
)
from indexer.synonymes import shipped_synonyms
from indexer.tournures import Cible, read_tournures

RAREST = 1.0
COMMON_FRENCH = 500  # occurrences in the list's subtitles: words that everybody writes
COMMONEST = 0.2  # a word found everywhere still separates two listings alike


@dataclass(frozen=True, slots=True)
class Terme:
    """What a phrase of the lexicon means: its other wordings, and the needs that it names.

    `urgences` are the numbers to call first. `est_tournure` tells a way of saying, whose words are
    found in no listing.
    """

    phrases: frozenset[Phrase]
    thematiques: frozenset[str]
    urgences: tuple[str, ...] = ()
    est_tournure: bool = False


class Lexique:
    """Looks up phrases, weights and spellings."""

    def __init__(
        self,
        vocabulaire: Vocabulaire,
        frequences: Mapping[str, int],
        total: int,
        french: Mapping[str, int],
    ) -> None:
        """Reads the lexicon.

        `frequences` counts, for each shipped word, the documents that hold it among `total`;
        `french` holds the folded words of the language with how common each is: what is right is
        never corrected.
        """
        self.termes: dict[Phrase, Terme] = {}
        self._groups: dict[str, Terme] = {}  # by the key of its line
        self._hidden: dict[Phrase, tuple[Terme, ...]] = {}  # what a phrase means besides, in order
        self._spellings: dict[str, int] = {}
        self._frequency: dict[str, int] = {}
        self._total = total
        self._french = french
        for mot, count in frequences.items():
            self._add_spelling(fold(mot), count)
        for synonyme in shipped_synonyms():
            self._add_group(synonyme, vocabulaire)
        for referentiel in ("thematiques", "categories"):
            for terme in vocabulaire.referentiels[referentiel].values():
                needs = vocabulaire.thematiques_of(terme.valeur)
                self._add_terms([terme.libelle], needs)
        for tournure in read_tournures(tournure_lines()):
            self._add_ways(tournure.facons, self._meaning(tournure.cible, vocabulaire))
        self.longest = max(map(len, self.termes))

    def with_local(self, locaux: MotsLocaux) -> "Lexique":
        """Returns a lexicon that also knows local words, which win over those that are shipped.

        It does without the lines that are turned off.
        """
        local = copy(self)
        local.forget(locaux.eteints)
        local.learn(locaux.mots)
        return local

    def forget(self, cles: Iterable[str]) -> None:
        """Turns lines of the synonyms off: each term means itself, or what else is shipped for it.

        Ways of saying that stand for one of these terms keep their meaning. A key without a line
        changes nothing. What is forgotten is so by this lexicon alone.
        """
        self.termes, self._hidden = dict(self.termes), dict(self._hidden)
        for terme in (self._groups[cle] for cle in cles if cle in self._groups):
            for phrase in terme.phrases:
                meanings = (self.termes[phrase], *self._hidden.get(phrase, ()))
                kept = [meaning for meaning in meanings if meaning is not terme]
                itself = Terme(frozenset((phrase,)), frozenset())
                self.termes[phrase], *others = kept or [itself]
                self._hidden[phrase] = tuple(others)

    def learn(self, mots: Iterable[MotLocal]) -> None:
        """Learns local words: each means what its meaning does here, or that meaning's very words.

        What is learnt is this lexicon's own: those that it was copied from know nothing of it.
        """
        shipped = self.termes
        self.termes = dict(shipped)
        self._spellings = dict(self._spellings)
        self._frequency = dict(self._frequency)
        for mot in mots:
            meaning = _phrase(mot.sens)
            known = shipped.get(meaning, Terme(frozenset((meaning,)), frozenset()))
            for nom in mot.noms:
                phrase = _phrase(nom)
                if phrase and mot.lieu is None:
                    before = None if phrase in shipped else self.termes.get(phrase)
                    own = Terme(known.phrases | {phrase}, known.thematiques, known.urgences)
                    self.termes[phrase] = _together(before, own)
                self._know_words(nom)
        self.longest = max(map(len, self.termes))

    def weight(self, token: str) -> float:
        """Returns how much a token says, from 0.2 (everywhere) to 1 (rare or unknown)."""
        count = self._frequency.get(token)
        if count is None:
            return RAREST
        rarity = math.log(1 + self._total / count) / math.log(1 + self._total)
        return max(COMMONEST, rarity)

    def is_known(self, word: str) -> bool:
        """True for a word of the field, or of the language."""
        if word in self._spellings or word in stop_words() or word in self._french:
            return True
        return token_of(word) in self._frequency

    def is_word(self, word: str) -> bool:
        """True for a word of the language or a need, so that a place of that name is doubtful."""
        return word in stop_words() or word in self._french or (token_of(word),) in self.termes

    def candidates(self) -> list[str]:
        """Lists what a misspelt word may be: words of the field, then common French words."""
        common = (w for w, count in self._french.items() if count >= COMMON_FRENCH)
        return [*self._spellings, *(word for word in common if word not in self._spellings)]

    def commonness(self, word: str) -> tuple[bool, int]:
        """Returns whether a spelling is of the field, then how common it is, to choose by."""
        count = self._spellings.get(word)
        return (True, count) if count is not None else (False, self._french.get(word, 0))

    def _add_spelling(self, word: str, count: int) -> None:
        self._spellings[word] = self._spellings.get(word, 0) + count
        token = token_of(word)
        self._frequency[token] = min(self._total, self._frequency.get(token, 0) + count)

    def _add_group(self, synonyme: SynonymeLivre, vocabulaire: Vocabulaire) -> None:
        needs = frozenset[str]().union(*map(vocabulaire.thematiques_of, synonyme.besoins))
        terme = self._add_terms(synonyme.termes, needs, synonyme.urgences)
        if synonyme.is_eteignable:
            self._groups[synonyme.cle] = terme

    def _add_terms(
        self, terms: Iterable[str], thematiques: frozenset[str], urgences: tuple[str, ...] = ()
    ) -> Terme:
        phrases = {term: _phrase(term) for term in terms}
        terme = Terme(frozenset(filter(None, phrases.values())), thematiques, urgences)
        for term, phrase in phrases.items():
            self._add(phrase, terme)
            self._know_words(term)
        return terme

    def _add(self, phrase: Phrase, terme: Terme) -> None:
        """Adds what a phrase means; what was added first wins."""
        if phrase and self.termes.setdefault(phrase, terme) is not terme:
            self._hidden[phrase] = (*self._hidden.get(phrase, ()), terme)

    def _meaning(self, cible: Cible, vocabulaire: Vocabulaire) -> Terme:
        """Returns what a way of saying stands for: needs, and terms with their own wordings."""
        phrases, needs = frozenset[Phrase](), frozenset[str]()
        for nom in cible.noms:
            named = vocabulaire.thematiques_of(nom)
            needs |= named
            if not named:  # a `KeyError` is a target that no list knows
                terme = self.termes[_phrase(nom)]
                phrases |= terme.phrases
                needs |= terme.thematiques
        return Terme(phrases, needs, cible.urgences, est_tournure=True)

    def _add_ways(self, facons: Iterable[str], terme: Terme) -> None:
        for facon in facons:
            self._add(_phrase(facon), terme)
            self._know_words(facon)

    def _know_words(self, text: str) -> None:
        for word in words(text):
            if word not in self._spellings:
                self._spellings[word] = 0
                self._frequency.setdefault(token_of(word), 1)


def _together(before: Terme | None, own: Terme) -> Terme:
    """Returns what a name means when two territories use it, each for a thing of its own."""
    if before is None:
        return own
    return Terme(
        before.phrases | own.phrases,
        before.thematiques | own.thematiques,
        (*before.urgences, *own.urgences),
    )


def is_sought(text: str) -> bool:
    """True when a search keeps something of a text: more than words that say nothing."""
    return any(word not in stop_words() for word in words(text) if tokens(word))


def _phrase(term: str) -> Phrase:
    """Returns the tokens of a term; stop words count at its two ends, not between them."""
    read = [word for word in words(term) if tokens(word)]
    kept = [
        word
        for rank, word in enumerate(read)
        if rank in {0, len(read) - 1} or word not in skipped_words()
    ]
    return tuple(token_of(word) for word in kept)
