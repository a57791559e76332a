"""Which places exist, what a code means, and arrondissements as parts of their commune."""

import pytest
from hypothesis import given

from app.domain.errors import LieuInconnu
from app.domain.geographie import Geographie
from app.domain.territoire import CodeInsee, Point, Zone, distance_km
from app.domain.verdict import Valeur
from tests.builders import (
    AUREL,
    AVIGNON,
    CREUE,
    FERRASSIERES,
    GRAND_AVIGNON,
    LE_PONTET,
    OUESSANT,
    PARIS,
    PARIS_1,
    PARIS_11,
    PLACES,
    VENTOUX_SUD,
    VERDUN,
    VIGNEULLES,
    VILLENEUVE,
    make_commune,
    make_geographie,
    places_in,
)
from tests.strategies import PROPERTY, REFS, zones

OUI, INCONNU, NON = Valeur.OUI, Valeur.INCONNU, Valeur.NON
GEOGRAPHIE = make_geographie()


def codes(geographie: Geographie, zone: Zone) -> frozenset[str]:
    return frozenset(place.code for place in geographie.places_of(zone))


@pytest.mark.parametrize(
    ("ref", "canonical"),
    [
        pytest.param("84007", AVIGNON, id="five-characters-are-a-commune"),
        pytest.param("75111", PARIS_11, id="five-characters-are-an-arrondissement"),
        pytest.param("75056", PARIS, id="a-commune-that-has-arrondissements"),
        pytest.param("commune:84007", AVIGNON, id="prefixed-commune"),
        pytest.param(CREUE, VIGNEULLES, id="former-code-means-today"),
        pytest.param(f"commune:{CREUE}", VIGNEULLES, id="prefixed-former-code"),
        pytest.param("84", "departement:84", id="two-characters-are-a-departement-never-a-region"),
        pytest.param("departement:84", "departement:84", id="prefixed-departement"),
        pytest.param("region:84", "region:84", id="a-region-is-always-prefixed"),
        pytest.param("248400251", GRAND_AVIGNON, id="nine-digits-are-an-epci"),
        pytest.param(GRAND_AVIGNON, GRAND_AVIGNON, id="prefixed-epci"),
        pytest.param("france", "france", id="france"),
        pytest.param("France", "france", id="france-capitalised"),
        pytest.param("99100", "france", id="country-code-of-france"),
        pytest.param("99137", "etranger:99137", id="country-code-of-another-country"),
        pytest.param("etranger:99137", "etranger:99137", id="prefixed-country"),
        pytest.param("  84007 ", AVIGNON, id="spaces-around"),
    ],
)
def test_a_reference_has_one_canonical_form(ref: str, canonical: str) -> None:
    assert GEOGRAPHIE.canonical_ref(ref) == canonical


@pytest.mark.parametrize(
    "ref",
    ["", "8", "84999", "93", "974", "region:99", "departement:99", "248400999", "epci:1", "8400",
     "pays:84", "departement:84007", "84007 75056", "france:84"],
)  # fmt: skip
def test_a_reference_to_nothing_known_is_refused(ref: str) -> None:
    with pytest.raises(LieuInconnu) as refusal:
        GEOGRAPHIE.canonical_ref(ref)

    assert refusal.value.code == ref


@pytest.mark.parametrize(
    ("ref", "canonical"),
    [("2a", "departement:2A"), ("departement:2a", "departement:2A"), ("2a004", "2A004")],
)
def test_codes_of_corsica_are_read_in_either_case(ref: str, canonical: str) -> None:
    ajaccio = make_commune("2A004", "Ajaccio", departement="2A", region="94")

    assert Geographie([ajaccio], {}).canonical_ref(ref) == canonical


@pytest.mark.parametrize("ref", REFS)
def test_canonical_references_are_left_as_they_are(ref: str) -> None:
    assert GEOGRAPHIE.canonical_ref(ref) == ref


@pytest.mark.parametrize("ref", REFS)
def test_a_zone_is_the_set_of_its_places(ref: str) -> None:
    assert codes(GEOGRAPHIE, GEOGRAPHIE.zone(ref)) == places_in(ref)


@pytest.mark.parametrize(
    ("ref", "places"),
    [
        pytest.param(GRAND_AVIGNON, {AVIGNON, LE_PONTET, VILLENEUVE}, id="across-departements"),
        pytest.param(VENTOUX_SUD, {AUREL, FERRASSIERES}, id="across-regions"),
        pytest.param("region:84", {FERRASSIERES}, id="a-region-is-not-the-departement-84"),
        pytest.param(PARIS, {PARIS_1, PARIS_11}, id="a-commune-in-parts"),
        pytest.param("etranger:99137", set(), id="abroad-is-nowhere"),
    ],
)
def test_a_zone_is_no_link_of_a_chain(ref: str, places: set[str]) -> None:
    assert codes(GEOGRAPHIE, GEOGRAPHIE.zone(ref)) == places


@pytest.mark.parametrize("ref", [CREUE, "84", "departement:99", ""])
def test_only_canonical_references_have_a_zone(ref: str) -> None:
    with pytest.raises(LieuInconnu):
        GEOGRAPHIE.zone(ref)


