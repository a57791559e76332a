"""The judged situations of `vignettes/*.toml`.

A vignette tells a situation in words, gives the body of its match, and says what a competent
caseworker would answer, whatever the program says: for each judged key its verdict and, unless it
is closed to the person, its relevance (0 beside the point, 1 of some help, 2 useful, 3 decisive).

A key is the id of a scheme (any of its offers counts), a kind of listing of the open data
(`*--demarches`), or the id of one offer.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from app.domain.verdict import Verdict
from seed.dispositifs import SOURCE

FOLDER = Path(__file__).parent / "vignettes"
MAX_PERTINENCE = 3
USEFUL = 2  # from here on, an offer answers one of the person's needs


def key_covers(cle: str, offre_id: str) -> bool:
    """Returns true when a key is about this offer."""
    if "--" not in cle:
        return offre_id.startswith(f"{SOURCE}--{cle}--")
    # A kind of listing of the open data never reaches a scheme: only its own id does.
    same_world = cle.startswith(f"{SOURCE}--") or not offre_id.startswith(f"{SOURCE}--")
    return same_world and fnmatchcase(offre_id, cle)


def gain_of(pertinence: int) -> int:
    """Returns the usual gain of a graded judgement."""
    return int(2**pertinence - 1)


@dataclass(frozen=True, kw_only=True)
class Jugement:
    """What the caseworker says of one key."""

    cle: str
    verdict: Verdict
    pertinence: int = 0

    @property
    def gain(self) -> int:
        """The usual gain of a graded judgement."""
        return gain_of(self.pertinence)

    def covers(self, offre_id: str) -> bool:
        """True when the judgement is about this offer."""
        return key_covers(self.cle, offre_id)


@dataclass(frozen=True, kw_only=True)
class Vignette:
    """One situation with its judgements."""

    id: str
    recit: str
    milieu: str
    themes: tuple[str, ...]
    match: Mapping[str, Any]
    jugements: tuple[Jugement, ...]

    @property
    def departement(self) -> str | None:
        """The département where the person lives, when it is known."""
        residence = self.match["faits"].get("residence")
        return residence.removeprefix("departement:")[:2] if residence else None

    @cached_property
    def besoins(self) -> tuple[str, ...]:
        """The needs, most often thématiques."""
        return tuple(besoin["thematique"] for besoin in self.match.get("besoins", ()))

    def jugement_of(self, offre_id: str) -> Jugement | None:
        """Returns the judgement of an offer, if there is one."""
        return next((j for j in self.jugements if j.covers(offre_id)), None)


def load_vignettes(folder: Path = FOLDER) -> tuple[Vignette, ...]:
    """Reads every situation, in the order of files then of writing."""
    return tuple(
        _vignette(entry)
        for path in sorted(folder.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["vignette"]
    )


def _vignette(entry: Mapping[str, Any]) -> Vignette:
    return Vignette(
        id=entry["id"],
        recit=entry["recit"],
        milieu=entry["milieu"],
        themes=tuple(entry["themes"]),
        match=json.loads(entry["match"]),
        jugements=tuple(_jugements(entry)),
    )


def _jugements(entry: Mapping[str, Any]) -> Iterable[Jugement]:
    for verdict in (Verdict.ACCESSIBLE, Verdict.A_VERIFIER):
        for cle, pertinence in entry.get(verdict.mot, {}).items():
            yield Jugement(cle=cle, verdict=verdict, pertinence=pertinence)
    for cle in entry.get("non_accessible", ()):
        yield Jugement(cle=cle, verdict=Verdict.NON_ACCESSIBLE)
