"""When a verdict changes by itself."""

from datetime import date

import pytest

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, criteres
from app.domain.eligibility import Juge
from app.domain.horizon import Horizon, next_change
from app.domain.lecture_faits import read_profil
from app.domain.profil import Profil
from app.domain.verdict import Valeur
from seed.reference import load_geographie, load_vocabulaire

GEOGRAPHIE = load_geographie()
VOCABULAIRE = load_vocabulaire(None, GEOGRAPHIE)
TODAY = date(2026, 11, 25)
YOUNG = Critere(fait="age", min=16.0, max=25.0)
UNDER_26 = Critere(fait="age", max_exclu=26.0)
OLD = Critere(fait="age", min=62.0)
LONG = Critere(fait="duree_chomage_mois", min=12.0)


def horizon(noeud: Noeud, **faits: object) -> Horizon | None:
    profil = read_profil(faits, VOCABULAIRE, GEOGRAPHIE, TODAY)

    def judge(person: Profil) -> Valeur:
        return Juge(person, VOCABULAIRE, GEOGRAPHIE).noeud(noeud).valeur

    return next_change(criteres(noeud), profil, TODAY, judge)


@pytest.mark.parametrize(
    ("noeud", "faits", "iso", "valeur"),
    [
        (YOUNG, {"age": {"ne_le": "2001-05-12"}}, "2027-05-12", Valeur.NON),
        (UNDER_26, {"age": {"ne_le": "2001-05-12"}}, "2027-05-12", Valeur.NON),
        (Sauf(YOUNG), {"age": {"ne_le": "2001-05-12"}}, "2027-05-12", Valeur.OUI),
        (YOUNG, {"age": {"ne_le": "2011-03-01"}}, "2027-03-01", Valeur.OUI),
        (YOUNG, {"age": {"ne_le": "2001-05"}}, "2027-05", Valeur.NON),
        (LONG, {"duree_chomage_mois": {"depuis": "2026-06-30"}}, "2027-06-30", Valeur.OUI),
        (
            Toutes((LONG, YOUNG)),
            {"age": {"ne_le": "2001-05-12"}, "duree_chomage_mois": {"depuis": "2026-01-10"}},
            "2027-01-10",
            Valeur.OUI,
        ),
        (OLD, {"age": {"ne_le": "1966-02-28"}}, "2028-02-28", Valeur.OUI),
    ],
)
def test_the_next_change_is_told(
    noeud: Noeud, faits: dict[str, object], iso: str, valeur: Valeur
) -> None:
    found = horizon(noeud, **faits)

    assert found is not None
    assert (found.iso, found.valeur) == (iso, valeur)


@pytest.mark.parametrize(
    ("noeud", "faits"),
    [
        (YOUNG, {"age": 25}),
        (YOUNG, {"age": {"ne_le": "2001"}}),
        (YOUNG, {"age": {"ne_le": "2003-05-12"}}),
        (YOUNG, {"age": {"ne_le": "1990-01-01"}}),
        (LONG, {"age": {"ne_le": "2001-05-12"}}),
    ],
)
def test_nothing_is_told_without_a_date_nor_beyond_24_months(
    noeud: Noeud, faits: dict[str, object]
) -> None:
    assert horizon(noeud, **faits) is None


def test_a_day_and_a_month_are_said_in_french() -> None:
    day = horizon(YOUNG, age={"ne_le": "2001-05-01"})
    month = horizon(YOUNG, age={"ne_le": "2001-05"})

    assert day is not None
    assert day.jusque.replace("\u00a0", " ") == "jusqu’au 1er mai 2027"
    assert month is not None
    assert month.jusque.replace("\u00a0", " ") == "jusqu’en mai 2027"
