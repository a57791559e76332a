"""What is known of a person: for each fact, the values still possible.

An absent fact is unknown; known absence is a value (`aucun`, `false`, 0, `sans_objet`). Nothing
here names a person, and nothing here is ever stored or logged by the catalogue.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.durees import DateConnue, Unite, elapsed
from app.domain.territoire import Point, Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Nombre:
    """A number known to lie between two bounds, both included; equal when it is known exactly."""

    min: float = -math.inf
    max: float = math.inf


@dataclass(frozen=True, slots=True)
class SansObjet:
    """The number does not exist for this person: every bound fails."""


@dataclass(frozen=True, slots=True)
class Choix:
    """The values of a closed list that are still possible; one when it is known."""

    possibles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The values known true and known false; the others are unknown."""

    vrais: frozenset[str]
    faux: frozenset[str]


@dataclass(frozen=True, slots=True)
class Echelons:
    """A level between two ranks, both included."""

    bas: int
    haut: int


@dataclass(frozen=True, slots=True)
class Lieu:
    """The places where the person may live."""

    zone: Zone


Connaissance = Nombre | SansObjet | Choix | Ensemble | Echelons | Lieu


@dataclass(frozen=True, slots=True)
class Depuis:
    """Since when a fact that evolves with time has lasted, and what it is counted in."""

    debut: DateConnue
    unite: Unite

    def at(self, day: date) -> Nombre:
        """Returns the number on a day; an interval when the start is not known to the day."""
        return Nombre(
            min=float(elapsed(self.debut.dernier, day, self.unite)),
            max=float(elapsed(self.debut.premier, day, self.unite)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Profil:
    """A person's situation, as far as it is known.

    `dates` holds the facts of `faits` that were given with a date, hence whose future is known.
    """

    faits: Mapping[str, Connaissance] = field(default_factory=dict)
    point: Point | None = None
    dates: Mapping[str, Depuis] = field(default_factory=dict)

    def get(self, fait: str) -> Connaissance | None:
        """Returns what is known of a fact, None when nothing is."""
        return self.faits.get(fait)

    def at(self, day: date) -> "Profil":
        """Returns the same person on another day, other facts fixed."""
        dated = {fait: depuis.at(day) for fait, depuis in self.dates.items()}
        return replace(self, faits={**self.faits, **dated})
