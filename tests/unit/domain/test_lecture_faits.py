"""What is known of a person, read from JSON: every form, every fault with its path."""

from datetime import date

import pytest

from app.domain.durees import Unite
from app.domain.errors import ArbreInvalide
from app.domain.lecture_faits import read_profil
from app.domain.profil import (
    Choix,
    Connaissance,
    Echelons,
    Ensemble,
    Lieu,
    Nombre,
    Profil,
    SansObjet,
)
from seed.reference import load_geographie, load_vocabulaire

GEOGRAPHIE = load_geographie()
VOCABULAIRE = load_vocabulaire(None, GEOGRAPHIE)
TODAY = date(2026, 11, 25)


def read(**faits: object) -> Profil:
    return read_profil(faits, VOCABULAIRE, GEOGRAPHIE, TODAY)


def faults(**faits: object) -> list[tuple[str, str]]:
    with pytest.raises(ArbreInvalide) as refusal:
        read(**faits)
    return [(p.chemin.removeprefix("faits."), p.motif) for p in refusal.value.problemes]


@pytest.mark.parametrize(
    ("fait", "value", "known"),
    [
        ("age", 24, Nombre(min=24, max=24)),
        ("age", {"min": 18}, Nombre(min=18)),
        ("age", {"min": 18, "max": None}, Nombre(min=18)),
        ("age_plus_jeune_enfant", "sans_objet", SansObjet()),
        ("age", {"ne_le": "2002-05-12"}, Nombre(min=24, max=24)),
        ("age", {"ne_le": "2002-12"}, Nombre(min=23, max=23)),
        ("age", {"ne_le": "2002"}, Nombre(min=23, max=24)),
        ("duree_chomage_mois", {"depuis": "2025-02-03"}, Nombre(min=21, max=21)),
        ("activite", "salarie", Choix(frozenset(("salarie",)))),
        ("activite", {"parmi": ["salarie", "inactif"]}, Choix(frozenset(("salarie", "inactif")))),
        (
            "allocations",
            {"rsa": True, "aah": False, "ass": None},
            Ensemble(frozenset(("rsa",)), frozenset(("aah",))),
        ),
        ("niveau_francais", "a2", Echelons(2, 2)),
        ("niveau_francais", {"min": "a2"}, Echelons(2, 7)),
        ("residence", "84007", Lieu(GEOGRAPHIE.zone("84007"))),
        ("residence", ["departement:84", "84007"], Lieu(GEOGRAPHIE.zone("84007"))),
    ],
)
def test_a_fact_reads(fait: str, value: object, known: Connaissance) -> None:
    assert read(**{fait: value}).get(fait) == known


def test_null_and_absent_are_unknown() -> None:
    assert read(age=None, allocations=None).faits == {}


def test_a_dated_fact_keeps_its_date() -> None:
    profil = read(age={"ne_le": "2002-05-12"})

    assert profil.dates["age"].unite is Unite.ANS
    assert profil.at(date(2028, 5, 12)).get("age") == Nombre(min=26, max=26)


@pytest.mark.parametrize(
    ("faits", "expected"),
    [
        ({"agee": 3}, [("agee", "fait_inconnu")]),
        ({"age": "24"}, [("age", "nombre_attendu")]),
        ({"age": True}, [("age", "nombre_attendu")]),
        ({"age": 24.5}, [("age", "entier_attendu")]),
        ({"age": 230}, [("age", "hors_bornes")]),
        ({"age": -1}, [("age", "hors_bornes")]),
        ({"age": {"min": 30, "max": 20}}, [("age", "bornes_inversees")]),
        ({"age": {"min": 1, "au": 2}}, [("age.au", "intervalle_attendu")]),
        ({"age": {"ne_le": "12/05/2002"}}, [("age.ne_le", "date_attendue")]),
        ({"age": {"ne_le": "2030-01-01"}}, [("age.ne_le", "date_future")]),
        ({"age": {"ne_le": "2002", "min": 3}}, [("age", "date_refusee")]),
        ({"nb_enfants": {"depuis": "2020"}}, [("nb_enfants", "date_refusee")]),
        ({"activite": "chomeur"}, [("activite", "valeur_inconnue")]),
        ({"activite": ["salarie"]}, [("activite", "valeur_inconnue")]),
        ({"activite": {"parmi": []}}, [("activite", "choix_attendu")]),
        ({"activite": {"parmi": ["x"]}}, [("activite.parmi[0]", "valeur_inconnue")]),
        ({"allocations": ["rsa"]}, [("allocations", "ensemble_attendu")]),
        ({"allocations": {"rmi": True}}, [("allocations.rmi", "valeur_inconnue")]),
        ({"allocations": {"rsa": "oui"}}, [("allocations.rsa", "vrai_ou_faux")]),
        (
            {"niveau_francais": {"min": "c2", "max": "a1"}},
            [("niveau_francais", "bornes_inversees")],
        ),
        ({"residence": "00000"}, [("residence", "lieu_inconnu")]),
        ({"residence": "99137"}, [("residence", "lieu_inconnu")]),
        ({"residence": []}, [("residence", "lieu_inconnu")]),
        ({"residence": {}}, [("residence", "lieu_inconnu")]),
        ({"residence": ["84007", "55029"]}, [("residence", "lieux_incompatibles")]),
        (
            {"age": 12, "duree_chomage_mois": 240},
            [("duree_chomage_mois", "plus_long_que_la_vie")],
        ),
    ],
)
def test_a_fault_is_told_with_its_path(
    faits: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert faults(**faits) == expected


def test_every_fault_is_told_at_once() -> None:
    assert [path for path, _ in faults(age="x", activite="y", residence="z")] == [
        "age", "activite", "residence",
    ]  # fmt: skip


def test_a_long_life_may_hold_a_long_duration() -> None:
    assert read(age=60, duree_chomage_mois=240).faits


@pytest.mark.parametrize("data", [None, [], "x", 4])
def test_facts_are_an_object(data: object) -> None:
    with pytest.raises(ArbreInvalide):
        read_profil(data, VOCABULAIRE, GEOGRAPHIE, TODAY)
