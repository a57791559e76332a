"""Likely duplicates, for the coordinator: found, read side by side, merged or told apart."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rapidfuzz import fuzz

from app.domain.comptes import Acteur
from app.domain.doublons import DoublonStore, Fusion, Paire, Reperes, paires, reperes_of, semblables
from app.domain.droits import Action, DroitRefuse, peut
from app.domain.edition import Fiche, FicheRef, Listing
from app.domain.offre import Structure
from app.domain.publication import STRUCTURE
from app.services.edition import EditionService


@dataclass(frozen=True, slots=True, kw_only=True)
class DoublonService:
    """Each method says who acts, and refuses what the table of rights does not give."""

    store: DoublonStore
    edition: EditionService

    def likely(self, acteur: Acteur, objet: str) -> Sequence[Paire]:
        """Returns the pairs that someone may decide of, the likeliest first."""
        if not peut(acteur, Action.REUNIR_FICHES):
            return ()
        mine = {code for code in self.store.communes() if self._reaches(acteur, code)}
        apart = self.store.told_apart(objet)
        found = paires(self.store.reperes(objet, mine), nearness)
        return [pair for pair in found if (pair.une.id, pair.autre.id) not in apart]

    def semblables(self, structure: Structure) -> Sequence[Reperes]:
        """Returns the published structures that one which is being written may already be.

        Anyone may ask: what is told is public.
        """
        there = self.store.reperes(STRUCTURE, {structure.code_insee})
        return semblables(reperes_of(asdict(structure)), there, nearness)

    def read(self, acteur: Acteur, ref: FicheRef) -> Fiche:
        """Returns a listing that someone may merge. Raises `OffreIntrouvable`, `DroitRefuse`."""
        self._require(acteur, ref)
        return self.edition.read(acteur, ref)

    def merge(
        self, acteur: Acteur, value: Listing, absorbe: FicheRef, bases: tuple[int, int]
    ) -> None:
        """Takes a listing into another, which then says `value`.

        Raises `DroitRefuse`, or `FusionRefusee` when either has changed since it was read.
        """
        for ref in (FicheRef(objet=absorbe.objet, id=value.id), absorbe):
            self._require(acteur, ref)
        self.store.merge(value, absorbe, bases, acteur.auteur, self.edition.clock.now())
        self.edition.after_write()

    def tell_apart(self, acteur: Acteur, une: FicheRef, autre: FicheRef) -> None:
        """Notes that two listings are two: they are never proposed again."""
        for ref in (une, autre):
            self._require(acteur, ref)
        quand = self.edition.clock.now()
        self.store.tell_apart(une.objet, (une.id, autre.id), acteur.auteur, quand)

    def merged(self, acteur: Acteur) -> Sequence[Fusion]:
        """Returns what was merged and may be undone, newest first."""
        return [fusion for fusion in self.store.fusions() if self._may(acteur, fusion)]

    def undo(self, acteur: Acteur, numero: int) -> None:
        """Makes two listings again of one. Raises `DroitRefuse`, `FusionRefusee`,
        `FusionSuivie`.
        """
        for fusion in self.store.fusions():
            if fusion.id == numero and not self._may(acteur, fusion):
                raise DroitRefuse
        self.store.undo(numero, acteur.auteur, self.edition.clock.now())
        self.edition.after_write()

    def _may(self, acteur: Acteur, fusion: Fusion) -> bool:
        refs = (fusion.garde, fusion.absorbe)
        return all(peut(acteur, Action.REUNIR_FICHES, self.edition.cible(ref)) for ref in refs)

    def _require(self, acteur: Acteur, ref: FicheRef) -> None:
        self.edition.require(acteur, Action.REUNIR_FICHES, self.edition.cible(ref))

    def _reaches(self, acteur: Acteur, code: str | None) -> bool:
        """Tells whether someone decides of what is in a commune, whoever's it is."""
        cible = self.edition.cible_at(None, code)
        return peut(acteur, Action.REUNIR_FICHES, cible)


def nearness(une: str, autre: str) -> float:
    """Returns how alike two folded names are, from 0 to 100, whatever the order of their words.

    A name that says all that the other does, and more, is the same: “Bibliothèque de Mazan” and
    “Bibliothèque municipale de Mazan”.
    """
    return fuzz.token_set_ratio(une, autre)
