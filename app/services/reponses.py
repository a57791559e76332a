"""Answering those who reported an error: the report is closed, then the answer leaves.

An answer that could not leave stays owed: closing a report never waits for a mail server.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.domain.comptes import Acteur
from app.domain.droits import Action, DroitRefuse, Etendue, etendue, peut
from app.domain.edition import FicheRef
from app.domain.errors import OffreIntrouvable
from app.domain.signalements import ReponseDue, SignalementListe
from app.services.edition import EditionService
from app.services.signalements import SignalementService

Envoi = Callable[[ReponseDue], bool]
"""Sends an answer; False when it could not leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ouvert:
    """A report that someone may answer; `attendue` is how many people wait for it.

    `fiche` is the listing to mend: the one that was reported, or the one it was merged with.
    """

    listed: SignalementListe
    fiche: FicheRef
    attendue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReponseService:
    """Each method says who acts, and refuses what the table of rights does not give."""

    signalements: SignalementService
    edition: EditionService

    def open(self, acteur: Acteur) -> Sequence[Ouvert]:
        """Returns the reports that someone may answer, newest first."""
        if not peut(acteur, Action.TRAITER_SIGNALEMENT):
            return ()
        asked = self.signalements.store.asked()
        opened = []
        for listed in self.signalements.list_open():
            said = listed.signalement
            fiche = self._kept(said.fiche)
            if self._may(acteur, fiche):
                attendue = asked.get(said.id, 0)
                opened.append(Ouvert(listed=listed, fiche=fiche, attendue=attendue))
        return opened

    def read(self, acteur: Acteur, ident: int) -> SignalementListe:
        """Returns a report. Raises `SignalementInconnu`, `DroitRefuse`."""
        listed = self.signalements.store.get_open(ident)
        if not self._may(acteur, self._kept(listed.signalement.fiche)):
            raise DroitRefuse
        return listed

    def answer(self, acteur: Acteur, ident: int, texte: str, send: Envoi) -> int:
        """Closes a report with an answer; returns how many answers are still owed.

        Raises `SignalementInconnu`, `DroitRefuse`.
        """
        self.read(acteur, ident)
        self.signalements.store.answer(ident, texte, acteur.auteur, self.signalements.now())
        return self.send_owed(acteur, send)

    def owed(self, acteur: Acteur) -> int:
        """Returns how many answers have not left."""
        return len(list(self._owed(acteur)))

    def send_owed(self, acteur: Acteur, send: Envoi) -> int:
        """Sends the answers that have not left; returns how many still have not."""
        self.signalements.forget_old()
        left = 0
        for due in self._owed(acteur):
            if send(due):
                self.signalements.store.forget(due.id)
            else:
                left += 1
        return left

    def _owed(self, acteur: Acteur) -> Iterator[ReponseDue]:
        if peut(acteur, Action.TRAITER_SIGNALEMENT):
            for due in self.signalements.store.owed():
                if self._may(acteur, self._kept(due.fiche)):
                    yield due

    def _kept(self, fiche: FicheRef) -> FicheRef:
        """Returns where a listing is mended: its readers are led to the one it was merged with."""
        kept = self.signalements.repository.kept_instead(fiche.objet, fiche.id)
        return fiche if kept is None else replace(fiche, id=kept)

    def _may(self, acteur: Acteur, fiche: FicheRef) -> bool:
        try:
            cible = self.edition.cible(fiche)
        except OffreIntrouvable:  # erased since: it stands nowhere
            return etendue(acteur, Action.TRAITER_SIGNALEMENT) is Etendue.TOUT
        return peut(acteur, Action.TRAITER_SIGNALEMENT, cible)
