"""The five parts of a score, at their edges, and their weights."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.poids import Poids
from app.domain.portee import ModePortee, Portee
from app.domain.ranking import (
    ScoreDetail,
    acces_part,
    answers_exactly,
    besoin_part,
    distance_part,
    fraicheur_part,
    proximite_part,
    qualite_part,
)
from app.domain.verdict import Cause, Jugement, Valeur
from tests.builders import TODAY, make_offre
from tests.strategies import PROPERTY

PERMIS, GARDE = "mobilite--permis", "famille--garde-denfants"
AIDE = "mobilite--accompagnement-a-la-mobilite"
SUR_PLACE, A_DISTANCE, INCONNUE = ModePortee
ASK, CALL = Cause.FAIT_INCONNU, Cause.OFFRE_NON_PRECISEE
distances = st.floats(0, 200)
radii = st.floats(1, 100)


# --- besoin ---


@pytest.mark.parametrize(
    ("thematiques", "besoins", "expected"),
    [
        pytest.param((PERMIS,), {PERMIS: 3}, 1.0, id="exact-thematique"),
        pytest.param((PERMIS,), {PERMIS: 2}, 2 / 3, id="priority-two"),
        pytest.param((PERMIS,), {PERMIS: 1}, 1 / 3, id="priority-one"),
        pytest.param((PERMIS,), {"mobilite": 3}, 1.0, id="need-given-as-a-category"),
        pytest.param((PERMIS,), {AIDE: 3}, 0.3, id="another-thematique-of-the-category"),
        pytest.param((PERMIS,), {AIDE: 1}, 0.1, id="another-thematique-of-low-priority"),
        pytest.param((PERMIS,), {GARDE: 3}, 0.0, id="another-category"),
        pytest.param((GARDE, PERMIS), {PERMIS: 2, GARDE: 1}, 2 / 3, id="best-need"),
        pytest.param((PERMIS,), {AIDE: 3, PERMIS: 1}, 1 / 3, id="exact-beats-near"),
        pytest.param((PERMIS,), {}, 0.0, id="no-need"),
        pytest.param(None, {PERMIS: 3}, 0.0, id="no-thematique"),
    ],
)
def test_a_need_counts_by_priority_and_by_exactness(
    thematiques: tuple[str, ...] | None, besoins: dict[str, int], expected: float
) -> None:
    assert besoin_part(thematiques, besoins) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("besoin", "expected"),
    [
        pytest.param(PERMIS, True, id="thematique"),
        pytest.param("mobilite", True, id="category"),
        pytest.param(AIDE, False, id="same-category"),
        pytest.param("mobil", False, id="part-of-a-category"),
    ],
)
def test_an_exact_answer_is_the_thematique_or_its_category(besoin: str, expected: bool) -> None:
    assert answers_exactly((PERMIS,), besoin) is expected


def test_an_offer_without_thematique_answers_nothing() -> None:
    assert not answers_exactly(None, PERMIS)


# --- accès ---


@pytest.mark.parametrize(
    ("jugement", "expected"),
    [
        pytest.param(Jugement(Valeur.OUI), 1.0, id="open"),
        pytest.param(Jugement(Valeur.INCONNU, CALL), 0.8, id="call-the-structure"),
        pytest.param(Jugement(Valeur.INCONNU, ASK), 0.5, id="ask-the-person"),
        pytest.param(Jugement(Valeur.INCONNU, ASK | CALL), 0.5, id="both"),
        pytest.param(Jugement(Valeur.NON), 0.0, id="closed"),
    ],
)
def test_access_falls_with_what_is_left_to_check(jugement: Jugement, expected: float) -> None:
    assert acces_part(jugement) == expected


# --- proximité ---


@pytest.mark.parametrize(
    ("distance", "rayon_km", "expected"),
    [
        pytest.param(0.0, 30, 1.0, id="here"),
        pytest.param(1.0, 30, 1.0, id="a-kilometre"),
        pytest.param(15.5, 30, 0.5, id="half-way"),
        pytest.param(30.0, 30, 0.0, id="at-the-radius"),
        pytest.param(35.0, 30, 0.0, id="beyond"),
        pytest.param(1.0, 1, 1.0, id="smallest-radius-inside"),
        pytest.param(1.001, 1, 0.0, id="smallest-radius-outside"),
    ],
)
def test_nearness_falls_from_a_kilometre_to_the_radius(
    distance: float, rayon_km: float, expected: float
) -> None:
    assert distance_part(distance, rayon_km) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("portee", "is_remote", "expected"),
    [
        pytest.param(Portee(mode=SUR_PLACE, distance_km=15.5), False, 0.5, id="on-site"),
        pytest.param(Portee(mode=A_DISTANCE), True, 0.6, id="remote"),
        pytest.param(Portee(mode=SUR_PLACE, distance_km=1), True, 1.0, id="both-modes-near"),
        pytest.param(Portee(mode=SUR_PLACE, distance_km=29), True, 0.6, id="both-modes-far"),
        pytest.param(Portee(mode=INCONNUE), False, 0.3, id="reach-unknown"),
        pytest.param(Portee(mode=INCONNUE), True, 0.6, id="both-modes-reach-unknown"),
        pytest.param(
            Portee(mode=SUR_PLACE, distance_km=30, in_own_commune=True), False, 0.3, id="own-floor"
        ),
        pytest.param(
            Portee(mode=SUR_PLACE, distance_km=55, in_own_commune=True),
            False,
            0.3,
            id="own-commune-beyond-the-radius",
        ),
        pytest.param(
            Portee(mode=SUR_PLACE, distance_km=2, in_own_commune=True),
            False,
            28 / 29,
            id="own-commune-near",
        ),
        pytest.param(Portee(mode=None, distance_km=55), False, 0.0, id="out-of-reach"),
    ],
)
def test_proximity_depends_on_how_the_offer_is_reached(
    portee: Portee, is_remote: bool, expected: float
) -> None:
    assert proximite_part(portee, 30, is_remote=is_remote) == pytest.approx(expected)


@PROPERTY
@given(distances, distances, radii)
def test_the_nearer_is_never_less_near(a: float, b: float, rayon_km: float) -> None:
    near, far = sorted((a, b))

    assert 0 <= distance_part(far, rayon_km) <= distance_part(near, rayon_km) <= 1


# --- fraîcheur ---


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(-400, 1.0, id="future-counts-as-today"),
        pytest.param(0, 1.0, id="today"),
        pytest.param(90, 1.0, id="a-quarter"),
        pytest.param(91, 639 / 640, id="a-day-more"),
        pytest.param(410, 0.5, id="half-way"),
        pytest.param(729, 1 / 640, id="a-day-less-than-two-years"),
        pytest.param(730, 0.0, id="two-years"),
        pytest.param(4000, 0.0, id="forgotten"),
    ],
)
def test_freshness_falls_from_90_days_to_730(days: int, expected: float) -> None:
    assert fraicheur_part(TODAY - timedelta(days=days), TODAY) == pytest.approx(expected)


@PROPERTY
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 900))
def test_the_fresher_is_never_less_fresh(confirmed: date, days: int) -> None:
    older = confirmed - timedelta(days=days)

    assert fraicheur_part(older, TODAY) <= fraicheur_part(confirmed, TODAY)


# --- qualité ---

EMPTY = make_offre(description="x" * 49)
MODES = ("envoyer-un-courriel", "telephoner", "se-presenter")
FULL = make_offre(
    adresse="1 rue de la République",
    modes_accueil=("en-presentiel",),
    modes_mobilisation=MODES,
    mobilisable_par=("usagers",),
    publics=("tous-publics",),
    thematiques=(PERMIS,),
    courriel="contact@exemple.fr",
    telephone="0400000000",
    frais="gratuit",
    description="x" * 200,
)


def test_a_complete_listing_has_full_quality() -> None:
    assert qualite_part(FULL) == 1.0


def test_an_empty_listing_has_no_quality() -> None:
    assert qualite_part(EMPTY) == 0.0


@pytest.mark.parametrize(
    ("fields", "lost"),
    [
        pytest.param({"adresse": None}, 1.0, id="address"),
        pytest.param({"mobilisable_par": None}, 0.5, id="by-whom"),
        pytest.param({"publics": None}, 1.0, id="publics"),
        pytest.param({"thematiques": None}, 1.0, id="thematiques"),
        pytest.param({"courriel": None}, 1.0, id="mail-announced-but-missing"),
        pytest.param({"telephone": None}, 1.0, id="telephone-announced-but-missing"),
        pytest.param({"telephone": None, "courriel": None}, 3.0, id="no-contact-at-all"),
        pytest.param({"frais": None}, 1.0, id="price"),
        pytest.param({"frais": "payant"}, 0.5, id="price-without-amount"),
        pytest.param({"frais": "payant", "frais_precisions": "5 €"}, 0.0, id="price-with-amount"),
        pytest.param({"description": "x" * 49}, 1.0, id="description-very-short"),
        pytest.param({"description": "x" * 50}, 0.5, id="description-short"),
        pytest.param({"description": "x" * 199}, 0.5, id="description-still-short"),
        pytest.param({"description": "x" * 1999}, 0.0, id="description-long-enough"),
        pytest.param({"description": "x" * 2000}, 0.5, id="description-too-long"),
    ],
)
def test_each_missing_piece_costs_its_share(fields: dict[str, object], lost: float) -> None:
    assert qualite_part(replace(FULL, **fields)) == pytest.approx((9 - lost) / 9, abs=0.005)


def test_pieces_that_do_not_apply_cost_nothing() -> None:
    remote = replace(
        FULL,
        modes_accueil=("a-distance",),
        adresse=None,
        modes_mobilisation=("utiliser-lien-mobilisation",),
        telephone=None,
        courriel=None,
        lien_mobilisation="https://exemple.fr",
    )

    assert qualite_part(remote) == 1.0


def test_quality_says_nothing_of_time() -> None:
    assert qualite_part(replace(FULL, date_maj=date(1990, 1, 1))) == 1.0


# --- score ---


def test_the_weights_are_those_of_the_design_and_make_a_hundred() -> None:
    poids = Poids()

    weights = (poids.besoin, poids.acces, poids.proximite, poids.fraicheur, poids.qualite)
    assert weights == (40, 25, 20, 10, 5)
    assert sum(weights) == 100


def test_a_score_is_rounded_to_six_decimals() -> None:
    detail = ScoreDetail(besoin=40 / 3, acces=0, proximite=0.0000004, fraicheur=0, qualite=0)

    assert detail.total == 13.333334


@PROPERTY
@given(
    st.lists(st.floats(0, 20), min_size=5, max_size=5),
    st.integers(0, 4),
    st.floats(0.00001, 5),
)
def test_the_better_of_two_scores_alike_but_for_one_part_is_higher(
    parts: list[float], changed: int, gain: float
) -> None:
    names = ("besoin", "acces", "proximite", "fraicheur", "qualite")
    detail = ScoreDetail(**dict(zip(names, parts, strict=True)))

    better = replace(detail, **{names[changed]: parts[changed] + gain})

    assert better.total > detail.total
