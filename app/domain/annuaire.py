"""Accounts as an administrator keeps them: what each one is for, and what nobody may do to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain.adhesions import CompteStore
from app.domain.comptes import Compte, Role
from app.domain.errors import CatalogueError

PAR_PAGE = 50  # accounts that are read at once
MAX_CHERCHE = 100  # characters of what is looked for: a name, or most of an address


class CompteInconnu(CatalogueError):
    """No account has this number."""


class CompteModifie(CatalogueError):
    """Somebody else has changed the account since its page was read."""


class DernierAdministrateur(CatalogueError):
    """Without this account, nobody could keep the accounts."""


class SonPropreCompte(CatalogueError):
    """Administrators neither close their own account nor change what it is for."""


class CompteConnu(CatalogueError):
    """The address has an account already, which is for something else."""

    def __init__(self, compte_id: int) -> None:
        super().__init__(compte_id)
        self.compte_id = compte_id


class MotifStatut(StrEnum):
    """What is wrong with what an account should be for."""

    ROLE_INCONNU = "role-inconnu"
    PERIMETRE_ATTENDU = "perimetre-attendu"
    PERIMETRE_INCONNU = "perimetre-inconnu"
    PERIMETRE_EN_TROP = "perimetre-en-trop"


class StatutInvalide(CatalogueError):
    """A role and a perimeter that do not go together."""

    def __init__(self, motif: MotifStatut) -> None:
        super().__init__(motif)
        self.motif = motif


@dataclass(frozen=True, slots=True, kw_only=True)
class Statut:
    """What an account is for, and whether it is open."""

    role: Role
    perimetre: str | None = None
    is_actif: bool = True

    @property
    def cle(self) -> str:
        """What a page keeps of it, to tell whether somebody has changed it since."""
        return f"{self.role}.{self.perimetre or ''}.{'ouvert' if self.is_actif else 'ferme'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inscrit:
    """An account, when it was made, and the last time that somebody signed in with it.

    `vu_le` is when it was made for an account that nobody has come back to.
    """

    compte: Compte
    cree_le: datetime
    vu_le: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouves:
    """A page of the accounts that were looked for; `structures` are the names of each one's."""

    inscrits: Sequence[Inscrit]
    structures: Mapping[int, Sequence[str]]
    total: int
    page: int
    derniere: int


class AnnuaireStore(CompteStore, Protocol):
    """Keeps every account, closed ones included; each call is one transaction."""

    def inscrits(self) -> Sequence[Inscrit]:
        """Returns every account."""
        ...

    def inscrit(self, compte_id: int) -> Inscrit:
        """Returns an account. Raises `CompteInconnu`."""
        ...

    def structures_of(self, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
        """Returns the names of the structures that accounts speak for, sorted."""
        ...

    def make(self, courriel: str, nom: str, statut: Statut, quand: datetime) -> tuple[Compte, bool]:
        """Makes the account of an address; the one that it has already, as it is, and False."""
        ...

    def change(self, compte_id: int, lu: str, voulu: Statut) -> bool:
        """Changes what an account is for, or closes it; False when it is as it should be already.

        `lu` is the key of what its page said. Raises `CompteInconnu`, `CompteModifie`, or
        `DernierAdministrateur`.
        """
        ...


def statut_of(compte: Compte) -> Statut:
    """Returns what an account is for."""
    return Statut(role=compte.role, perimetre=compte.perimetre, is_actif=compte.is_actif)


def read_statut(role: str, perimetre: str | None, perimetres: Collection[str]) -> Statut:
    """Returns what an open account is for: only a coordinator has a perimeter, one in force.

    Raises `StatutInvalide`.
    """
    if role not in set(Role):
        raise StatutInvalide(MotifStatut.ROLE_INCONNU)
    if role == Role.COORDINATEUR and not perimetre:
        raise StatutInvalide(MotifStatut.PERIMETRE_ATTENDU)
    if perimetre and perimetre not in perimetres:
        raise StatutInvalide(MotifStatut.PERIMETRE_INCONNU)
    if perimetre and role != Role.COORDINATEUR:
        raise StatutInvalide(MotifStatut.PERIMETRE_EN_TROP)
    return Statut(role=Role(role), perimetre=perimetre or None)
