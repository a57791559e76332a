"""Places typed by their names: each comes back from its label, homonyms are those nearby."""

import random
from collections import defaultdict

import pytest
from flask import Flask

from app.domain.noms import name_key
from app.domain.territoire import Commune
from app.web.espace.lecteur import current_lecteur
from app.web.espace.lieux_saisie import LieuxSaisis
from tests.builders import make_commune, make_geographie

NEAR = frozenset(("84", "55"))  # the territories that are shipped


@pytest.fixture(scope="module")
def noms(catalogue_app: Flask) -> LieuxSaisis:
    with catalogue_app.app_context():
        return current_lecteur().noms


def zones(noms: LieuxSaisis, kind: str) -> list[str]:
    """Every reference of a kind that the geography knows."""
    communes = noms.geographie.communes.values()
    values = {getattr(commune, kind) for commune in communes} - {None}
    return sorted(f"{kind}:{value}" for value in values)


def places(noms: LieuxSaisis) -> list[Commune]:
    return sorted(noms.geographie.communes.values(), key=lambda commune: commune.code)


def sample(noms: LieuxSaisis, count: int = 500) -> list[Commune]:
    """Some communes of France, always the same."""
    return random.Random(0).sample(places(noms), count)


def near(noms: LieuxSaisis) -> list[Commune]:
    return [place for place in places(noms) if place.departement in NEAR]


def without_accents(text: str) -> str:
    return text.translate(str.maketrans("àâäéèêëîïôöùûüÿçÉÈÎÂÔ’-", "aaaeeeeiioouuuycEEIAO' "))


def test_near_places_are_those_of_the_territories(noms: LieuxSaisis) -> None:
    assert noms.proches == NEAR


@pytest.mark.parametrize(("kind", "count"), [("departement", 101), ("region", 18), ("epci", 1_200)])
def test_every_wider_zone_comes_back_from_its_label(
    noms: LieuxSaisis, kind: str, count: int
) -> None:
    refs = zones(noms, kind)
    if kind == "epci":
        assert {f"epci:{commune.epci}" for commune in near(noms) if commune.epci} < set(refs)

    assert len(refs) >= count
    assert [ref for ref in refs if noms.refs(noms.label(ref)) != [ref]] == []
    assert noms.refs(noms.text(refs)) == refs


def test_zones_of_the_territories_have_names(noms: LieuxSaisis) -> None:
    refs = {f"epci:{commune.epci}" for commune in near(noms) if commune.epci}
    refs |= set(zones(noms, "departement")) | set(zones(noms, "region"))

    assert [ref for ref in refs if noms.label(ref) == ref] == []


def test_communes_come_back_from_their_labels(noms: LieuxSaisis) -> None:
    codes: list[str] = [commune.code for commune in (*sample(noms), *near(noms))]

    assert noms.refs(noms.text(codes)) == codes


@pytest.mark.parametrize("ref", ["france", "75111", "2A004", "97411", "etranger:99137"])
def test_other_places_come_back_from_their_labels(noms: LieuxSaisis, ref: str) -> None:
    assert noms.refs(noms.label(ref)) == [ref]


def test_labels_are_words() -> None:
    small = LieuxSaisis(make_geographie(), NEAR)
    small.geographie.noms.update({"epci:248400251": "CA du Grand Avignon", "region:93": "Sud"})

    assert [small.label(ref) for ref in ("84007", "france", "epci:248400251", "region:93")] == [
        "Avignon (84007)",
        "France entière",
        "CA du Grand Avignon, intercommunalité (248400251)",
        "Sud, région (93)",
    ]
    assert small.label("departement:84") == "departement:84"
    assert small.label("99999") == "99999"


@pytest.mark.parametrize(
    "typed", [str.upper, str.lower, str.title, without_accents, lambda nom: f"  {nom}\t"]
)
def test_names_of_communes_nearby_are_read_in_any_spelling(
    noms: LieuxSaisis, typed: object
) -> None:
    assert callable(typed)
    of_name: dict[str, set[str]] = defaultdict(set)
    for commune in near(noms):
        of_name[name_key(commune.nom)].add(commune.code)

    wrong = {
        commune.nom: found
        for commune in near(noms)
        if (found := noms.refs(typed(commune.nom)))[0] not in of_name[name_key(commune.nom)]
    }

    assert wrong == {}
    assert len(of_name) > 600


