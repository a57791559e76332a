"""What to bring: short lines, read from JSON, a cell or a form, and refused in French."""

import json

import pytest

from app.domain.offre import Offre
from schemas.records import RecordReader, RecordRefused, offre_to_record

Record = dict[str, object]
TWELVE = [f"Pièce n° {rank}" for rank in range(12)]


def a_apporter_of(reader: RecordReader, service: Record, given: object) -> tuple[str, ...] | None:
    offre = reader.read({**service, "a_apporter": given})
    assert isinstance(offre, Offre)
    return offre.a_apporter


@pytest.mark.parametrize(
    ("given", "read"),
    [
        pytest.param(["Un RIB"], ("Un RIB",), id="list"),
        pytest.param(["Un RIB", "Une photo"], ("Un RIB", "Une photo"), id="order kept"),
        pytest.param("Une carte, valide|Un RIB", ("Une carte, valide", "Un RIB"), id="cell"),
        pytest.param("Un RIB\r\n\r\n Une photo\n", ("Un RIB", "Une photo"), id="lines of a form"),
        pytest.param(json.dumps(["Un RIB", "A|B"]), ("Un RIB", "A|B"), id="JSON in a cell"),
        pytest.param(["  Un\tRIB \n ou un chèque"], ("Un RIB ou un chèque",), id="one line"),
        pytest.param(["Un RIB", "Une photo", "un rib"], ("Un RIB", "Une photo"), id="distinct"),
        pytest.param(["Un RIB", "", " "], ("Un RIB",), id="blank item"),
        pytest.param(["RIB", "é" * 120], ("RIB", "é" * 120), id="shortest and longest"),
        pytest.param(TWELVE, tuple(TWELVE), id="twelve"),
        pytest.param([*TWELVE, TWELVE[0]], tuple(TWELVE), id="twelve distinct"),
        pytest.param([], None, id="empty list"),
        pytest.param(["", "\x00"], None, id="nothing visible"),
        pytest.param(None, None, id="null"),
        pytest.param(" | ", None, id="blank cell"),
    ],
)
def test_what_to_bring_is_read(
    reader: RecordReader, service: Record, given: object, read: tuple[str, ...] | None
) -> None:
    assert a_apporter_of(reader, service, given) == read


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        pytest.param(
            ["ID", "Un RIB"], ["« ID » est trop court : écrivez au moins 3 caractères."], id="short"
        ),
        pytest.param(
            ["x" * 121],
            [f"« {'x' * 59}… » est trop long : gardez 120 caractères au plus par ligne."],
            id="long",
        ),
        pytest.param(
            ["a", "b"],
            [f"« {text} » est trop court : écrivez au moins 3 caractères." for text in "ab"],
            id="each fault",
        ),
        pytest.param(
            [*TWELVE, "Un RIB"],
            ["Cette liste a 13 lignes : gardez les 12 plus utiles."],
            id="thirteen",
        ),
        pytest.param([3], ["Un texte est attendu : écrivez-le entre guillemets."], id="not a text"),
        pytest.param(
            {"a": "Un RIB"},
            ["Une liste est attendue : écrivez les valeurs entre crochets."],
            id="not a list",
        ),
        pytest.param(
            "[1,",
            ["« [1, » n’est pas du JSON lisible : vérifiez guillemets, virgules et crochets."],
            id="bad JSON",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_french(
    reader: RecordReader, service: Record, given: object, messages: list[str]
) -> None:
    with pytest.raises(RecordRefused) as refusal:
        a_apporter_of(reader, service, given)

    assert {refus.champ for refus in refusal.value.refus} == {"a_apporter"}
    assert [refus.raison.replace("\u00a0", " ") for refus in refusal.value.refus] == messages


def test_at_most_ten_faults_are_told(reader: RecordReader, service: Record) -> None:
    with pytest.raises(RecordRefused) as refusal:
        a_apporter_of(reader, service, [chr(letter) for letter in range(97, 123)])

    assert len(refusal.value.refus) == 10


def test_silence_is_left_out_of_what_goes_out(reader: RecordReader, service: Record) -> None:
    offre = reader.read(service)

    assert isinstance(offre, Offre)
    assert "a_apporter" not in offre_to_record(offre, extensions=True)
