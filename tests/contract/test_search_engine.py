"""Every engine answers as the reference search does, on the same catalogues and demands."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.brute_force import Fiche
from app.domain.geographie import Geographie
from app.domain.portee import ModePortee, position_of
from app.domain.search import RADIUS_LADDER_KM, Filtres, Tri
from app.domain.territoire import Point, distance_km
from app.services.import_feed import FeedImport
from tests.contract.demands import (
    POINTS,
    RADII_KM,
    RESIDENCES,
    Demand,
    combined,
    criteria,
    each_bassin,
    each_filter_alone,
    each_opening,
    each_origin,
    each_text,
    origin,
)
from tests.contract.listings import ListingGenerator
from tests.contract.parity import assert_same_page
from tests.contract.sites import ENGINES, NOW, EngineKind, Site, with_a_node
from tests.shipped import shipped_services

BASSINS = ("haut-vaucluse", "grand-avignon", "nord-vaucluse", "sud-vaucluse", "meuse", "75056")
GENERATED = 600
SHIPPED = len(shipped_services())
CLEARANCE_KM = 0.002  # engines may round a boundary differently within two metres
SHARED = {
    "origin": each_origin(),
    "bassin": each_bassin(BASSINS),
    "text": each_text(),
    "opening": each_opening(),
}
ON_GENERATED = {
    "filter": each_filter_alone(),
    "combined": combined(seed=84, count=260, bassins=BASSINS),
    **SHARED,
}
ON_SHIPPED = {"combined": combined(seed=55, count=120, bassins=BASSINS), **SHARED}
PAGED = [
    Demand(tri=tri, **where)
    for tri in Tri
    for where in (
        {},
        {"residence": "84007", "rayon_km": 100},
        {"q": "permis de conduire", "par_page": 7},
        {"residence": "departement:84", "par_page": 1},
    )
]


def named(groups: dict[str, list[Demand]]) -> list[object]:
    """Parameters named after their group and their rank in it."""
    return [
        pytest.param(demand, id=f"{name}-{rank:03d}")
        for name, demands in groups.items()
        for rank, demand in enumerate(demands)
    ]


# The two catalogues cost more than all the demands: one worker makes them.
pytestmark = pytest.mark.xdist_group("contract")


@pytest.fixture(scope="module", params=ENGINES, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> EngineKind:
    """An engine to test."""
    return with_a_node(request.param, request)


@pytest.fixture(scope="module")
def generated(kind: EngineKind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Several hundred crowded listings, half of them drained into a first generation."""
    site = Site(tmp_path_factory.mktemp("generated"), kind)
    parts = site.composition
    generator = ListingGenerator(2026, parts.geographie, parts.vocabulaire)
    site.write_structures(generator.structures())
    offres = generator.offres(GENERATED)
    site.write_offres(offres[: GENERATED // 2])
    site.rebuild()
    site.write_offres(offres[GENERATED // 2 :])
    site.drain()
    yield site
    site.close()


@pytest.fixture(scope="module")
def shipped(kind: EngineKind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The catalogue of the Vaucluse and the Meuse, imported from its files."""
    site = Site(tmp_path_factory.mktemp("shipped"), kind)
    parts = site.composition
    FeedImport(
        store=parts.store,
        reader=parts.record_reader(),
        reject=lambda rejet: pytest.fail(rejet.raison),
        progress=lambda _: None,
        now=NOW,
    ).run(parts.shipped_feeds(), (), force=False)
    site.drain()
    for page in parts.catalogue_reader.published():
        for value in page:
            site.offres[value.offre.id] = value.offre
    for structure in parts.catalogue_reader.exported_structures():
        site.structures[structure.id] = structure
    yield site
    site.close()


@pytest.fixture(scope="module")
def generated_fiches(generated: Site) -> list[Fiche]:
    """The generated listings as the reference reads them."""
    return generated.fiches()


@pytest.fixture(scope="module")
def shipped_fiches(shipped: Site) -> list[Fiche]:
    """The shipped listings as the reference reads them."""
    return shipped.fiches()


@pytest.mark.parametrize("demand", named(ON_GENERATED))
def test_engine_answers_as_the_reference_on_generated_listings(
    generated: Site, generated_fiches: list[Fiche], demand: Demand
) -> None:
    assert_same_page(generated, criteria(demand, generated), generated_fiches)


@pytest.mark.parametrize("demand", named(ON_SHIPPED))
def test_engine_answers_as_the_reference_on_the_shipped_catalogue(
    shipped: Site, shipped_fiches: list[Fiche], demand: Demand
) -> None:
    assert_same_page(shipped, criteria(demand, shipped), shipped_fiches)


@pytest.mark.parametrize("demand", named({"paged": PAGED}))
def test_pages_are_cut_from_the_order_of_the_reference(
    generated: Site, generated_fiches: list[Fiche], demand: Demand
) -> None:
    asked = criteria(demand, generated)

    total = assert_same_page(generated, asked, generated_fiches).total

    last = -(-total // asked.par_page)
    assert last > 2
    for page in (2, last // 2, last, last + 1, 10_000 // asked.par_page):
        assert_same_page(generated, replace(asked, page=page), generated_fiches)


def test_pages_hold_every_hit_once(generated: Site) -> None:
    whole = criteria(Demand(par_page=9), generated)
    total = generated.engine.search(whole).total

    pages = [replace(whole, page=page + 1) for page in range(-(-total // 9))]
    ids = [hit.offre_id for page in pages for hit in generated.engine.search(page).hits]

    assert sorted(ids) == sorted(generated.offres)


def test_same_scores_are_told_apart_by_distance_date_then_id(generated: Site) -> None:
    asked = criteria(Demand(residence="84007", par_page=100, rayon_km=100), generated)
    pages = [generated.engine.search(replace(asked, page=page)).hits for page in range(1, 6)]

    scores = [hit.score for page in pages for hit in page]

    assert len(scores) - len(set(scores)) >= 50


def test_known_tokens_are_those_of_the_listings(
    generated: Site, generated_fiches: list[Fiche]
) -> None:
    held = {
        token for fiche in generated_fiches for tokens in fiche.jetons.values() for token in tokens
    }

    for engine in generated.workers:
        assert engine.known_tokens([*sorted(held), "xyzzy", "permis"]) == held
        assert engine.known_tokens([]) == frozenset()


def test_remote_offre_of_ones_own_commune_is_not_on_the_spot(generated: Site) -> None:
    demand = Demand(
        residence="84007", filtres=Filtres(modes_accueil=frozenset(("a-distance",))), par_page=100
    )

    hits = generated.engine.search(criteria(demand, generated)).hits

    remote = [hit.portee for hit in hits if hit.portee.mode is ModePortee.A_DISTANCE]
    assert [portee for portee in remote if portee.in_own_commune] == []


def test_no_generated_place_is_within_two_metres_of_a_radius(generated: Site) -> None:
    assert too_near_a_radius(generated) == []


def test_no_shipped_place_is_within_two_metres_of_a_radius(shipped: Site) -> None:
    assert too_near_a_radius(shipped) == []


def too_near_a_radius(site: Site) -> list[tuple[Point, Demand, int]]:
    """Lists the places that a demand's radius may part either way."""
    geographie = site.composition.geographie
    points = {position_of(offre, geographie)[0] for offre in site.offres.values()} - {None}
    demands = [*(Demand(residence=r) for r in RESIDENCES), *(Demand(point=p) for p in POINTS)]
    circles = [(demand, circle) for demand in demands if (circle := _circle(demand, geographie))]
    return [
        (point, demand, radius)
        for demand, (centre, slack) in circles
        for point in points
        for radius in sorted({*RADII_KM, *RADIUS_LADDER_KM})
        if abs(distance_km(centre, point) - slack - radius) < CLEARANCE_KM
    ]


def _circle(demand: Demand, geographie: Geographie) -> tuple[Point, float] | None:
    start = origin(demand, geographie)
    if start is None or (start.point is None and start.cercle is None):
        return None
    return (start.point, 0.0) if start.point else (start.cercle.centre, start.cercle.rayon_km)


def test_the_catalogues_are_as_large_as_they_should_be(generated: Site, shipped: Site) -> None:
    assert len(generated.offres) == GENERATED
    assert len(shipped.offres) == SHIPPED
    assert len(named(ON_GENERATED)) + len(named(ON_SHIPPED)) >= 300