def test_a_name_alone_is_the_commune_nearby_then_the_zone_then_the_largest(
    noms: LieuxSaisis,
) -> None:
    homonyms: dict[str, list[Commune]] = defaultdict(list)
    for commune in places(noms):
        homonyms[name_key(commune.nom)].append(commune)
    wider = {name_key(nom) for ref, nom in noms.geographie.noms.items() if ":" in ref}

    for commune in sample(noms, 1_500):
        (found,) = noms.refs(commune.nom)
        same = homonyms[name_key(commune.nom)]
        nearby = [place for place in same if place.departement in NEAR]
        if nearby:
            assert found in {place.code for place in nearby}
        elif name_key(commune.nom) not in wider and ":" not in found:
            largest = max(place.population for place in same)
            assert noms.geographie.communes[found].population == largest


def test_homonyms_are_those_of_near_departements() -> None:
    geographie = make_geographie()
    for code, departement, population in (("30999", "30", 90_000), ("84999", "84", 10)):
        geographie.communes[code] = make_commune(
            code, "Saint-Didier", departement=departement, population=population
        )

    found = [
        LieuxSaisis(geographie, frozenset(p)).refs("saint didier") for p in (("84",), ("30",), ())
    ]

    assert found == [["84999"], ["30999"], ["30999"]]


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        pytest.param("Vaucluse", "departement:84", id="a commune of the Doubs has that name"),
        pytest.param("VAUCLUSE", "departement:84", id="in capitals"),
        pytest.param("Meuse", "departement:55", id="the other territory"),
        pytest.param("provence alpes cote d azur", "region:93", id="a région"),
        pytest.param("Grand Est", "region:44", id="the other région"),
        pytest.param("84", "departement:84", id="the number of a département"),
        pytest.param("2a", "departement:2A", id="in small letters"),
        pytest.param("84007", "84007", id="the code of a commune"),
        pytest.param("epci:200035723", "epci:200035723", id="a reference"),
        pytest.param("55136", "55551", id="a former commune"),
        pytest.param("France entière", "france", id="the whole country"),
        pytest.param("FRANCE ENTIERE", "france", id="without accents"),
        pytest.param("la France", "france", id="with its article"),
    ],
)
def test_what_else_may_be_typed(noms: LieuxSaisis, typed: str, ref: str) -> None:
    assert noms.refs(typed) == [ref]


@pytest.mark.parametrize(
    "typed",
    [
        "Trifouilly-les-Oies",
        "Avignon et ses environs",
        "84999",
        "departement:99",
        "()",
        "(84)(",
        "🙂",
        "a" * 100_000,
        "Trifouilly (84000)",
        "Partout (123456789)",
    ],
)
def test_what_is_no_place_stays_as_typed(noms: LieuxSaisis, typed: str) -> None:
    assert noms.refs(f"  {typed} ") == [typed]


def test_a_text_has_a_place_a_line(noms: LieuxSaisis) -> None:
    assert noms.refs("") == noms.refs(" \r\n\n\t") == []
    assert noms.refs("Orange\r\n\r\n Avignon \nNulle part") == ["84087", "84007", "Nulle part"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("Orange (84)", "84087", id="number of its département"),
        pytest.param("Rodez (12)", "12202", id="number of a département further away"),
        pytest.param("Avignon (84000)", "84007", id="postal code, as the site itself suggests"),
        pytest.param("Lyon (69001)", "69123", id="postal code that is the code of another commune"),
        pytest.param("Bar-le-Duc (55000)", "55029", id="postal code of the other territory"),
    ],
)
def test_a_number_in_brackets_never_means_somewhere_else(
    noms: LieuxSaisis, typed: str, code: str
) -> None:
    """French writes the département in brackets, the rest of the site the postal code."""
    assert noms.refs(typed) in ([code], [typed])


def test_a_postal_code_in_brackets_never_moves_a_commune(noms: LieuxSaisis) -> None:
    moved = {}
    for commune in (*near(noms), *sample(noms)):
        for code_postal in commune.codes_postaux:
            typed = f"{commune.nom} ({code_postal})"
            (found,) = noms.refs(typed)
            other = noms.geographie.communes.get(found)
            if found != typed and (other is None or name_key(other.nom) != name_key(commune.nom)):
                moved[typed] = found

    assert moved == {}


@pytest.mark.parametrize(
    ("nom", "code_postal", "code"),
    [
        ("Saint-Denis", "93200", "93066"),
        ("saint denis", "97400", "97411"),
        ("L'ISLE SUR LA SORGUE", "84800", "84054"),
        ("Avignon", "84140", "84007"),
        ("Avignon", "13001", None),
        ("Trifouilly", "84000", None),
        ("", "", None),
    ],
)
def test_a_commune_is_told_from_its_homonyms_by_its_postal_code(
    noms: LieuxSaisis, nom: str, code_postal: str, code: str | None
) -> None:
    assert noms.homonym(nom, code_postal) == code
