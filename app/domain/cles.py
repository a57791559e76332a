"""Keys by which a partner's own software writes: each acts as the account that made it, never more.

A key is shown once, when it is made; only its digest is kept.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NewType, Protocol

from app.domain.comptes import Compte
from app.domain.connexion import Empreinte
from app.domain.errors import CatalogueError

Cle = NewType("Cle", str)

# Scanners of leaked secrets know a key by its beginning, as they know those of GitHub.
PREFIXE = "eventail_"
CLE_BYTES = 32  # 256 bits: twice what ASVS 5.0 asks (7.2.3)
# A year and a day, the longest life of a token of GitHub: what is forgotten ends by itself.
VALIDITE_MAX = timedelta(days=366)
VALIDITES_JOURS = (30, 90, 366)  # a trial, a season, a year
MAX_CLES = 10  # of one account: one for each software, and one more while a key is replaced
MAX_NOM_CLE = 60  # characters


class CleInconnue(CatalogueError):
    """The account has no such key, or no longer."""


class CleRefusee(CatalogueError):
    """A key that opens nothing: unknown, over, revoked, or of an account that was closed."""


class TropDeCles(CatalogueError):
    """An account has as many keys as it may: one is revoked first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleListee:
    """A key as its account sees it; instants are in UTC, `vue_le` the last day of its use."""

    id: int
    compte_id: int
    nom: str
    cree_le: datetime
    expire_le: datetime
    vue_le: date | None = None


class CleStore(Protocol):
    """Keeps keys; each call is one transaction."""

    def add(self, empreinte: Empreinte, cle: CleListee) -> CleListee:
        """Keeps a key and returns it with its id. Raises `TropDeCles`."""
        ...

    def of(self, compte_id: int) -> Sequence[CleListee]:
        """Returns the keys of an account, those that are over included, the newest first."""
        ...

    def use(self, empreinte: Empreinte, quand: datetime) -> tuple[CleListee, Compte]:
        """Returns a key that may be used, and its account, and notes the day.

        Raises `CleRefusee`.
        """
        ...

    def revoke(self, compte_id: int, cle_id: int) -> None:
        """Erases a key of an account. Raises `CleInconnue`."""
        ...


def new_cle() -> Cle:
    """Returns a new key."""
    return Cle(f"{PREFIXE}{secrets.token_urlsafe(CLE_BYTES)}")
