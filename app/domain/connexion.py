"""Signing in by links sent by e-mail, and the sessions that any way of signing in opens.

A token is 128 random bits, and only its digest is kept. A link opens one session, once.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, Protocol

from app.domain.comptes import Compte
from app.domain.errors import CatalogueError
from app.domain.offre import StructureId

Jeton = NewType("Jeton", str)
Empreinte = NewType("Empreinte", str)

JETON_BYTES = 16  # 128 bits (design section 8)
VALIDITE_LIEN = timedelta(minutes=15)
# A link in a reminder is read days later; it opens one structure, and its changes are moderated.
VALIDITE_LIEN_BOITE = timedelta(days=30)
MAX_LIENS = 5  # to one address in `FENETRE_LIENS`: nobody needs more, and a mailbox is not flooded
FENETRE_LIENS = timedelta(hours=1)
GARDE_LIENS = timedelta(days=1)  # a link that is over is kept that long, to say so to its reader


class Usage(StrEnum):
    """What a link opens: the account of an address, or the listings of a structure."""

    CONNEXION = "connexion"
    BOITE = "boite"


class Moyen(StrEnum):
    """How a session was opened."""

    LIEN = "lien"
    MOT_DE_PASSE = "mot-de-passe"
    PROCONNECT = "proconnect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lien:
    """A link as it was sent; instants are in UTC."""

    usage: Usage
    courriel: str
    expire_le: datetime
    structure_id: StructureId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who a session was opened for: an account, or a structure's mailbox."""

    compte: Compte | None
    structure_id: StructureId | None
    expire_le: datetime


class MotifRefus(StrEnum):
    """Why a link opens nothing."""

    INCONNU = "inconnu"
    EXPIRE = "expire"
    DEJA_UTILISE = "deja-utilise"
    COMPTE_FERME = "compte-ferme"


class LienRefuse(CatalogueError):
    """A link that opens nothing, and why."""

    def __init__(self, motif: MotifRefus) -> None:
        super().__init__(motif)
        self.motif = motif


class TropDeLiens(CatalogueError):
    """Links were asked for one address too often; those already sent still work."""


class ConnexionFermee(CatalogueError):
    """The site has no means to send a link safely; its settings say which is missing."""


class CourrielNonParti(CatalogueError):
    """The mail server did not take the message in; nothing was promised, and one may try again."""


class ConnexionStore(Protocol):
    """Keeps links and sessions; each call is one transaction."""

    def add_lien(self, empreinte: Empreinte, lien: Lien, quand: datetime) -> None:
        """Keeps a link. Raises `TropDeLiens` when its address has had too many."""
        ...

    def get_lien(self, empreinte: Empreinte, quand: datetime) -> Lien:
        """Returns a link that may still be used, and changes nothing. Raises `LienRefuse`."""
        ...

    def find_lien(self, empreinte: Empreinte) -> Lien | None:
        """Returns a link whatever became of it, None once it is erased."""
        ...

    def open_with_lien(self, lien: Empreinte, session: Empreinte, quand: datetime) -> Session:
        """Uses a link, once, and opens its session; a new address gets an account.

        Raises `LienRefuse`, and then nothing has changed.
        """
        ...

    def get_session(self, empreinte: Empreinte, quand: datetime) -> Session | None:
        """Returns an open session, of an account that is not closed."""
        ...

    def close_session(self, empreinte: Empreinte) -> None:
        """Closes a session, if it is open."""
        ...

    def close_sessions_of(self, compte_id: int) -> int:
        """Closes every session of an account, and returns how many."""
        ...


def new_jeton() -> Jeton:
    """Returns a new token, fit for an address."""
    return Jeton(secrets.token_urlsafe(JETON_BYTES))


def empreinte_of(jeton: str) -> Empreinte:
    """Returns what is kept of a token: it is random, so a plain digest cannot be guessed back."""
    return Empreinte(hashlib.sha256(jeton.encode("utf-8", "replace")).hexdigest())
