"""Listings as those who keep them edit them: what they say now, who changed what, who holds what.

A change names the newest revision that its author has seen. When another came meanwhile nothing is
written: the author sees both and chooses.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from app.domain.errors import CatalogueError
from app.domain.offre import Offre, OffreId, Structure, StructureId
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.vocabulaire import EtatPublication

Listing = Offre | Structure
Changes = Mapping[str, tuple[Any, Any]]
"""Before and after in plain JSON types, by field."""

SOURCE_LOCALE = "eventail"  # of listings that begin here; feeds have names of their own
# What identifies a listing or follows from its changes: nobody types it.
NOT_TYPED = frozenset(("source", "id", "structure_id", "date_maj", "lien_source"))
ETAT = "etat_publication"
# A confirmation is no field that two may say otherwise: the newest is the one that counts.
NEVER_HELD = NOT_TYPED | {"derniere_confirmation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FicheRef:
    """Names a listing: `objet` is “structure” or “offre”."""

    objet: str
    id: str


def ref_of(value: Listing) -> FicheRef:
    """Returns the name of a listing."""
    return FicheRef(objet=OFFRE if isinstance(value, Offre) else STRUCTURE, id=value.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiche:
    """A listing with its structure and its newest revision, 0 when it has none."""

    ref: FicheRef
    value: Listing
    structure: Structure
    revision: int
    is_new: bool = False
    """True for one that is being written for the first time."""

    @property
    def is_new_structure(self) -> bool:
        """True for a structure that is being written for the first time."""
        return self.is_new and self.ref.objet == STRUCTURE

    def saying(self, value: Listing) -> "Fiche":
        """Returns the listing as it would say something else; a structure stands where it says."""
        structure = value if isinstance(value, Structure) else self.structure
        return replace(self, value=value, structure=structure)

    @property
    def is_published(self) -> bool:
        """True when its readers find it, as far as its own state goes."""
        return self.value.etat_publication is EtatPublication.PUBLIE


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One change of a listing; `changes` is empty for a creation.

    `mention` names the other listing of a merge.
    """

    id: int
    quand: datetime
    auteur: str
    action: str
    changes: Changes
    mention: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenue:
    """A field that a partner holds: feeds no longer change it.

    `valeur_source` is what the source says when it says another thing, in plain JSON types.
    """

    auteur: str
    depuis: datetime
    diverge: bool = False
    valeur_source: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptation:
    """The change that waits which a writing publishes, and who says yes to it.

    `membre` is the account that speaks for the structure from then on, None when nobody new does.
    """

    numero: int
    par: str
    membre: int | None = None


class ModifieeEntretemps(CatalogueError):
    """The listing has changed since its author saw it; `revisions` are the newer ones, in order."""

    def __init__(self, revisions: Sequence[Revision]) -> None:
        super().__init__(f"{len(revisions)} revisions")
        self.revisions = tuple(revisions)


class EditionStore(Protocol):
    """Reads and writes listings one at a time; each call is one transaction."""

    def get(self, ref: FicheRef) -> Fiche | None:
        """Returns a listing in whatever state it is."""
        ...

    def offres_of(self, structure_id: StructureId) -> Sequence[Fiche]:
        """Returns the offers of a structure by name, withdrawn ones included."""
        ...

    def save(
        self,
        value: Listing,
        base: int,
        auteur: str,
        quand: datetime,
        *,
        accepte: Acceptation | None = None,
    ) -> Fiche:
        """Writes a listing, or a new one when `base` is 0, and holds the fields that changed.

        Raises `ModifieeEntretemps` when `base` is not its newest revision, unless what is there
        now is what would be written: pressing a button twice is no conflict. Raises
        `PropositionInconnue` when the change that it publishes was answered meanwhile.
        """
        ...

    def save_all(
        self,
        changes: Sequence[tuple[Listing, int]],
        auteur: str,
        quand: datetime,
        *,
        answers_source: bool = False,
    ) -> Sequence[Fiche]:
        """Writes several listings, each with its base, as `save` does: all of them, or none.

        `answers_source`: their author has read what the source says instead. Raises
        `ModifieeEntretemps` when one of them has changed.
        """
        ...

    def revisions(self, ref: FicheRef) -> Sequence[Revision]:
        """Returns the history of a listing, newest first."""
        ...

    def tenues(self, ref: FicheRef) -> Mapping[str, Tenue]:
        """Returns the fields that are held, by name."""
        ...

    def release(self, ref: FicheRef, champ: str) -> None:
        """Lets the source say a field again, from its next feed on."""
        ...


OWN_ID = re.compile(rf"{SOURCE_LOCALE}--[0-9a-f]{{32}}")


def new_id() -> str:
    """Returns an id that no listing has, of the form that `OWN_ID` knows."""
    return f"{SOURCE_LOCALE}--{uuid.uuid4().hex}"


def new_offre(structure: Structure, ident: OffreId, today: date) -> Fiche:
    """Returns the empty listing of an offer that does not exist yet."""
    value = Offre(
        source=SOURCE_LOCALE,
        structure_id=structure.id,
        id=ident,
        nom="",
        description="",
        date_maj=today,
    )
    ref = FicheRef(objet=OFFRE, id=ident)
    return Fiche(ref=ref, value=value, structure=structure, revision=0, is_new=True)


def new_structure(ident: StructureId, today: date) -> Fiche:
    """Returns the empty listing of a structure that does not exist yet."""
    value = Structure(source=SOURCE_LOCALE, id=ident, nom="", date_maj=today)
    ref = FicheRef(objet=STRUCTURE, id=ident)
    return Fiche(ref=ref, value=value, structure=value, revision=0, is_new=True)


def merged_changes(revisions: Sequence[Revision]) -> dict[str, tuple[Any, Any]]:
    """Returns what several revisions, in order, changed together.

    A field that came back to what it was has not changed.
    """
    merged: dict[str, tuple[Any, Any]] = {}
    for revision in revisions:
        for name, (before, after) in revision.changes.items():
            first = merged[name][0] if name in merged else before
            merged[name] = (first, after)
    return {name: pair for name, pair in merged.items() if pair[0] != pair[1]}
