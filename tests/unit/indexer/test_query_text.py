"""What a person types becomes a place, needs and words; the rest is left as typed."""

import pytest

from app.domain.geographie import Geographie
from app.domain.lieux import Lieux
from app.domain.texte import RequeteTexte
from app.domain.vocabulaire import Vocabulaire
from indexer.analysis import stop_words, synonym_lines, tokens
from indexer.lexique import Lexique
from indexer.query_text import LexiconQueryReader
from indexer.spelling import MAX_CORRECTED

PERMIS, GARDE = "mobilite--preparer-un-permis", "famille--garde-denfants"


def phrases(texte: RequeteTexte | None) -> list[set[tuple[str, ...]]]:
    """The ways of saying each group of a reading."""
    return [set(groupe.phrases) for groupe in texte.groupes] if texte else []


@pytest.mark.parametrize(
    ("q", "correction"),
    [
        ("logment", "logement"),
        ("permi", "permis"),
        ("Logment à Orange", "logement à Orange"),
        ("aide au LOGMENT social", "aide au logement social"),
        ("crèche carpantras", "crèche carpentras"),
        ("L’hebergemant d’urgence", "L’hebergement d’urgence"),
    ],
)
def test_misspelt_words_are_corrected_in_place(
    reader: LexiconQueryReader, q: str, correction: str
) -> None:
    assert reader.read(q, with_place=True).correction == correction


def test_places_that_a_territory_takes_in_are_corrected_too(
    lexique: Lexique, geographie: Geographie
) -> None:
    lieux = Lieux(geographie, geographie.zone("departement:55"))
    reader = LexiconQueryReader(lexique, lieux, lambda _: frozenset())
    assert reader.read("carpantras", with_place=True).correction != "carpentras"

    lieux.serve([], geographie.zone("departement:84"))

    assert reader.read("carpantras", with_place=True).correction == "carpentras"


@pytest.mark.parametrize(
    "q", ["creche", "crèche", "permis", "rsa", "velo", "zorglub", "Avignon", "84000", "qsdfghjklm"]
)
def test_words_spelled_right_or_unlike_any_are_left(reader: LexiconQueryReader, q: str) -> None:
    assert reader.read(q, with_place=True).correction is None


@pytest.mark.parametrize(
    ("q", "need"),
    [
        ("creche", GARDE),
        ("crèche", GARDE),
        ("permi", PERMIS),
        ("permis de conduire", PERMIS),
        ("je voudrais faire garder mes enfants : garde d'enfants", GARDE),
    ],
)
def test_needs_are_recognised(reader: LexiconQueryReader, q: str, need: str) -> None:
    assert need in reader.read(q, with_place=True).besoins


def test_a_need_is_one_group_that_replaces_its_words(reader: LexiconQueryReader) -> None:
    texte = reader.read("garde d'enfants", with_place=True).texte

    assert texte is not None
    (groupe,) = texte.groupes
    assert groupe.thematiques == {GARDE}
    assert tokens("garde d'enfants") in groupe.phrases


def test_accents_case_and_inflection_change_nothing(reader: LexiconQueryReader) -> None:
    readings = {
        str(sorted(phrases(reader.read(q, with_place=False).texte)[0]))
        for q in ("crèche", "CRECHES", "Crèches", "creche")
    }

    assert len(readings) == 1


def test_longest_expression_is_read_first(reader: LexiconQueryReader) -> None:
    whole = reader.read("sans abri", with_place=True)
    part = reader.read("abri", with_place=True)

    assert whole.besoins
    assert phrases(whole.texte) != phrases(part.texte)


@pytest.mark.parametrize(
    ("q", "code"),
    [
        ("permis à Orange", "84087"),
        ("permis Orange", "84087"),
        ("Orange", "84087"),
        ("logement Apt", "84003"),
        ("vélo près de Pertuis", "84089"),
        ("travail Nice", "06088"),
        ("se loger à Die", "26113"),
        ("emploi Sault", "84123"),
        ("Bar-le-Duc", "55029"),
        ("logement bar le duc", "55029"),
        ("L’Isle-sur-la-Sorgue", "84054"),
        ("creche l'isle sur la sorgue", "84054"),
        ("saint didier", "84108"),
        ("permis st-didier", "84108"),
        ("Ste Cécile les Vignes", "84106"),
        ("Beaumes de Venise permis", "84012"),
        ("Fontaine-de-Vaucluse", "84139"),
        ("Paris", "75056"),
        ("84000", "84007"),
        ("garde d'enfants 84200", "84031"),
    ],
)
def test_places_are_taken_out_of_the_words(reader: LexiconQueryReader, q: str, code: str) -> None:
    lecture = reader.read(q, with_place=True)

    assert lecture.lieu == code
    assert reader.read(q, with_place=False).lieu is None


