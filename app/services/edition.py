"""What partners and coordinators do with listings: correct, confirm, withdraw, restore."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.comptes import Acteur
from app.domain.droits import Action, Cible, DroitRefuse, peut
from app.domain.edition import (
    Changes,
    EditionStore,
    Fiche,
    FicheRef,
    Listing,
    Revision,
    Tenue,
    merged_changes,
)
from app.domain.errors import LieuInconnu, OffreIntrouvable
from app.domain.geographie import Geographie
from app.domain.journal import Noter, Sensible, sans_journal
from app.domain.offre import Offre, Structure, StructureId
from app.domain.ports import Clock
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.territoire import Zone
from app.domain.vocabulaire import EtatPublication

NOWHERE = Zone(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionService:
    """Each method says who acts, and refuses what the table of rights does not give."""

    store: EditionStore
    geographie: Geographie
    clock: Clock
    after_write: Callable[[], None]
    """Brings the index up to date; what it cannot do now stays owed."""
    note: Noter = sans_journal
    """Keeps what takes a listing away from its readers, or gives it back."""

    def cible(self, ref: FicheRef) -> Cible:
        """Returns what rights on a listing are asked of. Raises `OffreIntrouvable`."""
        return self._cible(self._get(ref).structure)

    def read(self, acteur: Acteur, ref: FicheRef) -> Fiche:
        """Returns a listing as its keepers see it. Raises `OffreIntrouvable`, `DroitRefuse`."""
        return self._allowed(acteur, Action.VOIR_FICHE, ref)

    def find(self, acteur: Acteur, ref: FicheRef) -> Fiche | None:
        """Returns a listing that may not exist. Raises `DroitRefuse`."""
        return self._allowed(acteur, Action.VOIR_FICHE, ref) if self.store.get(ref) else None

    def offres_of(self, acteur: Acteur, structure: FicheRef) -> Sequence[Fiche]:
        """Returns the offers of a structure, withdrawn ones included."""
        self._allowed(acteur, Action.VOIR_FICHE, structure)
        return self.store.offres_of(StructureId(structure.id))

    def publish(
        self, acteur: Acteur, value: Listing, base: int, *, auteur: str | None = None
    ) -> Fiche:
        """Writes a listing that its author has read at the revision `base`.

        `auteur` is who wrote it, when somebody else publishes it. Its date is today's when anything
        else has changed. A structure that does not exist yet is begun by who has rights on the
        place where it says that it stands. Raises `ModifieeEntretemps`, `DroitRefuse`.
        """
        carrier = value.structure_id if isinstance(value, Offre) else value.id
        objet = OFFRE if isinstance(value, Offre) else STRUCTURE
        current = self.store.get(FicheRef(objet=objet, id=value.id))
        if isinstance(value, Structure) and current is None:
            cible = self._cible(value)
        else:
            cible = self.cible(FicheRef(objet=STRUCTURE, id=carrier))
        self.require(acteur, Action.MODIFIER_FICHE, cible)
        if current is not None:
            if current.structure.id != carrier:  # nobody takes the offer of another structure
                raise DroitRefuse
            same_date = replace(value, date_maj=current.value.date_maj)
            if same_date == current.value:
                return current
        dated = replace(value, date_maj=self.clock.today())
        return self._save(acteur, dated, base, current, auteur=auteur)

    def confirm(self, acteur: Acteur, ref: FicheRef, base: int | None = None) -> Fiche:
        """Notes that nothing has changed: whoever reads the listing sees that it is of today.

        `base` is the revision that was read, the newest one by default. Raises
        `ModifieeEntretemps`.
        """
        fiche = self._allowed(acteur, Action.CONFIRMER_FICHE, ref)
        confirmed = replace(fiche.value, derniere_confirmation=self.clock.today())
        return self._save(acteur, confirmed, fiche.revision if base is None else base, fiche)

    def set_state(self, acteur: Acteur, ref: FicheRef, etat: EtatPublication, base: int) -> Fiche:
        """Withdraws a listing, or publishes it again. Raises `ModifieeEntretemps`."""
        fiche = self._allowed(acteur, Action.MODIFIER_FICHE, ref)
        return self._save(acteur, replace(fiche.value, etat_publication=etat), base, fiche)

    def history(self, acteur: Acteur, ref: FicheRef) -> tuple[Fiche, Sequence[Revision]]:
        """Returns a listing and all that was done with it, newest first."""
        fiche = self._allowed(acteur, Action.VOIR_HISTORIQUE, ref)
        return fiche, self.store.revisions(ref)

    def changes_since(self, acteur: Acteur, ref: FicheRef, base: int) -> Changes:
        """Returns what changed after a revision, for who edits it: neither who did it, nor when.

        Nothing has changed in a listing that does not exist yet. Raises `DroitRefuse`.
        """
        if self.find(acteur, ref) is None:
            return {}
        newer = [one for one in self.store.revisions(ref) if one.id > base]
        return merged_changes(newer[::-1])

    def tenues(self, acteur: Acteur, ref: FicheRef) -> Mapping[str, Tenue]:
        """Returns the fields of a listing that feeds no longer change, if it exists.

        Raises `DroitRefuse`.
        """
        return self.store.tenues(ref) if self.find(acteur, ref) is not None else {}

    def release(self, acteur: Acteur, ref: FicheRef, champ: str) -> None:
        """Lets the source say a field again, from its next feed on."""
        self._allowed(acteur, Action.MODIFIER_FICHE, ref)
        self.store.release(ref, champ)

    def require(self, acteur: Acteur, action: Action, cible: Cible) -> None:
        """Raises `DroitRefuse` when the table of rights does not give it."""
        if not peut(acteur, action, cible):
            raise DroitRefuse

    def _save(
        self,
        acteur: Acteur,
        value: Listing,
        base: int,
        before: Fiche | None,
        *,
        auteur: str | None = None,
    ) -> Fiche:
        saved = self.store.save(value, base, auteur or acteur.auteur, self.clock.now())
        self.after_write()
        if before is not None and before.is_published is not saved.is_published:
            done = Sensible.REMISE_EN_LIGNE if saved.is_published else Sensible.RETRAIT
            self.note(acteur.auteur, done, saved.ref.id)
        return saved

    def _allowed(self, acteur: Acteur, action: Action, ref: FicheRef) -> Fiche:
        fiche = self._get(ref)
        self.require(acteur, action, self._cible(fiche.structure))
        return fiche

    def _get(self, ref: FicheRef) -> Fiche:
        fiche = self.store.get(ref)
        if fiche is None:
            raise OffreIntrouvable(ref.id)
        return fiche

    def _cible(self, structure: Structure) -> Cible:
        code = structure.code_insee
        try:
            lieu = self.geographie.zone(code) if code else NOWHERE
        except LieuInconnu:  # a code of before the geography that is shipped
            lieu = NOWHERE
        return Cible(structure_id=structure.id, lieu=lieu)
