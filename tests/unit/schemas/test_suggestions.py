"""The nearest known word, and values recalled without being reproduced."""

import pytest

from app.domain.vocabulaire import Vocabulaire
from schemas.suggestions import nearest, quoted, unknown_value


def labels(vocabulaire: Vocabulaire, referentiel: str) -> dict[str, str]:
    return {v: t.libelle for v, t in vocabulaire.referentiels[referentiel].items()}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("mobilité--permi", "mobilite--preparer-un-permis", id="misspelt"),
        pytest.param("permis", "mobilite--preparer-un-permis", id="one word of it"),
        pytest.param("famille--garde-enfants", "famille--garde-denfants", id="elision"),
        pytest.param("SANTE--ADDICTIONS", "sante--addictions", id="case"),
        pytest.param("Confirmer son choix de métier", None, id="label"),
        pytest.param("xyzzy", None, id="nothing near"),
        pytest.param("", None, id="empty"),
        pytest.param("««»»", None, id="no letter"),
        pytest.param(3, None, id="not a text"),
    ],
)
def test_nearest_thematique(vocabulaire: Vocabulaire, asked: object, found: str | None) -> None:
    if asked == "Confirmer son choix de métier":
        found = "choisir-un-metier--confirmer-son-choix-de-metier"

    assert nearest(asked, labels(vocabulaire, "thematiques")) == found


def test_short_words_are_only_near_an_acronym(vocabulaire: Vocabulaire) -> None:
    langues = labels(vocabulaire, "langues")

    assert nearest("LSF", langues) == "fsl"
    assert nearest("anglais", langues) == "en"
    assert nearest("zzz", langues) is None


def test_nearest_among_codes_without_labels() -> None:
    assert nearest("publier", ["publie", "retire"]) == "publie"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("a  b\n c", "« a b c »", id="spaces"),
        pytest.param("x" * 500, f"« {'x' * 59}… »", id="cut"),
        pytest.param(None, "« null »", id="null"),
        pytest.param(True, "« true »", id="boolean"),
        pytest.param(4.5, "« 4.5 »", id="number"),
        pytest.param(10**400, "« … »", id="huge number"),
        pytest.param({"nom": "Untel"}, "« … »", id="object"),
    ],
)
def test_quoted_value(value: object, text: str) -> None:
    assert quoted(value).replace("\u00a0", " ") == text


def test_refusal_lists_short_lists_and_points_to_long_ones(vocabulaire: Vocabulaire) -> None:
    short = unknown_value("xyzzy", ["gratuit", "payant"]).replace("\u00a0", " ")
    long = unknown_value("xyzzy", labels(vocabulaire, "thematiques")).replace("\u00a0", " ")

    assert short == "« xyzzy » n’existe pas. Choisissez parmi : gratuit, payant."
    assert long == "« xyzzy » n’existe pas. Choisissez une valeur de la liste de référence."
