"""One's own open sessions: read, closed one by one or all at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.comptes import Acteur
from app.domain.connexion import Empreinte
from app.domain.journal import Noter, Sensible
from app.domain.sessions import NomSession, SessionOuverte, SessionStore
from app.services.own import own_compte


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionService:
    """What an account's owner may do with its sessions (ASVS 5.0, 7.5.2); others may do nothing."""

    store: SessionStore
    now: Callable[[], datetime]
    note: Noter

    def sessions(self, acteur: Acteur) -> Sequence[SessionOuverte]:
        """Returns one's open sessions, the newest first. Raises `DroitRefuse`."""
        return self.store.sessions_of(own_compte(acteur).id, self.now())

    def close(self, acteur: Acteur, nom: NomSession) -> None:
        """Closes one of one's sessions; what is not open, or not one's own, stays as it is.

        Raises `DroitRefuse`.
        """
        self._note(acteur, self.store.close_named(own_compte(acteur).id, nom))

    def close_others(self, acteur: Acteur, session: Empreinte) -> None:
        """Closes one's sessions but this one. Raises `DroitRefuse`."""
        self._note(acteur, self.store.close_others(own_compte(acteur).id, session))

    def _note(self, acteur: Acteur, closed: int) -> None:
        """Keeps how many sessions were closed; a button pressed twice leaves one line."""
        if closed:
            self.note(acteur.auteur, Sensible.SESSION_FERMEE, acteur.auteur, sessions=closed)
