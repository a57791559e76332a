"""What an import reads and reports, whatever the files are."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from app.domain.publication import Withdrawal

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """One record as a file holds it, or the fault that keeps it from being read."""

    fichier: str
    ligne: int
    data: object = None
    fault: str | None = None


class Feed(Protocol):
    """A file of records that can be read several times."""

    @property
    def name(self) -> str:
        """The name shown in reports."""
        ...

    def records(self, progress: Progress) -> Iterator[RawRecord]:
        """Yields every record, telling how many bytes were read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejet:
    """One fault of one record, as the rejects file tells it."""

    fichier: str
    ligne: int
    identifiant: str
    champ: str
    raison: str


@dataclass(slots=True, kw_only=True)
class Bilan:
    """What an import did."""

    lus: int = 0
    crees: int = 0
    modifies: int = 0
    inchanges: int = 0
    rejetes: int = 0
    retires: int = 0
    codes_anciens: Counter[tuple[str, str]] = field(default_factory=Counter)
    champs_ignores: Counter[str] = field(default_factory=Counter)
    retraits: list[Withdrawal] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The figures kept with the import."""
        names = ("lus", "crees", "modifies", "inchanges", "rejetes", "retires")
        return {name: getattr(self, name) for name in names}
