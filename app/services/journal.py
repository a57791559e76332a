"""The journal of sensitive actions: written right after each, read by an administrator."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from app.domain.comptes import Acteur
from app.domain.droits import Action, DroitRefuse, peut
from app.domain.journal import DUREE_JOURNAL, Filtre, JournalStore, Ligne, Sensible
from app.domain.ports import Clock

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalService:
    """Each line is its own transaction, right after the action that it tells.

    What is changed in a listing is told in the action's own transaction, by its revision.
    """

    store: JournalStore
    clock: Clock

    def note(
        self, auteur: str, action: Sensible, objet: str | None = None, /, **details: str | int
    ) -> None:
        """Keeps a line, and tells the logs which action it was: neither who, nor on what.

        Raises `CatalogueUnavailable`: what is sensitive is not answered while it leaves no trace.
        """
        log.info("sensitive_action", action=action.value)
        ligne = Ligne(
            quand=self.clock.now(), auteur=auteur, action=action, objet=objet, details=details
        )
        self.store.add(ligne)

    def read(self, acteur: Acteur, filtre: Filtre) -> Sequence[Ligne]:
        """Returns the newest lines first. Raises `DroitRefuse`."""
        if not peut(acteur, Action.VOIR_JOURNAL):
            raise DroitRefuse
        return self.store.find(filtre)

    def purge(self) -> int:
        """Erases what is older than `DUREE_JOURNAL`, and returns how many lines it was."""
        return self.store.purge(self.clock.now() - DUREE_JOURNAL)
