"""What is set of territories: in force in every process a second later, and who may change it."""

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from app.domain.comptes import Acteur
from app.domain.droits import Action, Cible, DroitRefuse, peut
from app.domain.errors import CatalogueError
from app.domain.geographie import Geographie
from app.domain.mots import MotLocal, MotsLocaux, read_eteints, read_mots
from app.domain.ports import Clock
from app.domain.reglages import (
    AJOUTE,
    BASSINS,
    LIEUX,
    Nature,
    Reglage,
    ReglageInvalide,
    ReglageModifie,
    ReglageStore,
    Valeurs,
    read_poids,
    read_territoire,
    slug_of,
)
from app.domain.territoire import CodeInsee, Territoire, Zone
from app.domain.territoires_ajoutes import all_in_force, blank, homonyms

# Two seconds is what a coordinator waits without wondering: asked every second, with the answer
# and the page in the other one.
ASKED_EVERY_SECONDS = 1.0


class Reglages:
    """The territories as they are set now, for a process that asks the record once a second.

    A record that does not answer leaves in force what was known.
    """

    def __init__(
        self,
        livres: Sequence[Territoire],
        geographie: Geographie,
        store: Callable[[], ReglageStore],
        monotonic: Callable[[], float],
        on_change: Callable[[Sequence[Territoire]], None] = lambda _: None,
    ) -> None:
        """`livres` are the shipped territories; `monotonic` tells seconds.

        `on_change` hears the territories whenever they are no longer what they were.
        """
        self._on_change = on_change
        self.livres = tuple(livres)
        self._geographie = geographie
        self._store = store
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._asked: float | None = None
        self._version = 0
        self._territoires = self.livres
        self._mots: Mapping[str, MotsLocaux] = {}

    @property
    def version(self) -> int:
        """The number of the newest version of anything; it changes with what is in force."""
        self._follow()
        return self._version

    @property
    def territoires(self) -> tuple[Territoire, ...]:
        """The territories with their weights, names, places and basins of now."""
        self._follow()
        return self._territoires

    @property
    def mots(self) -> Mapping[str, MotsLocaux]:
        """The local words of each territory, the same object until something changes."""
        self._follow()
        return self._mots

    def territoire_of(self, code: CodeInsee) -> str | None:
        """Returns the slug of the territory in which a commune lies, None for one outside."""
        zone = self._geographie.zone(code)
        for territoire in self.territoires:
            if not (self._geographie.union(territoire.zone) & zone).is_empty:
                return territoire.slug
        return None

    def forget(self) -> None:
        """Asks the record again at the next question: something was just written."""
        self._asked = None

    def _follow(self) -> None:
        now = self._monotonic()
        # One thread asks, the others take what is known: they wait when nothing is, or no longer.
        if self._is_fresh(now) or not self._lock.acquire(blocking=self._asked is None):
            return
        try:
            if self._is_fresh(now):
                return
            self._asked = now
            store = self._store()
            if (newest := store.newest()) != self._version:
                self._read(store.in_force())
                self._version = newest
        except CatalogueError:
            pass
        finally:
            self._lock.release()

    def _is_fresh(self, now: float) -> bool:
        asked = self._asked
        return asked is not None and now - asked < ASKED_EVERY_SECONDS

    def _read(self, reglages: Sequence[Reglage]) -> None:
        self._territoires = tuple(all_in_force(self.livres, reglages, self._geographie))
        self._on_change(self._territoires)
        own = {r.territoire: r.valeurs for r in reglages if r.nature is Nature.MOTS}
        self._mots = {
            t.slug: _words(own.get(t.slug, {}), self._geographie) for t in self._territoires
        }


def _words(valeurs: Valeurs, geographie: Geographie) -> MotsLocaux:
    """Returns local words, none when the code no longer understands them.

    What is turned off stays so whatever has become of the words.
    """
    eteints, mots = frozenset[str](), tuple[MotLocal, ...]()
    with contextlib.suppress(ReglageInvalide, KeyError, TypeError, AttributeError):
        eteints = read_eteints(valeurs)
        mots = read_mots(valeurs, geographie)
    return MotsLocaux(mots=mots, eteints=eteints)


class TerritoiresEnVigueur(Sequence[Territoire]):
    """The territories of now, for whoever holds them as a list."""

    def __init__(self, reglages: Reglages) -> None:
        self._reglages = reglages

    @overload
    def __getitem__(self, index: int) -> Territoire: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Territoire]: ...
    def __getitem__(self, index: int | slice) -> Territoire | Sequence[Territoire]:
        return self._reglages.territoires[index]

    def __iter__(self) -> Iterator[Territoire]:
        return iter(self._reglages.territoires)

    def __len__(self) -> int:
        return len(self._reglages.territoires)


