"""Every field of a listing: what it reads, what it refuses, and in which words."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import pytest
from marshmallow import ValidationError, fields, validate

from app.domain.vocabulaire import EtatPublication
from schemas.fields import (
    CodeInsee,
    CodePostal,
    DateMaj,
    EnumList,
    EnumValue,
    EtatDePublication,
    Identifiant,
    Jour,
    Siret,
    Telephone,
    Texte,
    ZoneEligibilite,
)

Load = Callable[[fields.Field, object], object]
Refusals = Callable[[fields.Field, object], list[str]]

SILENT = [
    pytest.param(None, id="null"),
    pytest.param("", id="empty"),
    pytest.param(" \t\u00a0", id="blank"),
]
EVERY_FIELD = [
    *(
        pytest.param(cls, id=cls.__name__)
        for cls in (
            Texte,
            CodePostal,
            CodeInsee,
            Siret,
            Telephone,
            ZoneEligibilite,
            DateMaj,
            Jour,
            Identifiant,
            EtatDePublication,
        )
    ),
    pytest.param(partial(EnumList, "publics"), id="EnumList"),
    pytest.param(partial(EnumValue, "frais"), id="EnumValue"),
]


@pytest.mark.parametrize("value", SILENT)
@pytest.mark.parametrize("make", EVERY_FIELD)
def test_silence_is_none_or_a_fault_where_required(
    load: Load, refusals_of: Refusals, make: Callable[..., fields.Field], value: object
) -> None:
    assert load(make(), value) is None
    assert refusals_of(make(required=True), value) == ["Ce champ est obligatoire : renseignez-le."]


@pytest.mark.parametrize("make", EVERY_FIELD)
@pytest.mark.parametrize("value", [{"a": 1}, [[]], 3, True], ids=str)
def test_nested_garbage_is_refused(
    refusals_of: Refusals, make: Callable[..., fields.Field], value: object
) -> None:
    assert refusals_of(make(), value)


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        pytest.param(Texte(), "  Le Garage \n", "Le Garage", id="text stripped"),
        pytest.param(Texte(), "a\x00b\nc", "ab\nc", id="controls dropped, lines kept"),
        pytest.param(Texte(), "\x00", None, id="only controls"),
        pytest.param(Texte(low=3, high=5), " abc ", "abc", id="length of what is left"),
        pytest.param(Identifiant(), " dora--é|1 ", " dora--é|1 ", id="identifier to the letter"),
        pytest.param(CodePostal(), " 84000 ", "84000", id="postal code"),
        pytest.param(CodeInsee(), "84007", "84007", id="commune"),
        pytest.param(CodeInsee(), "2a004", "2A004", id="Corsica in lower case"),
        pytest.param(CodeInsee(), "55136", "55551", id="former commune"),
        pytest.param(CodeInsee(), "75111", "75111", id="arrondissement"),
        pytest.param(CodeInsee(), "75056", "75056", id="Paris"),
        pytest.param(Siret(), "217 101 534\u00a000014", "21710153400014", id="SIRET with spaces"),
        pytest.param(Telephone(), " 01 45 (p. 3) ", "01 45 (p. 3)", id="telephone kept"),
        pytest.param(Telephone(), "15", "15", id="emergency number"),
        pytest.param(EnumValue("frais"), " gratuit ", "gratuit", id="value"),
        pytest.param(EtatDePublication(), "a-moderer", EtatPublication.A_MODERER, id="state"),
        pytest.param(EnumList("publics"), ["jeunes", "femmes", "jeunes"], ("jeunes", "femmes"),
                     id="distinct"),
        pytest.param(EnumList("publics"), "jeunes| femmes,jeunes|", ("jeunes", "femmes"),
                     id="cell with separators"),
        pytest.param(EnumList("publics"), ' ["jeunes"]', ("jeunes",), id="cell with JSON"),
        pytest.param(EnumList("publics"), ("jeunes", " "), ("jeunes",), id="blank item"),
        pytest.param(EnumList("publics"), [], None, id="empty list"),
        pytest.param(EnumList("publics"), "|", None, id="cell without value"),
        pytest.param(EnumList("publics", alone="tous-publics"), ["tous-publics"] * 2,
                     ("tous-publics",), id="alone"),
        pytest.param(DateMaj(), "2026-11-22", date(2026, 11, 22), id="today"),
        pytest.param(DateMaj(), "2000-01-01", date(2000, 1, 1), id="first day"),
        pytest.param(DateMaj(), "2026-01-31T23:30:00Z", date(2026, 1, 31), id="date-time, zone"),
        pytest.param(DateMaj(), " 2026-01-31 08:00 ", date(2026, 1, 31), id="date and time"),
        pytest.param(DateMaj(), date(2026, 1, 31), date(2026, 1, 31), id="date object"),
        pytest.param(DateMaj(), datetime(2026, 1, 31, 8), date(2026, 1, 31), id="datetime"),  # noqa: DTZ001
        pytest.param(Jour(), "2027-05-01", date(2027, 5, 1), id="next session"),
    ],
)  # fmt: skip
def test_field_reads(load: Load, field: fields.Field, value: object, read: object) -> None:
    assert load(field, value) == read


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        pytest.param(Texte(low=3), "ab", "écrivez au moins 3 caractères", id="short"),
        pytest.param(Texte(high=10_000), "a" * 10_001, "gardez 10 000 caractères", id="long"),
        pytest.param(Texte(), "\ud800", "enregistrez-le en UTF-8", id="surrogate"),
        pytest.param(Texte(), 12, "Un texte est attendu", id="number as text"),
        pytest.param(Identifiant(), 12, "entre guillemets", id="number as id"),
        pytest.param(Identifiant(), "a\x00", "caractère invisible", id="control in id"),
        pytest.param(Identifiant(), "a\ud800", "caractère invisible", id="surrogate in id"),
        pytest.param(Identifiant(), "é" * 257, "512 octets au plus", id="id too long"),
        pytest.param(CodePostal(), "1000", "avec le zéro du début", id="lost zero"),
        pytest.param(CodePostal(), "８４０００", "5 chiffres", id="wide digits"),
        pytest.param(CodeInsee(), "99999", "« 99999 » n’est le code d’aucune commune", id="code"),
        pytest.param(CodeInsee(), "departement:84", "d’aucune commune", id="zone as commune"),
        pytest.param(Siret(), "2171015340001", "écrivez ses 14 chiffres", id="13 digits"),
        pytest.param(Telephone(), "voir le site", "écrivez-le en chiffres", id="no digit"),
        pytest.param(EnumValue("frais"), "gratui", "Vouliez-vous dire « gratuit » ?", id="near"),
        pytest.param(EnumValue("frais"), ["gratuit"], "Un texte est attendu", id="list as value"),
        pytest.param(EtatDePublication(), "publié", "Vouliez-vous dire « publie » ?", id="state"),
        pytest.param(EnumList("publics"), "[1,", "vérifiez guillemets, virgules", id="bad JSON"),
        pytest.param(EnumList("publics"), "[" * 9999, "JSON lisible", id="deep JSON"),
        pytest.param(EnumList("publics"), [None], "« null » n’existe pas", id="null item"),
        pytest.param(EnumList("publics", alone="tous-publics"), ["jeunes", "tous-publics"],
                     "« tous-publics » s’emploie seul", id="not alone"),
        pytest.param(DateMaj(), "2026-11-23", "dans le futur", id="tomorrow"),
        pytest.param(DateMaj(), "1999-12-31", "trop ancienne", id="last century"),
        pytest.param(DateMaj(), "2026-02-30", "n’est pas une date", id="no such day"),
        pytest.param(DateMaj(), "2026-01-31Tmidi", "n’est pas une date", id="no such time"),
        pytest.param(DateMaj(), "31/01/2026", "comme 2026-03-31", id="French date"),
        pytest.param(DateMaj(), "20260131", "n’est pas une date", id="compact date"),
    ],
)  # fmt: skip
def test_field_refuses(
    refusals_of: Refusals, field: fields.Field, value: object, message: str
) -> None:
    (refusal,) = refusals_of(field, value)

    assert message in refusal


def test_unknown_values_of_a_list_are_all_named_up_to_ten(refusals_of: Refusals) -> None:
    two = refusals_of(EnumList("thematiques"), ["mobilité--permi", "sante--addictions", "xyzzy"])

    assert two == [
        "« mobilité--permi » n’existe pas. Vouliez-vous dire « mobilite--preparer-un-permis » ?",
        "« xyzzy » n’existe pas. Choisissez une valeur de la liste de référence.",
    ]
    assert len(refusals_of(EnumList("thematiques"), ["xyzzy"] * 1000)) == 10


@pytest.mark.parametrize(
    ("value", "refs"),
    [
        pytest.param(["84", "84007"], ("departement:84", "84007"), id="département, commune"),
        pytest.param(["2a", "971"], ("departement:2A", "departement:971"), id="Corsica, overseas"),
        pytest.param(["200035723"], ("epci:200035723",), id="EPCI"),
        pytest.param(["france", "99100", "FRANCE"], ("france",), id="France"),
        pytest.param(["99137"], ("etranger:99137",), id="another country"),
        pytest.param(["75056", "75111"], ("75056", "75111"), id="Paris and a part of it"),
        pytest.param(["region:93", "departement:84"], ("region:93", "departement:84"), id="refs"),
        pytest.param("84|55", ("departement:84", "departement:55"), id="cell"),
        pytest.param([], None, id="empty list"),
    ],
)
def test_zone_becomes_canonical(load: Load, value: object, refs: tuple[str, ...] | None) -> None:
    assert load(ZoneEligibilite(), value) == refs


@pytest.mark.parametrize("code", ["ZZ", "84999", "999999999", "etranger:junk", "region:84000"])
def test_unknown_zone_is_refused_by_its_code(refusals_of: Refusals, code: str) -> None:
    (refusal,) = refusals_of(ZoneEligibilite(), ["84", code])

    assert refusal.startswith(f"« {code} » n’est pas une zone connue")


def test_former_communes_are_told(load: Load, resolved: list[tuple[str, str]]) -> None:
    load(CodeInsee(), "55136")
    load(ZoneEligibilite(), ["55136", "84", "84007"])

    assert resolved == [("55136", "55551"), ("55136", "55551")]


def test_validators_given_to_a_field_still_run(load: Load, refusals_of: Refusals) -> None:
    field = Texte(validate=validate.OneOf(["a"]))

    assert load(field, "a") == "a"
    assert refusals_of(field, "b") == ["Choisissez parmi : a."]


def test_a_missing_required_field_is_a_fault(context: object) -> None:
    with pytest.raises(ValidationError, match="obligatoire"):
        Texte(required=True).deserialize("\x00")


def test_lists_document_their_values(load: Load) -> None:
    field = EnumList("frais")

    load(field, None)

    assert field.metadata["type"] == "array"
