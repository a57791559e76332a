"""Lines of ways of saying become phrases, needs and numbers."""

import pytest

from indexer.tournures import read_cible, read_tournures


def test_classes_of_words_are_written_out() -> None:
    lines = ["@enfant = fils | fille", "garder mon @enfant | nounou => garde d'enfants"]

    (tournure,) = read_tournures(lines)

    assert tournure.facons == ("garder mon fils", "garder mon fille", "nounou")
    assert tournure.cible.noms == ("garde d'enfants",)


def test_several_classes_combine() -> None:
    lines = ["@a = un | deux", "@b = x | y", "@a @b => mobilite"]

    (tournure,) = read_tournures(lines)

    assert tournure.facons == ("un x", "un y", "deux x", "deux y")


def test_an_unknown_class_is_a_fault() -> None:
    with pytest.raises(KeyError):
        list(read_tournures(["perdu mon @travail => mobilite"]))


def test_numbers_keep_their_order() -> None:
    cible = read_cible("famille, violences !3919 !17")

    assert cible.noms == ("famille", "violences")
    assert cible.urgences == ("3919", "17")
