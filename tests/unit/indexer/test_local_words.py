"""Local words are understood where they are said, before any engine, and nowhere else."""

from collections.abc import Mapping

import pytest

from app.domain.mots import MotLocal, MotsLocaux
from app.domain.territoire import CodeInsee
from indexer.analysis import tokens
from indexer.lexique import is_sought
from indexer.local_words import LocalQueryReader
from indexer.query_text import LexiconQueryReader

MISSION = MotLocal(noms=("MLHV", "la maison jaune"), sens="Mission locale du Haut-Vaucluse")
PAPES = MotLocal(noms=("Cité des papes",), sens="Avignon", lieu="84007")  # type: ignore[arg-type]
NOUNOU = MotLocal(noms=("tatie",), sens="garde d'enfants")
MOTS: Mapping[str, MotsLocaux] = {"vaucluse": MotsLocaux(mots=(MISSION, PAPES, NOUNOU))}
SANS_MDE = MotsLocaux(eteints=frozenset(["maison de l'emploi"]))


def territoire_of(code: CodeInsee) -> str | None:
    return {"84": "vaucluse", "55": "meuse"}.get(code[:2])


def words_of(*mots: MotLocal) -> MotsLocaux:
    return MotsLocaux(mots=mots)


@pytest.fixture
def local(reader: LexiconQueryReader) -> LocalQueryReader:
    return LocalQueryReader(reader, lambda: MOTS)


def phrases(reader: LocalQueryReader | LexiconQueryReader, q: str) -> set[tuple[str, ...]]:
    texte = reader.read(q, with_place=False).texte
    return set().union(*(groupe.phrases for groupe in texte.groupes)) if texte else set()


@pytest.mark.parametrize("q", ["mlhv", "MLHV rendez-vous", "la maison jaune", "à la Maison Jaune"])
def test_a_local_name_means_its_official_one(local: LocalQueryReader, q: str) -> None:
    assert tokens("mission locale haut vaucluse") in phrases(local, q)


def test_a_listing_that_says_the_local_name_is_found_too(local: LocalQueryReader) -> None:
    assert ("mlhv",) in phrases(local, "mlhv")


def test_a_local_name_means_the_need_that_its_meaning_names(
    local: LocalQueryReader, reader: LexiconQueryReader
) -> None:
    need = reader.read("garde d'enfants", with_place=False).besoins
    assert need

    assert local.read("tatie", with_place=False).besoins == need
    assert not reader.read("tatie", with_place=False).besoins


def test_a_nickname_is_the_place(local: LocalQueryReader) -> None:
    read = local.read("permis à la cité des papes", with_place=True)

    assert read.lieu == "84007"
    assert read.sans_lieu == "permis"
    assert local.read("cité des papes", with_place=False).lieu is None


def test_local_words_are_not_corrected(local: LocalQueryReader) -> None:
    assert local.read("tatie", with_place=False).correction is None


def test_words_are_understood_in_their_territory_and_where_none_is_said(
    local: LocalQueryReader, reader: LexiconQueryReader
) -> None:
    here = local.read("mlhv", with_place=True, territoire="vaucluse")
    anywhere = local.read("mlhv", with_place=True)
    elsewhere = local.read("mlhv", with_place=True, territoire="meuse")

    assert here == anywhere != elsewhere
    assert elsewhere == reader.read("mlhv", with_place=True)


def test_a_word_of_two_territories_means_either_thing_where_none_is_said(
    reader: LexiconQueryReader,
) -> None:
    other = MotLocal(noms=("MLHV",), sens="garde d'enfants")
    both = LocalQueryReader(
        reader, lambda: {"vaucluse": words_of(MISSION), "meuse": words_of(other)}
    )

    found = phrases(both, "mlhv")

    assert tokens("mission locale haut vaucluse") in found
    assert both.read("mlhv", with_place=False).besoins
    assert not both.read("mlhv", with_place=False, territoire="vaucluse").besoins


