"""Local words: what is read of them, and what is refused."""

from typing import Any

import pytest

from app.domain.mots import (
    MAX_ETEINTS,
    MAX_LIGNES,
    MotLocal,
    MotsLocaux,
    SynonymeLivre,
    read_locaux,
    read_mots,
)
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


def test_a_setting_says_words_and_lines_turned_off() -> None:
    valeurs = {"lignes": [ligne(["MLHV"], "Mission locale")], "eteints": ["pec", "mde"]}

    assert read_locaux(valeurs, GEOGRAPHIE, bool, {"mde", "pec", "cdi"}) == MotsLocaux(
        mots=(MotLocal(noms=("MLHV",), sens="Mission locale"),), eteints=frozenset(["mde", "pec"])
    )
    assert read_locaux({}, GEOGRAPHIE, bool, ()) == MotsLocaux()


def test_all_that_a_setting_cannot_say_is_told_at_once() -> None:
    valeurs = {"lignes": [ligne(["MLHV"], "")], "eteints": ["pec", "inconnu"]}

    with pytest.raises(ReglageInvalide) as refused:
        read_locaux(valeurs, GEOGRAPHIE, bool, {"pec"})

    said = [(p.chemin, p.motif, p.details.get("mot")) for p in refused.value.problemes]
    assert said == [("mots", "forme", ""), ("eteints", "inconnu", "inconnu")]


def test_not_too_many_lines_are_turned_off() -> None:
    cles = [f"mot {rank}" for rank in range(MAX_ETEINTS + 1)]

    assert read_locaux({"eteints": cles[1:]}, GEOGRAPHIE, bool, cles).eteints == set(cles[1:])
    with pytest.raises(ReglageInvalide) as refused:
        read_locaux({"eteints": cles}, GEOGRAPHIE, bool, cles)
    assert [(p.chemin, p.motif) for p in refused.value.problemes] == [("eteints", "nombre")]


def test_a_line_that_shows_numbers_to_call_stays() -> None:
    assert SynonymeLivre(termes=("cdi",), besoins=("emploi",)).is_eteignable
    assert not SynonymeLivre(termes=("abri",), urgences=("115",)).is_eteignable
