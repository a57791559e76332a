"""What the partners' pages have at hand: the use cases of accounts and listings, made once."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.adhesions import CompteStore
from app.domain.exemples import ProfilExemple
from app.domain.ports import Clock, Geocoder
from app.mail.sender import Expediteur
from app.services.campagnes import CampagneService
from app.services.catalogue import Catalogue
from app.services.connexion import ConnexionService
from app.services.edition import EditionService
from app.services.moderation import ModerationService


@dataclass(frozen=True, slots=True, kw_only=True)
class Espace:
    """The use cases of one running site, besides those that anyone may use."""

    catalogue: Catalogue
    connexion: ConnexionService
    comptes: CompteStore
    edition: EditionService
    moderation: ModerationService
    campagnes: CampagneService
    geocoder: Geocoder
    profils: Sequence[ProfilExemple]
    """Invented persons, on whom a change is tried before it is published."""
    clock: Clock
    expediteur: Expediteur | None
    """None: this site cannot send links safely, and nobody signs in by e-mail."""
