"""What the partners' pages have at hand: the use cases of accounts and listings, made once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.adhesions import CompteStore
from app.domain.exemples import ProfilExemple
from app.domain.lecture import QueryReader
from app.domain.mots import MotsLocaux, SynonymeLivre
from app.domain.ports import Clock, Geocoder
from app.mail.sender import Expediteur
from app.services.annuaire import AnnuaireService
from app.services.brouillons import BrouillonService
from app.services.campagnes import CampagneService
from app.services.catalogue import Catalogue
from app.services.cles import CleService
from app.services.connexion import ConnexionService
from app.services.depots import DepotService
from app.services.doublons import DoublonService
from app.services.edition import EditionService
from app.services.identites import IdentiteService
from app.services.journal import JournalService
from app.services.moderation import ModerationService
from app.services.mots_de_passe import MotDePasseService
from app.services.reglages import ReglagesService
from app.services.regles import ReglesService
from app.services.reponses import ReponseService
from app.services.sessions import SessionService
from app.services.territoires import TerritoiresService


@dataclass(frozen=True, slots=True, kw_only=True)
class EssaiDeMots:
    """How the words of a territory are looked up, checked and tried before they are in force."""

    trying: Callable[[MotsLocaux], QueryReader]
    is_sought: Callable[[str], bool]
    """Tells whether a search keeps anything of a name."""
    livres: Sequence[SynonymeLivre]
    """The shipped synonyms."""
    synonyms_with: Callable[[str], Sequence[SynonymeLivre]]
    """Returns the shipped lines that hold some words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Espace:
    """The use cases of one running site, besides those that anyone may use."""

    catalogue: Catalogue
    connexion: ConnexionService
    mots_de_passe: MotDePasseService
    identites: IdentiteService
    sessions: SessionService
    comptes: CompteStore
    annuaire: AnnuaireService
    edition: EditionService
    moderation: ModerationService
    regles: ReglesService
    depots: DepotService
    doublons: DoublonService
    reponses: ReponseService
    journal: JournalService
    cles: CleService
    brouillons: BrouillonService
    reglages: ReglagesService
    territoires: TerritoiresService
    mots: EssaiDeMots
    campagnes: CampagneService
    geocoder: Geocoder
    profils: Sequence[ProfilExemple]
    """Invented persons, on whom a change is tried before it is published."""
    clock: Clock
    expediteur: Expediteur | None
    """None: this site cannot send links safely, and nobody signs in by e-mail."""
