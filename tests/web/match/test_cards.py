"""What a card says: with whom to check, what is met, what it brings, how to ask."""

import pytest
from flask.testing import FlaskClient

from app.domain.explanation import CritereExplique, Groupe
from app.domain.verdict import Cause, Jugement, Valeur
from app.domain.wording import Voix
from app.web.match.cards import EXCERPT, excerpt_of
from app.web.match.reasons import Line, line_of, reasons_of, verdict_in_words
from tests.web.match.conftest import FINANCER, PERMIS
from tests.web.match.test_solutions import solutions

OUI, NON = Jugement(Valeur.OUI), Jugement(Valeur.NON)
ASK = Jugement(Valeur.INCONNU, Cause.FAIT_INCONNU)
CALL = Jugement(Valeur.INCONNU, Cause.OFFRE_NON_PRECISEE)


def critere(
    phrase: str,
    jugement: Jugement,
    groupe: Groupe | None = None,
    choix: tuple[CritereExplique, ...] = (),
) -> CritereExplique:
    return CritereExplique(
        fait=None, attendu="", connu=None, jugement=jugement, phrase=phrase, groupe=groupe,
        choix=choix,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("jugement", "tiers", "vous"),
    [
        pytest.param(OUI, "Semble ouvert à la personne", "Semble ouvert à vous", id="open"),
        pytest.param(NON, "Pas pour l’instant", "Pas pour l’instant", id="closed"),
        pytest.param(ASK, "À vérifier avec la personne", "À vérifier selon votre situation",
                     id="ask"),
        pytest.param(CALL, "À vérifier avec la structure", "À vérifier avec la structure",
                     id="call"),
        pytest.param(
            Jugement(Valeur.INCONNU, Cause.FAIT_INCONNU | Cause.OFFRE_NON_PRECISEE),
            "À vérifier avec la personne et la structure",
            "À vérifier avec la structure et selon votre situation",
            id="both",
        ),
    ],
)  # fmt: skip
def test_a_verdict_tells_with_whom_to_check(jugement: Jugement, tiers: str, vous: str) -> None:
    assert verdict_in_words(jugement, Voix.LA_PERSONNE) == tiers
    assert verdict_in_words(jugement, Voix.VOUS) == vous


def test_conditions_are_grouped_by_what_is_to_be_done() -> None:
    reasons = reasons_of(
        [
            critere("Il faut a.", OUI),
            critere("À vérifier avec la structure\u00a0: b.", CALL),
            critere("À vérifier\u00a0: c\u202f?", ASK),
            critere("Il faut d.", NON),
        ],
        Voix.LA_PERSONNE,
    )

    assert [(g.mark, g.title, [line.phrase for line in g.lines]) for g in reasons.shown] == [
        ("non", "Ce qui bloque", ["Il faut d."]),
        ("inconnu", "À demander à la personne", ["C\u202f?"]),
        ("inconnu", "À vérifier avec la structure", ["B."]),
        ("oui", "Conditions remplies", ["Il faut a."]),
    ]
    assert reasons.folded == []


@pytest.mark.parametrize(
    ("jugements", "shown", "label"),
    [
        pytest.param([OUI] * 5, 3, "2 autres conditions, remplies", id="all-met"),
        pytest.param([CALL] * 3 + [OUI] * 2, 3, "2 autres conditions, remplies", id="met-fold"),
        pytest.param([CALL] * 5 + [OUI], 3, "3 autres conditions : 2 à vérifier, 1 remplie",
                     id="mixed"),
        pytest.param([NON] * 5, 3, "2 autres conditions, non remplies", id="closed"),
        pytest.param([NON, CALL, OUI, OUI, OUI], 2, "3 autres conditions, remplies", id="few"),
    ],
)  # fmt: skip
def test_a_card_shows_what_is_left_to_settle(
    jugements: list[Jugement], shown: int, label: str
) -> None:
    reasons = reasons_of([critere(str(n), j) for n, j in enumerate(jugements)], Voix.VOUS)

    assert sum(len(group.lines) for group in reasons.shown) == shown
    assert reasons.folded_label.replace("\u00a0", " ") == label
    assert sum(len(group.lines) for group in reasons.groups) == len(jugements)


