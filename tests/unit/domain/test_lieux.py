"""Places found by name or postal code, those of the territories first."""

import pytest

from app.domain.geographie import Geographie
from app.domain.lieux import Lieux, Named, Notoriety, name_of_place
from app.domain.territoire import CodeInsee
from tests.builders import make_commune

AVIGNON, ORANGE, MONS, SAINT_DIDIER = "84007", "84087", "84075", "84108"
FAR_MONS, BIG_MONS, NANTES, PARIS, PARIS_1 = "30173", "59411", "44109", "75056", "75101"
COMMUNES = [
    make_commune(AVIGNON, "Avignon", codes_postaux=("84000", "84140"), population=90_000),
    make_commune(ORANGE, "Orange", codes_postaux=("84100",), population=29_000),
    make_commune(MONS, "Mons", codes_postaux=("84570",), population=400),
    make_commune(SAINT_DIDIER, "Saint-Didier", codes_postaux=("84210", "84570"), population=2_000),
    make_commune(FAR_MONS, "Mons", codes_postaux=("30340",), population=1_500, departement="30"),
    make_commune(BIG_MONS, "Mons", codes_postaux=(), population=2_100, departement="59"),
    make_commune(NANTES, "Nantes", population=320_000, departement="44"),
    make_commune(PARIS, "Paris", codes_postaux=("75001",), population=2_000_000),
    make_commune(PARIS_1, "Paris 1er Arrondissement", population=16_000, parent=PARIS),
]
GEOGRAPHIE = Geographie(COMMUNES, {})
LIEUX = Lieux(GEOGRAPHIE, GEOGRAPHIE.union([AVIGNON, ORANGE, MONS, SAINT_DIDIER]))


def codes(found: list) -> list[str]:
    return [lieu.code for lieu in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("mons", [MONS, BIG_MONS, FAR_MONS], id="local-then-most-populated"),
        pytest.param("St Didier", [SAINT_DIDIER], id="abbreviation"),
        pytest.param(" 84570 ", [SAINT_DIDIER, MONS], id="postal-code"),
        pytest.param("Atlantide", [], id="nowhere"),
    ],
)
def test_homonyms_come_the_best_first(text: str, expected: list[str]) -> None:
    assert codes(LIEUX.homonyms(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a", [AVIGNON], id="first-letter"),
        pytest.param("MON", [MONS, BIG_MONS, FAR_MONS], id="same-beginning"),
        pytest.param("84", [AVIGNON, ORANGE, SAINT_DIDIER, MONS], id="digits-each-commune-once"),
        pytest.param("paris", [PARIS], id="arrondissements-are-not-proposed"),
        pytest.param(" ", [], id="nothing-typed"),
    ],
)
def test_suggestions_begin_as_typed(text: str, expected: list[str]) -> None:
    assert codes(LIEUX.suggest(text)) == expected


def test_suggestions_are_limited() -> None:
    assert codes(LIEUX.suggest("84", limit=2)) == [AVIGNON, ORANGE]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["mons"], Named(MONS, Notoriety.SERVED), id="local-homonym"),
        pytest.param(["nantes"], Named(NANTES, Notoriety.BIG_TOWN), id="big-town-elsewhere"),
        pytest.param(["st", "didier"], Named(SAINT_DIDIER, Notoriety.SERVED), id="abbreviation"),
        pytest.param(["atlantide"], None, id="unknown"),
    ],
)
def test_a_name_means_its_best_commune(words: list[str], expected: Named | None) -> None:
    assert LIEUX.named(words) == expected


def test_notoriety_depends_on_the_territories_served() -> None:
    elsewhere = Lieux(GEOGRAPHIE, GEOGRAPHIE.zone(NANTES))

    found = [elsewhere.named([name]) for name in ("orange", "mons")]

    assert [named and named.notoriety for named in found] == [
        Notoriety.BIG_TOWN,
        Notoriety.OTHER,
    ]


def test_the_name_of_a_territory_is_no_commune() -> None:
    served = Lieux(GEOGRAPHIE, GEOGRAPHIE.zone(NANTES), ["Orange"])

    assert served.named(["orange"]) is None


@pytest.mark.parametrize(("code", "expected"), [("84570", SAINT_DIDIER), ("99999", None)])
def test_a_postal_code_means_its_most_populated_commune(code: str, expected: str | None) -> None:
    assert LIEUX.by_postal_code(code) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("3 rue du Four, 84570 Mons", MONS, id="name-after-the-postal-code"),
        pytest.param("3 rue du Four, 84570", SAINT_DIDIER, id="postal-code-alone"),
        pytest.param("12 place Pie, Avignon", AVIGNON, id="name-alone"),
        pytest.param("12 place Pie", None, id="no-commune"),
    ],
)
def test_an_address_ends_with_its_commune(text: str, expected: str | None) -> None:
    assert LIEUX.commune_of_address(text) == expected


def test_a_misspelled_name_has_near_ones() -> None:
    assert codes(LIEUX.nearest("Avignion")) == [AVIGNON]


@pytest.mark.parametrize(
    ("code", "label"),
    [(AVIGNON, "Avignon (84000)"), (NANTES, "Nantes (44)")],
    ids=["postal-code", "departement-when-there-is-none"],
)
def test_a_place_is_shown_with_what_tells_it_from_its_homonyms(code: str, label: str) -> None:
    assert LIEUX.label(CodeInsee(code)) == label


def test_words_of_names_are_known() -> None:
    assert LIEUX.has_word("saint")
    assert not LIEUX.has_word("permis")
    assert LIEUX.local_words == ["avignon", "didier", "mons", "orange", "saint"]


def test_a_name_is_compared_without_case_accents_and_punctuation() -> None:
    assert name_of_place("Ste-Cécile-les-Vignes") == "sainte cecile les vignes"


def test_communes_that_a_territory_takes_in_come_first_and_those_that_leave_do_not() -> None:
    lieux = Lieux(GEOGRAPHIE, GEOGRAPHIE.zone(ORANGE))

    lieux.serve([], GEOGRAPHIE.zone(NANTES))

    assert lieux.local_words == ["nantes"]
    found = {nom: lieux.named([nom]) for nom in ("nantes", "orange")}
    assert [one and one.notoriety is Notoriety.SERVED for one in found.values()] == [True, False]


def test_a_territory_that_changes_its_name_gives_up_the_old_one() -> None:
    lieux = Lieux(GEOGRAPHIE, GEOGRAPHIE.union([ORANGE]), ["Nantes"])
    assert lieux.named(["nantes"]) is None

    lieux.serve(["Pays de Paris"])

    assert lieux.named(["nantes"]) is not None
    assert "pays de paris" in lieux.served_names