class PerimetresEnVigueur(Mapping[str, Zone]):
    """The zones of the territories and basins of now, by slug."""

    def __init__(self, reglages: Reglages, geographie: Geographie) -> None:
        self._reglages = reglages
        self._geographie = geographie
        self._known: tuple[Sequence[Territoire], dict[str, Zone]] = ((), {})

    def _zones(self) -> dict[str, Zone]:
        """Returns the zones, made once for the territories of now: a signed-in request asks."""
        territoires = self._reglages.territoires
        of, zones = self._known
        if of is not territoires:
            zones = {t.slug: self._geographie.union(t.zone) for t in territoires}
            bassins = [bassin for territoire in territoires for bassin in territoire.bassins]
            # A shipped basin may be called as its territory, which then is what is meant.
            zones |= {bassin.slug: bassin.zone for bassin in bassins if bassin.slug not in zones}
            self._known = (territoires, zones)
        return zones

    def __getitem__(self, slug: str) -> Zone:
        return self._zones()[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._zones())

    def __len__(self) -> int:
        return len(self._zones())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReglagesService:
    """Each method says who acts, and refuses what the table of rights does not give.

    A territory that does not exist is refused like one of somebody else.
    """

    store: ReglageStore
    reglages: Reglages
    geographie: Geographie
    clock: Clock

    def territoires(self, acteur: Acteur) -> Sequence[Territoire]:
        """Returns the territories that one may set."""
        return [t for t in self.reglages.territoires if self._may(acteur, t)]

    def read(self, acteur: Acteur, slug: str) -> Territoire:
        """Returns a territory as it is set now. Raises `DroitRefuse`."""
        for territoire in self.territoires(acteur):
            if territoire.slug == slug:
                return territoire
        raise DroitRefuse

    def livre(self, slug: str) -> Territoire:
        """Returns a territory as it is shipped: blank when it was added."""
        return next((t for t in self.reglages.livres if t.slug == slug), blank(slug))

    def is_added(self, slug: str) -> bool:
        """True for a territory that is not shipped."""
        return all(livre.slug != slug for livre in self.reglages.livres)

    def slugs(self) -> Collection[str]:
        """Returns what any territory or basin is called, or has ever been."""
        livres = self.reglages.livres
        taken = {t.slug for t in livres} | {b.slug for t in livres for b in t.bassins}
        for slug in {reglage.territoire for reglage in self.store.in_force()}:
            for version in self.store.history(slug, Nature.TERRITOIRE):
                taken |= {slug, *version.valeurs.get(BASSINS, {})}
        return taken

    def slug_of(self, territoire: str, nom: str) -> str:
        """Returns the slug of a new basin, which no territory nor basin has ever had.

        Rights and campaigns of a basin that was removed never reach another one.
        """
        return slug_of(territoire, nom, self.slugs())

    def history(self, acteur: Acteur, slug: str, nature: Nature) -> Sequence[Reglage]:
        """Returns all versions of a setting, newest first."""
        self.read(acteur, slug)
        return self.store.history(slug, nature)

    def save(self, acteur: Acteur, slug: str, nature: Nature, valeurs: Valeurs, base: int) -> None:
        """Puts values in force, which the caller has checked. Raises `ReglageModifie`.

        Places are the administrators' to set: a coordinator who widened their own territory would
        give themselves rights. From anyone else they stay what they are in the version `base`.
        """
        self.read(acteur, slug)
        self.store.add(
            slug,
            nature,
            self._allowed(acteur, slug, nature, valeurs, base),
            base=base,
            auteur=acteur.auteur,
            quand=self.clock.now(),
        )
        self.reglages.forget()

    def restore(self, acteur: Acteur, slug: str, nature: Nature, numero: int, base: int) -> None:
        """Puts an older version in force again, 0 for what is shipped.

        A coordinator goes back to all of it but its places, which stay those of now. Raises
        `ReglageModifie`, also when there is no such version; `ReglageInvalide` for one that the
        site of today no longer understands, or whose basins lie outside of today's places.
        """
        versions = {r.id: r.valeurs for r in self.history(acteur, slug, nature)}
        if nature is not Nature.TERRITOIRE or not self.is_added(slug):
            versions[0] = {}
        if numero not in versions:
            raise ReglageModifie
        valeurs = self._allowed(acteur, slug, nature, versions[numero], base)
        self._check(slug, nature, valeurs)
        self.save(acteur, slug, nature, valeurs, base)

    def check(self, slug: str, valeurs: Valeurs) -> None:
        """Raises `ReglageInvalide` for what a territory cannot be, or another one is called."""
        problemes = homonyms(slug, valeurs.get("nom", ""), self.reglages.territoires)
        try:
            read_territoire(valeurs, self.livre(slug), self.geographie)
        except ReglageInvalide as invalid:
            problemes = [*invalid.problemes, *problemes]
        if problemes:
            raise ReglageInvalide(problemes)

    def _allowed(
        self, acteur: Acteur, slug: str, nature: Nature, valeurs: Valeurs, base: int
    ) -> Valeurs:
        """Returns values where what someone may not set is as in the version `base`."""
        if nature is not Nature.TERRITOIRE:
            return valeurs
        # The record refuses a `base` that is not the newest version, and what was read of it.
        versions = {r.id: r.valeurs for r in self.store.history(slug, nature)}
        held = {AJOUTE} if peut(acteur, Action.DELIMITER_TERRITOIRE) else {AJOUTE, LIEUX}
        now = versions.get(base, {})
        return {name: said for name, said in valeurs.items() if name not in held} | {
            name: now[name] for name in held & now.keys()
        }

    def _check(self, slug: str, nature: Nature, valeurs: Valeurs) -> None:
        match nature:
            case Nature.POIDS:
                read_poids(valeurs, self.livre(slug).poids)
            case Nature.TERRITOIRE:
                self.check(slug, valeurs)
            case Nature.MOTS:
                read_mots(valeurs, self.geographie)

    def _may(self, acteur: Acteur, territoire: Territoire) -> bool:
        lieu = self.geographie.union(territoire.zone)
        return peut(acteur, Action.REGLER_TERRITOIRE, Cible(lieu=lieu))
