"""Every shipped fact can be said aloud, to the person and about them."""

import re
from collections.abc import Iterator, Mapping

import pytest

from app.domain.vocabulaire import Fait, Nature
from seed import reference
from seed.reference import DATA, VALEUR

NO_BREAK = "\N{NO-BREAK SPACE}"
SENTENCES = ("attendu", "connu", "connu_tiers")
BOTH = ("attendus", "connus", "connus_tiers")
OF_A_SET = (*BOTH, "connus_non", "connus_non_tiers", "questions", "questions_tiers")
QUESTIONS_TIERS = ("question_tiers", "questions_tiers")
TO_THE_PERSON = re.compile(r"\b([Vv]ous|[Vv]otre|[Vv]os)\b")
SECOND_PERSON = re.compile(r"\b(?!chez\b)\w+ez\b|\bvous êtes\b|\bfaites\b")
# A masculine followed by its feminine, or a form for both: the texts go round it.
DOUBLED = re.compile(r"\(e\)|·|\b(\w+) ou \1e\b|\bsuivie?\b ou")
INFINITIVE = re.compile(r"(ne pas |n’|se )?\w+(er|ir|re)\b")
BAD_SPACE = re.compile(rf"(?<!{NO_BREAK})[?:»!;]|«(?!{NO_BREAK})")
PROPER = ("Cap emploi",)
ABOUT_THE_PERSON = ("connu_tiers", "connus_tiers", "connus_non_tiers", *QUESTIONS_TIERS)


@pytest.fixture(scope="module")
def faits() -> Mapping[str, Fait]:
    return reference.load_vocabulaire(None, reference.load_geographie()).faits


def texts_of(fait: Fait, *fields: str) -> Iterator[str]:
    for name in fields:
        value = getattr(fait, name)
        yield from (value,) if isinstance(value, str) else (value or {}).values()


def clauses_of(fait: Fait) -> list[str]:
    return list(texts_of(fait, *SENTENCES, *BOTH, "connus_non", "connus_non_tiers"))


def questions_of(fait: Fait) -> list[str]:
    return list(texts_of(fait, "question", "questions", *QUESTIONS_TIERS))


def test_every_fact_has_its_words(faits: Mapping[str, Fait]) -> None:
    for fait in faits.values():
        assert fait.question_tiers
        for name in SENTENCES:
            assert bool(getattr(fait, name)) is (fait.nature is not Nature.ENSEMBLE), name


def test_every_value_has_its_words(faits: Mapping[str, Fait]) -> None:
    for fait in faits.values():
        fields = {Nature.CHOIX: BOTH, Nature.ENSEMBLE: OF_A_SET}.get(fait.nature, ())
        for name in OF_A_SET:
            assert list(getattr(fait, name)) == list(fait.valeurs if name in fields else ()), name


def test_a_value_goes_where_its_words_say(faits: Mapping[str, Fait]) -> None:
    for fait in faits.values():
        for name in SENTENCES:
            assert (getattr(fait, name) or VALEUR).count(VALEUR) == 1, name


def test_words_are_written_as_french_wants(faits: Mapping[str, Fait]) -> None:
    for fait in faits.values():
        for text in (*clauses_of(fait), *questions_of(fait)):
            assert text == text.strip(), text
            assert "'" not in text, text
            assert "  " not in text, text
            assert not BAD_SPACE.search(text), text
            assert not DOUBLED.search(text), text


def test_clauses_go_inside_a_sentence(faits: Mapping[str, Fait]) -> None:
    for fait in faits.values():
        for text in clauses_of(fait):
            assert not text.endswith((".", "?", "!", ":", ",")), text
            assert text[0].islower() or text.startswith(PROPER), text


def test_what_is_expected_follows_il_faut_and_il_ne_faut_pas(faits: Mapping[str, Fait]) -> None:
    for fait in faits.values():
        for text in texts_of(fait, "attendu", "attendus"):
            assert INFINITIVE.match(text), text
            assert not TO_THE_PERSON.search(text), "said in both voices: " + text


def test_questions_are_questions(faits: Mapping[str, Fait]) -> None:
    for fait in faits.values():
        for text in questions_of(fait):
            assert text.endswith(f"{NO_BREAK}?"), text
            assert text[0].isupper(), text


def test_each_voice_speaks_to_the_right_person(faits: Mapping[str, Fait]) -> None:
    for fait in faits.values():
        for text in texts_of(fait, *ABOUT_THE_PERSON):
            assert not TO_THE_PERSON.search(text), text
            assert not SECOND_PERSON.search(text), text
        for text in texts_of(fait, "connu", "connus", "connus_non"):
            assert "la personne" not in text, text
            assert TO_THE_PERSON.search(text), text


def test_what_is_known_is_never_said_like_its_contrary(faits: Mapping[str, Fait]) -> None:
    for fait in faits.values():
        for yes, no in (("connus", "connus_non"), ("connus_tiers", "connus_non_tiers")):
            for valeur, clause in getattr(fait, no).items():
                assert clause != getattr(fait, yes)[valeur]
                assert re.search(r"\bn(e |’)", clause), clause


def test_a_unit_that_changes_has_its_singular(faits: Mapping[str, Fait]) -> None:
    for fait in faits.values():
        singular = fait.unite.removesuffix("s") if fait.unite else None
        assert (fait.unite_un or fait.unite) == ("mois" if fait.unite == "mois" else singular)


def test_a_duration_says_from_which_age_it_may_begin(faits: Mapping[str, Fait]) -> None:
    for fait in faits.values():
        assert (fait.debut_age is not None) is (fait.unite == "mois")


def test_each_age_of_beginning_has_its_reason(faits: Mapping[str, Fait]) -> None:
    lines = (DATA / "faits.toml").read_text(encoding="utf-8").splitlines()
    ages = [i for i, line in enumerate(lines) if line.startswith("debut_age = ")]

    assert len(ages) == sum(fait.debut_age is not None for fait in faits.values())
    assert all(lines[i - 1].startswith(("# debut_age: ", "#   ")) for i in ages)


@pytest.mark.parametrize(
    ("cle", "debut"),
    [
        pytest.param("duree_chomage_mois", 14, id="first-work-in-france"),
        pytest.param("experience_professionnelle_mois", 5, id="work-of-a-child-abroad"),
        pytest.param("duree_presence_france_mois", 0, id="since-birth"),
    ],
)
def test_no_true_life_is_refused(faits: Mapping[str, Fait], cle: str, debut: int) -> None:
    assert faits[cle].debut_age == debut
