"""What a reader sends to report an error: what it means, and what refuses it."""

import pytest
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from app.domain.publication import OFFRE, STRUCTURE
from app.domain.signalements import MAX_PRECISION, Constat, Motif
from schemas.signalements import MOTIFS, UNKNOWN_MOTIF, read_constat


def faults_of(**form: str) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        read_constat(MultiDict(form), OFFRE)
    return refusal.value.normalized_messages()


def test_every_reason_has_its_words() -> None:
    assert list(MOTIFS[OFFRE]) == list(Motif)
    assert len(set(MOTIFS[OFFRE].values())) == len(Motif)


@pytest.mark.parametrize("motif", Motif)
def test_a_structure_has_only_the_reasons_that_are_its_own(motif: Motif) -> None:
    form = MultiDict({"motif": motif.value})
    if motif in (Motif.PLUS_DE_PLACE, Motif.CONDITIONS_FAUSSES):
        with pytest.raises(ValidationError) as refusal:
            read_constat(form, STRUCTURE)
        assert refusal.value.normalized_messages() == {"motif": [UNKNOWN_MOTIF]}
    else:
        assert read_constat(form, STRUCTURE) == Constat(motif=motif)
        assert motif in MOTIFS[STRUCTURE]


@pytest.mark.parametrize("motif", Motif)
def test_a_reason_alone_is_enough(motif: Motif) -> None:
    assert read_constat(MultiDict({"motif": motif.value}), OFFRE) == Constat(motif=motif)


@pytest.mark.parametrize("silence", ["", "  \r\n ", "\u200b\u200b"])
def test_a_blank_precision_is_none(silence: str) -> None:
    form = MultiDict({"motif": "autre", "precision": silence})

    assert read_constat(form, OFFRE).precision is None


def test_a_precision_becomes_one_line_without_invisible_marks() -> None:
    typed = "  Fermé\r\nle lundi\t\u202e\x1b[31m 06\u200b00\x00 "

    read = read_constat(MultiDict({"motif": "horaires", "precision": typed}), OFFRE)

    assert read.precision == "Fermé le lundi [31m 0600"


def test_the_limit_counts_what_is_left() -> None:
    longest = "é" * MAX_PRECISION

    read = read_constat(MultiDict({"motif": "autre", "precision": f"\r\n {longest} \r\n"}), OFFRE)

    assert read.precision == longest


def test_a_longer_precision_is_refused_with_its_limit() -> None:
    faults = faults_of(motif="autre", precision="é" * (MAX_PRECISION + 1))

    assert list(faults) == ["precision"]
    assert str(MAX_PRECISION) in faults["precision"][0]


@pytest.mark.parametrize("motif", ["", "zut", "HORAIRES", "horaires,autre"])
def test_an_unknown_reason_asks_for_a_button(motif: str) -> None:
    assert faults_of(motif=motif) == {"motif": [UNKNOWN_MOTIF]}


def test_every_fault_is_told_at_once() -> None:
    assert faults_of(precision="x" * 301).keys() == {"motif", "precision"}


def test_foreign_fields_count_for_nothing() -> None:
    form = MultiDict({"motif": "autre", "nom": "Garance", "csrf": "1"})

    assert read_constat(form, OFFRE) == Constat(motif=Motif.AUTRE)
