"""What readers say is wrong with a sheet, kept for the coordinator; never who says it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.offre import OffreId

MAX_PRECISION = 300  # characters: what to correct takes two sentences, a person's story takes more
REPEAT_WINDOW = timedelta(hours=24)  # the coordinator reads reports once a day at most


class Motif(StrEnum):
    """What is wrong."""

    TELEPHONE_OU_ADRESSE = "telephone-ou-adresse"
    HORAIRES = "horaires"
    N_EXISTE_PLUS = "n-existe-plus"
    PLUS_DE_PLACE = "plus-de-place"
    CONDITIONS_FAUSSES = "conditions-fausses"
    LIEN_CASSE = "lien-casse"
    AUTRE = "autre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constat:
    """What one reader says: the kind of error and, in a few words, which."""

    motif: Motif
    precision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signalement:
    """A report as it is kept; instants are in UTC. `fois` is how often it was said."""

    id: int
    offre_id: OffreId
    motif: Motif
    precision: str | None
    recu_le: datetime
    traite_le: datetime | None = None
    fois: int = 1

    def is_repeated_by(self, constat: Constat, quand: datetime) -> bool:
        """True when a new report of the same offer says nothing that this one cannot hold.

        Two different precisions are two reports: counting the second would lose its words.
        """
        return (
            self.traite_le is None
            and self.motif is constat.motif
            and quand - self.recu_le < REPEAT_WINDOW
            and (constat.precision is None or self.precision in (None, constat.precision))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalementListe:
    """A report beside the name of its offer, None when the offer was erased since."""

    signalement: Signalement
    offre_nom: str | None


class SignalementStore(Protocol):
    """Keeps the reports; each call is one transaction."""

    def add(self, offre_id: OffreId, constat: Constat, quand: datetime) -> None:
        """Keeps a report, or counts it on the open one that it repeats."""
        ...

    def list_open(self) -> Sequence[SignalementListe]:
        """Returns what is still to be handled, newest first."""
        ...

    def mark_handled(self, ident: int, quand: datetime) -> bool:
        """Closes a report, once; False when there is none of this id."""
        ...

    def count_open(self) -> int:
        """Returns how many reports are still to be handled."""
        ...

    def purge_before(self, quand: datetime) -> int:
        """Erases the reports handled before an instant and returns how many there were."""
        ...


def repeated_among(
    known: Iterable[Signalement], constat: Constat, quand: datetime
) -> Signalement | None:
    """Returns which report of an offer a new one repeats: one with the same words, else the newest.

    None when it is the first to say so.
    """
    repeated = [one for one in known if one.is_repeated_by(constat, quand)]
    return max(
        repeated, key=lambda one: (one.precision == constat.precision, one.recu_le), default=None
    )
