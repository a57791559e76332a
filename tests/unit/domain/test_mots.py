"""Local words: what is read of them, and what is refused."""

from typing import Any

import pytest

from app.domain.mots import MAX_LIGNES, MotLocal, read_mots
from app.domain.reglages import MAX_NOM, ReglageInvalide
from tests.builders import AVIGNON, make_geographie

GEOGRAPHIE = make_geographie()


def ligne(noms: list[str], sens: str, **said: str) -> dict[str, Any]:
    return {"noms": noms, "sens": sens, **said}


def is_sought(text: str) -> bool:
    return text not in ("", "le")


def test_words_mean_words_or_a_town() -> None:
    lignes = [
        ligne(["MLHV", "la mission"], "Mission locale"),
        ligne(["Cité"], "Avignon", lieu=AVIGNON),
    ]

    assert read_mots({"lignes": lignes}, GEOGRAPHIE) == (
        MotLocal(noms=("MLHV", "la mission"), sens="Mission locale"),
        MotLocal(noms=("Cité",), sens="Avignon", lieu=AVIGNON),  # type: ignore[arg-type]
    )
    assert read_mots({}, GEOGRAPHIE) == ()


@pytest.mark.parametrize(
    ("lignes", "motif", "at"),
    [
        pytest.param([ligne([], "Mission")], "forme", "1", id="no-name"),
        pytest.param([ligne(["a b"], "x"), ligne(["MLHV"], "")], "forme", "2", id="no-meaning"),
        pytest.param([ligne(["x" * (MAX_NOM + 1)], "Mission")], "long", "1", id="long-name"),
        pytest.param([ligne(["MLHV"], "x" * (MAX_NOM + 1))], "long", "1", id="long-meaning"),
        pytest.param([ligne(["le"], "Mission")], "vide", "1", id="name-that-says-nothing"),
        pytest.param([ligne(["MLHV"], "le")], "vide", "1", id="meaning-that-says-nothing"),
        pytest.param([ligne(["mission"], "Mission")], "pareil", "1", id="itself"),
        pytest.param(
            [ligne(["MLHV"], "x"), ligne(["mlhv"], "y")], "doublon", "2", id="written-twice"
        ),
        pytest.param([ligne(["Cité"], "Nulle part", lieu="84999")], "lieu", "1", id="no-town"),
    ],
)
def test_what_a_line_cannot_be_is_told(lignes: list[Any], motif: str, at: str) -> None:
    with pytest.raises(ReglageInvalide) as refused:
        read_mots({"lignes": lignes}, GEOGRAPHIE, is_sought)

    (probleme,) = refused.value.problemes
    assert (probleme.motif, probleme.details["ligne"]) == (motif, at)


def test_there_are_not_too_many_lines() -> None:
    lignes = [ligne([f"mot {rank}"], "x") for rank in range(MAX_LIGNES + 1)]

    assert len(read_mots({"lignes": lignes[1:]}, GEOGRAPHIE)) == MAX_LIGNES
    with pytest.raises(ReglageInvalide) as refused:
        read_mots({"lignes": lignes}, GEOGRAPHIE)
    assert [p.motif for p in refused.value.problemes] == ["trop"]
