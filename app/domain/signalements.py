"""What readers say is wrong with a sheet, kept for the coordinator; never who says it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.edition import FicheRef

MAX_PRECISION = 300  # characters: what to correct takes two sentences, a person's story takes more
REPEAT_WINDOW = timedelta(hours=24)  # the coordinator reads reports once a day at most
MAX_REPONSE = 1_000  # characters of an answer: a paragraph
# An address serves to answer and for nothing else (GDPR, article 5.1.c): it is erased once the
# answer has left, or else after the month in which a person is to be answered (articles 5.1.e and
# 12.3).
GARDE_COURRIEL = timedelta(days=30)


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
    fiche: FicheRef
    motif: Motif
    precision: str | None
    recu_le: datetime
    traite_le: datetime | None = None
    fois: int = 1

    def is_repeated_by(self, constat: Constat, quand: datetime) -> bool:
        """True when a new report of the same listing says nothing that this one cannot hold.

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
    """A report beside the name of its listing, None when that was erased since."""

    signalement: Signalement
    fiche_nom: str | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReponseDue:
    """An answer that has not left; no `repr`, since it says who asked for it.

    `texte` is None when the report was closed without a word.
    """

    id: int
    fiche: FicheRef
    fiche_nom: str | None
    courriel: str
    texte: str | None


class SignalementStore(Protocol):
    """Keeps the reports; each call is one transaction."""

    def add(
        self, fiche: FicheRef, constat: Constat, quand: datetime, courriel: str | None = None
    ) -> None:
        """Keeps a report, or counts it on the open one that it repeats.

        `courriel` is kept apart, until who asked is answered.
        """
        ...

    def get_open(self, ident: int) -> SignalementListe:
        """Returns a report that is still to be handled. Raises `SignalementInconnu`."""
        ...

    def answer(self, ident: int, texte: str, par: str, quand: datetime) -> None:
        """Closes a report with an answer, once. Raises `SignalementInconnu`."""
        ...

    def asked(self) -> Mapping[int, int]:
        """Returns how many people wait for an answer, by report that is still to be handled."""
        ...

    def owed(self) -> Sequence[ReponseDue]:
        """Returns the answers that have not left, the oldest first."""
        ...

    def forget(self, ident: int) -> None:
        """Erases the address of who was answered."""
        ...

    def forget_before(self, quand: datetime) -> int:
        """Erases the addresses received before an instant and returns how many there were."""
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
    """Returns which known report a new one repeats: one with the same words, else the newest.

    None when it is the first to say so.
    """
    repeated = [one for one in known if one.is_repeated_by(constat, quand)]
    return max(
        repeated, key=lambda one: (one.precision == constat.precision, one.recu_le), default=None
    )