def test_the_words_of_a_place_are_no_longer_sought(reader: LexiconQueryReader) -> None:
    with_place = reader.read("permis à L’Isle-sur-la-Sorgue", with_place=True)

    assert with_place.texte == reader.read("permis", with_place=True).texte


def test_first_of_two_places_is_taken(reader: LexiconQueryReader) -> None:
    assert reader.read("Avignon Orange", with_place=True).lieu == "84007"
    assert reader.read("crèche 84200 84000", with_place=True).lieu == "84031"


@pytest.mark.parametrize("q", ["emploi vaucluse", "logement dans le Vaucluse", "Vaucluse"])
def test_a_departement_is_not_a_distant_hamlet(reader: LexiconQueryReader, q: str) -> None:
    assert reader.read(q, with_place=True).lieu != "25588"


def test_a_local_town_is_found_without_its_article(reader: LexiconQueryReader) -> None:
    assert reader.read("permis isle sur la sorgue", with_place=True).lieu == "84054"


def test_plain_words_are_not_places(reader: LexiconQueryReader) -> None:
    queries = (
        "aide en ligne",
        "prise en charge dentaire",
        "croix rouge",
        "ticket de bus",
        "contrat de ville",
        "logement à louer",
        "donner du sens à ma vie",
        "travailler en Suisse",
    )

    read = {q: reader.read(q, with_place=True).lieu for q in queries}

    assert {q: lieu for q, lieu in read.items() if lieu is not None} == {}


def test_no_need_nor_synonym_is_read_as_a_place(
    reader: LexiconQueryReader, vocabulaire: Vocabulaire
) -> None:
    labels = [t.libelle for t in vocabulaire.referentiels["thematiques"].values()]
    terms = [t.strip() for line in synonym_lines() for t in line.partition("=>")[0].split("|")]

    read = {q: reader.read(q, with_place=True).lieu for q in (*labels, *terms)}

    assert {q: lieu for q, lieu in read.items() if lieu is not None} == {}


def test_no_need_nor_synonym_is_corrected(
    reader: LexiconQueryReader, vocabulaire: Vocabulaire
) -> None:
    labels = [t.libelle for t in vocabulaire.referentiels["thematiques"].values()]
    terms = [t.strip() for line in synonym_lines() for t in line.partition("=>")[0].split("|")]

    assert [q for q in (*labels, *terms) if reader.read(q, with_place=True).correction] == []


def test_a_story_is_read_as_the_needs_that_it_names(reader: LexiconQueryReader) -> None:
    lecture = reader.read("Je n'ai personne pour garder mon fils, étudiant", with_place=True)

    assert [element.mots for element in lecture.elements] == ["personne pour garder mon fils"]
    assert lecture.besoins == {GARDE}
    assert lecture.texte is not None
    need, hint = lecture.texte.groupes
    assert tokens("garde d'enfants") in need.phrases
    assert not need.facultatif
    assert hint.facultatif
    assert hint.poids < need.poids
    assert lecture.texte.required == 1


def test_any_need_of_a_story_is_an_answer(reader: LexiconQueryReader) -> None:
    lecture = reader.read("je cherche une crèche et je veux passer le permis", with_place=True)

    assert lecture.besoins == {GARDE, PERMIS}
    assert len(lecture.elements) == 2
    assert lecture.texte is not None
    assert lecture.texte.groupes[0].thematiques == {GARDE, PERMIS}
    assert lecture.texte.required == 1


def test_words_that_tell_no_story_are_all_sought(reader: LexiconQueryReader) -> None:
    texte = reader.read("crèche permis", with_place=True).texte

    assert texte is not None
    assert texte.required == 2


def test_a_story_without_a_known_need_keeps_its_words(reader: LexiconQueryReader) -> None:
    texte = reader.read("je joue du zorglub", with_place=True).texte

    assert texte is not None
    assert not any(groupe.facultatif for groupe in texte.groupes)


@pytest.mark.parametrize(
    ("q", "numbers"),
    [
        ("je dors dans ma voiture à Apt", ("115",)),
        ("violences conjugales", ("3919", "17", "114")),
        ("suicide", ("3114", "15")),
        ("crèche à Orange", ()),
    ],
)
def test_urgent_needs_name_the_number_to_call(
    reader: LexiconQueryReader, q: str, numbers: tuple[str, ...]
) -> None:
    assert reader.read(q, with_place=True).urgences == numbers


