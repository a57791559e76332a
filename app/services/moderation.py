"""Changes that wait: sent by who is not verified, answered by the coordinator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.adhesions import CompteStore
from app.domain.comptes import Acteur, Role, compte_id_of
from app.domain.droits import Action, DroitRefuse, peut
from app.domain.edition import Acceptation, Fiche, FicheRef, Listing, ref_of
from app.domain.errors import OffreIntrouvable
from app.domain.journal import Noter, Sensible, sans_journal
from app.domain.offre import StructureId
from app.domain.propositions import (
    MAX_CREATIONS,
    EtatProposition,
    Proposition,
    PropositionInconnue,
    PropositionStore,
    TropDeCreations,
)
from app.services.edition import EditionService


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationService:
    """Each method says who acts, and refuses what the table of rights does not give."""

    store: PropositionStore
    edition: EditionService
    comptes: CompteStore
    note: Noter = sans_journal

    def propose(
        self,
        acteur: Acteur,
        fiche: Fiche,
        record: Mapping[str, Any],
        base: int,
        vue: int | None = None,
    ) -> None:
        """Keeps a change until someone answers it; `vue` is the one of its author's that it mends.

        Raises `DroitRefuse`, `TropDeCreations`, `PropositionEnAttente`.
        """
        if fiche.is_new_structure:
            self.edition.require_any(acteur, Action.CREER_STRUCTURE)
            self._require_room(acteur, fiche.ref)
        else:
            self.edition.require(acteur, Action.PROPOSER_FICHE, self.edition.cible_of(fiche))
        quand = self.edition.clock.now()
        auteur, structure_id = acteur.auteur, fiche.structure.id
        self.store.add(fiche.ref, structure_id, auteur, base, record, quand, vue)

    def waiting_on(self, acteur: Acteur, ref: FicheRef) -> Proposition | None:
        """Returns the change that someone has waiting on a listing: their own, or none."""
        return self.store.waiting_on(ref, acteur.auteur)

    def waiting(self, acteur: Acteur) -> Sequence[tuple[Proposition, Fiche]]:
        """Returns the changes that someone may answer, each with its listing as it is now."""
        if not peut(acteur, Action.MODERER):
            return []
        found = []
        for proposition in self.store.waiting():
            try:
                found.append((proposition, self._read(acteur, proposition)))
            except (DroitRefuse, OffreIntrouvable):
                continue
        return found

    def read(self, acteur: Acteur, numero: int) -> tuple[Proposition, Fiche]:
        """Returns a change and its listing. Raises `PropositionInconnue`, `DroitRefuse`."""
        proposition = self.store.get(numero)
        return proposition, self._read(acteur, proposition)

    def sent_by(self, acteur: Acteur, structure: FicheRef) -> Sequence[Proposition]:
        """Returns what someone sent about a structure, and what became of it, newest first."""
        self.edition.read(acteur, structure)
        return self.store.sent_by(acteur.auteur, StructureId(structure.id))

    def begun_by(self, acteur: Acteur) -> Sequence[Proposition]:
        """Returns the new structures that someone sent, each as it was sent last, newest first."""
        newest: dict[FicheRef, Proposition] = {}
        for sent in self.store.begun_by(acteur.auteur):
            newest.setdefault(sent.ref, sent)
        return list(newest.values())

    def begun(self, acteur: Acteur, numero: int) -> Proposition:
        """Returns a new structure that someone sent and that is not published, to send it again.

        Raises `PropositionInconnue`.
        """
        for sent in self.begun_by(acteur):
            if sent.id == numero and sent.etat is not EtatProposition.ACCEPTEE:
                return sent
        raise PropositionInconnue

    def accept(self, acteur: Acteur, numero: int, value: Listing, base: int) -> Fiche:
        """Publishes a change in its author's name, as it was sent or as it was corrected.

        The partner who sent a new structure speaks for it from then on. Raises
        `ModifieeEntretemps`, and then it still waits; `PropositionInconnue` when somebody else
        answered it meanwhile, and for a value that is another listing's.
        """
        proposition, _ = self.read(acteur, numero)
        if ref_of(value) != proposition.ref:
            raise PropositionInconnue
        membre = self._member_of(proposition)
        accepte = Acceptation(numero=numero, par=acteur.auteur, membre=membre)
        saved = self.edition.publish(
            acteur, value, base, auteur=proposition.auteur, accepte=accepte
        )
        self.note(acteur.auteur, Sensible.PROPOSITION_ACCEPTEE, f"proposition:{numero}")
        if membre is not None:
            self.note(
                acteur.auteur, Sensible.ADHESION_ADMISE, proposition.structure_id, compte=membre
            )
        return saved

    def refuse(self, acteur: Acteur, numero: int, motif: str) -> None:
        """Sets a change aside, with the reason."""
        self.read(acteur, numero)
        self.store.settle(
            numero, EtatProposition.REFUSEE, acteur.auteur, motif or None, self.edition.clock.now()
        )
        self.note(acteur.auteur, Sensible.PROPOSITION_REFUSEE, f"proposition:{numero}")

    def _member_of(self, proposition: Proposition) -> int | None:
        """Returns the partner who sent a new structure; a professional only told of it."""
        compte_id = compte_id_of(proposition.auteur) if proposition.is_creation else None
        compte = self.comptes.get(compte_id) if compte_id is not None else None
        return compte.id if compte is not None and compte.role is Role.PARTENAIRE else None

    def _require_room(self, acteur: Acteur, ref: FicheRef) -> None:
        waiting = [
            sent
            for sent in self.store.begun_by(acteur.auteur)
            if sent.etat is EtatProposition.A_MODERER and sent.ref != ref
        ]
        if len(waiting) >= MAX_CREATIONS:
            raise TropDeCreations

    def _read(self, acteur: Acteur, proposition: Proposition) -> Fiche:
        fiche = self.edition.find_or_new(acteur, proposition.ref, proposition.structure_id)
        if fiche.is_new_structure:  # it stands where it says
            cible = self.edition.cible_at(None, proposition.record.get("code_insee"))
        else:
            cible = self.edition.cible_of(fiche)
        self.edition.require(acteur, Action.MODERER, cible)
        return fiche
