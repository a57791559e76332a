"""Files of offers that a structure sends: what they would do, told before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from app.domain.comptes import DUREE_SESSION
from app.domain.edition import Changes, Fiche
from app.domain.errors import CatalogueError
from app.domain.offre import Offre, StructureId

# A body may have a mebibyte; the rest of the form is in it too (ASVS 5.0, 5.2.1).
MAX_OCTETS = 1_000_000
# One transaction, as a batch of an import; the largest structure of France has under 200 offers.
MAX_LIGNES = 500
GARDE_DEPOT = DUREE_SESSION  # its report may stay open as long as the session


class DepotInconnu(CatalogueError):
    """A file that was never sent, was published already, or has waited too long."""


class Sorte(StrEnum):
    """What a line of a file does."""

    CREATION = "creation"
    MODIFICATION = "modification"
    RIEN = "rien"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ligne:
    """A line of a file, by the names of its columns."""

    numero: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneRefusee:
    """What keeps a line from being published: the column, and the reason in French."""

    numero: int
    champ: str
    raison: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prevision:
    """What a line would do: the offer as it is, and as it would be.

    `changes` are the fields that the file changes, in the JSON of the schema; `entretemps` those of
    them that somebody else has changed since the file was read.
    """

    numero: int
    sorte: Sorte
    fiche: Fiche
    value: Offre
    changes: Changes
    entretemps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a whole file would do."""

    previsions: Sequence[Prevision] = ()
    refusees: Sequence[LigneRefusee] = ()
    ignorees: Sequence[str] = ()
    """Columns that mean nothing here."""

    def of(self, sorte: Sorte) -> Sequence[Prevision]:
        """Returns what lines of one kind would do."""
        return [one for one in self.previsions if one.sorte is sorte]

    @property
    def to_write(self) -> Sequence[Prevision]:
        """What publishing the file would write."""
        return [one for one in self.previsions if one.sorte is not Sorte.RIEN]


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """A file that was read and waits; only what it changes is kept of it."""

    structure_id: StructureId
    auteur: str
    lignes: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


class DepotStore(Protocol):
    """Keeps files between their report and their publication; each call is one transaction."""

    def keep(self, empreinte: str, depot: Depot, quand: datetime) -> None:
        """Keeps a file, and erases those that have waited too long."""
        ...

    def get(self, empreinte: str, quand: datetime) -> Depot:
        """Returns a file that waits. Raises `DepotInconnu`."""
        ...

    def forget(self, empreinte: str) -> None:
        """Erases a file."""
        ...
