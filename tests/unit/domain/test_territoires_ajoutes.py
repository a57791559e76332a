"""Territories that were added: what they are called, which are in force, in which order."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.poids import Poids
from app.domain.reglages import Nature, Reglage
from app.domain.territoire import Point, Territoire
from app.domain.territoires_ajoutes import all_in_force, homonyms, slug_of_territoire
from tests.builders import AUREL, AVIGNON, make_geographie

GEOGRAPHIE = make_geographie()
LIVRE = Territoire(
    slug="vaucluse", nom="Vaucluse", zone=("departement:84",), centre=Point(43.9, 4.8), bassins=()
)


def reglage(territoire: str, **valeurs: Any) -> Reglage:
    return Reglage(
        id=1,
        territoire=territoire,
        nature=Nature.TERRITOIRE,
        valeurs=valeurs,
        auteur="compte:1",
        quand=datetime(2026, 12, 1, tzinfo=UTC),
    )


def added(slug: str, quand: str, **more: object) -> Reglage:
    return reglage(slug, **({"nom": slug.title(), "lieux": [AVIGNON], "ajoute": quand} | more))


def in_force(*reglages: Reglage) -> Mapping[str, Territoire]:
    return {t.slug: t for t in all_in_force([LIVRE], reglages, GEOGRAPHIE)}


@pytest.mark.parametrize(
    ("nom", "taken", "slug"),
    [
        ("Sud Ardèche", (), "sud-ardeche"),
        ("Meuse", ("meuse",), "territoire2-meuse"),
        ("Meuse", ("meuse", "territoire2-meuse"), "territoire3-meuse"),
        ("Meuse Nord", ("meuse",), "territoire2-meuse-nord"),  # may be a basin of it one day
        ("Meuse", ("meuse-nord",), "territoire2-meuse"),
        ("Meuses", ("meuse",), "meuses"),
        ("…", (), "territoire"),
        ("x" * 80, (), "x" * 60),
    ],
)
def test_a_new_territory_has_an_address_of_its_own(
    nom: str, taken: tuple[str, ...], slug: str
) -> None:
    assert slug_of_territoire(nom, taken) == slug


def test_an_added_territory_comes_after_those_that_are_older() -> None:
    found = in_force(added("beta", "2026-11-27"), added("alpha", "2026-11-28", note="Essai."))

    assert list(found) == ["vaucluse", "beta", "alpha"]
    alpha = found["alpha"]
    assert (alpha.nom, alpha.zone, alpha.note) == ("Alpha", (AVIGNON,), "Essai.")
    assert (alpha.bassins, alpha.poids) == ((), Poids())
    assert alpha.centre == Point(43.93544, 4.8411)


def test_what_is_no_added_territory_is_not_in_force() -> None:
    """Emptied settings are those of one removed; without its mark, one was shipped once."""
    found = in_force(reglage("alpha"), reglage("beta", nom="Beta", lieux=[AVIGNON]))

    assert list(found) == ["vaucluse"]


def test_a_territory_that_is_shipped_later_keeps_what_was_set() -> None:
    (found,) = in_force(added("vaucluse", "2026-11-27")).values()

    assert (found.nom, found.zone) == ("Vaucluse", (AVIGNON,))


def test_an_added_territory_lasts_as_long_as_one_of_its_places() -> None:
    lost = {"bassins": {"est": {"nom": "Est", "lieux": ["84999"]}}}
    found = in_force(
        added("alpha", "2026-11-27", lieux=["84999", AUREL], **lost),
        added("beta", "2026-11-27", lieux=["84999"]),
    )

    assert list(found) == ["vaucluse", "alpha"]
    assert (found["alpha"].nom, found["alpha"].zone) == ("Alpha", (AUREL,))


def test_two_territories_do_not_have_the_same_name() -> None:
    (told,) = homonyms("autre", "le VAUCLUSE", [LIVRE])

    assert (told.chemin, told.motif, told.details) == (
        "nom", "territoire-doublon", {"nom": "Vaucluse"},
    )  # fmt: skip
    assert homonyms("vaucluse", "Vaucluse", [LIVRE]) == []
    assert homonyms("autre", "Gard", [LIVRE]) == []
