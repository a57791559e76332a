"""Drafts of listings: kept by who writes them, seen by nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.brouillons import (
    GARDE_BROUILLON,
    Brouillon,
    BrouillonInconnu,
    BrouillonStore,
    Typed,
)
from app.domain.comptes import Acteur
from app.domain.droits import Action, DroitRefuse, peut
from app.domain.edition import Fiche, FicheRef
from app.domain.errors import OffreIntrouvable
from app.domain.ports import Clock
from app.domain.publication import STRUCTURE
from app.services.edition import EditionService


@dataclass(frozen=True, slots=True, kw_only=True)
class BrouillonService:
    """Each method says who acts. Who has no account has no draft: a mailbox is read by several."""

    store: BrouillonStore
    edition: EditionService
    clock: Clock

    def may_keep(self, acteur: Acteur) -> bool:
        """Tells whether someone has an account, and hence drafts of their own."""
        return acteur.compte is not None

    def keep(self, acteur: Acteur, fiche: Fiche, typed: Typed, base: int) -> None:
        """Keeps what is typed for a listing, whatever is wrong with it.

        Raises `DroitRefuse`.
        """
        structure = FicheRef(objet=STRUCTURE, id=fiche.structure.id)
        is_begun = fiche.is_new_structure and peut(acteur, Action.CREER_STRUCTURE)
        may_write = is_begun or self._may_write(acteur, structure)
        if not self.may_keep(acteur) or not may_write:
            raise DroitRefuse
        self.store.keep(
            fiche.ref,
            fiche.structure.id,
            acteur.auteur,
            base,
            typed,
            self.clock.now(),
            is_new=fiche.is_new,
        )

    def find(self, acteur: Acteur, ref: FicheRef) -> Brouillon | None:
        """Returns someone's own draft of a listing."""
        return self.store.find(acteur.auteur, ref) if self.may_keep(acteur) else None

    def of(self, acteur: Acteur) -> Sequence[Brouillon]:
        """Returns someone's own drafts of listings that they may still write, the newest first."""
        if not self.may_keep(acteur):
            return []
        drafts = self.store.of(acteur.auteur)
        return [draft for draft in drafts if self._is_open(acteur, draft)]

    def discard(self, acteur: Acteur, numero: int) -> Brouillon:
        """Erases one of someone's own drafts and returns it. Raises `BrouillonInconnu`."""
        drafts = self.store.of(acteur.auteur) if self.may_keep(acteur) else ()
        found = next((draft for draft in drafts if draft.id == numero), None)
        if found is None:
            raise BrouillonInconnu
        self.store.forget(acteur.auteur, found.ref)
        return found

    def forget(self, acteur: Acteur, ref: FicheRef) -> None:
        """Erases someone's own draft of a listing that is now published, or sent."""
        if self.may_keep(acteur):
            self.store.forget(acteur.auteur, ref)

    def purge(self) -> int:
        """Erases the drafts that nobody has changed for `GARDE_BROUILLON`; returns how many."""
        return self.store.purge_before(self.clock.now() - GARDE_BROUILLON)

    def _is_open(self, acteur: Acteur, draft: Brouillon) -> bool:
        is_structure = draft.ref.objet == STRUCTURE
        if draft.is_new and is_structure and self.edition.store.get(draft.ref) is None:
            return peut(acteur, Action.CREER_STRUCTURE)
        structure = FicheRef(objet=STRUCTURE, id=draft.structure_id)
        return self._may_write(acteur, structure if draft.is_new else draft.ref)

    def _may_write(self, acteur: Acteur, ref: FicheRef) -> bool:
        try:
            cible = self.edition.cible(ref)
        except OffreIntrouvable:
            return False
        wanted = (Action.MODIFIER_FICHE, Action.PROPOSER_FICHE)
        return any(peut(acteur, action, cible) for action in wanted)
