"""Readers report an error on a sheet; the coordinator reads the reports and closes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from app.clock import PARIS
from app.domain.coordonnees import masked
from app.domain.edition import FicheRef
from app.domain.errors import OffreIntrouvable, SignalementInconnu
from app.domain.offre import OffreId, StructureId
from app.domain.ports import OffreRepository
from app.domain.publication import STRUCTURE
from app.domain.signalements import (
    GARDE_COURRIEL,
    Constat,
    SignalementListe,
    SignalementStore,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalementService:
    """What readers, the coordinator and the commands do with reports."""

    store: SignalementStore
    repository: OffreRepository
    now: Callable[[], datetime]

    def document(self, fiche: FicheRef) -> str:
        """Returns what readers see of a listing.

        Raises `OffreIntrouvable` when it is unknown or withdrawn.
        """
        if fiche.objet == STRUCTURE:
            found = self.repository.get_structure(StructureId(fiche.id))
        else:
            offre_id = OffreId(fiche.id)
            found = self.repository.get_many([offre_id]).get(offre_id)
        if found is None:
            raise OffreIntrouvable(fiche.id)
        return found

    def report(self, fiche: FicheRef, constat: Constat, courriel: str | None = None) -> None:
        """Keeps what a reader says of a published listing, without anybody's details.

        `courriel` is where to answer, kept apart for 30 days at most. Raises `OffreIntrouvable`
        when the listing is unknown or withdrawn.
        """
        self.document(fiche)
        if constat.precision is not None:
            constat = replace(constat, precision=masked(constat.precision))
        self.forget_old()
        self.store.add(fiche, constat, self.now(), courriel)

    def forget_old(self) -> None:
        """Erases the addresses that were kept long enough, whether they were answered or not."""
        self.store.forget_before(self.now() - GARDE_COURRIEL)

    def list_open(self) -> Sequence[SignalementListe]:
        """Returns what is still to be handled, newest first."""
        self.forget_old()
        return self.store.list_open()

    def count_open(self) -> int:
        """Returns how many reports are still to be handled."""
        return self.store.count_open()

    def mark_handled(self, ident: int) -> None:
        """Closes a report; one that is closed already keeps its date.

        Raises `SignalementInconnu`.
        """
        if not self.store.mark_handled(ident, self.now()):
            raise SignalementInconnu(ident)

    def purge_before(self, day: date) -> int:
        """Erases the reports handled before a day began in Paris, and returns how many.

        Nothing calls it by itself: the coordinator decides, twelve months after handling at the
        latest. Open reports are never erased.
        """
        midnight = datetime.combine(day, time.min, PARIS)
        return self.store.purge_before(midnight.astimezone(UTC))
