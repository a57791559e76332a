"""The structures that a new one may already be: named to its author, and to who reads it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from app.domain.edition import Listing
from app.domain.offre import Structure
from app.web.auth.session import current_espace

VUES = "semblables"
MAX_SEMBLABLES = 5  # more names than that are not read


@dataclass(frozen=True, slots=True, kw_only=True)
class Semblable:
    """A published structure, as it is named to who writes one like it."""

    id: str
    nom: str


def unseen(structure: Listing) -> Sequence[Semblable]:
    """Returns the structures that a new one may already be, until its author has seen them all."""
    if not isinstance(structure, Structure):
        raise TypeError(structure)
    found = semblables_of(structure)
    seen = set(request.form.getlist(VUES))
    return () if seen.issuperset(one.id for one in found) else found


def semblables_of(structure: Structure) -> Sequence[Semblable]:
    """Returns the published structures that one which is being written may already be."""
    found = current_espace().doublons.semblables(structure)[:MAX_SEMBLABLES]
    return [Semblable(id=one.id, nom=one.libelle) for one in found]