@pytest.mark.parametrize(
    ("q", "rest"),
    [
        ("crèche à Orange", "crèche"),
        ("à Bar-le-Duc, un lit pour ce soir", "un lit pour ce soir"),
        ("Mon cœur est à Apt", "mon coeur est"),  # a ligature moves letters: words as folded
        ("84200", ""),
    ],
)
def test_the_query_without_its_place_is_kept(reader: LexiconQueryReader, q: str, rest: str) -> None:
    assert reader.read(q, with_place=True).sans_lieu == rest


def test_words_taken_literally_name_nothing(reader: LexiconQueryReader) -> None:
    lecture = reader.read_literally("Creche à Orange, logment")

    assert [element.mots for element in lecture.elements] == ["Creche", "Orange", "logment"]
    assert lecture.lieu is None
    assert not lecture.besoins
    assert lecture.correction is None


@pytest.mark.parametrize("q", ["", " ", "aide", "je cherche de l'aide pour", "😀", "…!?'\"", "★"])
def test_queries_without_a_word_of_their_own_ask_nothing(
    reader: LexiconQueryReader, q: str
) -> None:
    lecture = reader.read(q, with_place=True)

    assert lecture.texte is None
    assert lecture.lieu is None
    assert lecture.correction is None


def test_all_stop_words_together_ask_nothing(reader: LexiconQueryReader) -> None:
    alone = [w for w in sorted(stop_words()) if reader.read(w, with_place=True).texte is not None]

    assert alone == []


@pytest.mark.parametrize(
    "q",
    [
        pytest.param(("qzx wkv ploumf " * 30)[:300], id="words of nothing"),
        pytest.param("a" * 300, id="one endless word"),
        pytest.param("abcdefghij" * 30, id="no space"),
        pytest.param("éèà🙂 " * 60, id="accents and emoji"),
        pytest.param("permis " * 42, id="one word again and again"),
        pytest.param("saint " * 50, id="half a place again and again"),
        pytest.param("<script>alert(1)</script> ' OR 1=1 -- \0 %00 \\ " * 6, id="an attack"),
        pytest.param("\ud800 permis", id="half a character"),
    ],
)
def test_three_hundred_characters_of_anything_are_read(
    reader: LexiconQueryReader, q: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    spelling = reader._spelling
    nearest = spelling._nearest
    monkeypatch.setattr(spelling, "_nearest", lambda word: compared.append(word) or nearest(word))

    lecture = reader.read(q, with_place=True)

    # Looking for the nearest spelling is what takes long: it is done for few words only.
    assert len(set(compared)) <= MAX_CORRECTED
    assert lecture.texte is None or all(groupe.poids > 0 for groupe in lecture.texte.groupes)


def test_emoji_beside_a_word_change_nothing(reader: LexiconQueryReader) -> None:
    assert reader.read("🚲 crèche 😀", with_place=True) == reader.read("crèche", with_place=True)


def test_facts_about_the_person_are_not_deduced(reader: LexiconQueryReader) -> None:
    lecture = reader.read("j'ai 24 ans et je touche le rsa", with_place=True)

    assert set(type(lecture).__dataclass_fields__) == {
        "texte",
        "elements",
        "est_recit",
        "lieu",
        "sans_lieu",
        "urgences",
        "besoins",
        "correction",
    }
    assert ("rsa",) in set().union(*phrases(lecture.texte))


@pytest.mark.parametrize(
    ("q", "numbers"),
    [
        ("115", ("115",)),
        ("115 rue de la République Avignon", ()),
        ("j’habite 17 bis avenue Gambetta", ()),
        ("je vis rue Pasteur à Orange", ()),
        ("je vis à la rue", ("115",)),
        ("je suis à la rue depuis deux mois", ("115",)),
    ],
)
def test_an_address_is_no_number_to_call(
    reader: LexiconQueryReader, q: str, numbers: tuple[str, ...]
) -> None:
    assert reader.read(q, with_place=True).urgences == numbers


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("ma fille de 14 ans fait une fugue", "fille de 14 ans fait une fugue"),
        ("le gaz a été coupé", "gaz a été coupé"),
    ],
)
def test_an_age_or_an_auxiliary_does_not_cut_a_way_of_saying(
    reader: LexiconQueryReader, q: str, words: str
) -> None:
    assert [element.mots for element in reader.read(q, with_place=True).elements] == [words]
