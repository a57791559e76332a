"""Settings followed by every process, and who may change them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.domain.comptes import Acteur, Compte, Qualite, Role
from app.domain.droits import DroitRefuse
from app.domain.errors import CatalogueUnavailable
from app.domain.mots import MotLocal, MotsLocaux
from app.domain.poids import Poids
from app.domain.reglages import Nature, Reglage, ReglageModifie, Valeurs
from app.domain.territoire import Bassin, CodeInsee, Point, Territoire, Zone
from app.services.poids import poids_at
from app.services.reglages import (
    ASKED_EVERY_SECONDS,
    PerimetresEnVigueur,
    Reglages,
    ReglagesService,
    TerritoiresEnVigueur,
)
from tests.builders import AUREL, AVIGNON, GRAND_AVIGNON, PARIS, VENTOUX_SUD, make_geographie

GEOGRAPHIE = make_geographie()
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
VAUCLUSE = Territoire(
    slug="vaucluse",
    nom="Vaucluse",
    zone=("departement:84",),
    centre=Point(43.9, 4.8),
    bassins=(Bassin(slug="ouest", nom="Ouest", zone=GEOGRAPHIE.zone(GRAND_AVIGNON)),),
)
PROCHES = {"besoin": 20.0, "proximite": 40.0}


@dataclass
class MemoryReglages:
    """Keeps versions in memory, as a record that several processes share; counts questions."""

    versions: list[Reglage] = field(default_factory=list)
    questions: int = 0
    is_away: bool = False

    def newest(self) -> int:
        self.questions += 1
        if self.is_away:
            raise CatalogueUnavailable
        return len(self.versions)

    def in_force(self) -> Sequence[Reglage]:
        return list({(r.territoire, r.nature): r for r in self.versions}.values())

    def history(self, territoire: str, nature: Nature) -> Sequence[Reglage]:
        return [r for r in self.versions[::-1] if (r.territoire, r.nature) == (territoire, nature)]

    def add(
        self,
        territoire: str,
        nature: Nature,
        valeurs: Valeurs,
        *,
        base: int,
        auteur: str,
        quand: datetime,
    ) -> None:
        known = self.history(territoire, nature)
        if (known[0].id if known else 0) != base:
            raise ReglageModifie
        self.versions.append(
            Reglage(
                id=len(self.versions) + 1,
                territoire=territoire,
                nature=nature,
                valeurs=valeurs,
                auteur=auteur,
                quand=quand,
            )
        )


@dataclass
class Montre:
    """A clock that goes on when it is told."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOON

    def today(self) -> date:
        return NOON.date()


@dataclass
class Process:
    """One web process on a shared record."""

    store: MemoryReglages
    montre: Montre
    reglages: Reglages = field(init=False)

    def __post_init__(self) -> None:
        self.reglages = Reglages([VAUCLUSE], GEOGRAPHIE, lambda: self.store, self.montre)

    @property
    def service(self) -> ReglagesService:
        return ReglagesService(
            store=self.store, reglages=self.reglages, geographie=GEOGRAPHIE, clock=self.montre
        )

    def proximite(self) -> float:
        """The weight of proximity of who lives in Avignon, as a search asks it."""
        territoires = TerritoiresEnVigueur(self.reglages)
        return poids_at(GEOGRAPHIE.zone(AVIGNON), territoires, GEOGRAPHIE).proximite


@pytest.fixture
def store() -> MemoryReglages:
    return MemoryReglages()


@pytest.fixture
def process(store: MemoryReglages) -> Process:
    return Process(store, Montre())


def acteur(qualite: Qualite, zone: Zone) -> Acteur:
    role = Role(qualite.value)
    compte = Compte(id=1, courriel="c@exemple.fr", nom="Camille", role=role)
    return Acteur(qualite=qualite, compte=compte, zone=zone)


DEPARTEMENT = GEOGRAPHIE.zone("departement:84")
COORDINATEUR = acteur(Qualite.COORDINATEUR, DEPARTEMENT)


def test_what_is_saved_is_in_force_at_once_here_and_a_second_later_elsewhere(
    store: MemoryReglages, process: Process
) -> None:
    other = Process(store, Montre())
    assert (process.proximite(), other.proximite()) == (20.0, 20.0)

    process.service.save(COORDINATEUR, "vaucluse", Nature.POIDS, PROCHES, 0)

    assert process.proximite() == 40.0
    assert other.proximite() == 20.0
    other.montre.seconds += ASKED_EVERY_SECONDS
    assert other.proximite() == 40.0


def test_the_record_is_asked_once_a_second_whatever_is_searched(
    store: MemoryReglages, process: Process
) -> None:
    for _ in range(50):
        process.proximite()
    assert store.questions == 1

    process.montre.seconds += ASKED_EVERY_SECONDS
    for _ in range(50):
        process.proximite()
    assert store.questions == 2


def test_a_record_that_is_away_leaves_in_force_what_is_known(
    store: MemoryReglages, process: Process
) -> None:
    process.service.save(COORDINATEUR, "vaucluse", Nature.POIDS, PROCHES, 0)
    assert process.proximite() == 40.0

    store.is_away = True
    process.montre.seconds += ASKED_EVERY_SECONDS

    assert process.proximite() == 40.0
    assert process.reglages.version == 1


