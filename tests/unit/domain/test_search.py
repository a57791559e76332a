"""Filters, facet values and relaxations, one by one."""

import pytest

from app.domain.search import (
    FACET_FILTER,
    FACETS,
    WINDOW,
    Elargissement,
    Filtres,
    SearchCriteria,
    effective_modes,
    facet_source,
    facet_values,
    filter_tests,
    gained_by_radius,
    relaxations,
    serves_bassin,
)
from tests.builders import (
    AVIGNON,
    CARPENTRAS,
    GRAND_AVIGNON,
    ORANGE,
    PARIS_1,
    PARIS_11,
    TODAY,
    VERDUN,
    make_offre,
)
from tests.strategies import GEOGRAPHIE

REMOTE, ON_SITE = "a-distance", "en-presentiel"
PERMIS, GARDE = "mobilite--permis", "famille--garde-denfants"


def passes(filtres: Filtres, **fields: object) -> bool:
    (test,) = filter_tests(filtres, GEOGRAPHIE).values()
    return test(make_offre(**fields))


def test_nothing_is_filtered_unless_asked() -> None:
    assert filter_tests(Filtres(), GEOGRAPHIE) == {}


def test_each_filter_has_the_name_of_its_parameter() -> None:
    one = frozenset(("x",))
    filtres = Filtres(
        thematiques=one,
        publics=one,
        types=one,
        frais=one,
        modes_accueil=one,
        structure_id="structure-1",
        bassin=GEOGRAPHIE.zone(AVIGNON),
    )

    assert list(filter_tests(filtres, GEOGRAPHIE)) == [
        "thematiques",
        "publics",
        "types",
        "frais",
        "modes_accueil",
        "structure_id",
        "bassin",
    ]


@pytest.mark.parametrize(
    ("asked", "fields", "expected"),
    [
        pytest.param({"thematiques": {PERMIS, GARDE}}, {"thematiques": (GARDE,)}, True, id="any"),
        pytest.param({"thematiques": {PERMIS}}, {"thematiques": (GARDE,)}, False, id="none"),
        pytest.param({"thematiques": {PERMIS}}, {}, False, id="no-thematique-answers-nothing"),
        pytest.param({"publics": {"jeunes"}}, {"publics": ("jeunes",)}, True, id="public"),
        pytest.param({"publics": {"jeunes"}}, {"publics": ("seniors",)}, False, id="other-public"),
        pytest.param(
            {"publics": {"jeunes"}}, {"publics": ("tous-publics",)}, True, id="everybody-is-added"
        ),
        pytest.param({"publics": {"jeunes"}}, {}, True, id="publics-unsaid-are-kept"),
        pytest.param({"types": {"atelier"}}, {"type": "atelier"}, True, id="type"),
        pytest.param({"types": {"atelier"}}, {"type": "aide"}, False, id="other-type"),
        pytest.param({"types": {"atelier"}}, {}, False, id="type-unsaid"),
        pytest.param({"frais": {"gratuit"}}, {"frais": "gratuit"}, True, id="price"),
        pytest.param({"frais": {"gratuit"}}, {"frais": "payant"}, False, id="other-price"),
        pytest.param({"frais": {"gratuit"}}, {}, True, id="price-unsaid-is-kept"),
        pytest.param({"modes_accueil": {ON_SITE}}, {}, True, id="modes-unsaid-mean-on-site"),
        pytest.param({"modes_accueil": {REMOTE}}, {}, False, id="modes-unsaid-are-not-remote"),
        pytest.param(
            {"modes_accueil": {REMOTE}}, {"modes_accueil": (ON_SITE, REMOTE)}, True, id="one-mode"
        ),
    ],
)
def test_a_filter_keeps_any_of_the_values_asked(
    asked: dict[str, set[str]], fields: dict[str, object], expected: bool
) -> None:
    filtres = Filtres(**{name: frozenset(values) for name, values in asked.items()})

    assert passes(filtres, **fields) is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({"publics": frozenset(("jeunes",))}, False, id="publics"),
        pytest.param({"frais": frozenset(("gratuit",))}, False, id="price"),
        pytest.param({"modes_accueil": frozenset((ON_SITE,))}, True, id="modes-are-not-concerned"),
    ],
)
def test_silence_may_be_left_out(asked: dict[str, frozenset[str]], expected: bool) -> None:
    assert passes(Filtres(**asked, inclure_non_precises=False)) is expected


def test_leaving_silence_out_keeps_what_is_for_everybody() -> None:
    filtres = Filtres(publics=frozenset(("jeunes",)), inclure_non_precises=False)

    assert passes(filtres, publics=("tous-publics",))


@pytest.mark.parametrize(("structure", "expected"), [("structure-1", True), ("other", False)])
def test_a_search_may_be_limited_to_a_structure(structure: str, expected: bool) -> None:
    assert passes(Filtres(structure_id=structure)) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"code_insee": AVIGNON}, True, id="located-there"),
        pytest.param({"code_insee": VERDUN}, False, id="located-elsewhere"),
        pytest.param(
            {"code_insee": VERDUN, "zone_eligibilite": ("departement:84",)},
            False,
            id="on-site-elsewhere-whatever-the-zone",
        ),
        pytest.param(
            {"code_insee": AVIGNON, "zone_eligibilite": ("departement:55",)},
            True,
            id="located-there-whatever-the-zone",
        ),
        pytest.param(
            {
                "code_insee": VERDUN,
                "modes_accueil": (REMOTE,),
                "zone_eligibilite": ("departement:84",),
            },
            True,
            id="remote-with-a-zone-touching",
        ),
        pytest.param(
            {"code_insee": VERDUN, "modes_accueil": (REMOTE,), "zone_eligibilite": (VERDUN,)},
            False,
            id="remote-with-another-zone",
        ),
        pytest.param(
            {"code_insee": VERDUN, "modes_accueil": (REMOTE,)}, True, id="remote-without-zone"
        ),
        pytest.param(
            {"code_insee": None, "zone_eligibilite": (GRAND_AVIGNON,)},
            True,
            id="placeless-with-a-zone-touching",
        ),
        pytest.param(
            {"code_insee": None, "zone_eligibilite": ("departement:55",)},
            False,
            id="placeless-with-another-zone",
        ),
        pytest.param({"code_insee": None}, True, id="placeless-without-zone"),
    ],
)
def test_a_basin_is_served_from_inside_or_from_afar(
    fields: dict[str, object], expected: bool
) -> None:
    bassin = GEOGRAPHIE.union((AVIGNON, CARPENTRAS))

    assert serves_bassin(make_offre(**fields), bassin, GEOGRAPHIE) is expected
    assert passes(Filtres(bassin=bassin), **fields) is expected


