"""What partners and coordinators do with listings: correct, confirm, withdraw, restore."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.comptes import Acteur
from app.domain.dates_champs import DateChamp, dates_of
from app.domain.droits import Action, Cible, DroitRefuse, peut
from app.domain.edition import (
    Acceptation,
    Changes,
    EditionStore,
    Fiche,
    FicheRef,
    Listing,
    Revision,
    Tenue,
    merged_changes,
    new_offre,
    new_structure,
    ref_of,
)
from app.domain.errors import LieuInconnu, OffreIntrouvable
from app.domain.geographie import Geographie
from app.domain.journal import Noter, Sensible, sans_journal
from app.domain.offre import Offre, OffreId, Structure, StructureId
from app.domain.ports import Clock
from app.domain.publication import STRUCTURE
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
        return self.cible_of(self._get(ref))

    def read(self, acteur: Acteur, ref: FicheRef) -> Fiche:
        """Returns a listing as its keepers see it. Raises `OffreIntrouvable`, `DroitRefuse`."""
        return self._allowed(acteur, Action.VOIR_FICHE, ref)

    def find(self, acteur: Acteur, ref: FicheRef) -> Fiche | None:
        """Returns a listing that may not exist. Raises `DroitRefuse`."""
        fiche = self.store.get(ref)
        if fiche is not None:
            self.require(acteur, Action.VOIR_FICHE, self.cible_of(fiche))
        return fiche

    def find_or_new(self, acteur: Acteur, ref: FicheRef, structure_id: StructureId) -> Fiche:
        """Returns a listing, or the empty one of what does not exist yet.

        Raises `OffreIntrouvable` for the offer of no structure, `DroitRefuse`.
        """
        if (known := self.find(acteur, ref)) is not None:
            return known
        if ref.objet == STRUCTURE:
            self.require_any(acteur, Action.CREER_STRUCTURE)
            return new_structure(structure_id, self.clock.today())
        structure = self.read(acteur, FicheRef(objet=STRUCTURE, id=structure_id)).structure
        return new_offre(structure, OffreId(ref.id), self.clock.today())

    def offres_of(self, acteur: Acteur, structure: FicheRef) -> Sequence[Fiche]:
        """Returns the offers of a structure, withdrawn ones included."""
        self._allowed(acteur, Action.VOIR_FICHE, structure)
        return self.store.offres_of(StructureId(structure.id))

    def publish(
        self,
        acteur: Acteur,
        value: Listing,
        base: int,
        *,
        auteur: str | None = None,
        accepte: Acceptation | None = None,
    ) -> Fiche:
        """Writes a listing that its author has read at the revision `base`.

        `auteur` is who wrote it, when somebody else publishes it by saying yes to a change that
        waits, `accepte`. Its date is today's when anything else has changed. A structure that does
        not exist yet is begun by who has rights on the place where it says that it stands. Raises
        `ModifieeEntretemps`, `DroitRefuse`, `PropositionInconnue`.
        """
        current = self._current(acteur, value)
        dated = replace(value, date_maj=self.clock.today())
        if current is not None:
            same_date = replace(value, date_maj=current.value.date_maj)
            if same_date == current.value:
                if accepte is None:
                    return current
                dated = current.value
        return self._save(acteur, dated, base, current, auteur=auteur, accepte=accepte)

    def publish_all(self, acteur: Acteur, values: Sequence[tuple[Listing, int]]) -> None:
        """Writes listings that differ from what is there, each read at its revision: all or none.

        Raises `ModifieeEntretemps`, `DroitRefuse`.
        """
        for value, _ in values:
            self._current(acteur, value)
        today = self.clock.today()
        dated = [(replace(value, date_maj=today), base) for value, base in values]
        self.store.save_all(dated, acteur.auteur, self.clock.now())
        self.after_write()

    def confirm(self, acteur: Acteur, ref: FicheRef, base: int | None = None) -> Fiche:
        """Notes that nothing has changed: whoever reads the listing sees that it is of today.

        `base` is the revision that was read, the newest one by default. Raises
        `ModifieeEntretemps`.
        """
        fiche = self._allowed(acteur, Action.CONFIRMER_FICHE, ref)
        confirmed = replace(fiche.value, derniere_confirmation=self.clock.today())
        return self._save(acteur, confirmed, fiche.revision if base is None else base, fiche)

    def confirm_all(self, acteur: Acteur, read: Sequence[tuple[FicheRef, int]]) -> None:
        """Notes that nothing has changed in several listings: in all of them, or in none.

        Each comes with the revision that was read. Raises `ModifieeEntretemps`, `DroitRefuse`.
        """
        today = self.clock.today()
        changes = []
        for ref, base in read:
            value = self._allowed(acteur, Action.CONFIRMER_FICHE, ref).value
            changes.append((replace(value, derniere_confirmation=today), base))
        self.store.save_all(changes, acteur.auteur, self.clock.now())
        self.after_write()

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

    def dates(
        self, acteur: Acteur, ref: FicheRef, champs: Sequence[str]
    ) -> Mapping[str, DateChamp]:
        """Returns when each field last changed or was confirmed, for who edits it: not by whom.

        Raises `DroitRefuse`.
        """
        known = self.find(acteur, ref) is not None
        return dates_of(self.store.revisions(ref), champs) if known else {}

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

    def require_any(self, acteur: Acteur, action: Action) -> None:
        """Raises `DroitRefuse` for who may do it nowhere."""
        if not peut(acteur, action):
            raise DroitRefuse

    def save_all(
        self, acteur: Acteur, action: Action, changes: Sequence[tuple[Listing, int]]
    ) -> Sequence[Fiche]:
        """Writes several listings, each with the revision that was read, or none of them.

        What changes more than the state or the origin of the rules is of today. Raises
        `ModifieeEntretemps`, `DroitRefuse`.
        """
        today = self.clock.today()
        known: list[Fiche] = []
        dated: list[tuple[Listing, int]] = []
        for value, base in changes:
            before = self._allowed(acteur, action, ref_of(value))
            is_dated = content_of(value) != content_of(before.value)
            known.append(before)
            dated.append((replace(value, date_maj=today) if is_dated else value, base))
        saved = self.store.save_all(dated, acteur.auteur, self.clock.now(), answers_source=True)
        self.after_write()
        for before, after in zip(known, saved, strict=True):
            self._note_state(acteur, before, after)
        return saved

    def lieu_of(self, structure: Structure, offres: Sequence[Fiche] | None = None) -> Zone:
        """Returns where a structure stands: its commune, or what its offers cover together.

        A body without a counter here stands where its offers are given, when each says where.
        """
        try:
            if structure.code_insee:
                return self.geographie.zone(structure.code_insee)
            known = self.store.offres_of(structure.id) if offres is None else offres
            zones = [f.value.zone_eligibilite or () for f in known if isinstance(f.value, Offre)]
            if not all(zones):
                return NOWHERE
            return self.geographie.union(ref for zone in zones for ref in zone)
        except LieuInconnu:  # a code of before the geography that is shipped
            return NOWHERE

    def _current(self, acteur: Acteur, value: Listing) -> Fiche | None:
        """Returns what a listing says now, for who may change it. Raises `DroitRefuse`."""
        carrier = value.structure_id if isinstance(value, Offre) else value.id
        current = self.store.get(ref_of(value))
        if isinstance(value, Structure) and current is None:
            cible = self.cible_at(value.id, value.code_insee)
        else:
            cible = self.cible(FicheRef(objet=STRUCTURE, id=carrier))
        self.require(acteur, Action.MODIFIER_FICHE, cible)
        if current is not None and current.structure.id != carrier:
            raise DroitRefuse  # nobody takes the offer of another structure
        return current

    def _save(
        self,
        acteur: Acteur,
        value: Listing,
        base: int,
        before: Fiche | None,
        *,
        auteur: str | None = None,
        accepte: Acceptation | None = None,
    ) -> Fiche:
        now = self.clock.now()
        saved = self.store.save(value, base, auteur or acteur.auteur, now, accepte=accepte)
        self.after_write()
        if before is not None:
            self._note_state(acteur, before, saved)
        return saved

    def _note_state(self, acteur: Acteur, before: Fiche, saved: Fiche) -> None:
        if before.is_published is not saved.is_published:
            done = Sensible.REMISE_EN_LIGNE if saved.is_published else Sensible.RETRAIT
            self.note(acteur.auteur, done, saved.ref.id)

    def _allowed(self, acteur: Acteur, action: Action, ref: FicheRef) -> Fiche:
        fiche = self._get(ref)
        self.require(acteur, action, self.cible_of(fiche))
        return fiche

    def _get(self, ref: FicheRef) -> Fiche:
        fiche = self.store.get(ref)
        if fiche is None:
            raise OffreIntrouvable(ref.id)
        return fiche

    def cible_at(self, structure_id: StructureId | None, code: str | None) -> Cible:
        """Returns what rights on a structure in a commune are asked of; either may be none."""
        try:
            lieu = self.geographie.zone(code) if code else NOWHERE
        except LieuInconnu:  # a code of before the geography that is shipped
            lieu = NOWHERE
        return Cible(structure_id=structure_id, lieu=lieu)

    def cible_of(self, fiche: Fiche) -> Cible:
        """Returns what rights on a listing are asked of; one that is new is its structure's."""
        structure = fiche.structure
        return Cible(structure_id=structure.id, lieu=self.lieu_of(structure))


def content_of(value: Listing) -> Listing:
    """Returns a listing without its state and without where its rules come from."""
    plain = replace(value, etat_publication=EtatPublication.PUBLIE)
    return replace(plain, regles=None) if isinstance(plain, Offre) else plain
