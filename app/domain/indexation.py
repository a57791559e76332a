"""What the catalogue owes to its index, and how the index reads the catalogue."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from app.domain.offre import Offre, OffreId


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedOffre:
    """Everything that the index needs of an offer."""

    offre: Offre
    structure_nom: str
    structure_horaires: str | None
    expressions: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """One offer to write, or to remove when `indexed` is None, under a version."""

    version: int
    offre_id: OffreId
    indexed: IndexedOffre | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxPage:
    """The oldest debts, each offer once, and the outbox rows that they settle."""

    debts: list[Debt]
    last_id: int
    rows: int


class Outbox(Protocol):
    """The offers that changed since the index last caught up, oldest first."""

    def depth(self) -> int:
        """Returns how many rows wait."""
        ...

    def age_seconds(self) -> float:
        """Returns for how long the oldest row has been waiting, 0 when there is none."""
        ...

    def mark(self) -> int:
        """Returns a version above every committed change."""
        ...

    def oldest(self) -> OutboxPage | None:
        """Returns the oldest rows, None when the debt is settled."""
        ...

    def owe(self, ids: Iterable[str]) -> None:
        """Adds a row for each of some offers, as if they had changed."""
        ...

    def settle(self, last_id: int) -> None:
        """Removes the rows up to an id: the index has taken them in."""
        ...


class CatalogueReader(Protocol):
    """Streams the published catalogue."""

    def published(self) -> Iterator[list[IndexedOffre]]:
        """Yields every published offer, by id, a page at a time."""
        ...

    def count_published(self) -> int:
        """Returns how many offers are published."""
        ...
