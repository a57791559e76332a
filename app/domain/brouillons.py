"""Drafts: what an account has typed in the form of a listing and not published, faults included.

A draft holds texts, and not values: it is the form as it was left. Only its author ever sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.edition import FicheRef
from app.domain.errors import CatalogueError
from app.domain.offre import StructureId

# Twice the six months after which a listing has to be confirmed (design, section 4): the listing
# that a draft began from has been read again twice by then. Handled reports are kept as long.
GARDE_BROUILLON = timedelta(days=365)

Typed = Sequence[tuple[str, str]]
"""Names of fields and what is typed in them, in the order of the page."""


class BrouillonInconnu(CatalogueError):
    """Nobody, or somebody else, has the draft of this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brouillon:
    """A form as its author left it, made from the revision `base`; 0 for a new listing."""

    id: int
    ref: FicheRef
    structure_id: StructureId
    auteur: str
    base: int
    typed: Typed
    modifie_le: datetime
    is_new: bool
    """True for a listing that did not exist when the draft was last kept."""

    def text(self, nom: str) -> str:
        """Returns what is typed in a field, empty when there is nothing."""
        return next((valeur for own, valeur in self.typed if own == nom), "")


class BrouillonStore(Protocol):
    """Keeps drafts, one for each author and listing; each call is one transaction."""

    def keep(
        self,
        ref: FicheRef,
        structure_id: StructureId,
        auteur: str,
        base: int,
        typed: Typed,
        quand: datetime,
        *,
        is_new: bool,
    ) -> None:
        """Keeps a draft in place of the one that its author has of the same listing."""
        ...

    def find(self, auteur: str, ref: FicheRef) -> Brouillon | None:
        """Returns an author's draft of a listing."""
        ...

    def of(self, auteur: str) -> Sequence[Brouillon]:
        """Returns an author's drafts, the newest first."""
        ...

    def forget(self, auteur: str, ref: FicheRef) -> None:
        """Erases an author's draft of a listing, if there is one."""
        ...

    def purge_before(self, quand: datetime) -> int:
        """Erases the drafts that have not changed since an instant; returns how many."""
        ...
