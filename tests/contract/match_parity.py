"""Compares an engine's match with the reference's, field by field."""

from collections.abc import Mapping

from app.domain.matching import MatchPage, Solution
from tests.contract.parity import assert_near, assert_same_score


def assert_same_match(found: MatchPage, expected: MatchPage, tolerance: float) -> None:
    assert found.total == expected.total
    assert found.par_verdict == expected.par_verdict
    assert found.hors_portee.total == expected.hors_portee.total
    assert_near(found.hors_portee.plus_proche_km, expected.hors_portee.plus_proche_km)
    assert [s.offre_id for s in found.solutions] == [s.offre_id for s in expected.solutions]
    for mine, reference in zip(found.solutions, expected.solutions, strict=True):
        assert_same_solution(mine, reference, tolerance)
    assert list(found.par_besoin) == list(expected.par_besoin)
    assert list(found.questions) == list(expected.questions)
    assert list(found.inconnues) == list(expected.inconnues)
    assert _lists(found.apports) == _lists(expected.apports)


def assert_same_solution(found: Solution, expected: Solution, tolerance: float) -> None:
    assert found.jugement == expected.jugement, expected
    assert found.besoins == expected.besoins
    assert found.portee.mode == expected.portee.mode, expected
    assert found.portee.in_own_commune == expected.portee.in_own_commune, expected
    assert_near(found.portee.distance_km, expected.portee.distance_km)
    assert_same_score(found, expected, tolerance)


def _lists(apports: Mapping[tuple[str, str], object]) -> dict[tuple[str, str], list[object]]:
    return {key: list(ids) for key, ids in apports.items()}  # type: ignore[call-overload]
