"""Zones as sets, great-circle distance and bounding circles."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.territoire import EARTH_RADIUS_KM, Point, Zone, bounding_circle, distance_km
from app.domain.verdict import Valeur
from tests.strategies import PROPERTY, zones

PARIS, LILLE = Point(48.8566, 2.3522), Point(50.6292, 3.0573)
points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("asked", "known", "expected"),
    [
        pytest.param(0b0110, 0b0110, Valeur.OUI, id="same"),
        pytest.param(0b0111, 0b0110, Valeur.OUI, id="known-inside"),
        pytest.param(0b1000, 0b0110, Valeur.NON, id="disjoint"),
        pytest.param(0b0011, 0b0110, Valeur.INCONNU, id="straddling"),
        pytest.param(0b0010, 0b0110, Valeur.INCONNU, id="known-wider"),
        pytest.param(0b0000, 0b0110, Valeur.NON, id="no-place-asked"),
        pytest.param(0b0110, 0b0000, Valeur.NON, id="no-place-known"),
    ],
)
def test_a_zone_covers_what_is_wholly_inside(asked: int, known: int, expected: Valeur) -> None:
    assert Zone(asked).covers(Zone(known)) is expected


def test_zones_unite_and_intersect_as_sets() -> None:
    assert Zone(0b011) | Zone(0b110) == Zone(0b111)
    assert Zone(0b011) & Zone(0b110) == Zone(0b010)


def test_a_zone_without_place_is_empty() -> None:
    assert (Zone(0b01) & Zone(0b10)).is_empty
    assert not Zone(0b01).is_empty


@PROPERTY
@given(zones(), zones(), zones())
def test_a_zone_covers_what_each_zone_inside_it_covers(a: Zone, b: Zone, known: Zone) -> None:
    inside, wide = a, a | b

    assert wide.covers(known) >= inside.covers(known)


@PROPERTY
@given(zones(), zones(), zones())
def test_knowing_a_smaller_zone_never_unsettles_an_answer(a: Zone, b: Zone, asked: Zone) -> None:
    vague = asked.covers(a | b)

    assert vague is Valeur.INCONNU or asked.covers(a) is vague


def test_distance_from_paris_to_lille_is_known() -> None:
    assert distance_km(PARIS, LILLE) == pytest.approx(203.509, abs=0.001)


def test_a_degree_of_latitude_is_a_three_hundred_and_sixtieth_of_the_circumference() -> None:
    degree = math.tau * EARTH_RADIUS_KM / 360

    assert distance_km(Point(44, 5), Point(45, 5)) == pytest.approx(degree)


def test_the_earth_has_its_mean_radius() -> None:
    assert EARTH_RADIUS_KM == 6371.0088


@pytest.mark.parametrize("antipode", [Point(-48.8566, -177.6478), Point(-48.8566, 182.3522)])
def test_the_other_end_of_the_world_is_half_a_turn_away(antipode: Point) -> None:
    assert distance_km(PARIS, antipode) == pytest.approx(math.pi * EARTH_RADIUS_KM)


@PROPERTY
@given(points, points)
def test_a_distance_is_the_same_both_ways_and_never_negative(a: Point, b: Point) -> None:
    assert distance_km(a, b) == pytest.approx(distance_km(b, a))
    assert 0 <= distance_km(a, b) <= math.pi * EARTH_RADIUS_KM + 1e-6
    assert distance_km(a, a) == 0


@PROPERTY
@given(points, points)
def test_the_chord_between_unit_vectors_says_the_same_distance(a: Point, b: Point) -> None:
    chord = math.dist(a.unit_vector, b.unit_vector)

    arc = 2 * math.asin(min(1.0, chord / 2)) * EARTH_RADIUS_KM
    assert arc == pytest.approx(distance_km(a, b), abs=1e-3)


def test_the_circle_of_one_point_is_that_point() -> None:
    circle = bounding_circle([PARIS])

    assert (circle.centre.lat, circle.centre.lon) == pytest.approx((PARIS.lat, PARIS.lon))
    assert circle.rayon_km == pytest.approx(0, abs=1e-6)


def test_the_centre_of_a_circle_is_the_mean_of_unit_vectors() -> None:
    circle = bounding_circle([Point(0, 0), Point(0, 0), Point(0, 90)])

    assert circle.centre.lat == pytest.approx(0)
    assert circle.centre.lon == pytest.approx(math.degrees(math.atan2(1, 2)))


def test_a_circle_crosses_the_date_line() -> None:
    circle = bounding_circle([Point(0, 179), Point(0, -179)])

    assert abs(circle.centre.lon) == pytest.approx(180)
    assert circle.rayon_km == pytest.approx(math.tau * EARTH_RADIUS_KM / 360)


@PROPERTY
@given(st.lists(st.builds(Point, st.floats(41, 51), st.floats(-5, 9)), min_size=1, max_size=6))
def test_a_circle_reaches_its_farthest_point_and_holds_the_others(found: list[Point]) -> None:
    circle = bounding_circle(found)

    distances = [distance_km(circle.centre, point) for point in found]
    assert circle.rayon_km == max(distances)
