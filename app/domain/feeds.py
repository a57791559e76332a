"""What an import reads and reports, whatever the files are."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.domain.errors import CatalogueError
from app.domain.offre import Offre, Structure
from app.domain.publication import Withdrawal

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """One record as a file holds it, or the fault that keeps it from being read."""

    fichier: str
    ligne: int
    data: object = None
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refus:
    """One fault of a record: the field, or the path inside it, and the reason in French."""

    champ: str
    raison: str


class FeedUnreadable(CatalogueError):
    """A file that cannot be read (further); what was read of it stays imported."""

    def __init__(self, fichier: str, motif: str) -> None:
        super().__init__(f"{fichier}: {motif}")
        self.fichier = fichier
        self.motif = motif


class RecordRefused(CatalogueError):
    """A record that cannot enter the catalogue, with all its faults."""

    def __init__(self, identifiant: str | None, refus: tuple[Refus, ...]) -> None:
        super().__init__(identifiant, refus)
        self.identifiant = identifiant
        self.refus = refus


class RecordReader(Protocol):
    """Turns records into listings, and counts what the report must say."""

    @property
    def ignored_fields(self) -> Counter[str]:
        """The fields unknown to the catalogue, with how many records had each."""
        ...

    @property
    def resolved_codes(self) -> Counter[tuple[str, str]]:
        """The former commune codes met, each with today's."""
        ...

    def is_offre(self, record: Mapping[object, object]) -> bool:
        """Tells the record of an offer from a structure's."""
        ...

    def read(self, record: object) -> Offre | Structure:
        """Returns an offer when the record has a `structure_id`, else a structure.

        Raises `RecordRefused` with every fault.
        """
        ...


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
    retraits: list[Withdrawal] = field(default_factory=list)
    illisibles: dict[str, FeedUnreadable] = field(default_factory=dict)  # by name of file

    def counts(self) -> dict[str, int]:
        """The figures kept with the import."""
        names = ("lus", "crees", "modifies", "inchanges", "rejetes", "retires")
        counts = {name: getattr(self, name) for name in names}
        return counts | {"fichiers_illisibles": len(self.illisibles)}