@pytest.mark.parametrize(
    ("groupe", "parts", "whole", "expected"),
    [
        pytest.param(Groupe.UNE_PARMI, [NON, OUI], OUI, Line("1"), id="one-met-is-enough"),
        pytest.param(Groupe.UNE_PARMI, [NON, ASK], ASK, Line("1"), id="one-way-left"),
        pytest.param(Groupe.UNE_PARMI, [NON, ASK, ASK], ASK,
                     Line("Une seule de ces conditions suffit\u00a0:", [Line("1"), Line("2")]),
                     id="ways-left"),
        pytest.param(Groupe.UNE_PARMI, [NON, NON], NON,
                     Line("Aucune de ces conditions n’est remplie\u00a0:", [Line("0"), Line("1")]),
                     id="no-way"),
        pytest.param(Groupe.TOUTES, [OUI, NON], NON, Line("1"), id="what-misses"),
        pytest.param(Groupe.TOUTES, [OUI, ASK, ASK], ASK,
                     Line("Toutes ces conditions à la fois\u00a0:", [Line("1"), Line("2")]),
                     id="what-is-not-known"),
        pytest.param(Groupe.TOUTES, [], OUI, Line("Tout."), id="nothing-asked"),
        pytest.param(Groupe.SAUF, [OUI, NON], OUI, Line("Tout."), id="except"),
    ],
)  # fmt: skip
def test_of_several_parts_only_those_that_matter_are_said(
    groupe: Groupe, parts: list[Jugement], whole: Jugement, expected: Line
) -> None:
    choix = tuple(critere(str(n), jugement) for n, jugement in enumerate(parts))

    assert line_of(critere("Tout.", whole, groupe, choix)) == expected


def test_a_card_says_what_it_is_what_it_brings_and_how_to_ask(visitor: FlaskClient) -> None:
    page = solutions(visitor, **{f"b.{PERMIS}": "2", "vue": "liste"})

    card = page.text[page.text.index("Atelier permis B") :]
    assert "Apporte : Permis B (voiture)" in card
    assert "Une aide pour bouger." in card
    assert "Tous publics" in card
    assert "La personne fait la demande elle-même." in card
    assert "04 90 00 00 00" in card


def test_the_list_says_which_need_an_offer_answers(visitor: FlaskClient) -> None:
    needs = {f"b.{PERMIS}": "2", f"b.{FINANCER}": "1"}

    assert "Répond à : Financer ma mobilité" in solutions(visitor, **needs, vue="liste").text
    assert "Répond à" not in solutions(visitor, **needs).text
    assert "Répond à" not in solutions(visitor, **{f"b.{PERMIS}": "2", "vue": "liste"}).text


def test_the_offers_of_one_need_are_shown_alone(visitor: FlaskClient) -> None:
    needs = {f"b.{PERMIS}": "2", f"b.{FINANCER}": "1"}
    assert [a["value"] for a in solutions(visitor, **needs).all("button", name="vue")] == [
        "besoins", "liste", f"besoin:{PERMIS}",
    ]  # fmt: skip

    page = solutions(visitor, **needs, vue=f"besoin:{FINANCER}")

    heading = page.text.index("En une liste Financer ma mobilité")
    assert heading < page.text.index("Voiture à louer") < page.text.index("Dans le même domaine")
    assert page.value_of("vue") == f"besoin:{FINANCER}"
    assert "vue" not in {a["name"] for a in solutions(visitor, vue="besoin:x").all("input")}


def test_each_need_is_reached_from_the_top(visitor: FlaskClient) -> None:
    page = solutions(visitor, **{f"b.{PERMIS}": "2", f"b.{FINANCER}": "1"})

    assert [h for h in page.hrefs() if h.startswith("#besoin")] == ["#besoin-1", "#besoin-2"]


def test_a_wrong_radius_is_told_on_top_and_in_place(visitor: FlaskClient) -> None:
    page = solutions(visitor, rayon_km="500")

    assert page.link("Rayon") == "#rayon_km"
    (field,) = page.all("input", name="rayon_km")
    assert field["aria-invalid"] == "true"


def test_the_offers_already_chosen_are_counted(visitor: FlaskClient) -> None:
    assert "Une offre est cochée." in solutions(visitor, selection="essai--p1").text


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        (None, None),
        ("  \n", None),
        ("Une **aide**.\n\nPour l'été.", "Une aide. Pour l’été."),
        (f"{'Mot ' * 30}fin. {'Suite ' * 30}", f"{'Mot ' * 30}fin."),
        ("long " * 60, f"{('long ' * 60)[: EXCERPT - 1]}…"),
    ],
)
def test_an_excerpt_ends_between_two_words(text: str | None, excerpt: str | None) -> None:
    assert excerpt_of(text) == excerpt
