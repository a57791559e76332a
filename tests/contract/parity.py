"""Compares an engine's page with the reference's, field by field."""

from collections.abc import Sequence

from app.domain.brute_force import Fiche, search
from app.domain.matching import Solution
from app.domain.portee import ModePortee
from app.domain.search import Hit, SearchCriteria, SearchPage
from tests.contract.sites import Site

DISTANCE_TOLERANCE_KM = 1e-6
PARTS = ("besoin", "acces", "proximite", "fraicheur", "qualite")


def assert_same_page(site: Site, criteres: SearchCriteria, fiches: Sequence[Fiche]) -> SearchPage:
    """Every worker gives the page of the reference, which is returned."""
    expected = search(fiches, criteres, site.composition.geographie)
    for engine in site.workers:
        assert_same(engine.search(criteres), expected, site.kind.score_tolerance)
    return expected


def assert_same(found: SearchPage, expected: SearchPage, tolerance: float) -> None:
    assert found.total == expected.total
    assert [hit.offre_id for hit in found.hits] == [hit.offre_id for hit in expected.hits]
    assert found.facettes == expected.facettes
    assert found.hors_zone == expected.hors_zone
    assert found.hors_portee.total == expected.hors_portee.total
    assert_near(found.hors_portee.plus_proche_km, expected.hors_portee.plus_proche_km)
    assert list(found.elargir) == list(expected.elargir)
    for mine, reference in zip(found.hits, expected.hits, strict=True):
        assert_same_hit(mine, reference, tolerance)


def assert_same_hit(found: Hit, expected: Hit, tolerance: float) -> None:
    assert found.ouvert is expected.ouvert, expected
    assert found.portee.mode == expected.portee.mode, expected
    if expected.portee.mode is ModePortee.SUR_PLACE:
        assert found.portee.in_own_commune == expected.portee.in_own_commune, expected
    assert_near(found.portee.distance_km, expected.portee.distance_km)
    assert_same_score(found, expected, tolerance)


def assert_same_score(found: Hit | Solution, expected: Hit | Solution, tolerance: float) -> None:
    assert abs(found.score - expected.score) <= tolerance, (found, expected)
    for part in PARTS:
        gap = getattr(found.detail, part) - getattr(expected.detail, part)
        assert abs(gap) <= tolerance, (part, found, expected)


def assert_near(found: float | None, expected: float | None) -> None:
    if found is None or expected is None:
        assert found is expected
    else:
        assert abs(found - expected) <= DISTANCE_TOLERANCE_KM
