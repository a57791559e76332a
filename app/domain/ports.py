"""What the catalogue needs from outside, in its own terms."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from app.domain.matching import MatchCriteria, MatchPage
from app.domain.offre import Offre, OffreId, StructureId
from app.domain.search import SearchCriteria, SearchPage


class SearchEngine(Protocol):
    """Filters and ranks the whole published catalogue; counts are exact.

    Raises `EngineUnavailable` when it cannot answer.
    """

    def search(self, criteres: SearchCriteria) -> SearchPage:
        """Returns one page of the total order of a search."""
        ...

    def match(self, criteres: MatchCriteria) -> MatchPage:
        """Returns one page of the total order of a match, and what to ask next."""
        ...

    def known_tokens(self, jetons: Iterable[str]) -> frozenset[str]:
        """Returns those of the tokens that occur in at least one listing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOffre:
    """A published offer and its public document."""

    offre: Offre
    document: str


class OffreRepository(Protocol):
    """Reads published listings, already rendered as their public JSON document."""

    def get_many(self, ids: Sequence[OffreId]) -> dict[OffreId, str]:
        """Returns the documents of those ids that are still published."""
        ...

    def get_listed(self, ids: Sequence[OffreId]) -> dict[OffreId, ListedOffre]:
        """Returns the same with the offers themselves, to explain them."""
        ...

    def get_structure(self, structure_id: StructureId) -> str | None:
        """Returns the document of a published structure."""
        ...

    def list_structures(
        self,
        first: int,
        count: int,
        codes_insee: Collection[str] | None = None,
        departement: str | None = None,
    ) -> tuple[int, list[str]]:
        """Returns how many published structures there are and the documents of one page, by id."""
        ...

    def offre_ids_of(self, structure_id: StructureId) -> list[OffreId]:
        """Returns the published offers of a structure, by name."""
        ...

    def kept_instead(self, objet: str, ident: str) -> str | None:
        """Returns the listing with which another was merged, None when it was not."""
        ...

    def likely_duplicates(self, structure_id: StructureId) -> list[StructureId]:
        """Returns the structures that another source seems to list under another id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AdresseTrouvee:
    """A street address found by a geocoder."""

    libelle: str
    latitude: float
    longitude: float
    code_insee: str
    score: float


class Geocoder(Protocol):
    """Finds a street address. Raises `GeocoderUnavailable` when the service cannot answer."""

    def locate(self, adresse: str) -> AdresseTrouvee | None:
        """Returns the best address, None when nothing is close enough."""
        ...


class Clock(Protocol):
    """Tells the date in the time zone of the territory, and the instant."""

    def today(self) -> date:
        """Returns the date in Europe/Paris."""
        ...

    def now(self) -> datetime:
        """Returns the instant, with its time zone."""
        ...