def test_names_basins_and_perimeters_follow(process: Process) -> None:
    territoires = TerritoiresEnVigueur(process.reglages)
    perimetres = PerimetresEnVigueur(process.reglages, GEOGRAPHIE)
    assert set(perimetres) == {"vaucluse", "ouest"}
    assert len(perimetres) == 2

    valeurs: dict[str, Any] = {
        "nom": "Le Vaucluse",
        "bassins": {"ouest": {"nom": "Couchant", "lieux": [VENTOUX_SUD]}},
    }
    process.service.save(COORDINATEUR, "vaucluse", Nature.TERRITOIRE, valeurs, 0)

    assert [t.nom for t in territoires] == [territoires[0].nom] == ["Le Vaucluse"]
    assert [t.nom for t in territoires[:1]] == ["Le Vaucluse"]
    assert len(territoires) == 1
    assert perimetres["ouest"] == GEOGRAPHIE.zone(VENTOUX_SUD) & DEPARTEMENT
    assert perimetres["vaucluse"] == DEPARTEMENT


def test_who_keeps_names_hears_of_each_change(store: MemoryReglages) -> None:
    heard: list[list[str]] = []
    montre = Montre()
    reglages = Reglages(
        [VAUCLUSE], GEOGRAPHIE, lambda: store, montre, lambda ts: heard.append([t.nom for t in ts])
    )
    assert reglages.version == 0
    assert heard == []

    store.add("vaucluse", Nature.TERRITOIRE, {"nom": "Le Vaucluse"}, base=0, auteur="x", quand=NOON)
    montre.seconds += ASKED_EVERY_SECONDS

    assert (reglages.version, reglages.version) == (1, 1)
    assert heard == [["Le Vaucluse"]]


def test_local_words_are_known_by_territory(process: Process) -> None:
    valeurs = {"lignes": [{"noms": ["MLHV"], "sens": "Mission locale"}], "eteints": ["pec"]}
    process.service.save(COORDINATEUR, "vaucluse", Nature.MOTS, valeurs, 0)

    mots = (MotLocal(noms=("MLHV",), sens="Mission locale"),)
    eteints = frozenset(["pec"])
    assert process.reglages.mots == {"vaucluse": MotsLocaux(mots=mots, eteints=eteints)}
    assert process.reglages.mots is process.reglages.mots


def test_a_territory_without_words_has_none(process: Process) -> None:
    process.service.save(COORDINATEUR, "vaucluse", Nature.POIDS, PROCHES, 0)

    assert process.reglages.mots == {"vaucluse": MotsLocaux()}


@pytest.mark.parametrize("lignes", [[{}], [{"noms": [], "sens": ""}], 3])
def test_words_that_the_code_no_longer_understands_are_none(process: Process, lignes: Any) -> None:
    valeurs = {"lignes": lignes, "eteints": ["pec"]}
    process.service.save(COORDINATEUR, "vaucluse", Nature.MOTS, valeurs, 0)

    assert process.reglages.mots == {"vaucluse": MotsLocaux(eteints=frozenset(["pec"]))}


def test_a_commune_tells_its_territory(process: Process) -> None:
    assert process.reglages.territoire_of(CodeInsee(AVIGNON)) == "vaucluse"
    assert process.reglages.territoire_of(CodeInsee(PARIS)) is None


@pytest.mark.parametrize(
    "who",
    [
        pytest.param(acteur(Qualite.COORDINATEUR, GEOGRAPHIE.zone(GRAND_AVIGNON)), id="basin"),
        pytest.param(acteur(Qualite.COORDINATEUR, GEOGRAPHIE.zone(AUREL)), id="elsewhere"),
        pytest.param(acteur(Qualite.PARTENAIRE, DEPARTEMENT), id="partner"),
    ],
)
def test_a_territory_is_set_by_who_answers_for_the_whole_of_it(
    process: Process, store: MemoryReglages, who: Acteur
) -> None:
    service = process.service

    assert list(service.territoires(who)) == []
    for refused in (
        lambda: service.read(who, "vaucluse"),
        lambda: service.history(who, "vaucluse", Nature.POIDS),
        lambda: service.save(who, "vaucluse", Nature.POIDS, PROCHES, 0),
        lambda: service.restore(who, "vaucluse", Nature.POIDS, 0, 0),
    ):
        with pytest.raises(DroitRefuse):
            refused()
    assert store.versions == []


def test_an_administrator_sets_every_territory_that_exists(process: Process) -> None:
    administrateur = acteur(Qualite.ADMINISTRATEUR, Zone(0))

    assert process.service.read(administrateur, "vaucluse") == VAUCLUSE
    with pytest.raises(DroitRefuse):
        process.service.read(administrateur, "atlantide")


def test_going_back_writes_a_new_version(process: Process, store: MemoryReglages) -> None:
    service = process.service
    service.save(COORDINATEUR, "vaucluse", Nature.POIDS, PROCHES, 0)
    service.save(COORDINATEUR, "vaucluse", Nature.POIDS, {"besoin": 30.0, "acces": 35.0}, 1)

    service.restore(COORDINATEUR, "vaucluse", Nature.POIDS, 1, 2)
    assert process.proximite() == 40.0

    service.restore(COORDINATEUR, "vaucluse", Nature.POIDS, 0, 3)
    assert process.reglages.territoires[0].poids == Poids()
    assert service.livre("vaucluse") == VAUCLUSE
    assert [r.valeurs for r in store.versions][2:] == [PROCHES, {}]
    assert {r.auteur for r in store.versions} == {"compte:1"}


@pytest.mark.parametrize(("numero", "base"), [(7, 1), (0, 0)], ids=["no-such-version", "changed"])
def test_one_goes_back_to_what_exists_and_was_seen(
    process: Process, numero: int, base: int
) -> None:
    process.service.save(COORDINATEUR, "vaucluse", Nature.POIDS, PROCHES, 0)

    with pytest.raises(ReglageModifie):
        process.service.restore(COORDINATEUR, "vaucluse", Nature.POIDS, numero, base)
    assert process.proximite() == 40.0
