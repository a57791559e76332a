"""What a territory may set, what is refused, and what is in force."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.poids import Poids
from app.domain.reglages import (
    MAX_NOM,
    MAX_NOTE,
    Nature,
    Reglage,
    ReglageInvalide,
    in_force,
    read_poids,
    read_territoire,
    slug_of,
)
from app.domain.territoire import Bassin, Contact, Point, Territoire
from tests.builders import (
    AUREL,
    AVIGNON,
    CREUE,
    GRAND_AVIGNON,
    LE_PONTET,
    VENTOUX_SUD,
    make_geographie,
)

GEOGRAPHIE = make_geographie()
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
OUEST = Bassin(slug="ouest", nom="Ouest", zone=GEOGRAPHIE.zone(GRAND_AVIGNON))
EST = Bassin(
    slug="est", nom="Est", zone=GEOGRAPHIE.zone(VENTOUX_SUD) & GEOGRAPHIE.zone("departement:84")
)
LIVRE = Territoire(
    slug="vaucluse",
    nom="Vaucluse",
    zone=("departement:84",),
    centre=Point(43.9, 4.8),
    bassins=(OUEST, EST),
    note="Limites approchées.",
)
PROCHES = {"besoin": 20.0, "proximite": 40.0}


def faults(valeurs: Mapping[str, Any]) -> list[tuple[str, str, dict[str, str]]]:
    """Returns what is wrong with the setting of a territory."""
    with pytest.raises(ReglageInvalide) as refused:
        read_territoire(valeurs, LIVRE, GEOGRAPHIE)
    return [(p.chemin, p.motif, p.details) for p in refused.value.problemes]


def basins(**lieux: list[str]) -> dict[str, object]:
    return {"bassins": {slug: {"nom": slug, "lieux": refs} for slug, refs in lieux.items()}}


def reglage(nature: Nature, valeurs: Mapping[str, Any], territoire: str = "vaucluse") -> Reglage:
    return Reglage(
        id=1, territoire=territoire, nature=nature, valeurs=valeurs, auteur="compte:1", quand=NOON
    )


def test_weights_that_are_set_replace_the_default_ones() -> None:
    assert read_poids(PROCHES, Poids()) == replace(Poids(), besoin=20.0, proximite=40.0)
    assert read_poids({}, Poids()) == Poids()
    assert read_poids({"besoin": 37.5, "acces": 27.5}, Poids()).besoin == 37.5


@pytest.mark.parametrize(
    ("valeurs", "chemin", "motif"),
    [
        pytest.param({"besoin": -1}, "besoin", "borne", id="negative"),
        pytest.param({"acces": 100.5}, "acces", "borne", id="too-much"),
        pytest.param({"acces": "beaucoup"}, "acces", "borne", id="a-word"),
        pytest.param({"acces": True}, "acces", "borne", id="a-truth"),
        pytest.param({"acces": float("nan")}, "acces", "borne", id="not-a-number"),
        pytest.param({"acces": 25.55}, "acces", "decimales", id="hundredths"),
        pytest.param({"acces": 26}, "total", "total", id="more-than-100-together"),
    ],
)
def test_weights_that_cannot_be_are_told(valeurs: Any, chemin: str, motif: str) -> None:
    with pytest.raises(ReglageInvalide) as refused:
        read_poids(valeurs, Poids())

    (probleme,) = refused.value.problemes
    assert (probleme.chemin, probleme.motif) == (chemin, motif)


def test_all_faults_of_weights_are_told_at_once() -> None:
    with pytest.raises(ReglageInvalide) as refused:
        read_poids({"besoin": -1, "acces": 0.25}, Poids())

    assert [p.chemin for p in refused.value.problemes] == ["besoin", "acces"]


def test_a_territory_is_set_field_by_field() -> None:
    contact = {"nom": "Département", "telephone": "0490000000"}

    found = read_territoire(
        {"nom": "Le Vaucluse", "note": "", "contact": contact, **basins(est=[AUREL])},
        LIVRE,
        GEOGRAPHIE,
    )

    assert (found.nom, found.note) == ("Le Vaucluse", None)
    assert found.contact == Contact(nom="Département", telephone="0490000000")
    assert found.bassins == (OUEST, Bassin(slug="est", nom="est", zone=GEOGRAPHIE.zone(AUREL)))
    assert found.slug == LIVRE.slug
    assert read_territoire({}, LIVRE, GEOGRAPHIE) == LIVRE


def test_communes_move_from_one_basin_to_the_other_when_both_say_so() -> None:
    found = read_territoire(
        basins(ouest=[AVIGNON], est=[VENTOUX_SUD, LE_PONTET]), LIVRE, GEOGRAPHIE
    )

    assert found.bassins[0].zone == GEOGRAPHIE.zone(AVIGNON)
    assert found.bassins[1].zone == EST.zone | GEOGRAPHIE.zone(LE_PONTET)


def test_a_place_that_straddles_the_border_counts_for_what_is_inside() -> None:
    alone = replace(LIVRE, bassins=(EST,))

    found = read_territoire(basins(est=["region:93"]), alone, GEOGRAPHIE)

    inside = GEOGRAPHIE.zone("departement:84")
    assert found.bassins[0].zone == inside & GEOGRAPHIE.zone("region:93")


@pytest.mark.parametrize(
    ("valeurs", "chemin", "motif"),
    [
        pytest.param({"nom": " "}, "nom", "vide", id="no-name"),
        pytest.param({"nom": "x" * (MAX_NOM + 1)}, "nom", "long", id="long-name"),
        pytest.param({"note": "x" * (MAX_NOTE + 1)}, "note", "long", id="long-note"),
        pytest.param(basins(est=["84999"]), "bassins.est.lieux", "inconnu", id="unknown-place"),
        pytest.param(basins(est=["Nulle Part"]), "bassins.est.lieux", "inconnu", id="no-code"),
        pytest.param(basins(est=[AUREL, CREUE]), "bassins.est.lieux", "dehors", id="outside"),
        pytest.param(basins(est=[]), "bassins.est.lieux", "aucun-lieu", id="empty"),
        pytest.param(
            basins(est=[AUREL, AVIGNON]), "bassins.est.lieux", "partage", id="in-two-basins"
        ),
        pytest.param(
            {"bassins": {"est": {"nom": "OUEST", "lieux": [AUREL]}}},
            "bassins.est.nom",
            "doublon",
            id="same-name",
        ),
        pytest.param(
            {"bassins": {"est": {"nom": "", "lieux": [AUREL]}}},
            "bassins.est.nom",
            "vide",
            id="no-basin-name",
        ),
    ],
)
def test_what_a_territory_cannot_be_is_told(valeurs: Any, chemin: str, motif: str) -> None:
    assert [fault[:2] for fault in faults(valeurs)] == [(chemin, motif)]


def test_what_two_basins_share_is_named() -> None:
    ((_, _, details),) = faults(basins(est=[AUREL, AVIGNON, LE_PONTET]))

    assert details["bassin"] == "Ouest"
    assert "Avignon" in details["lieux"]
    assert "Le Pontet" in details["lieux"]


def test_the_settings_of_a_territory_are_in_force_for_it_alone() -> None:
    reglages = [
        reglage(Nature.POIDS, PROCHES),
        reglage(Nature.TERRITOIRE, {"nom": "Le Vaucluse"}),
        reglage(Nature.TERRITOIRE, {"nom": "Meuse"}, "meuse"),
    ]

    found = in_force(LIVRE, reglages, GEOGRAPHIE)

    assert (found.nom, found.poids.proximite) == ("Le Vaucluse", 40.0)
    assert in_force(LIVRE, [], GEOGRAPHIE) == LIVRE


@pytest.mark.parametrize(
    "reglages",
    [
        pytest.param([reglage(Nature.POIDS, {"besoin": 99.0})], id="weights"),
        pytest.param([reglage(Nature.POIDS, {})], id="back-to-the-shipped-weights"),
        pytest.param([reglage(Nature.TERRITOIRE, {"nom": ""})], id="name"),
        pytest.param([reglage(Nature.TERRITOIRE, basins(est=["84999"]))], id="lost-commune"),
        pytest.param([reglage(Nature.TERRITOIRE, {"bassins": {"est": {}}})], id="shape"),
    ],
)
def test_what_the_code_no_longer_understands_leaves_the_shipped_territory(
    reglages: list[Reglage],
) -> None:
    assert in_force(LIVRE, reglages, GEOGRAPHIE) == LIVRE


def test_a_basin_is_added_after_those_that_are_shipped_and_another_removed() -> None:
    added = {"nom": "Nord", "lieux": [LE_PONTET]}
    valeurs = {"bassins": {"nord": added, "ouest": None}}

    found = read_territoire(valeurs, LIVRE, GEOGRAPHIE)

    nord = Bassin(slug="nord", nom="Nord", zone=GEOGRAPHIE.zone(LE_PONTET))
    assert found.bassins == (EST, nord)
    assert (
        read_territoire({"bassins": {"est": None, "ouest": None}}, LIVRE, GEOGRAPHIE).bassins == ()
    )


@pytest.mark.parametrize(
    ("lieux", "motif"), [([AVIGNON], "partage"), ([], "aucun-lieu"), ([CREUE], "dehors")]
)
def test_a_basin_that_is_added_keeps_the_same_rules(lieux: list[str], motif: str) -> None:
    valeurs = {"bassins": {"nord": {"nom": "Nord", "lieux": lieux}}}

    assert [fault[:2] for fault in faults(valeurs)] == [("bassins.nord.lieux", motif)]


@pytest.mark.parametrize(
    ("nom", "taken", "slug"),
    [
        ("Nord", (), "meuse-nord"),
        ("L’Isle-sur-la-Sorgue", (), "meuse-isle-sur-sorgue"),
        ("Nord", ("meuse-nord",), "meuse-nord-2"),
        ("Nord", ("meuse-nord", "meuse-nord-2"), "meuse-nord-3"),
        ("…", ("meuse",), "meuse-2"),
        ("x" * 80, (), f"meuse-{'x' * 54}"),
    ],
)
def test_a_new_basin_has_an_address_of_its_own(nom: str, taken: tuple[str, ...], slug: str) -> None:
    assert slug_of("meuse", nom, taken) == slug


def test_the_places_of_a_territory_are_set_and_its_centre_follows() -> None:
    alone = replace(LIVRE, bassins=())

    found = read_territoire({"lieux": [AVIGNON, LE_PONTET]}, alone, GEOGRAPHIE)

    zone = GEOGRAPHIE.union([AVIGNON, LE_PONTET])
    assert (found.zone, found.slug) == ((AVIGNON, LE_PONTET), "vaucluse")
    middle = GEOGRAPHIE.bounding_circle(zone).centre
    assert found.centre == Point(round(middle.lat, 5), round(middle.lon, 5))


def test_the_same_places_otherwise_said_leave_the_centre_where_it_is() -> None:
    whole = [place.code for place in GEOGRAPHIE.places_of(GEOGRAPHIE.zone("departement:84"))]

    found = read_territoire({"lieux": [*whole, whole[0]]}, LIVRE, GEOGRAPHIE)

    assert (found.zone, found.centre) == (tuple(whole), LIVRE.centre)
    assert found.bassins == LIVRE.bassins


def test_a_former_commune_is_read_as_that_of_today() -> None:
    found = read_territoire({"lieux": [CREUE]}, replace(LIVRE, bassins=()), GEOGRAPHIE)

    assert found.zone == (GEOGRAPHIE.canonical_ref(CREUE),)


@pytest.mark.parametrize(
    ("lieux", "motifs"),
    [
        pytest.param([], ["aucun-lieu"], id="none"),
        pytest.param(["Nulle Part"], ["inconnu"], id="unknown"),
        pytest.param(["departement:84", "84999"], ["inconnu"], id="one-unknown"),
        pytest.param(["etranger:99137"], ["inconnu"], id="abroad"),
        pytest.param(["france"], ["france"], id="everywhere"),
        pytest.param([AVIGNON, LE_PONTET], ["bassins-dehors"], id="a-shipped-basin-outside"),
    ],
)
def test_places_that_a_territory_cannot_have_are_told(lieux: list[str], motifs: list[str]) -> None:
    told = faults({"lieux": lieux})

    assert [fault[:2] for fault in told] == [("lieux", motif) for motif in motifs]


def test_basins_are_not_judged_by_places_that_are_still_to_be_corrected() -> None:
    told = faults({"lieux": [AVIGNON, "Nulle Part"], **basins(est=[AUREL], ouest=[LE_PONTET])})

    assert [fault[:2] for fault in told] == [("lieux", "inconnu")]


def test_a_basin_outside_of_new_places_is_told_at_both_fields() -> None:
    told = faults({"lieux": [AVIGNON, LE_PONTET], **basins(est=[AUREL], ouest=[AVIGNON])})

    assert [fault[:2] for fault in told] == [
        ("lieux", "bassins-dehors"),
        ("bassins.est.lieux", "dehors"),
    ]
    assert told[0][2] == {"bassins": "« est »"}


def test_a_basin_that_straddles_new_places_keeps_what_is_inside() -> None:
    ouest = {"nom": "Ouest", "lieux": [GRAND_AVIGNON]}
    valeurs = {"lieux": [AVIGNON], "bassins": {"est": None, "ouest": ouest}}

    assert read_territoire(valeurs, LIVRE, GEOGRAPHIE).bassins[0].zone == GEOGRAPHIE.zone(AVIGNON)


def test_places_that_were_set_stay_when_the_rest_is_no_longer_understood() -> None:
    """Else the shipped places would come back, and with them rights that were taken away."""
    valeurs = {"lieux": [AVIGNON, "84999"], **basins(est=["84999"])}

    found = in_force(LIVRE, [reglage(Nature.TERRITOIRE, valeurs)], GEOGRAPHIE)

    assert found.zone == (AVIGNON,)
    assert [(b.slug, b.zone) for b in found.bassins] == [("ouest", GEOGRAPHIE.zone(AVIGNON))]
    assert in_force(LIVRE, [reglage(Nature.TERRITOIRE, {"lieux": 3})], GEOGRAPHIE) == LIVRE
