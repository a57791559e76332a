"""What campaigns ask of the record."""

from collections.abc import Collection, Sequence
from datetime import datetime
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
from app.domain.offre import StructureId


class CampagneStore(Protocol):
    """Keeps campaigns, what was sent for them and how structures want to be asked.

    Each call is one transaction.
    """

    def add(self, campagne: Campagne, auteur: str, quand: datetime) -> int:
        """Keeps a campaign and returns its number."""
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

    def participantes(self, codes: Collection[str]) -> Sequence[Participante]:
        """Returns the published structures of some communes with their published offers."""
        ...

    def envois(self, numero: int) -> Sequence[Envoi]:
        """Returns what has left for a campaign, in order."""
        ...

    def take(self, rappel: Rappel, quand: datetime) -> bool:
        """Takes a message to send; False when it has left or another process holds it."""
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

    def structure_of_arret(self, arret: Empreinte) -> StructureId | None:
        """Returns whose reminders a token stops."""
        ...

    def failed(self, retour: Empreinte, *, definitif: bool) -> bool:
        """Notes a message that came back; False when its token is not one of ours."""
        ...

    def add_appel(self, numero: int, appel: Appel) -> None:
        """Keeps the result of a call."""
        ...

    def appels(self, numero: int) -> Sequence[Appel]:
        """Returns the calls of a campaign, in order."""
        ...
