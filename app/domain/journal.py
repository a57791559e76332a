"""What is sensitive, and who did it: kept for those who answer for the site, without its content.

A line names an account by its number, never a person by an address, and never says what was typed.
Changes of listings have a history of their own: only what takes one away, or brings it back, is
here too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

# CNIL, délibération 2021-122 (recommandation relative à la journalisation): 6 to 12 months.
DUREE_JOURNAL = timedelta(days=365)
PAR_PAGE = 100  # lines that are read at once


class Sensible(StrEnum):
    """An action that leaves a line."""

    CONNEXION = "connexion"
    CONNEXION_REFUSEE = "connexion-refusee"
    DECONNEXION = "deconnexion"
    COMPTE_CREE = "compte-cree"
    COMPTE_CHANGE = "compte-change"
    COMPTE_FERME = "compte-ferme"
    COMPTE_ROUVERT = "compte-rouvert"
    COMPTE_INVITE = "compte-invite"
    MOT_DE_PASSE_CHOISI = "mot-de-passe-choisi"
    MOT_DE_PASSE_RETIRE = "mot-de-passe-retire"
    SESSION_FERMEE = "session-fermee"  # another one than that of who closes it
    IDENTITE_ASSOCIEE = "identite-associee"
    IDENTITE_DISSOCIEE = "identite-dissociee"
    ADHESION_DEMANDEE = "adhesion-demandee"
    ADHESION_ADMISE = "adhesion-admise"
    ADHESION_RETIREE = "adhesion-retiree"
    INVITATION = "invitation"
    PROPOSITION_ACCEPTEE = "proposition-acceptee"
    PROPOSITION_REFUSEE = "proposition-refusee"
    RETRAIT = "retrait"
    REMISE_EN_LIGNE = "remise-en-ligne"
    RESTAURATION = "restauration"
    FICHES_REUNIES = "fiches-reunies"
    FICHES_SEPAREES = "fiches-separees"
    REGLAGE = "reglage"
    CLE_CREEE = "cle-creee"
    CLE_REVOQUEE = "cle-revoquee"
    DROIT_REFUSE = "droit-refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ligne:
    """Who did what, on what, when (UTC). `details` holds codes and numbers, nothing typed."""

    quand: datetime
    auteur: str
    action: Sensible
    objet: str | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)
    id: int = 0
    """0 until it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtre:
    """What is looked for; None asks nothing. `avant` is the id that a page begins below."""

    action: Sensible | None = None
    auteur: str | None = None
    objet: str | None = None
    depuis: datetime | None = None
    jusqu_a: datetime | None = None
    avant: int | None = None


class JournalStore(Protocol):
    """Keeps the lines; nothing changes one, and only their age erases them."""

    def add(self, ligne: Ligne) -> None:
        """Keeps a line, in a transaction of its own."""
        ...

    def find(self, filtre: Filtre) -> Sequence[Ligne]:
        """Returns the newest lines first, `PAR_PAGE` at most."""
        ...

    def purge(self, avant: datetime) -> int:
        """Erases the lines older than an instant, and returns how many."""
        ...


class Noter(Protocol):
    """Keeps that an author did something on an object; details are codes and numbers."""

    def __call__(self, auteur: str, action: Sensible, objet: str, /, **details: str | int) -> None:
        """Keeps it."""
        ...


def sans_journal(_auteur: str, _action: Sensible, _objet: str, /, **_details: str | int) -> None:
    """Keeps nothing: for use cases that are tried alone."""
