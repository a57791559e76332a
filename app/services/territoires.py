"""Territories that administrators add to the site, or take away again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.adhesions import CompteStore
from app.domain.campagnes_port import CampagneStore
from app.domain.comptes import Acteur
from app.domain.droits import Action, DroitRefuse, peut
from app.domain.errors import CatalogueError
from app.domain.reglages import AJOUTE, LIEUX, Nature, Valeurs
from app.domain.territoire import Territoire
from app.domain.territoires_ajoutes import slug_of_territoire
from app.services.reglages import ReglagesService


@dataclass(frozen=True, slots=True, kw_only=True)
class Attaches:
    """How many open accounts, and campaigns not ended, are bound to a territory or its basins."""

    coordinateurs: int = 0
    campagnes: int = 0


class TerritoireTenu(CatalogueError):
    """A territory that somebody still works in cannot be removed."""

    def __init__(self, attaches: Attaches) -> None:
        super().__init__(f"{attaches.coordinateurs} accounts, {attaches.campagnes} campaigns")
        self.attaches = attaches


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoiresService:
    """Each method says who acts: administrators alone say where a territory is."""

    reglages: ReglagesService
    comptes: CompteStore
    campagnes: CampagneStore

    def add(self, acteur: Acteur, nom: str, lieux: Sequence[str]) -> str:
        """Adds a territory and returns its slug, which nothing has ever had.

        It has the common weights and no basin, and is in force in every process a second later.
        Raises `DroitRefuse`; `ReglageInvalide`; `ReglageModifie` when somebody else has just added
        one of this name.
        """
        self._require(acteur)
        service = self.reglages
        slug = slug_of_territoire(nom, service.slugs())
        service.check(slug, {"nom": nom, LIEUX: list(lieux)})
        moment = service.clock.now().isoformat()
        self._write(acteur, slug, {"nom": nom, LIEUX: list(lieux), AJOUTE: moment}, 0)
        return slug

    def remove(self, acteur: Acteur, slug: str, base: int) -> None:
        """Takes away a territory that was added, for good: its slug is never given again.

        Who is given it at this very moment, or whose closed account is opened again, reaches
        nothing. Raises `DroitRefuse`, also for one that is shipped; `TerritoireTenu`;
        `ReglageModifie` when `base` is not its newest version.
        """
        self._require(acteur)
        territoire = self.reglages.read(acteur, slug)
        if not self.reglages.is_added(slug):
            raise DroitRefuse
        attaches = self.attaches(territoire)
        if attaches != Attaches():
            raise TerritoireTenu(attaches)
        self._write(acteur, slug, {}, base)

    def attaches(self, territoire: Territoire) -> Attaches:
        """Returns who would lose something if a territory were removed."""
        slugs = {territoire.slug, *(bassin.slug for bassin in territoire.bassins)}
        found = [bound for slug, bound in self.attaches_by_slug().items() if slug in slugs]
        return Attaches(
            coordinateurs=sum(bound.coordinateurs for bound in found),
            campagnes=sum(bound.campagnes for bound in found),
        )

    def attaches_by_slug(self) -> Mapping[str, Attaches]:
        """Returns who would lose something with each territory or basin that somebody works in."""
        coordinateurs = self.comptes.coordinateurs()
        today = self.reglages.clock.today()
        campagnes = Counter(
            one.perimetre for one in self.campagnes.all() if not one.is_finie(today)
        )
        return {
            slug: Attaches(coordinateurs=coordinateurs.get(slug, 0), campagnes=campagnes[slug])
            for slug in coordinateurs.keys() | campagnes.keys()
        }

    def _require(self, acteur: Acteur) -> None:
        if not peut(acteur, Action.DELIMITER_TERRITOIRE):
            raise DroitRefuse

    def _write(self, acteur: Acteur, slug: str, valeurs: Valeurs, base: int) -> None:
        service = self.reglages
        service.store.add(
            slug,
            Nature.TERRITOIRE,
            valeurs,
            base=base,
            auteur=acteur.auteur,
            quand=service.clock.now(),
        )
        service.reglages.forget()
