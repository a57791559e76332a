"""The measured searches: the same every time, and the same in process and over HTTP."""

from urllib.parse import parse_qs, urlsplit

import pytest

from app.domain.geographie import Geographie
from app.domain.search import Tri
from app.domain.vocabulaire import Vocabulaire
from bench.plan import CITIES, PAIRS, Scenario, scenarios
from seed.reference import load_geographie, load_vocabulaire


@pytest.fixture(scope="module")
def geographie() -> Geographie:
    return load_geographie()


@pytest.fixture(scope="module")
def vocabulaire(geographie: Geographie) -> Vocabulaire:
    return load_vocabulaire(None, geographie)


@pytest.fixture(scope="module")
def plan(geographie: Geographie, vocabulaire: Vocabulaire) -> list[Scenario]:
    return scenarios(geographie, vocabulaire)


def test_plan_is_the_same_every_time(
    plan: list[Scenario], geographie: Geographie, vocabulaire: Vocabulaire
) -> None:
    assert scenarios(geographie, vocabulaire) == plan


def test_first_searches_rotate_over_cities_and_pairs(plan: list[Scenario]) -> None:
    demandes = plan[0].demandes

    assert len({demande.code_commune for demande in demandes}) == CITIES
    assert len({demande.thematiques for demande in demandes}) == PAIRS
    assert len(set(demandes)) == len(demandes)


def test_paths_ask_the_same_as_demandes(plan: list[Scenario]) -> None:
    for scenario in plan:
        for demande, path in zip(scenario.demandes, scenario.paths, strict=True):
            asked = parse_qs(urlsplit(path).query)
            assert asked.get("q", [""]) == [demande.q]
            assert asked.get("code_commune", [None]) == [demande.code_commune]
            assert tuple(asked.get("thematiques", ())) == demande.thematiques
            assert asked.get("tri", ["pertinence"]) == [demande.tri.value]


def test_one_scenario_sorts_by_distance(plan: list[Scenario]) -> None:
    assert [s.key for s in plan if s.demandes[0].tri is Tri.DISTANCE] == ["tri-distance"]
