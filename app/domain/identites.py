"""Signing in through a provider of identities (OpenID Connect), ProConnect for one.

The provider says who somebody is; which account that opens is decided here. A provider's subject
never changes, an address may: an account is found by the former once both have met.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain.connexion import Empreinte, Session
from app.domain.errors import CatalogueError


class MotifIdentite(StrEnum):
    """Why an identity opens nothing."""

    FERME = "ferme"  # this site has no provider
    INJOIGNABLE = "injoignable"
    REFUSEE = "refusee"  # by the provider, or by the person themselves
    INVALIDE = "invalide"  # an answer that is not the one to this browser's question
    SANS_COURRIEL = "sans-courriel"
    COURRIEL_NON_VERIFIE = "courriel-non-verifie"
    COMPTE_FERME = "compte-ferme"
    AUTRE_IDENTITE = "autre-identite"


class IdentiteRefusee(CatalogueError):
    """An identity that opens nothing, and why."""

    def __init__(self, motif: MotifIdentite) -> None:
        super().__init__(motif)
        self.motif = motif


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart:
    """A question to the provider: where to go, and what its answer must bring back."""

    adresse: str
    etat: str
    nonce: str
    verificateur: str


# No `repr` of what is about a person, nor of a token.
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Identite:
    """Who somebody is, as a provider says and signs it."""

    emetteur: str
    sujet: str
    courriel: str | None
    is_verifie: bool
    """The provider has made sure that the address is theirs."""
    nom: str
    jeton: str
    """The signed proof, sent back to the provider to sign out there."""

    @property
    def cle(self) -> str:
        """What an account keeps: issuer and subject, the only pair that is somebody's own."""
        return f"{self.emetteur} {self.sujet}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entree:
    """A session that an identity opened, and what it changed of the account on its way."""

    session: Session
    is_creee: bool
    """The account is new."""
    is_jointe: bool
    """The account had met no identity yet."""


class Fournisseur(Protocol):
    """A provider of identities. Each call may ask it over the network, for some seconds at most."""

    def start(self, retour: str) -> Depart:
        """Returns where to send a browser, which comes back at `retour`.

        Raises `IdentiteRefusee` when the provider is away.
        """
        ...

    def finish(self, depart: Depart, code: str, retour: str) -> Identite:
        """Exchanges the code that a browser brought back, once. Raises `IdentiteRefusee`."""
        ...

    def sortie(self, jeton: str, retour: str) -> str | None:
        """Returns where to sign out of the provider too; None when it has no such page, or is away.

        `retour` is the page that it leads back to.
        """
        ...


class IdentiteStore(Protocol):
    """Joins identities to accounts; each call is one transaction."""

    def open_with_identite(
        self, identite: Identite, courriel: str, session: Empreinte, quand: datetime
    ) -> Entree:
        """Opens a session of the account of an identity, else of its address, made when new.

        Raises `IdentiteRefusee`, and then nothing has changed.
        """
        ...

    def has_identite(self, compte_id: int) -> bool:
        """Tells whether an account is joined to an identity."""
        ...

    def detach(self, compte_id: int) -> bool:
        """Parts an account from its identity; False when it had none."""
        ...

    def jeton_of(self, session: Empreinte) -> str | None:
        """Returns the proof that a session was opened with, None when it was by another way."""
        ...
