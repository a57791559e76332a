"""Reach: radius, own commune, remote, bounding circle, nothing known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.offre import Offre
from app.domain.portee import (
    RADIUS_BY_MOBILITY_KM,
    RADIUS_DEFAULT_KM,
    RADIUS_MAX_KM,
    RADIUS_MIN_KM,
    ModePortee,
    Origine,
    Portee,
    origine_of,
    portee_of,
    position_of,
)
from app.domain.territoire import CodeInsee, Point, Zone, distance_km
from tests.builders import (
    AVIGNON,
    CARPENTRAS,
    GRAND_AVIGNON,
    LE_PONTET,
    ORANGE,
    PARIS,
    PARIS_1,
    PARIS_11,
    VERDUN,
    VILLENEUVE,
    make_offre,
)
from tests.strategies import GEOGRAPHIE, ORIGINES, PROPERTY, offres

SUR_PLACE, A_DISTANCE, INCONNUE = ModePortee
HERE = Point(43.95, 4.8)
BOTH = ("en-presentiel", "a-distance")
origines = st.sampled_from(ORIGINES).map(lambda origine: origine or Origine())
radii = st.sampled_from((1, 3, 8, 12, 30, 40, 100))


def zone(*refs: str) -> Zone:
    return GEOGRAPHIE.union(refs)


def reach(offre: Offre, origine: Origine, rayon_km: float = 30) -> Portee:
    return portee_of(offre, origine, rayon_km, GEOGRAPHIE)


def living_in(code: str) -> Origine:
    return origine_of(zone(code), None, GEOGRAPHIE)


def test_radii_are_those_of_the_design() -> None:
    assert RADIUS_BY_MOBILITY_KM == {"a-pied": 3, "velo": 8, "transports": 12, "vehicule": 40}
    assert (RADIUS_MIN_KM, RADIUS_DEFAULT_KM, RADIUS_MAX_KM) == (1, 30, 100)


# --- where the person starts from ---


@pytest.mark.parametrize(
    ("known", "point", "expected"),
    [
        pytest.param(None, None, Origine(), id="nothing-known"),
        pytest.param(None, HERE, Origine(point=HERE), id="a-bare-position"),
        pytest.param(zone("france"), None, Origine(), id="somewhere-in-france"),
        pytest.param(zone("etranger:99137"), None, Origine(), id="no-place-left"),
        pytest.param(
            zone(AVIGNON),
            None,
            Origine(point=GEOGRAPHIE.centre(AVIGNON), commune=CodeInsee(AVIGNON)),
            id="commune-centre",
        ),
        pytest.param(
            zone(AVIGNON), HERE, Origine(point=HERE, commune=CodeInsee(AVIGNON)), id="point-wins"
        ),
        pytest.param(
            zone(PARIS_11),
            None,
            Origine(point=GEOGRAPHIE.centre(PARIS), commune=CodeInsee(PARIS)),
            id="arrondissement-reads-as-its-commune",
        ),
        pytest.param(
            zone(GRAND_AVIGNON),
            None,
            Origine(cercle=GEOGRAPHIE.bounding_circle(zone(GRAND_AVIGNON))),
            id="zone-gives-its-circle",
        ),
        pytest.param(zone(GRAND_AVIGNON), HERE, Origine(point=HERE), id="zone-and-point"),
    ],
)
def test_the_origin_is_the_best_that_is_known(
    known: Zone | None, point: Point | None, expected: Origine
) -> None:
    assert origine_of(known, point, GEOGRAPHIE) == expected


# --- where the offer is ---


@pytest.mark.parametrize(
    ("fields", "point", "commune"),
    [
        pytest.param({"latitude": 43.95, "longitude": 4.8}, HERE, AVIGNON, id="own-point"),
        pytest.param({}, GEOGRAPHIE.centre(AVIGNON), AVIGNON, id="centre-of-the-commune"),
        pytest.param({"code_insee": PARIS_1}, GEOGRAPHIE.centre(PARIS), PARIS, id="arrondissement"),
        pytest.param(
            {"latitude": 43.95, "longitude": 4.8, "adresse_confidentielle": True},
            GEOGRAPHIE.centre(AVIGNON),
            AVIGNON,
            id="confidential-shows-its-commune-only",
        ),
        pytest.param({"code_insee": None}, None, None, id="nowhere"),
        pytest.param(
            {"code_insee": None, "latitude": 43.95, "longitude": 4.8}, HERE, None, id="point-alone"
        ),
    ],
)
def test_a_missing_point_is_the_centre_of_the_commune(
    fields: dict[str, object], point: Point | None, commune: str | None
) -> None:
    assert position_of(make_offre(**fields), GEOGRAPHIE) == (point, commune)


# --- on site ---


def test_a_commune_that_is_no_more_is_none() -> None:
    offre = make_offre(code_insee=CodeInsee("84999"))
    assert position_of(offre, GEOGRAPHIE) == (None, None)
    there = make_offre(code_insee=CodeInsee("84999"), latitude=HERE.lat, longitude=HERE.lon)
    assert position_of(there, GEOGRAPHIE) == (HERE, None)


def test_the_boundary_is_in_reach() -> None:
    origine, offre = living_in(AVIGNON), make_offre(code_insee=LE_PONTET)
    distance = distance_km(GEOGRAPHIE.centre(AVIGNON), GEOGRAPHIE.centre(LE_PONTET))

    assert reach(offre, origine, distance) == Portee(mode=SUR_PLACE, distance_km=distance)
    assert not reach(offre, origine, math.nextafter(distance, 0)).is_in_reach


def test_out_of_reach_keeps_its_distance() -> None:
    portee = reach(make_offre(code_insee=VERDUN), living_in(AVIGNON))

    assert not portee.is_in_reach
    assert portee.distance_km == pytest.approx(580, abs=10)


def test_own_commune_is_in_reach_whatever_the_distance() -> None:
    offre = make_offre(latitude=44.2, longitude=4.8411)

    portee = reach(offre, living_in(AVIGNON), 3)

    assert portee.mode is SUR_PLACE
    assert portee.in_own_commune
    assert portee.distance_km is not None
    assert portee.distance_km > 25


def test_own_commune_of_an_arrondissement_is_the_whole_commune() -> None:
    far = make_offre(code_insee=PARIS_1, latitude=49.2, longitude=2.34)

    assert reach(far, living_in(PARIS_11), 3).in_own_commune


def test_a_neighbouring_commune_is_not_ones_own() -> None:
    assert not reach(make_offre(code_insee=LE_PONTET), living_in(AVIGNON)).in_own_commune


def test_a_bare_position_has_no_own_commune() -> None:
    far = make_offre(latitude=44.2, longitude=4.8411)

    assert not reach(far, Origine(point=GEOGRAPHIE.centre(AVIGNON)), 3).is_in_reach


def test_an_offer_placed_nowhere_stays_undecided() -> None:
    assert reach(make_offre(code_insee=None), living_in(AVIGNON)) == Portee(mode=INCONNUE)


def test_every_on_site_offer_is_undecided_when_nothing_is_known() -> None:
    assert reach(make_offre(code_insee=VERDUN), Origine()) == Portee(mode=INCONNUE)


# --- only a zone known ---


@pytest.mark.parametrize(
    ("code", "mode"),
    [
        pytest.param(VILLENEUVE, INCONNUE, id="inside-the-zone"),
        pytest.param(ORANGE, INCONNUE, id="within-the-radius-of-the-circle"),
        pytest.param(VERDUN, None, id="beyond"),
    ],
)
def test_a_circle_leaves_near_offers_undecided_and_others_out(
    code: str, mode: ModePortee | None
) -> None:
    origine = origine_of(zone(GRAND_AVIGNON), None, GEOGRAPHIE)

    assert reach(make_offre(code_insee=code), origine, 20).mode is mode


def test_the_boundary_of_a_circle_is_undecided() -> None:
    origine, offre = (
        origine_of(zone(GRAND_AVIGNON), None, GEOGRAPHIE),
        make_offre(code_insee=ORANGE),
    )
    assert origine.cercle is not None
    distance = distance_km(origine.cercle.centre, GEOGRAPHIE.centre(ORANGE))
    radius = math.nextafter(distance - origine.cercle.rayon_km, math.inf)

    assert reach(offre, origine, radius) == Portee(mode=INCONNUE)
    assert reach(offre, origine, radius - 1e-9).mode is None


def test_out_of_a_circle_the_distance_is_the_least_possible() -> None:
    origine = origine_of(zone(GRAND_AVIGNON), None, GEOGRAPHIE)
    assert origine.cercle is not None

    portee = reach(make_offre(code_insee=VERDUN), origine)

    to_centre = distance_km(origine.cercle.centre, GEOGRAPHIE.centre(VERDUN))
    assert portee.distance_km == pytest.approx(to_centre - origine.cercle.rayon_km)


# --- remote ---


@pytest.mark.parametrize("origine", [Origine(), living_in(AVIGNON), living_in(VERDUN)])
def test_remote_offre_is_found_outside_radius(origine: Origine) -> None:
    offre = make_offre(modes_accueil=("a-distance",), code_insee=CARPENTRAS)

    assert reach(offre, origine, 1) == Portee(mode=A_DISTANCE)


@pytest.mark.parametrize(
    ("code", "mode"),
    [
        pytest.param(LE_PONTET, SUR_PLACE, id="near-enough-to-go"),
        pytest.param(VERDUN, A_DISTANCE, id="too-far-to-go"),
        pytest.param(None, A_DISTANCE, id="placed-nowhere"),
    ],
)
def test_an_offer_with_both_modes_is_always_in_reach(code: str | None, mode: ModePortee) -> None:
    portee = reach(make_offre(modes_accueil=BOTH, code_insee=code), living_in(AVIGNON))

    assert portee.mode is mode
    assert (portee.distance_km is None) is (mode is A_DISTANCE)


@PROPERTY
@given(offres(), origines, radii, radii)
def test_a_wider_radius_never_loses_an_offer(
    offre: Offre, origine: Origine, a: float, b: float
) -> None:
    near, wide = reach(offre, origine, min(a, b)), reach(offre, origine, max(a, b))

    assert wide.is_in_reach or not near.is_in_reach


@PROPERTY
@given(offres(), st.sampled_from([AVIGNON, LE_PONTET, VILLENEUVE]), radii)
def test_an_offer_near_one_commune_of_a_zone_is_never_out_of_reach_of_the_zone(
    offre: Offre, home: str, rayon_km: float
) -> None:
    wide = origine_of(zone(GRAND_AVIGNON), None, GEOGRAPHIE)
    near = distance_km(GEOGRAPHIE.centre(home), position_of(offre, GEOGRAPHIE)[0] or HERE)

    assert near > rayon_km or reach(offre, wide, rayon_km).is_in_reach
