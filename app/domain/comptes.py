"""People who have an account, the structures that they speak for, and in what quality they act."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.offre import StructureId
from app.domain.territoire import Zone

MAX_NOM = 100  # characters of a person's name
# A working day: who shares a computer is not signed in the next morning (ASVS 5.0, 7.3.2).
DUREE_SESSION = timedelta(hours=12)
# What comes by the structure's mailbox is known of everyone who reads that mailbox.
DUREE_SESSION_BOITE = timedelta(hours=2)


class Role(StrEnum):
    """What an account is for."""

    PARTENAIRE = "partenaire"
    PROFESSIONNEL = "professionnel"
    COORDINATEUR = "coordinateur"
    ADMINISTRATEUR = "administrateur"


class Qualite(StrEnum):
    """In what quality a request is made: a role, or what stands for one without an account.

    `BOITE` came by the link sent to a structure's mailbox: it speaks for it, unverified.
    """

    VISITEUR = "visiteur"
    BOITE = "boite"
    PARTENAIRE = "partenaire"
    PROFESSIONNEL = "professionnel"
    COORDINATEUR = "coordinateur"
    ADMINISTRATEUR = "administrateur"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compte:
    """An account; `perimetre` is the slug of the territory or basin of a coordinator."""

    id: int
    courriel: str
    nom: str
    role: Role
    perimetre: str | None = None
    is_actif: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Adhesion:
    """An account that speaks for a structure, or asks to; `admise_le` None while it waits."""

    compte: Compte
    structure_id: StructureId
    demandee_le: datetime
    admise_le: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acteur:
    """Who makes a request. The default is a visitor, who may do what anyone may.

    `structures` are those that it speaks for, `zone` the perimeter of a coordinator, `auteur` how
    the history names it.
    """

    qualite: Qualite = Qualite.VISITEUR
    compte: Compte | None = None
    structures: frozenset[StructureId] = frozenset()
    zone: Zone = field(default_factory=lambda: Zone(0))

    @property
    def auteur(self) -> str:
        """The account by its number, or the mailbox by its structure: never an address."""
        if self.compte is not None:
            return f"compte:{self.compte.id}"
        if self.qualite is Qualite.BOITE:
            return f"boite:{min(self.structures, default='')}"
        return "visiteur"


VISITEUR = Acteur()


def compte_id_of(auteur: str) -> int | None:
    """Returns the number of the account of an author, None for a mailbox or a feed."""
    kind, _, number = auteur.partition(":")
    return int(number) if kind == "compte" and number.isdecimal() else None


def courriel_key(courriel: str) -> str:
    """Returns the one form of an address: without spaces around, in lower case.

    The part before “@” may tell capitals apart in theory; no mailbox in use does, and two accounts
    that differ by a capital would be one person.
    """
    return courriel.strip().lower()
