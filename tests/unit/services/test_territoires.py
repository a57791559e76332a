"""Who sets the places of territories, adds one or takes it away, and when it is in force."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.campagnes import Campagne
from app.domain.comptes import Qualite
from app.domain.droits import DroitRefuse
from app.domain.mots import MotLocal, MotsLocaux
from app.domain.poids import Poids
from app.domain.reglages import Nature, Reglage, ReglageInvalide, ReglageModifie
from app.domain.territoire import Zone
from app.services.poids import poids_at
from app.services.reglages import ASKED_EVERY_SECONDS, PerimetresEnVigueur, TerritoiresEnVigueur
from app.services.territoires import Attaches, TerritoiresService, TerritoireTenu
from tests.builders import AVIGNON, GRAND_AVIGNON, LE_PONTET, VILLENEUVE
from tests.unit.services.test_reglages import (
    COORDINATEUR,
    GEOGRAPHIE,
    NOON,
    PROCHES,
    MemoryReglages,
    Montre,
    Process,
    acteur,
)

ADMINISTRATEUR = acteur(Qualite.ADMINISTRATEUR, Zone(0))
NARROW = [GRAND_AVIGNON]


@dataclass
class Autres:
    """The accounts and campaigns that may be bound to a territory."""

    comptes: dict[str, int] = field(default_factory=dict)
    campagnes: list[Campagne] = field(default_factory=list)

    def coordinateurs(self) -> dict[str, int]:
        return self.comptes

    def all(self) -> list[Campagne]:
        return self.campagnes


@pytest.fixture
def store() -> MemoryReglages:
    return MemoryReglages()


@pytest.fixture
def process(store: MemoryReglages) -> Process:
    return Process(store, Montre())


@pytest.fixture
def autres() -> Autres:
    return Autres()


@pytest.fixture
def service(process: Process, autres: Autres) -> TerritoiresService:
    return TerritoiresService(
        reglages=process.service,
        comptes=autres,  # type: ignore[arg-type]
        campagnes=autres,  # type: ignore[arg-type]
    )


def save(process: Process, who: Any, base: int, **valeurs: object) -> None:
    process.service.save(who, "vaucluse", Nature.TERRITOIRE, valeurs, base)


def zone_of(process: Process, slug: str = "vaucluse") -> tuple[str, ...]:
    return next(t.zone for t in process.reglages.territoires if t.slug == slug)


def test_only_an_administrator_sets_places(process: Process) -> None:
    """A coordinator who widened their own territory would give themselves rights."""
    save(process, COORDINATEUR, 0, nom="Ici", lieux=["departement:84", "departement:30"])
    assert zone_of(process) == ("departement:84",)

    save(process, ADMINISTRATEUR, 1, nom="Ici", lieux=NARROW)
    assert zone_of(process) == (GRAND_AVIGNON,)

    everywhere = acteur(Qualite.COORDINATEUR, GEOGRAPHIE.france)
    save(process, everywhere, 2, nom="Là")
    assert (process.reglages.territoires[0].nom, zone_of(process)) == ("Là", (GRAND_AVIGNON,))


def test_rights_follow_the_places(process: Process) -> None:
    perimetres = PerimetresEnVigueur(process.reglages, GEOGRAPHIE)

    save(process, ADMINISTRATEUR, 0, lieux=NARROW)

    assert perimetres["vaucluse"] == GEOGRAPHIE.zone(GRAND_AVIGNON)


@pytest.mark.parametrize("numero", [0, 1], ids=["shipped", "older"])
def test_a_coordinator_goes_back_to_all_but_the_places(process: Process, numero: int) -> None:
    service = process.service
    save(process, ADMINISTRATEUR, 0, nom="Avant", lieux=["departement:84", "departement:30"])
    save(process, ADMINISTRATEUR, 1, nom="Après", lieux=NARROW)
    coordinateur = acteur(Qualite.COORDINATEUR, GEOGRAPHIE.france)

    service.restore(coordinateur, "vaucluse", Nature.TERRITOIRE, numero, 2)

    found = process.reglages.territoires[0]
    assert (found.nom, found.zone) == (("Vaucluse", "Avant")[numero], (GRAND_AVIGNON,))
    service.restore(ADMINISTRATEUR, "vaucluse", Nature.TERRITOIRE, 1, 3)
    assert zone_of(process) == ("departement:84", "departement:30")


def test_a_version_whose_basins_are_outside_of_todays_places_does_not_come_back(
    process: Process, store: MemoryReglages
) -> None:
    ouest: Any = {"ouest": {"nom": "Ouest", "lieux": [LE_PONTET]}}
    save(process, COORDINATEUR, 0, bassins=ouest)
    save(process, ADMINISTRATEUR, 1, bassins={"ouest": None}, lieux=[AVIGNON])
    coordinateur = acteur(Qualite.COORDINATEUR, GEOGRAPHIE.zone(AVIGNON))

    with pytest.raises(ReglageInvalide):
        process.service.restore(coordinateur, "vaucluse", Nature.TERRITOIRE, 1, 2)

    assert len(store.versions) == 2


def test_places_are_those_of_a_version_that_exists(process: Process) -> None:
    with pytest.raises(ReglageModifie):
        save(process, COORDINATEUR, 7, nom="Ici")


def test_an_added_territory_is_in_force_everywhere_a_second_later(
    process: Process, store: MemoryReglages, service: TerritoiresService
) -> None:
    other = Process(store, Montre())
    territoires = TerritoiresEnVigueur(other.reglages)
    perimetres = PerimetresEnVigueur(other.reglages, GEOGRAPHIE)
    assert (len(territoires), len(perimetres)) == (1, 2)

    assert service.add(ADMINISTRATEUR, "Gard rhodanien", [VILLENEUVE]) == "gard-rhodanien"
    other.montre.seconds += ASKED_EVERY_SECONDS

    assert [t.slug for t in territoires] == ["vaucluse", "gard-rhodanien"]
    assert len(territoires) == 2
    assert perimetres["gard-rhodanien"] == GEOGRAPHIE.zone(VILLENEUVE)
    coordinateur = acteur(Qualite.COORDINATEUR, perimetres["gard-rhodanien"])
    other.service.save(coordinateur, "gard-rhodanien", Nature.POIDS, PROCHES, 0)
    assert poids_at(GEOGRAPHIE.zone(VILLENEUVE), territoires, GEOGRAPHIE).proximite == 40.0
    valeurs = {"nom": "Gard", "bassins": {"x": {"nom": "X", "lieux": [VILLENEUVE]}}}
    other.service.save(coordinateur, "gard-rhodanien", Nature.TERRITOIRE, valeurs, 1)
    assert (territoires[1].nom, territoires[1].zone) == ("Gard", (VILLENEUVE,))
    assert perimetres["x"] == GEOGRAPHIE.zone(VILLENEUVE)


def test_where_two_share_a_commune_the_older_one_ranks(
    process: Process, service: TerritoiresService
) -> None:
    """Thus one that is added changes nothing of how another one ranks."""
    process.service.save(COORDINATEUR, "vaucluse", Nature.POIDS, PROCHES, 0)

    service.add(ADMINISTRATEUR, "Grand Avignon", NARROW)

    territoires = TerritoiresEnVigueur(process.reglages)
    assert process.proximite() == 40.0
    assert poids_at(GEOGRAPHIE.zone(VILLENEUVE), territoires, GEOGRAPHIE) == Poids()


@pytest.mark.parametrize(
    ("nom", "lieux", "fault"),
    [
        ("", [AVIGNON], ("nom", "vide")),
        ("x" * 101, [AVIGNON], ("nom", "long")),
        ("vaucluse", [AVIGNON], ("nom", "territoire-doublon")),
        ("Gard", [], ("lieux", "aucun-lieu")),
        ("Gard", ["Nulle Part"], ("lieux", "inconnu")),
    ],
)
def test_what_a_new_territory_cannot_be_is_told(
    service: TerritoiresService, store: MemoryReglages, nom: str, lieux: list[str], fault: object
) -> None:
    with pytest.raises(ReglageInvalide) as refused:
        service.add(ADMINISTRATEUR, nom, lieux)

    assert [(p.chemin, p.motif) for p in refused.value.problemes] == [fault]
    assert store.versions == []


@dataclass
class Retard(MemoryReglages):
    """A record that was read just before somebody else wrote to it."""

    def in_force(self) -> Sequence[Reglage]:
        return []


def test_of_two_who_add_the_same_one_is_told(
    store: MemoryReglages, autres: Autres, service: TerritoiresService
) -> None:
    late = Process(Retard(versions=store.versions), Montre())
    assert len(late.reglages.territoires) == 1
    service.add(ADMINISTRATEUR, "Gard", [VILLENEUVE])

    with pytest.raises(ReglageModifie):
        replace(service, reglages=late.service).add(ADMINISTRATEUR, "Gard", [AVIGNON])

    assert len(store.versions) == 1


def test_a_removed_territory_is_gone_with_its_words_and_its_slug_is_never_given_again(
    process: Process, service: TerritoiresService
) -> None:
    slug = service.add(ADMINISTRATEUR, "Gard", [VILLENEUVE])
    mots = {"lignes": [{"noms": ["MLG"], "sens": "Mission locale"}]}
    process.service.save(ADMINISTRATEUR, slug, Nature.MOTS, mots, 0)
    known = MotsLocaux(mots=(MotLocal(noms=("MLG",), sens="Mission locale"),))
    assert process.reglages.mots == {"vaucluse": MotsLocaux(), slug: known}

    service.remove(ADMINISTRATEUR, slug, 1)

    assert [t.slug for t in process.reglages.territoires] == ["vaucluse"]
    assert process.reglages.mots == {"vaucluse": MotsLocaux()}
    with pytest.raises(DroitRefuse):
        process.service.read(ADMINISTRATEUR, slug)
    assert service.add(ADMINISTRATEUR, "Gard", [VILLENEUVE]) == "territoire2-gard"


def test_a_slug_that_a_basin_has_had_is_not_given(
    process: Process, service: TerritoiresService
) -> None:
    save(process, COORDINATEUR, 0, bassins={"luberon": {"nom": "L", "lieux": [AVIGNON]}})
    save(process, COORDINATEUR, 1, bassins={"luberon": None})

    assert service.add(ADMINISTRATEUR, "Luberon", [AVIGNON]) == "territoire2-luberon"
    assert service.add(ADMINISTRATEUR, "Ouest", [AVIGNON]) == "territoire2-ouest"


def campagne(perimetre: str, days: int) -> Campagne:
    today = NOON.date()
    fin = today + timedelta(days=days)
    return Campagne(nom="Été", perimetre=perimetre, debut=fin - timedelta(days=30), fin=fin)


def test_a_territory_that_somebody_works_in_stays(
    process: Process, autres: Autres, service: TerritoiresService
) -> None:
    slug = service.add(ADMINISTRATEUR, "Gard", [VILLENEUVE])
    valeurs = {
        "nom": "Gard",
        "lieux": [VILLENEUVE],
        "bassins": {"b": {"nom": "B", "lieux": [VILLENEUVE]}},
    }
    process.service.save(ADMINISTRATEUR, slug, Nature.TERRITOIRE, valeurs, 1)
    for comptes, campagnes, found in (
        ({slug: 1, "vaucluse": 2}, [], Attaches(coordinateurs=1)),
        ({"b": 1}, [campagne("b", 0), campagne(slug, 3)], Attaches(coordinateurs=1, campagnes=2)),
    ):
        autres.comptes, autres.campagnes = comptes, campagnes
        with pytest.raises(TerritoireTenu) as told:
            service.remove(ADMINISTRATEUR, slug, 2)
        assert told.value.attaches == found

    stopped = replace(campagne(slug, 3), arretee_le=NOON.date())
    autres.comptes = {"vaucluse": 2}
    autres.campagnes = [campagne(slug, -1), stopped, campagne("ouest", 1)]
    service.remove(ADMINISTRATEUR, slug, 2)

    assert len(process.reglages.territoires) == 1


def test_one_that_was_changed_meanwhile_stays(
    process: Process, service: TerritoiresService
) -> None:
    slug = service.add(ADMINISTRATEUR, "Gard", [VILLENEUVE])
    with pytest.raises(ReglageModifie):
        service.remove(ADMINISTRATEUR, slug, 0)

    assert len(process.reglages.territoires) == 2


def test_nothing_is_shipped_of_an_added_territory_to_go_back_to(
    process: Process, service: TerritoiresService
) -> None:
    """Else going back would remove it, whoever works in it."""
    slug = service.add(ADMINISTRATEUR, "Gard", [VILLENEUVE])
    with pytest.raises(ReglageModifie):
        process.service.restore(ADMINISTRATEUR, slug, Nature.TERRITOIRE, 0, 1)

    process.service.restore(ADMINISTRATEUR, slug, Nature.POIDS, 0, 0)
    assert zone_of(process, slug) == (VILLENEUVE,)


def test_territories_are_added_and_removed_by_administrators_and_never_those_shipped(
    service: TerritoiresService, store: MemoryReglages
) -> None:
    everywhere = acteur(Qualite.COORDINATEUR, GEOGRAPHIE.france)
    slug = service.add(ADMINISTRATEUR, "Gard", [VILLENEUVE])
    for refused in (
        lambda: service.add(everywhere, "Drôme", [AVIGNON]),
        lambda: service.remove(everywhere, slug, 1),
        lambda: service.remove(ADMINISTRATEUR, "vaucluse", 0),
        lambda: service.remove(ADMINISTRATEUR, "atlantide", 0),
    ):
        with pytest.raises(DroitRefuse):
            refused()

    assert len(store.versions) == 1
