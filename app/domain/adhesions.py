"""Which accounts speak for which structures: asked by one, admitted by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.comptes import Adhesion, Compte, Role
from app.domain.errors import CatalogueError
from app.domain.offre import StructureId


class AdhesionInconnue(CatalogueError):
    """Nobody asked for this, or it was answered meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdhesionListee:
    """A membership beside the name of its structure."""

    adhesion: Adhesion
    structure_nom: str


class CompteStore(Protocol):
    """Keeps accounts and memberships; each call is one transaction."""

    def adhesions_of(self, compte_id: int) -> Sequence[AdhesionListee]:
        """Returns the structures of an account by name, those that it still waits for included."""
        ...

    def members_of(self, structure_id: StructureId) -> Sequence[AdhesionListee]:
        """Returns who speaks for a structure, or asks to, the oldest first; no closed account."""
        ...

    def waiting(self) -> Sequence[AdhesionListee]:
        """Returns who asks to speak for a structure, the oldest first; no closed account."""
        ...

    def ask(self, compte_id: int, structure_id: StructureId, quand: datetime) -> None:
        """Notes that an account asks to speak for a structure; asking twice changes nothing.

        Raises `OffreIntrouvable` when there is no such structure.
        """
        ...

    def admit(
        self, compte_id: int, structure_id: StructureId, auteur: str, quand: datetime
    ) -> None:
        """Admits an account to a structure. Raises `AdhesionInconnue`."""
        ...

    def remove(self, compte_id: int, structure_id: StructureId) -> None:
        """Ends what links an account to a structure, or refuses it. Raises `AdhesionInconnue`."""
        ...

    def find(self, courriel: str) -> Compte | None:
        """Returns the account of an address."""
        ...

    def save(
        self, courriel: str, nom: str, role: Role, perimetre: str | None, quand: datetime
    ) -> Compte:
        """Makes the account of an address, or changes it and closes its sessions.

        Raises `DernierAdministrateur`.
        """
        ...

    def set_nom(self, compte_id: int, nom: str) -> None:
        """Gives an account the name that other members read."""
        ...

    def close(self, compte_id: int) -> None:
        """Closes an account, its sessions and its keys; what it wrote stays.

        Raises `DernierAdministrateur`.
        """
        ...

    def get(self, compte_id: int) -> Compte | None:
        """Returns an account by its number, None when it was closed."""
        ...

    def coordinateurs(self) -> Mapping[str, int]:
        """Returns the number of coordinators by the slug of their territory or basin."""
        ...

    def names(self, ids: Sequence[int]) -> dict[int, str]:
        """Returns the names of some accounts."""
        ...
