"""What campaigns ask of the record."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from app.domain.campagnes import (
    Appel,
    Campagne,
    Contact,
    Envoi,
    ModeContact,
    Participante,
    Rappel,
)
from app.domain.connexion import Empreinte
from app.domain.edition import Fiche
from app.domain.offre import Structure, StructureId


class CampagneStore(Protocol):
    """Keeps campaigns, what was sent for them and how structures want to be asked.

    Each call is one transaction.
    """

    def add(self, campagne: Campagne, auteur: str, quand: datetime) -> int:
        """Keeps a campaign and returns its number; one that its author has just kept is the same.

        One that was stopped meanwhile is not.
        """
        ...

    def stop(self, numero: int, auteur: str, jour: date) -> None:
        """Ends a campaign on a day: no message is taken any more. Stopping it again is once."""
        ...

    def all(self) -> Sequence[Campagne]:
        """Returns every campaign, the newest first."""
        ...

    def get(self, numero: int) -> Campagne:
        """Returns a campaign. Raises `CampagneInconnue`."""
        ...

    def communes(self) -> Collection[str]:
        """Returns the codes where published structures stand."""
        ...

    def sans_commune(self) -> Sequence[tuple[Structure, Sequence[Fiche]]]:
        """Returns the published structures without a commune, with all offers of each.

        Offers that are withdrawn say too where a structure stands, as the rights on it count them.
        """
        ...

    def participantes(
        self, codes: Collection[str], ids: Collection[StructureId] = ()
    ) -> Sequence[Participante]:
        """Returns the published structures of some communes, and some others, by name.

        Each comes with its published offers.
        """
        ...

    def envois(self, numero: int) -> Sequence[Envoi]:
        """Returns what has left for a campaign, in order."""
        ...

    def take(self, rappel: Rappel, quand: datetime) -> bool:
        """Takes a message to send.

        False when it has left, when another process holds it, or when its campaign was stopped.
        """
        ...

    def sent(self, rappel: Rappel, quand: datetime) -> None:
        """Notes that a message has left."""
        ...

    def give_back(self, rappel: Rappel) -> None:
        """Lets a message that could not leave be taken again."""
        ...

    def contact(self, structure_id: StructureId) -> Contact:
        """Returns how a structure wants to be asked."""
        ...

    def set_contact(
        self, structure_id: StructureId, mode: ModeContact, courriel: str | None
    ) -> None:
        """Changes how a structure wants to be asked."""
        ...

    def forget_failures(self, structure_id: StructureId) -> None:
        """Lets the address of a structure be written to again."""
        ...

    def structure_of_arret(self, arret: Empreinte) -> StructureId | None:
        """Returns whose reminders a token stops."""
        ...

    def failed(self, retour: Empreinte, jour: date, *, definitif: bool) -> bool:
        """Notes a message that came back; False when its token is not one of ours."""
        ...

    def add_appel(self, numero: int, appel: Appel) -> None:
        """Keeps the result of a call; one that its author has just kept is the same."""
        ...

    def appels(self, numero: int) -> Sequence[Appel]:
        """Returns the calls of a campaign, in order."""
        ...
