"""The composition root: settings become engines, repositories and use cases.

Nothing else in `app` knows which engine, which database or which geocoder runs.
"""

import contextlib
import time
from dataclasses import dataclass
from functools import cached_property

from app.accounts import identity_service, password_service, session_service
from app.catalogue_composition import CatalogueComposition
from app.domain.errors import IndexUnavailable
from app.feeds.cellules import as_meant
from app.feeds.tableur import cells_of
from app.mail.sender import Expediteur, expediteur_of
from app.persistence.annuaire import SqlAnnuaireStore
from app.persistence.brouillons import SqlBrouillonStore
from app.persistence.campagnes import SqlCampagneStore
from app.persistence.cles import SqlCleStore
from app.persistence.comptes import SqlCompteStore
from app.persistence.connexions import SqlConnexionStore
from app.persistence.depots import SqlDepotStore
from app.persistence.doublons import SqlDoublonStore
from app.persistence.editions import SqlEditionStore
from app.persistence.journal import SqlJournalStore
from app.persistence.propositions import SqlPropositionStore
from app.persistence.reglages import SqlReglageStore
from app.persistence.regles import SqlReglesStore
from app.services.annuaire import AnnuaireService
from app.services.brouillons import BrouillonService
from app.services.campagnes import CampagneService
from app.services.cles import CleService
from app.services.connexion import ConnexionService
from app.services.depots import NOT_READ, DepotService
from app.services.doublons import DoublonService
from app.services.edition import EditionService
from app.services.espace import Espace, EssaiDeMots
from app.services.journal import JournalService
from app.services.moderation import ModerationService
from app.services.reglages import (
    PerimetresEnVigueur,
    ReglagesService,
    TerritoiresEnVigueur,
)
from app.services.regles import ReglesService
from app.services.reponses import ReponseService
from app.services.territoires import TerritoiresService
from indexer.lexique import is_sought
from indexer.sync import IndexDamaged
from indexer.synonymes import shipped_synonyms, synonyms_with
from schemas import export
from seed.profils import load_profils

COLONNES_DEPOT = (
    "id",
    *(c for c in (*export.OFFRE_FIELDS, *export.OFFRE_EXTENSIONS) if c not in NOT_READ),
    *("adresse_confidentielle", "etat_publication"),
)  # of the files that a structure sends: the schema v1, with our extensions
NOBODY = "ne-pas-repondre@eventail.invalid"  # nobody reads what is answered
# Another process that writes to the index is done in a moment, or else pays this debt itself.
_INDEX_TRIES, _INDEX_WAIT_SECONDS = 10, 0.05


