"""The judged searches of `recherches/*.toml`, one file a theme.

A search tells in words what the person means, gives the parameters of the page /recherche as they
are typed, and says what a demanding caseworker would keep, whatever the program returns: for each
judged key its relevance (0 beside the point, 1 of some help, 2 useful, 3 exactly what is sought).
Keys are those of `vignettes.py`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from werkzeug.datastructures import MultiDict

from tests.relevance.vignettes import gain_of, key_covers

FOLDER = Path(__file__).parent / "recherches"
Typed = str | int | float | list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class JugementRecherche:
    """What the caseworker says of one key, for one search."""

    cle: str
    pertinence: int

    @property
    def gain(self) -> int:
        """The usual gain of a graded judgement."""
        return gain_of(self.pertinence)

    def covers(self, offre_id: str) -> bool:
        """True when the judgement is about this offer."""
        return key_covers(self.cle, offre_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recherche:
    """One search with its judgements; the theme is the name of its file."""

    id: str
    theme: str
    recit: str
    demande: Mapping[str, Typed]
    jugements: tuple[JugementRecherche, ...]

    @property
    def args(self) -> MultiDict[str, str]:
        """The parameters as the page receives them."""
        return MultiDict(
            (name, str(value))
            for name, given in self.demande.items()
            for value in (given if isinstance(given, list) else [given])
        )

    def jugement_of(self, offre_id: str) -> JugementRecherche | None:
        """Returns the judgement of an offer, if there is one."""
        return next((j for j in self.jugements if j.covers(offre_id)), None)


def load_recherches(folder: Path = FOLDER) -> tuple[Recherche, ...]:
    """Reads every search, in the order of files then of writing."""
    return tuple(recherche for path in sorted(folder.glob("*.toml")) for recherche in _read(path))


def _read(path: Path) -> Iterable[Recherche]:
    theme = path.stem.partition("-")[2]
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["recherche"]:
        yield Recherche(
            id=entry["id"],
            theme=theme,
            recit=entry["recit"],
            demande=entry["demande"],
            jugements=tuple(
                JugementRecherche(cle=cle, pertinence=pertinence)
                for cle, pertinence in entry["jugements"].items()
            ),
        )
