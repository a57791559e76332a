"""What coordinators do with the shipped schemes: confirm, align, set aside, take the source."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.arbre import eligibilite_from_json
from app.domain.comptes import Acteur
from app.domain.dispositifs import (
    CONDITIONS,
    Dispositif,
    OffreSourcee,
    ReglesStore,
    dispositifs_of,
    origine_of,
)
from app.domain.droits import Action, Cible, DroitRefuse, peut
from app.domain.edition import Listing, ModifieeEntretemps
from app.domain.errors import OffreIntrouvable
from app.domain.offre import Offre, StructureId
from app.domain.regles import EtatRegles, regles_from_json
from app.domain.territoire import Territoire, Zone
from app.domain.verdict import Valeur
from app.domain.vocabulaire import EtatPublication
from app.services.edition import EditionService


@dataclass(frozen=True, slots=True, kw_only=True)
class ReglesService:
    """Each method says who acts, and reaches the offers that the table of rights gives.

    `vu` is what the reader saw (`Dispositif.empreinte`): when it has changed since, nothing is
    written and `ModifieeEntretemps` is raised.
    """

    store: ReglesStore
    edition: EditionService
    territoires: Sequence[Territoire]

    def listed(self, acteur: Acteur) -> tuple[Sequence[Dispositif], Sequence[Dispositif]]:
        """Returns the schemes that one answers for, then those of wider bodies given here too."""
        mine: list[OffreSourcee] = []
        wider: list[OffreSourcee] = []
        for one, cible in self._with_cibles():
            if peut(acteur, Action.CONFIRMER_REGLES, cible):
                mine.append(one)
            elif cible.lieu.is_empty or not (cible.lieu & acteur.zone).is_empty:
                wider.append(one)
        own = dispositifs_of(mine)
        keys = {dispositif.cle for dispositif in own}
        return own, [found for found in dispositifs_of(wider) if found.cle not in keys]

    def read(self, acteur: Acteur, cle: str) -> Dispositif:
        """Returns a scheme with the offers that one answers for.

        Raises `OffreIntrouvable`, and `DroitRefuse` when all its offers are somebody else's.
        """
        known = {found.cle: found for found in dispositifs_of(self.store.offres())}.get(cle)
        if known is None:
            raise OffreIntrouvable(cle)
        mine = [
            one
            for one in known.offres
            if peut(acteur, Action.CONFIRMER_REGLES, self.edition.cible(one.fiche.ref))
        ]
        if not mine:
            raise DroitRefuse
        return replace(known, offres=mine)

    def confirm(self, acteur: Acteur, cle: str, vu: str) -> None:
        """Says that the rules of the published offers hold here, today."""
        dispositif = self._seen(acteur, cle, vu)
        origine = origine_of(dispositif.offres)
        if origine is None:
            raise OffreIntrouvable(cle)
        changes: list[tuple[Listing, int]] = []
        for one in dispositif.publiees:
            confirmed = replace(
                one.offre.regles or origine,
                etat=EtatRegles.CONFIRMEES,
                confirmees_par=self._name(acteur, one),
                confirmees_le=self.edition.clock.today(),
            )
            changes.append((replace(one.offre, regles=confirmed), one.fiche.revision))
        self.edition.save_all(acteur, Action.CONFIRMER_REGLES, changes)

    def set_state(self, acteur: Acteur, cle: str, etat: EtatPublication, vu: str) -> None:
        """Withdraws the offers of a scheme, or publishes them again."""
        dispositif = self._seen(acteur, cle, vu)
        changes: list[tuple[Listing, int]] = [
            (replace(one.offre, etat_publication=etat), one.fiche.revision)
            for one in dispositif.offres
        ]
        self.edition.save_all(acteur, Action.CONFIRMER_REGLES, changes)

    def align(self, acteur: Acteur, cle: str, modele: str, vu: str) -> None:
        """Gives the other published offers the conditions of one of them, and its text."""
        dispositif = self._seen(acteur, cle, vu)
        model = model_of(dispositif, modele).offre
        changes: list[tuple[Listing, int]] = [
            (aligned(one.offre, model), one.fiche.revision) for one in others_of(dispositif, modele)
        ]
        self.edition.save_all(acteur, Action.CONFIRMER_REGLES, changes)

    def take_source(self, acteur: Acteur, cle: str, vu: str) -> None:
        """Takes what the source says now of the conditions, which are then to be confirmed."""
        dispositif = self._seen(acteur, cle, vu)
        changes: list[tuple[Listing, int]] = [
            (as_source_says(one), one.fiche.revision) for one in dispositif.offres if one.nouveautes
        ]
        self.edition.save_all(acteur, Action.CONFIRMER_REGLES, changes)

    def _seen(self, acteur: Acteur, cle: str, vu: str) -> Dispositif:
        dispositif = self.read(acteur, cle)
        if dispositif.empreinte != vu:
            raise ModifieeEntretemps(())
        return dispositif

    def _with_cibles(self) -> Sequence[tuple[OffreSourcee, Cible]]:
        lieux: dict[StructureId, Zone] = {}
        found = []
        for one in self.store.offres():
            structure = one.fiche.structure
            if structure.id not in lieux:
                lieux[structure.id] = self.edition.lieu_of(structure)
            found.append((one, Cible(structure_id=structure.id, lieu=lieux[structure.id])))
        return found

    def _name(self, acteur: Acteur, one: OffreSourcee) -> str | None:
        """Returns the name of the coordination that vouches: a territory's, never a person's.

        An administrator vouches for the territory where the offer is, and for none elsewhere.
        """
        territoires = self.territoires
        perimetre = acteur.compte.perimetre if acteur.compte else None
        names = {t.slug: t.nom for t in territoires}
        names |= {bassin.slug: bassin.nom for t in territoires for bassin in t.bassins}
        if perimetre in names:
            return names[perimetre]
        lieu = self.edition.lieu_of(one.fiche.structure)
        for territoire in territoires:
            zone = self.edition.geographie.union(territoire.zone)
            if not lieu.is_empty and zone.covers(lieu) is Valeur.OUI:
                return territoire.nom
        return None


def model_of(dispositif: Dispositif, modele: str) -> OffreSourcee:
    """Returns the offer that others are compared with. Raises `OffreIntrouvable`."""
    for one in dispositif.publiees:
        if one.offre.id == modele:
            return one
    raise OffreIntrouvable(modele)


def others_of(dispositif: Dispositif, modele: str) -> Sequence[OffreSourcee]:
    """Returns the published offers that ask another thing than one of them."""
    model = model_of(dispositif, modele)
    return [one for one in dispositif.publiees if one.conditions != model.conditions]


def aligned(offre: Offre, model: Offre) -> Offre:
    """Returns an offer with the conditions of another of its scheme, to be confirmed."""
    return replace(
        offre, **{name: getattr(model, name) for name in CONDITIONS}, regles=model.regles
    )


def as_source_says(one: OffreSourcee) -> Offre:
    """Returns an offer with the conditions of its source, and the text that it cites."""
    offre = one.offre
    if "eligibilite" in one.source:
        tree = one.source["eligibilite"]
        offre = replace(offre, eligibilite=eligibilite_from_json(tree) if tree else None)
    said = one.source.get("regles")
    return replace(offre, regles=regles_from_json(said)) if said else offre
