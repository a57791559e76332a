"""Errors carry data that adapters word and map."""

import pytest

from app.domain.errors import (
    ArbreInvalide,
    CatalogueError,
    EngineUnavailable,
    GeocoderUnavailable,
    LieuInconnu,
    OffreIntrouvable,
    Probleme,
)


@pytest.mark.parametrize(
    "error",
    [
        EngineUnavailable(),
        GeocoderUnavailable(),
        LieuInconnu("00000"),
        OffreIntrouvable("offre-1"),
        ArbreInvalide([]),
    ],
)
def test_every_error_of_the_catalogue_is_caught_as_one(error: Exception) -> None:
    assert isinstance(error, CatalogueError)


def test_an_offer_not_found_says_which() -> None:
    assert OffreIntrouvable("offre-1").identifiant == "offre-1"


def test_an_invalid_tree_keeps_every_problem() -> None:
    found = [Probleme(chemin="a", motif="x"), Probleme(chemin="b", motif="y")]

    error = ArbreInvalide(found)

    assert error.problemes == tuple(found)
    assert str(error) == "a: x, b: y"
