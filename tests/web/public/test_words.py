"""French words and numbers, opening hours, addresses: the small modules of the pages."""

import doctest
from datetime import date
from importlib import import_module

import pytest

from app.domain.demande import Demande
from app.domain.search import Tri
from app.web.public.freshness import freshness_of, months_between
from app.web.public.horaires import hours_in_words
from app.web.public.links import host_of, safe_link, search_parameters, telephone_link
from app.web.public.typographie import counted, distance_fr, number_fr, telephone_fr

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("name", ["fiche", "horaires", "typographie"])
def test_examples_of_the_documentation_are_true(name: str) -> None:
    result = doctest.testmod(import_module(f"app.web.public.{name}"))

    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("km", "words"),
    [
        (0.0, "moins de 50 m"),
        (0.31, "300 m"),
        (0.99, "1 km"),
        (3.21, "3,2 km"),
        (9.96, "10 km"),
        (24.4, "24 km"),
        (523.9, "524 km"),
    ],
)
def test_distances(km: float, words: str) -> None:
    assert distance_fr(km).replace("\u00a0", " ") == words


def test_numbers_and_counts() -> None:
    assert number_fr(1493) == "1\u202f493"
    assert number_fr(12.0) == "12"
    assert counted(0, "offre") == "aucune offre"
    assert counted(1, "autre offre") == "1\u00a0autre offre"
    assert counted(12345, "autre offre") == "12\u202f345\u00a0autres offres"


def test_telephones() -> None:
    assert telephone_fr("+33490335640").replace("\u00a0", " ") == "04 90 33 56 40"
    assert telephone_fr("3919") == "3919"
    assert telephone_link("04 90 33 56 40") == "tel:0490335640"
    assert telephone_link("sur demande") is None


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//exemple.fr", "ftp://exemple.fr", "http://[", 3],
)
def test_unsafe_links_are_not_links(address: object) -> None:
    assert safe_link(address) is None


def test_safe_links_say_their_site() -> None:
    assert safe_link(" https://www.exemple.fr/a ") == "https://www.exemple.fr/a"
    assert host_of("https://www.exemple.fr/a") == "exemple.fr"


def test_a_search_keeps_every_parameter() -> None:
    demande = Demande(
        q="é&", lieu="Apt", code_commune="84003", lat=43.5, lon=5.25, rayon_km=12.5,
        thematiques=("a", "b"), publics=("jeunes",), types=("t",), frais=("gratuit",),
        modes_accueil=("a-distance",), structure_id="s", territoire="meuse", bassin="meuse",
        inclure_non_precises=False, tri=Tri.DISTANCE, page=3, par_page=50,
        tel_quel=True, moment="lundi-matin",
    )  # fmt: skip

    assert list(search_parameters(demande)) == [
        ("q", "é&"), ("tel_quel", "true"), ("lieu", "Apt"), ("code_commune", "84003"),
        ("lat", "43.5"), ("lon", "5.25"),
        ("rayon_km", "12.5"), ("thematiques", "a"), ("thematiques", "b"), ("publics", "jeunes"),
        ("types", "t"), ("frais", "gratuit"), ("modes_accueil", "a-distance"),
        ("structure_id", "s"), ("territoire", "meuse"), ("bassin", "meuse"),
        ("moment", "lundi-matin"), ("inclure_non_precises", "false"), ("tri", "distance"),
        ("page", "3"),
    ]  # fmt: skip
    assert list(search_parameters(Demande())) == []


def week(text: str) -> dict[str, str]:
    said = ((d.days, d.hours) for d in hours_in_words(text))
    return {days.replace("\u00a0", " "): hours.replace("\u00a0", " ") for days, hours in said}


def test_simple_hours_are_words() -> None:
    assert week("Mo-Fr 09:00-12:00,14:00-17:30; PH off") == {
        "Du lundi au vendredi": "de 9 h à 12 h et de 14 h à 17 h 30",
        "Samedi et dimanche": "fermé",
    }
    assert week("Sa-Su 10:00-12:00; Mo off")["Samedi et dimanche"] == "de 10 h à 12 h"


def test_exceptions_comments_and_holidays_are_words() -> None:
    written = '24/7; 2026 Dec 24-2027 Jan 02 off "congés"; 2026 Mar 02 09:00-10:00'
    assert week(written) == {
        "Du lundi au dimanche": "toute la journée",
        "Jours fériés": "comme les autres jours",
        "Le 2 mars 2026": "de 9 h à 10 h",
        "Du 24 décembre 2026 au 2 janvier 2027": "fermé (congés)",
    }
    found = hours_in_words(written, date(2026, 11, 26))
    assert [said.days.partition("\u00a0")[0] for said in found][2:] == ["Du 24"]
    assert week('"sur rendez-vous"') == {"À savoir": "sur rendez-vous"}


def test_a_later_rule_replaces_an_earlier_one() -> None:
    found = week("Mo-Fr 09:00-12:00; Tu,Th 16:00-19:00")

    assert found["Mardi"] == found["Jeudi"] == "de 16 h à 19 h"
    assert found["Lundi"] == found["Mercredi"] == "de 9 h à 12 h"


@pytest.mark.parametrize(
    "text",
    ["", "sur rendez-vous", "Mo-Fr 09:00+", "week 1-26 Mo 09:00-10:00", "Mo 25:00-26:00",
     "Mo off", "Jan-Mar Mo 09:00-12:00", "Mo 09:00-12:00 || Tu 10:00-11:00"],
)  # fmt: skip
def test_hours_that_are_not_simple_are_left_to_the_source(text: str) -> None:
    assert hours_in_words(text) == ()


@pytest.mark.parametrize(
    ("updated", "confirmed", "label", "advice"),
    [
        ("2026-10-01", None, "Mis à jour le 1er octobre 2026", None),
        ("2026-05-23", None, "Mis à jour le 23 mai 2026", None),
        ("2026-05-22", None, "Mis à jour le 22 mai 2026", "à vérifier par téléphone"),
        ("2020-01-01", "2026-11-01", "Confirmé par la structure le 1er novembre 2026", None),
        ("2026-11-01", "2020-01-01", "Mis à jour le 1er novembre 2026", None),
        ("2030-01-01", None, "Mis à jour le 1er janvier 2030", None),
    ],
)
def test_listings_are_to_be_checked_after_six_months(
    updated: str, confirmed: str | None, label: str, advice: str | None
) -> None:
    document = {"date_maj": updated, "derniere_confirmation": confirmed}

    found = freshness_of(document, TODAY, has_telephone=True)

    assert found.label.replace("\u00a0", " ") == label
    assert found.advice == advice


def test_months_are_whole() -> None:
    assert months_between(date(2026, 5, 23), TODAY) == 5
    assert months_between(date(2026, 5, 22), TODAY) == 6
    assert months_between(date(2027, 1, 1), TODAY) == 0
