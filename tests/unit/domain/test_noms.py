"""Names compared as a reader compares them."""

import pytest

from app.domain.noms import fold, name_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Orange", "orange", id="plain"),
        pytest.param("Été à Bédoin", "ete a bedoin", id="accents"),
        pytest.param("Cœur d’Œuvre", "coeur d’oeuvre", id="ligatures"),
        pytest.param("", "", id="empty"),
    ],
)
def test_folding_drops_case_accents_and_ligatures(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("nom", "same"),
    [
        pytest.param("L’Isle-sur-la-Sorgue", "ISLE SUR SORGUE", id="small-words-and-case"),
        pytest.param("Maison  de l'Emploi", "maison emploi", id="spaces-and-apostrophes"),
        pytest.param("Pôle « Santé »", "pole sante", id="punctuation"),
    ],
)
def test_two_spellings_of_a_name_have_one_key(nom: str, same: str) -> None:
    assert name_key(nom) == name_key(same)


def test_a_name_of_small_words_keeps_them() -> None:
    assert name_key("Les Aux") == "les aux"
