"""Changes that wait for moderation: what those who are not verified would like a listing to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from app.domain.edition import FicheRef
from app.domain.errors import CatalogueError
from app.domain.offre import StructureId
from app.domain.publication import STRUCTURE

MAX_CREATIONS = 10  # structures that one person has waiting: more is a file, or a nuisance
MAX_MOTIF = 500  # characters of why a change is refused: two or three sentences


class EtatProposition(StrEnum):
    """What became of a change."""

    A_MODERER = "a_moderer"
    ACCEPTEE = "acceptee"
    REFUSEE = "refusee"


class TropDeCreations(CatalogueError):
    """Someone has sent more new structures than they may have waiting."""


class PropositionInconnue(CatalogueError):
    """No change has this number, or it was answered meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposition:
    """A change as its author sent it: the whole record, made from the revision `base`."""

    id: int
    ref: FicheRef
    structure_id: StructureId
    auteur: str
    base: int
    record: Mapping[str, Any]
    envoyee_le: datetime
    etat: EtatProposition = EtatProposition.A_MODERER
    motif: str | None = None
    """Why it was refused, when its reader said so."""
    traitee_le: datetime | None = None

    @property
    def is_creation(self) -> bool:
        """True for a structure that did not exist: a change has a revision to be made from."""
        return self.ref.objet == STRUCTURE and self.base == 0


class PropositionEnAttente(CatalogueError):
    """Its author has a change waiting on the same listing that this one was not made from."""

    def __init__(self, proposition: Proposition) -> None:
        super().__init__(str(proposition.id))
        self.proposition = proposition


class PropositionStore(Protocol):
    """Keeps the changes that wait; each call is one transaction."""

    def add(
        self,
        ref: FicheRef,
        structure_id: StructureId,
        auteur: str,
        base: int,
        record: Mapping[str, Any],
        quand: datetime,
        vue: int | None = None,
    ) -> None:
        """Keeps a change, in place of the one that its author has waiting on the same listing.

        `vue` is the number of the one that it was made from, None for none: two people may share
        an author, a mailbox. Raises `PropositionEnAttente` when another waits, unless it says the
        same: pressing a button twice sends one change.
        """
        ...

    def waiting_on(self, ref: FicheRef, auteur: str) -> Proposition | None:
        """Returns the change that an author has waiting on a listing."""
        ...

    def get(self, numero: int) -> Proposition:
        """Returns a change that waits. Raises `PropositionInconnue`."""
        ...

    def waiting(self) -> Sequence[Proposition]:
        """Returns the changes that wait, the oldest first."""
        ...

    def sent_by(self, auteur: str, structure_id: StructureId) -> Sequence[Proposition]:
        """Returns what an author sent about a structure, answered or not, the newest first."""
        ...

    def begun_by(self, auteur: str) -> Sequence[Proposition]:
        """Returns the new structures that an author sent, answered or not, the newest first."""
        ...

    def settle(
        self, numero: int, etat: EtatProposition, par: str, motif: str | None, quand: datetime
    ) -> None:
        """Answers a change, once. Raises `PropositionInconnue`."""
        ...
