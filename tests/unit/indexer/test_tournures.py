"""The shipped ways of saying a need: well formed, sourced, and unlike the synonyms."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import indexer
from app.domain.vocabulaire import Vocabulaire
from app.web.public.emergency import EMERGENCY_NUMBERS
from indexer.analysis import (
    LINKING_WORDS,
    skipped_words,
    stop_words,
    synonym_lines,
    token_of,
    words,
)
from indexer.lexique import Lexique

FILE = Path(indexer.__file__).parent / "tournures.txt"
ENOUGH = 400  # ways of saying, before classes are written out
CLASS = re.compile(r"@(\w+)")
NUMBER = re.compile(r"!(\S+)")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line of ways of saying."""

    rank: int
    tournures: tuple[str, ...]
    cibles: tuple[str, ...]
    urgences: tuple[str, ...]
    source: str


def _read() -> tuple[dict[str, list[str]], list[Ligne], list[str]]:
    """Reads the file again, without the reader under test; returns the faults of order too."""
    classes: dict[str, list[str]] = {}
    lignes, undefined = [], []
    for rank, raw in enumerate(FILE.read_text(encoding="utf-8").splitlines(), start=1):
        said, _, source = raw.partition("#")
        if not said.strip():
            continue
        if said.startswith("@") and "=>" not in said:
            name, _, values = said.partition("=")
            classes[name.strip().removeprefix("@")] = [v.strip() for v in values.split("|")]
            continue
        ways, _, target = said.partition("=>")
        undefined += [name for name in CLASS.findall(ways) if name not in classes]
        lignes.append(
            Ligne(
                rank,
                tuple(way.strip() for way in ways.split("|")),
                tuple(t.strip() for t in NUMBER.sub("", target).split(",") if t.strip()),
                tuple(NUMBER.findall(target)),
                source.strip(),
            )
        )
    return classes, lignes, undefined


CLASSES, LIGNES, UNDEFINED = _read()


def written_out(tournure: str) -> Iterator[str]:
    """Yields a way of saying with each word of its classes."""
    parts = CLASS.split(tournure)
    choices = [CLASSES[part] if rank % 2 else [part] for rank, part in enumerate(parts)]
    return ("".join(chosen) for chosen in product(*choices))


def phrase(text: str) -> Phrase:
    """Returns the tokens that count: words that are skipped do, at the two ends."""
    content = [word for word in words(text) if word not in LINKING_WORDS]
    ends = {0, len(content) - 1}
    kept = (w for rank, w in enumerate(content) if rank in ends or w not in skipped_words())
    return tuple(map(token_of, kept))


TERMS = {phrase(t) for line in synonym_lines() for t in line.partition("=>")[0].split("|")}
PHRASES = [(phrase(w), w, li.rank) for li in LIGNES for t in li.tournures for w in written_out(t)]


def test_there_are_enough_ways_of_saying() -> None:
    assert sum(len(ligne.tournures) for ligne in LIGNES) >= ENOUGH


def test_classes_are_defined_before_use_and_used() -> None:
    used = {name for li in LIGNES for t in li.tournures for name in CLASS.findall(t)}

    assert UNDEFINED == []
    assert CLASSES.keys() - used == set()


def test_every_target_is_a_need_or_a_term(vocabulaire: Vocabulaire) -> None:
    unknown = [
        (ligne.rank, cible)
        for ligne in LIGNES
        for cible in ligne.cibles
        if not vocabulaire.thematiques_of(cible) and phrase(cible) not in TERMS
    ]

    assert unknown == []
    assert [ligne.rank for ligne in LIGNES if not ligne.cibles] == []


def test_every_line_has_a_source() -> None:
    assert [ligne.rank for ligne in LIGNES if not ligne.source] == []


def test_numbers_are_those_that_pages_show() -> None:
    known = {number.number for number in EMERGENCY_NUMBERS}

    assert {n for ligne in LIGNES for n in ligne.urgences} <= known


def test_nothing_is_said_twice() -> None:
    counts = Counter(found for found, _, _ in PHRASES)

    assert [(w, rank) for found, w, rank in PHRASES if counts[found] > 1] == []


def test_no_way_of_saying_is_one_word() -> None:
    assert [(w, rank) for found, w, rank in PHRASES if len(found) < 2] == []


def test_no_way_of_saying_has_only_stop_words() -> None:
    alone = [(w, rank) for _, w, rank in PHRASES if stop_words() | LINKING_WORDS >= {*words(w)}]

    assert alone == []


def test_none_is_already_a_synonym() -> None:
    assert [(w, rank) for found, w, rank in PHRASES if found in TERMS] == []


def test_every_need_is_said_in_plain_words(lexique: Lexique, vocabulaire: Vocabulaire) -> None:
    said = frozenset[str]().union(*(lexique.termes[found].thematiques for found, _, _ in PHRASES))

    assert vocabulaire.referentiels["thematiques"].keys() - said == set()


def test_what_is_urgent_shows_its_numbers(lexique: Lexique) -> None:
    wrong = [
        (way, ligne.rank)
        for ligne in LIGNES
        for tournure in ligne.tournures
        for way in written_out(tournure)
        if lexique.termes[phrase(way)].urgences != ligne.urgences
    ]

    assert wrong == []
