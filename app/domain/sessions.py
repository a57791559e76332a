"""The open sessions of an account, as its owner sees and closes them.

Neither an address of the network nor a browser is kept: when and how are enough to know one's own.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType, Protocol

from app.domain.connexion import Empreinte, Moyen

NomSession = NewType("NomSession", str)
"""What a page calls a session: it opens nothing, and its token cannot be found from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOuverte:
    """A session that may be used until `expire_le`; instants are in UTC."""

    nom: NomSession
    moyen: Moyen
    ouverte_le: datetime
    expire_le: datetime


class SessionStore(Protocol):
    """Reads and closes the sessions of one account; each call is one transaction."""

    def sessions_of(self, compte_id: int, quand: datetime) -> Sequence[SessionOuverte]:
        """Returns the open sessions of an account, the newest first."""
        ...

    def close_named(self, compte_id: int, nom: NomSession) -> int:
        """Closes a session of an account, if it is open and its own; returns how many it was."""
        ...

    def close_others(self, compte_id: int, garder: Empreinte) -> int:
        """Closes every session of an account but one, and returns how many."""
        ...


def nom_of(empreinte: Empreinte) -> NomSession:
    """Returns the name of a session: a digest of the digest that the record keeps.

    A page that leaks tells nothing that the record would take for a session.
    """
    return NomSession(hashlib.sha256(f"session {empreinte}".encode()).hexdigest()[:32])