def test_a_nickname_of_two_towns_is_none_where_no_territory_is_said(
    reader: LexiconQueryReader,
) -> None:
    other = MotLocal(noms=("Cité des papes",), sens="Verdun", lieu="55545")  # type: ignore[arg-type]
    both = LocalQueryReader(reader, lambda: {"vaucluse": words_of(PAPES), "meuse": words_of(other)})

    assert both.read("cité des papes", with_place=True).lieu is None
    assert both.read("cité des papes", with_place=True, territoire="meuse").lieu == "55545"


def test_words_that_change_are_followed(reader: LexiconQueryReader) -> None:
    now: dict[str, Mapping[str, MotsLocaux]] = {"mots": {}}
    followed = LocalQueryReader(reader, lambda: now["mots"])
    before = phrases(followed, "mlhv")

    now["mots"] = MOTS

    assert phrases(followed, "mlhv") != before
    now["mots"] = {}
    assert phrases(followed, "mlhv") == before


def test_the_shipped_lexicon_learns_nothing(
    local: LocalQueryReader, reader: LexiconQueryReader
) -> None:
    before = reader.read("mlhv tatie", with_place=True)

    local.read("mlhv tatie", with_place=True)

    assert reader.read("mlhv tatie", with_place=True) == before


def test_words_taken_literally_stay_as_they_are(local: LocalQueryReader) -> None:
    assert local.read_literally("mlhv").elements[0].groupe.phrases == {("mlhv",)}


def test_words_are_tried_before_they_are_in_force(reader: LexiconQueryReader) -> None:
    empty = LocalQueryReader(reader, dict)

    assert tokens("mission locale haut vaucluse") in phrases(
        empty.trying(words_of(MISSION)), "mlhv"
    )


def means_the_line(reader: LocalQueryReader, q: str, territoire: str | None = None) -> bool:
    texte = reader.read(q, with_place=True, territoire=territoire).texte
    assert texte is not None
    return any(tokens("relais emploi") in groupe.phrases for groupe in texte.groupes)


def test_a_line_is_turned_off_in_its_territory_alone(reader: LexiconQueryReader) -> None:
    two = LocalQueryReader(
        reader, lambda: {"vaucluse": SANS_MDE, "meuse": MotsLocaux()}, territoire_of
    )

    assert not means_the_line(two, "mde", "vaucluse")
    assert means_the_line(two, "mde", "meuse")
    assert means_the_line(two, "mde")


def test_a_place_that_is_typed_says_the_territory(reader: LexiconQueryReader) -> None:
    two = LocalQueryReader(
        reader, lambda: {"vaucluse": SANS_MDE, "meuse": words_of(MISSION)}, territoire_of
    )

    assert not means_the_line(two, "mde à Carpentras")
    assert means_the_line(two, "mde à Verdun")
    assert means_the_line(two, "mde à Lyon")
    assert two.read("mlhv verdun", with_place=True) != two.read("mlhv orange", with_place=True)


def test_a_nickname_that_another_territory_gives_to_a_town_is_kept(
    reader: LexiconQueryReader,
) -> None:
    two = LocalQueryReader(
        reader, lambda: {"vaucluse": SANS_MDE, "meuse": words_of(PAPES)}, territoire_of
    )

    assert two.read("mde cité des papes", with_place=True).lieu == "84007"


def test_a_line_that_every_territory_turns_off_is_so_where_none_is_said(
    reader: LexiconQueryReader,
) -> None:
    alone = LocalQueryReader(reader, lambda: {"vaucluse": SANS_MDE})

    assert not means_the_line(alone, "mde")
    assert not means_the_line(alone, "mde à Lyon")


def test_a_line_is_tried_without_before_it_is_turned_off(reader: LexiconQueryReader) -> None:
    tried = LocalQueryReader(reader, dict).trying(SANS_MDE)

    assert phrases(tried, "mde") == {("mde",)}


@pytest.mark.parametrize(("text", "sought"), [("de la", False), ("", False), ("le CLIC", True)])
def test_words_that_say_nothing_are_told_apart(text: str, sought: bool) -> None:
    assert is_sought(text) is sought
