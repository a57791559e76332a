"""Names and descriptions of generated listings: words of the field with Zipf frequencies.

In real listings two words such as “accompagnement emploi” stand in a large share of the texts,
which is what makes a text query slow. No sentence means anything.
"""

from itertools import accumulate
from pathlib import Path
from random import Random

from seed.reference import load_mots

WORDS_FILE = Path(__file__).with_name("mots.txt")
LINKING = ("de", "la", "et", "des", "les", "à", "du", "pour", "en", "le", "une", "dans", "un", "l’")
# Zipf-Mandelbrot: with this offset the first word stands in about half of the descriptions, the
# tenth in a third, the hundredth in one out of fifteen.
ZIPF_OFFSET = 10
SENTENCE_WORDS = (8, 22)
SHORTEST, LONGEST, USUAL = 120, 900, 330  # characters of a description
_VERBS = ("Propose", "Permet", "Assure", "Organise", "Facilite", "Prévoit", "Met", "Donne")


def read_words() -> list[str]:
    """Returns the words by rank, the most frequent first."""
    lines = WORDS_FILE.read_text(encoding="utf-8").splitlines()
    field = [word for line in lines if not line.startswith("#") for word in line.split()]
    counts, _ = load_mots()
    rare = [w for w in sorted(counts, key=lambda w: (-counts[w], w)) if len(w) > 3]
    return list(dict.fromkeys([*field, *rare]))


class TextMaker:
    """Draws texts from its own generator of random numbers."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.words = read_words()
        ranks = range(1, len(self.words) + 1)
        self._cumulated = list(accumulate(1 / (rank + ZIPF_OFFSET) for rank in ranks))

    def content_words(self, count: int) -> list[str]:
        """Returns words drawn with their frequencies; one may come twice."""
        return self._rng.choices(self.words, cum_weights=self._cumulated, k=count)

    def name(self, place: str) -> str:
        """Returns a name of two to four words, one out of four with the place."""
        words = self.content_words(self._rng.choice((2, 3, 3, 4)))
        linked = f"{words[0].capitalize()} {self._rng.choice(LINKING)} {' '.join(words[1:])}"
        text = f"{linked} à {place}" if self._rng.random() < 0.25 else linked
        return text[:150]

    def description(self, place: str) -> str:
        """Returns sentences, 120 to 900 characters in all."""
        target = round(self._rng.triangular(SHORTEST + 20, LONGEST - 20, USUAL))
        sentences, length = [], 0
        while length < target:
            sentence = self._sentence(place)
            sentences.append(sentence)
            length += len(sentence) + 1
        return " ".join(sentences)[:target].rstrip() + "."

    def _sentence(self, place: str) -> str:
        content = self.content_words(self._rng.randint(*SENTENCE_WORDS) // 2)
        links = self._rng.choices(LINKING, k=len(content))
        joined = " ".join(f"{link} {word}" for link, word in zip(links, content, strict=True))
        ending = f" à {place}." if self._rng.random() < 0.1 else "."
        return f"{self._rng.choice(_VERBS)} {joined}{ending}"