@pytest.mark.parametrize(
    ("asked", "known", "expected"),
    [
        pytest.param(PARIS, PARIS_11, OUI, id="part-inside-its-commune"),
        pytest.param(PARIS_11, PARIS, INCONNU, id="whole-commune-known-part-asked"),
        pytest.param(PARIS_11, PARIS_1, NON, id="another-part"),
        pytest.param(PARIS_11, PARIS_11, OUI, id="the-part-itself"),
        pytest.param("departement:75", PARIS_11, OUI, id="part-inside-the-departement"),
        pytest.param("departement:84", GRAND_AVIGNON, INCONNU, id="epci-across-the-border"),
        pytest.param(GRAND_AVIGNON, AVIGNON, OUI, id="commune-inside-its-epci"),
        pytest.param("departement:55", "departement:84", NON, id="elsewhere"),
        pytest.param("etranger:99137", "france", NON, id="abroad-never-matches"),
        pytest.param("france", "france", OUI, id="anywhere-in-france"),
    ],
)
def test_places_are_judged_as_sets(asked: str, known: str, expected: Valeur) -> None:
    assert GEOGRAPHIE.zone(asked).covers(GEOGRAPHIE.zone(known)) is expected


def test_several_references_make_one_zone() -> None:
    zone = GEOGRAPHIE.union([AVIGNON, "departement:55", "etranger:99137"])

    assert codes(GEOGRAPHIE, zone) == {AVIGNON, VERDUN, VIGNEULLES}


def test_no_reference_makes_an_empty_zone() -> None:
    assert GEOGRAPHIE.union([]).is_empty


def test_france_is_every_place() -> None:
    assert codes(GEOGRAPHIE, GEOGRAPHIE.france) == set(PLACES)


@pytest.mark.parametrize(
    ("code", "today"),
    [
        pytest.param(AVIGNON, AVIGNON, id="commune"),
        pytest.param(PARIS_11, PARIS_11, id="an-arrondissement-stays-a-part"),
        pytest.param(CREUE, VIGNEULLES, id="former-commune"),
    ],
)
def test_a_code_is_read_as_todays_commune(code: str, today: str) -> None:
    assert GEOGRAPHIE.resolve_commune(code) == today


def test_a_code_that_was_never_a_commune_is_refused() -> None:
    with pytest.raises(LieuInconnu, match="00000"):
        GEOGRAPHIE.resolve_commune("00000")


@pytest.mark.parametrize("code", PLACES)
def test_references_containing_a_place_are_those_that_cover_it(code: str) -> None:
    place = GEOGRAPHIE.zone(code)

    containing = GEOGRAPHIE.refs_containing(CodeInsee(code))

    covering = {ref for ref in REFS if GEOGRAPHIE.zone(ref).covers(place) is OUI}
    assert covering <= containing
    assert all(GEOGRAPHIE.zone(ref).covers(place) is OUI for ref in containing)


def test_a_commune_without_epci_is_in_no_epci() -> None:
    assert GEOGRAPHIE.refs_containing(CodeInsee(OUESSANT)) == {
        OUESSANT,
        "france",
        "departement:29",
        "region:53",
    }


@PROPERTY
@given(zones())
def test_a_zone_is_made_of_its_places(zone: Zone) -> None:
    assert GEOGRAPHIE.union(place.code for place in GEOGRAPHIE.places_of(zone)) == zone


@pytest.mark.parametrize(("code", "whole"), [(PARIS_11, PARIS), (PARIS, PARIS), (AVIGNON, AVIGNON)])
def test_an_arrondissement_reads_as_its_commune(code: str, whole: str) -> None:
    assert GEOGRAPHIE.whole_commune(code) == whole


@pytest.mark.parametrize(
    ("refs", "commune"),
    [
        pytest.param([AVIGNON], AVIGNON, id="a-commune"),
        pytest.param([PARIS], PARIS, id="a-commune-in-parts"),
        pytest.param([PARIS_11], PARIS, id="one-part"),
        pytest.param([GRAND_AVIGNON], None, id="several-communes"),
        pytest.param([PARIS_11, VERDUN], None, id="a-part-and-another-commune"),
        pytest.param(["etranger:99137"], None, id="nowhere"),
    ],
)
def test_the_only_possible_commune_is_known(refs: list[str], commune: str | None) -> None:
    assert GEOGRAPHIE.only_commune(GEOGRAPHIE.union(refs)) == commune


@pytest.mark.parametrize("code", [PARIS, PARIS_11])
def test_an_arrondissement_has_the_centre_of_its_commune(code: str) -> None:
    assert GEOGRAPHIE.centre(code) == Point(48.85661, 2.34292)


@pytest.mark.parametrize("code", ["", "84999", "epci:1"])
def test_the_code_of_no_commune_has_neither_centre_nor_commune(code: str) -> None:
    with pytest.raises(LieuInconnu):
        GEOGRAPHIE.centre(code)
    with pytest.raises(LieuInconnu):
        GEOGRAPHIE.whole_commune(code)


def test_the_circle_of_a_zone_holds_the_centres_of_its_communes() -> None:
    circle = GEOGRAPHIE.bounding_circle(GEOGRAPHIE.zone(GRAND_AVIGNON))

    distances = [
        distance_km(circle.centre, GEOGRAPHIE.centre(code))
        for code in (AVIGNON, LE_PONTET, VILLENEUVE)
    ]
    assert circle.rayon_km == pytest.approx(max(distances))


def test_a_commune_in_parts_weighs_once_in_the_circle_of_a_zone() -> None:
    zone = GEOGRAPHIE.union([PARIS, VERDUN])

    centre = GEOGRAPHIE.bounding_circle(zone).centre

    to_paris = distance_km(centre, GEOGRAPHIE.centre(PARIS))
    assert to_paris == pytest.approx(distance_km(centre, GEOGRAPHIE.centre(VERDUN)))