@dataclass(frozen=True)
class Composition(CatalogueComposition):
    """The catalogue, and what partners and coordinators do with it."""

    @cached_property
    def comptes(self) -> SqlCompteStore:
        """Accounts and the structures that they speak for."""
        return SqlCompteStore(self.database)

    @cached_property
    def journal(self) -> JournalService:
        """Who did what is sensitive."""
        return JournalService(store=SqlJournalStore(self.database), clock=self.clock)

    @cached_property
    def connexion(self) -> ConnexionService:
        """Who makes a request."""
        return ConnexionService(
            store=SqlConnexionStore(self.database),
            comptes=self.comptes,
            perimetres=PerimetresEnVigueur(self.reglages, self.geographie),
            now=self.clock.now,
        )

    @cached_property
    def annuaire(self) -> AnnuaireService:
        """Every account, as administrators keep them."""
        return AnnuaireService(
            store=SqlAnnuaireStore(self.database),
            connexion=self.connexion,
            perimetres=PerimetresEnVigueur(self.reglages, self.geographie),
            clock=self.clock,
            note=self.journal.note,
        )

    @cached_property
    def cles(self) -> CleService:
        """The keys of partners' software."""
        return CleService(
            store=SqlCleStore(self.database),
            acteur_of=self.connexion.acteur_of,
            clock=self.clock,
            note=self.journal.note,
        )

    @cached_property
    def edition(self) -> EditionService:
        """What is done with listings one at a time."""
        return EditionService(
            store=SqlEditionStore(self.database, self.writer),
            geographie=self.geographie,
            clock=self.clock,
            after_write=self._pay_index,
            note=self.journal.note,
        )

    @cached_property
    def brouillons(self) -> BrouillonService:
        """What is typed and not published."""
        store = SqlBrouillonStore(self.database)
        return BrouillonService(store=store, edition=self.edition, clock=self.clock)

    @cached_property
    def _reglages(self) -> ReglagesService:
        return ReglagesService(
            store=SqlReglageStore(self.database),
            reglages=self.reglages,
            geographie=self.geographie,
            clock=self.clock,
        )

    @cached_property
    def espace(self) -> Espace:
        """Everything that the partners' pages need."""
        edition = self.edition
        return Espace(
            catalogue=self.catalogue,
            connexion=self.connexion,
            mots_de_passe=password_service(self.database, self.clock.now),
            identites=identity_service(
                self.database, self.settings.proconnect, self.clock.now, self.journal.note
            ),
            sessions=session_service(self.database, self.clock.now, self.journal.note),
            comptes=self.comptes,
            annuaire=self.annuaire,
            edition=edition,
            moderation=ModerationService(
                store=SqlPropositionStore(self.database),
                edition=edition,
                comptes=self.comptes,
                note=self.journal.note,
            ),
            campagnes=CampagneService(
                store=SqlCampagneStore(self.database),
                edition=edition,
                connexion=self.connexion,
                perimetres=PerimetresEnVigueur(self.reglages, self.geographie),
            ),
            brouillons=self.brouillons,
            journal=self.journal,
            cles=self.cles,
            regles=ReglesService(
                store=SqlReglesStore(self.database),
                edition=edition,
                territoires=TerritoiresEnVigueur(self.reglages),
            ),
            reglages=self._reglages,
            territoires=TerritoiresService(
                reglages=self._reglages,
                comptes=self.comptes,
                campagnes=SqlCampagneStore(self.database),
            ),
            depots=DepotService(
                store=SqlDepotStore(self.database),
                edition=edition,
                colonnes=COLONNES_DEPOT,
                to_record=export.edited_offre,
                make_reader=self.record_reader,
                cells_of=cells_of,
                as_meant=as_meant,
            ),
            reponses=ReponseService(signalements=self.signalements, edition=edition),
            doublons=DoublonService(
                store=SqlDoublonStore(self.database, self.writer), edition=edition
            ),
            geocoder=self.geocoder,
            mots=self._essai_de_mots(),
            profils=load_profils(self.vocabulaire, self.geographie, self.clock.today()),
            clock=self.clock,
            expediteur=self._expediteur(),
        )

    def _essai_de_mots(self) -> EssaiDeMots:
        """Returns what the words of a territory are set with."""
        return EssaiDeMots(
            trying=self.query_reader.trying,
            is_sought=is_sought,
            livres=shipped_synonyms(),
            synonyms_with=synonyms_with,
        )

    def _expediteur(self) -> Expediteur | None:
        """Returns how messages leave, None where a link could leave unsafely.

        In production a link is never printed, and its address is never what a request says.
        """
        settings = self.settings
        if settings.is_production and not (settings.mail_url and settings.site_url):
            return None
        return expediteur_of(
            settings.mail_url,
            settings.contact_email or NOBODY,
            needs_tls=settings.is_production,
        )

    def _pay_index(self) -> None:
        """Brings the index up to date after a change; what cannot be done now stays owed."""
        with contextlib.suppress(IndexUnavailable, IndexDamaged):
            for _ in range(_INDEX_TRIES):
                # A whole index is made by a command: nobody's form waits for it.
                if not self.sync.is_ready() or self.sync.drain(wait=False):
                    return
                time.sleep(_INDEX_WAIT_SECONDS)
