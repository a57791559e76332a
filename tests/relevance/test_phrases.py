"""Everyday sentences name the right needs, places and numbers to call, and nothing else."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.composition import Composition
from app.config import Settings
from app.domain.lecture import LectureRequete
from indexer.query_text import LexiconQueryReader

FILE = Path(__file__).parent / "phrases.toml"
# Measured on 2026-11-26: 410 of 418 sentences are fully right (0.981). The floor leaves
# room for a word added elsewhere; a number to call that is missing or not needed never passes.
RIGHT_FLOOR = 0.95
ENOUGH, ENOUGH_TRAPS = 220, 45

pytestmark = pytest.mark.xdist_group("relevance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One sentence and its judgement; see the head of the file."""

    q: str
    besoins: tuple[str, ...]
    jamais: tuple[str, ...] = ()
    lieu: str | None = None
    urgences: tuple[str, ...] = ()

    def faults(self, lecture: LectureRequete) -> Iterator[str]:
        """Yields what is wrong with a reading."""
        if self.besoins and lecture.besoins.isdisjoint(self.besoins):
            yield "besoin non reconnu"
        for besoin in sorted(lecture.besoins):
            if any(besoin == jamais or besoin.startswith(f"{jamais}--") for jamais in self.jamais):
                yield f"besoin inventé : {besoin}"
        if self.lieu is not None and lecture.lieu != self.lieu:
            yield f"lieu : {lecture.lieu}"
        if not self.has_right_numbers(lecture):
            yield f"urgences : {lecture.urgences}"

    def has_right_numbers(self, lecture: LectureRequete) -> bool:
        """True when the first numbers are those expected, and none is shown for nothing."""
        if not self.urgences:
            return not lecture.urgences
        return lecture.urgences[: len(self.urgences)] == self.urgences


def _load() -> tuple[Phrase, ...]:
    with FILE.open("rb") as file:
        tables = tomllib.load(file)["phrase"]
    return tuple(
        Phrase(**{k: tuple(v) if isinstance(v, list) else v for k, v in table.items()})
        for table in tables
    )


PHRASES = _load()


@pytest.fixture(scope="module")
def composition(tmp_path_factory: pytest.TempPathFactory) -> Composition:
    folder = tmp_path_factory.mktemp("phrases")
    return Composition(Settings.from_environ({"EVENTAIL_DATA_DIR": str(folder)}))


@pytest.fixture(scope="module")
def readings(composition: Composition) -> dict[str, LectureRequete]:
    """The reading of every sentence, for an index that knows no other word than the lexicon's."""
    reader = LexiconQueryReader(composition.lexique, composition.lieux, lambda _: frozenset())
    return {phrase.q: reader.read(phrase.q, with_place=True) for phrase in PHRASES}


def test_there_are_enough_sentences_and_traps() -> None:
    assert len({phrase.q for phrase in PHRASES}) == len(PHRASES) >= ENOUGH
    assert sum(not phrase.besoins or bool(phrase.jamais) for phrase in PHRASES) >= ENOUGH_TRAPS


def test_every_need_exists_and_is_asked(composition: Composition) -> None:
    vocabulaire = composition.vocabulaire
    named = {besoin for phrase in PHRASES for besoin in (*phrase.besoins, *phrase.jamais)}
    asked = {besoin for phrase in PHRASES for besoin in phrase.besoins}

    assert {besoin for besoin in named if not vocabulaire.thematiques_of(besoin)} == set()
    assert vocabulaire.referentiels["thematiques"].keys() - asked == set()


def test_nearly_every_sentence_is_fully_right(readings: dict[str, LectureRequete]) -> None:
    wrong = [
        f"{phrase.q} — {', '.join(faults)}"
        for phrase in PHRASES
        if (faults := list(phrase.faults(readings[phrase.q])))
    ]

    share = 1 - len(wrong) / len(PHRASES)
    assert share >= RIGHT_FLOOR, f"{share:.3f} de phrases justes\n" + "\n".join(wrong)


def test_no_number_to_call_is_wrong(readings: dict[str, LectureRequete]) -> None:
    wrong = [
        (phrase.q, readings[phrase.q].urgences)
        for phrase in PHRASES
        if not phrase.has_right_numbers(readings[phrase.q])
    ]

    assert wrong == []