def test_a_basin_with_a_part_of_a_commune_holds_what_is_in_the_commune() -> None:
    bassin = GEOGRAPHIE.zone(PARIS_11)

    assert serves_bassin(make_offre(code_insee=PARIS_1), bassin, GEOGRAPHIE)


@pytest.mark.parametrize(
    ("modes", "expected"),
    [
        pytest.param(None, (ON_SITE,), id="silence"),
        pytest.param((REMOTE,), (REMOTE,), id="remote"),
        pytest.param((REMOTE, ON_SITE), (REMOTE, ON_SITE), id="both"),
    ],
)
def test_silence_about_modes_means_on_site(
    modes: tuple[str, ...] | None, expected: tuple[str, ...]
) -> None:
    assert effective_modes(make_offre(modes_accueil=modes)) == expected


# --- facets ---


@pytest.mark.parametrize(
    ("facet", "fields", "expected"),
    [
        pytest.param("thematiques", {"thematiques": (PERMIS, GARDE)}, {PERMIS, GARDE}, id="each"),
        pytest.param(
            "categories",
            {"thematiques": (PERMIS, "mobilite--velo", GARDE)},
            {"mobilite", "famille"},
            id="each-category-once",
        ),
        pytest.param("publics", {"publics": ("tous-publics",)}, {"tous-publics"}, id="publics"),
        pytest.param("frais", {"frais": "gratuit"}, {"gratuit"}, id="price"),
        pytest.param("types", {"type": "atelier"}, {"atelier"}, id="type"),
        pytest.param("modes_accueil", {"modes_accueil": (REMOTE,)}, {REMOTE}, id="mode"),
    ],
)
def test_a_facet_counts_an_offer_under_each_of_its_values(
    facet: str, fields: dict[str, object], expected: set[str]
) -> None:
    assert facet_values(facet, facet_source(facet, make_offre(**fields))) == expected


@pytest.mark.parametrize("facet", FACETS)
def test_silence_is_counted_as_such(facet: str) -> None:
    on_site = {ON_SITE} if facet == "modes_accueil" else set()

    assert facet_values(facet, facet_source(facet, make_offre())) == {"non_precise"} | on_site


def test_both_levels_of_thematiques_ignore_the_same_filter() -> None:
    assert FACET_FILTER == {
        "thematiques": "thematiques",
        "categories": "thematiques",
        "publics": "publics",
        "frais": "frais",
        "types": "types",
        "modes_accueil": "modes_accueil",
    }


# --- relaxations ---


def widened(valeur: int, total: int) -> Elargissement:
    return Elargissement(parametre="rayon_km", valeur=valeur, total=total)


@pytest.mark.parametrize(
    ("total", "rayon_km", "too_far_km", "expected"),
    [
        pytest.param(2, 10, [11.0, 12.0, 60.0], [widened(12, 4)], id="first-radius-that-gains"),
        pytest.param(0, 10, [31.0], [widened(40, 1)], id="radii-that-gain-nothing-are-skipped"),
        pytest.param(4, 30, [40.0], [widened(40, 5)], id="boundary-included"),
        pytest.param(0, 30, [100.1], [], id="beyond-the-widest"),
        pytest.param(0, 100, [101.0], [], id="already-the-widest"),
        pytest.param(0, 30, [], [], id="nothing-farther"),
        pytest.param(5, 10, [11.0], [], id="enough-found"),
    ],
)
def test_a_wider_radius_is_proposed_when_little_is_found(
    total: int, rayon_km: float, too_far_km: list[float], expected: list[Elargissement]
) -> None:
    assert relaxations(total, rayon_km, gained_by_radius(too_far_km), {}) == expected


def test_each_filter_dropped_alone_says_what_it_would_bring() -> None:
    found = relaxations(1, 30, {}, {"publics": 3, "frais": 1})

    assert found == [
        Elargissement(parametre="frais", valeur=None, total=2),
        Elargissement(parametre="publics", valeur=None, total=4),
    ]


def test_no_relaxation_is_proposed_when_enough_is_found() -> None:
    assert relaxations(5, 30, gained_by_radius([31.0]), {"frais": 9}) == []


def test_a_search_starts_on_its_first_page_by_relevance_within_30_km() -> None:
    criteres = SearchCriteria(date=TODAY)

    assert (criteres.page, criteres.par_page, criteres.rayon_km) == (1, 20, 30)
    assert criteres.tri == "pertinence"
    assert criteres.filtres.inclure_non_precises
    assert WINDOW == 10_000


def test_orange_is_outside_the_basin_of_avignon() -> None:
    bassin = GEOGRAPHIE.zone(GRAND_AVIGNON)

    assert not serves_bassin(make_offre(code_insee=ORANGE), bassin, GEOGRAPHIE)
