"""Where the rules of an offer come from: read strictly, from JSON or from a cell."""

import json
from datetime import date

import pytest

from app.domain.offre import Offre
from app.domain.regles import EtatRegles, Regles
from schemas.records import RecordReader, RecordRefused

Record = dict[str, object]
GIVEN: Record = {
    "source": "Code du travail, article L5131-6",
    "lien": "https://exemple.fr/loi",
    "lue_le": "2026-11-01",
}
READ = Regles(
    source="Code du travail, article L5131-6",
    lien="https://exemple.fr/loi",
    lue_le=date(2026, 11, 1),
    etat=EtatRegles.A_CONFIRMER,
)


def regles_of(reader: RecordReader, service: Record, regles: object) -> Regles | None:
    offre = reader.read({**service, "regles": regles})
    assert isinstance(offre, Offre)
    return offre.regles


@pytest.mark.parametrize(
    ("given", "read"),
    [
        pytest.param(GIVEN, READ, id="object"),
        pytest.param(json.dumps(GIVEN), READ, id="cell"),
        pytest.param({**GIVEN, "etat": "a-confirmer"}, READ, id="said"),
        pytest.param({**GIVEN, "etat": None}, READ, id="null state"),
        pytest.param(None, None, id="null"),
        pytest.param(" ", None, id="blank"),
    ],
)
def test_the_origin_of_the_rules_is_read(
    reader: RecordReader, service: Record, given: object, read: Regles | None
) -> None:
    assert regles_of(reader, service, given) == read


def test_confirmed_rules_are_told_apart(reader: RecordReader, service: Record) -> None:
    regles = regles_of(reader, service, {**GIVEN, "etat": "confirmees"})

    assert regles is not None
    assert regles.etat is EtatRegles.CONFIRMEES


@pytest.mark.parametrize(
    ("change", "champ", "said"),
    [
        pytest.param({"source": None}, "regles.source", "obligatoire", id="no source"),
        pytest.param({"lien": "http://exemple.fr/loi"}, "regles.lien", "https://", id="http"),
        pytest.param({"lien": "javascript:alert(1)"}, "regles.lien", "lien", id="script"),
        pytest.param({"lue_le": "2026-11-23"}, "regles.lue_le", "futur", id="tomorrow"),
        pytest.param({"lue_le": "hier"}, "regles.lue_le", "date", id="not a date"),
        pytest.param({"etat": "confirmée"}, "regles.etat", "confirmees", id="unknown state"),
        pytest.param({"auteur": "x"}, "regles.auteur", "n’existe pas", id="unknown key"),
    ],
)
def test_each_fault_is_told_with_its_path(
    reader: RecordReader, service: Record, change: Record, champ: str, said: str
) -> None:
    with pytest.raises(RecordRefused) as refusal:
        reader.read({**service, "regles": {**GIVEN, **change}})

    (refus,) = refusal.value.refus
    assert refus.champ == champ
    assert said in refus.raison


@pytest.mark.parametrize(
    "given", [["Code du travail"], "Code du travail", "{", 3, True, "[]"], ids=str
)
def test_anything_but_an_object_is_refused(
    reader: RecordReader, service: Record, given: object
) -> None:
    with pytest.raises(RecordRefused) as refusal:
        reader.read({**service, "regles": given})

    assert [refus.champ for refus in refusal.value.refus] == ["regles"]
