"""Labels, levels and categories."""

import pytest

from app.domain.vocabulaire import Nature, categorie_of
from tests.builders import make_fait, make_vocabulaire

VOCABULAIRE = make_vocabulaire()
GARDE = "famille--garde-denfants"


def test_levels_are_ranked_from_the_lowest() -> None:
    fait = make_fait("aisance_numerique", Nature.ECHELON, valeurs=("aucune", "moyenne", "bonne"))

    assert [fait.rank(valeur) for valeur in fait.valeurs] == [0, 1, 2]


def test_a_declared_value_has_its_official_label() -> None:
    assert VOCABULAIRE.libelle("thematiques", GARDE) == "Faire garder son enfant"


def test_an_undeclared_value_is_its_own_label() -> None:
    assert VOCABULAIRE.libelle("thematiques", "autre--chose") == "autre--chose"


@pytest.mark.parametrize(
    ("valeur", "thematiques"),
    [
        pytest.param(GARDE, {GARDE}, id="thematique"),
        pytest.param(
            "mobilite",
            {"mobilite--permis", "mobilite--accompagnement-a-la-mobilite"},
            id="category",
        ),
        pytest.param("mobil", set(), id="part-of-a-category"),
        pytest.param("famille--inconnue", set(), id="unknown"),
    ],
)
def test_a_category_stands_for_all_its_thematiques(valeur: str, thematiques: set[str]) -> None:
    assert VOCABULAIRE.thematiques_of(valeur) == thematiques


@pytest.mark.parametrize(("valeur", "categorie"), [(GARDE, "famille"), ("famille", "famille")])
def test_a_category_is_what_precedes_the_dashes(valeur: str, categorie: str) -> None:
    assert categorie_of(valeur) == categorie
