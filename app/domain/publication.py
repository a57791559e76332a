"""How listings enter the catalogue: what is received, by whom, and what became of it."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from app.domain.offre import Offre, Structure

T = TypeVar("T", Offre, Structure)
STRUCTURE, OFFRE = "structure", "offre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Generic[T]):
    """A listing as a source sends it: its value, the digest of its record, the fields it names."""

    value: T
    digest: str
    given: frozenset[str]


@dataclass(slots=True, kw_only=True)
class Written:
    """What one batch did, by id."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)  # offers whose structure does not exist


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who changes the catalogue, when, and by which import; None when a person does, by a form.

    What an import sends leaves alone the fields that a person holds.
    """

    auteur: str
    quand: datetime
    import_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What a complete import withdraws, or would, of a source."""

    source: str
    withdrawn: int
    published: int
    refused: bool


class CatalogueStore(Protocol):
    """Writes to the system of record; each call is one transaction."""

    def start_import(self, fichiers: Sequence[str]) -> int:
        """Opens an import and returns its id."""
        ...

    def finish_import(self, import_id: int, bilan: Mapping[str, int]) -> None:
        """Closes an import with its counts, and links likely duplicates."""
        ...

    def skip_unchanged(
        self, objet: str, digests: Mapping[str, str], import_id: int | None
    ) -> frozenset[str]:
        """Returns the ids whose last record had this digest, noting that they were met again."""
        ...

    def known_ids(self, objet: str, ids: Iterable[str]) -> frozenset[str]:
        """Returns those of the ids that the catalogue has."""
        ...

    def store_structures(
        self, batch: Sequence[Received[Structure]], origin: Origin, *, rehearse: bool = False
    ) -> Written:
        """Writes structures, or tells what writing them would do."""
        ...

    def store_offres(
        self, batch: Sequence[Received[Offre]], origin: Origin, *, rehearse: bool = False
    ) -> Written:
        """Writes offers, or tells what writing them would do."""
        ...

    def mark_seen(self, objet: str, ids: Sequence[str], import_id: int) -> None:
        """Notes that an import has met these listings, though it refused their records."""
        ...

    def withdraw_unseen(
        self,
        source: str,
        origin: Origin,
        max_share: float,
        *,
        met: Mapping[str, Container[str]] | None = None,
    ) -> Withdrawal:
        """Withdraws what a source no longer sends, unless it is more than a share of it.

        With `met`, the ids of a rehearsal, only tells.
        """
        ...
