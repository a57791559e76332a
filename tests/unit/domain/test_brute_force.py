"""The reference search: what is found, in which order, with which counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.brute_force import Fiche, search
from app.domain.poids import Poids
from app.domain.portee import Origine, origine_of
from app.domain.search import Elargissement, Filtres, HorsPortee, SearchCriteria, SearchPage, Tri
from tests.builders import (
    AVIGNON,
    CARPENTRAS,
    GRAND_AVIGNON,
    LE_PONTET,
    ORANGE,
    PARIS,
    PARIS_11,
    TODAY,
    VERDUN,
    VILLENEUVE,
    make_fiche,
    make_jetons,
    make_requete,
)
from tests.strategies import GEOGRAPHIE

IN_AVIGNON = origine_of(GEOGRAPHIE.zone(AVIGNON), None, GEOGRAPHIE)
PERMIS, GARDE = "mobilite--permis", "famille--garde-denfants"
REMOTE = ("a-distance",)


def ask(**fields: object) -> SearchCriteria:
    return SearchCriteria(**({"date": TODAY, "origine": IN_AVIGNON} | fields))


def find(fiches: list[Fiche], **fields: object) -> SearchPage:
    return search(fiches, ask(**fields), GEOGRAPHIE)


def ids(page: SearchPage) -> list[str]:
    return [hit.offre_id for hit in page.hits]


# --- what is found ---


@pytest.mark.parametrize("etat", ["a-moderer", "retire"])
def test_only_published_offers_are_found(etat: str) -> None:
    page = find([make_fiche(id="shown"), make_fiche(id="hidden", etat_publication=etat)])

    assert ids(page) == ["shown"]


def test_an_empty_catalogue_gives_an_empty_page() -> None:
    page = find([])

    assert (page.total, page.hits, page.hors_zone) == (0, [], 0)
    assert page.hors_portee == HorsPortee(total=0)
    assert page.elargir == []
    assert set(page.facettes) == {
        "thematiques",
        "categories",
        "publics",
        "frais",
        "types",
        "modes_accueil",
    }


def test_out_of_reach_is_counted_apart_with_the_nearest() -> None:
    page = find(
        [
            make_fiche(id="near"),
            make_fiche(id="far", code_insee=VERDUN),
            make_fiche(id="less-far", code_insee=ORANGE),
            make_fiche(id="filtered-too", code_insee=CARPENTRAS, frais="payant"),
        ],
        rayon_km=10,
        filtres=Filtres(frais=frozenset(("gratuit",))),
    )

    assert ids(page) == ["near"]
    assert page.hors_portee.total == 2
    assert page.hors_portee.plus_proche_km == pytest.approx(21.7, abs=0.1)


def test_a_remote_offer_is_found_from_anywhere() -> None:
    page = find([make_fiche(code_insee=VERDUN, modes_accueil=REMOTE)], rayon_km=1)

    assert page.total == 1
    assert page.hits[0].portee.distance_km is None


def test_without_origin_everything_is_in_reach() -> None:
    page = find([make_fiche(code_insee=VERDUN)], origine=None)

    assert page.total == 1
    assert page.hits[0].detail.proximite == pytest.approx(20 * 0.3)


@pytest.mark.parametrize(
    ("zone", "residence", "is_found"),
    [
        pytest.param((VERDUN,), AVIGNON, False, id="certainly-excluded"),
        pytest.param(("departement:84",), AVIGNON, True, id="included"),
        pytest.param(("departement:84",), GRAND_AVIGNON, True, id="perhaps-included"),
        pytest.param((PARIS_11,), PARIS, True, id="perhaps-that-arrondissement"),
        pytest.param((PARIS,), PARIS_11, True, id="arrondissement-of-the-commune"),
        pytest.param(("etranger:99137",), AVIGNON, False, id="abroad"),
        pytest.param((VERDUN,), None, True, id="a-bare-position-judges-no-zone"),
        pytest.param(None, AVIGNON, True, id="no-zone"),
    ],
)
def test_zones_that_certainly_exclude_are_left_out_and_counted(
    zone: tuple[str, ...] | None, residence: str | None, is_found: bool
) -> None:
    fiche = make_fiche(zone_eligibilite=zone, modes_accueil=REMOTE)

    page = find([fiche], residence=GEOGRAPHIE.zone(residence) if residence else None)

    assert (page.total, page.hors_zone) == (int(is_found), int(not is_found))


def test_out_of_zone_counts_only_what_answers_everything_else() -> None:
    abroad = {"zone_eligibilite": ("etranger:99137",)}

    page = find(
        [
            make_fiche(id="only-zone", **abroad),
            make_fiche(id="too-far-as-well", code_insee=VERDUN, **abroad),
            make_fiche(id="filtered-as-well", frais="payant", **abroad),
            make_fiche(id="text-as-well", **abroad),
        ],
        residence=GEOGRAPHIE.zone(AVIGNON),
        filtres=Filtres(frais=frozenset(("gratuit",))),
    )

    assert page.hors_zone == 2
    assert page.hors_portee.total == 0


def test_a_text_that_is_not_found_leaves_no_trace() -> None:
    page = find(
        [make_fiche(make_jetons(nom="velo"), code_insee=VERDUN)], texte=make_requete("permis")
    )

    assert (page.total, page.hors_portee.total, page.elargir) == (0, 0, [])
    assert not any(page.facettes.values())


# --- score and order ---


def test_a_score_adds_its_weighted_parts() -> None:
    fiche = make_fiche(
        make_jetons(structure="permis"),
        date_maj=TODAY - timedelta(days=410),
        description="x" * 200,
    )

    hit = find([fiche], texte=make_requete("permis")).hits[0]

    assert hit.detail.besoin == pytest.approx(40 * 0.6)
    assert hit.detail.acces == 0
    assert hit.detail.proximite == 20
    assert hit.detail.fraicheur == pytest.approx(10 * 0.5)
    assert hit.detail.qualite == pytest.approx(5 * 0.17)
    assert hit.score == pytest.approx(24 + 20 + 5 + 0.85)


def test_without_text_only_proximity_freshness_and_quality_count() -> None:
    detail = find([make_fiche()]).hits[0].detail

    assert (detail.besoin, detail.acces) == (0, 0)
    assert (detail.proximite, detail.fraicheur) == (20, 10)


def test_a_territory_may_set_its_own_weights() -> None:
    hit = find([make_fiche()], poids=Poids(proximite=7.0, fraicheur=2.0, qualite=0.0)).hits[0]

    assert hit.score == 9


def test_freshness_counts_from_the_last_confirmation() -> None:
    old = TODAY - timedelta(days=800)

    fiche = make_fiche(date_maj=old, derniere_confirmation=TODAY)

    assert find([fiche]).hits[0].detail.fraicheur == 10


CATALOGUE = [
    make_fiche(id="remote", code_insee=VERDUN, modes_accueil=REMOTE),
    make_fiche(id="orange", code_insee=ORANGE),
    make_fiche(id="placeless", code_insee=None),
    make_fiche(id="avignon-old", date_maj=TODAY - timedelta(days=400)),
    make_fiche(id="pontet", code_insee=LE_PONTET),
    make_fiche(id="avignon"),
]


@pytest.mark.parametrize(
    ("tri", "expected"),
    [
        pytest.param(
            Tri.PERTINENCE,
            ["avignon", "pontet", "avignon-old", "remote", "placeless", "orange"],
            id="best-first",
        ),
        pytest.param(
            Tri.DISTANCE,
            ["avignon", "avignon-old", "pontet", "orange", "remote", "placeless"],
            id="nearest-first-unknown-last",
        ),
        pytest.param(
            Tri.DATE_MAJ,
            ["avignon", "pontet", "orange", "placeless", "remote", "avignon-old"],
            id="newest-first-then-nearest-then-id",
        ),
    ],
)
def test_an_order_is_total(tri: Tri, expected: list[str]) -> None:
    assert ids(find(CATALOGUE, tri=tri)) == expected
    assert ids(find(CATALOGUE[::-1], tri=tri)) == expected


def test_equal_scores_are_ordered_by_distance() -> None:
    weights = Poids(proximite=0.0)

    page = find([make_fiche(id="a", code_insee=ORANGE), make_fiche(id="b")], poids=weights)

    assert ids(page) == ["b", "a"]


def test_equal_scores_put_unknown_distances_last() -> None:
    page = find(
        [make_fiche(id="a", code_insee=None), make_fiche(id="b", code_insee=ORANGE)],
        poids=Poids(proximite=0.0),
    )

    assert ids(page) == ["b", "a"]


def test_equal_scores_and_distances_are_ordered_by_date() -> None:
    yesterday = TODAY - timedelta(days=1)

    page = find([make_fiche(id="a", date_maj=yesterday), make_fiche(id="b")])

    assert page.hits[0].score == page.hits[1].score
    assert ids(page) == ["b", "a"]


def test_all_else_equal_offers_are_ordered_by_id() -> None:
    page = find([make_fiche(id="b"), make_fiche(id="c"), make_fiche(id="a")])

    assert ids(page) == ["a", "b", "c"]


def test_pages_follow_one_another() -> None:
    pages = [ids(find(CATALOGUE, page=page, par_page=4)) for page in (1, 2, 3)]

    assert [len(page) for page in pages] == [4, 2, 0]
    assert pages[0] + pages[1] == ids(find(CATALOGUE))
    assert find(CATALOGUE, page=3, par_page=4).total == 6


# --- facets ---


def test_a_facet_ignores_its_own_filter_and_obeys_the_others() -> None:
    fiches = [
        make_fiche(id="a", frais="gratuit", type="atelier", thematiques=(PERMIS, GARDE)),
        make_fiche(id="b", frais="payant", type="atelier", thematiques=(PERMIS,)),
        make_fiche(id="c", frais="payant", type="aide"),
        make_fiche(id="d", frais="gratuit", type="atelier", code_insee=VERDUN),
        make_fiche(id="e", type="atelier"),
    ]
    filtres = Filtres(
        frais=frozenset(("gratuit",)), types=frozenset(("atelier",)), inclure_non_precises=False
    )

    page = find(fiches, filtres=filtres)

    assert ids(page) == ["a"]
    assert page.facettes == {
        "thematiques": {PERMIS: 1, GARDE: 1},
        "categories": {"mobilite": 1, "famille": 1},
        "publics": {"non_precise": 1},
        "frais": {"gratuit": 1, "payant": 1, "non_precise": 1},
        "types": {"atelier": 1},
        "modes_accueil": {"en-presentiel": 1, "non_precise": 1},
    }


def test_categories_and_thematiques_both_ignore_the_filter_on_thematiques() -> None:
    fiches = [make_fiche(id="a", thematiques=(PERMIS,)), make_fiche(id="b", thematiques=(GARDE,))]

    page = find(fiches, filtres=Filtres(thematiques=frozenset((PERMIS,))))

    assert page.total == 1
    assert page.facettes["thematiques"] == {PERMIS: 1, GARDE: 1}
    assert page.facettes["categories"] == {"mobilite": 1, "famille": 1}


# --- relaxations ---


def test_little_found_says_what_each_relaxation_would_bring() -> None:
    page = find(
        [
            make_fiche(id="found", frais="gratuit"),
            make_fiche(id="paid", frais="payant"),
            make_fiche(id="far", frais="gratuit", code_insee=ORANGE),
            make_fiche(id="far-and-paid", frais="payant", code_insee=ORANGE),
            make_fiche(id="abroad", frais="gratuit", zone_eligibilite=("etranger:99137",)),
        ],
        rayon_km=10,
        residence=GEOGRAPHIE.zone(AVIGNON),
        filtres=Filtres(frais=frozenset(("gratuit",))),
    )

    assert page.elargir == [
        Elargissement(parametre="rayon_km", valeur=30, total=2),
        Elargissement(parametre="frais", valeur=None, total=2),
    ]


def test_enough_found_proposes_nothing() -> None:
    fiches = [make_fiche(id=str(n)) for n in range(5)]

    assert find([*fiches, make_fiche(id="far", code_insee=ORANGE)], rayon_km=10).elargir == []


def test_a_proposed_radius_gives_the_total_that_it_says() -> None:
    fiches = [make_fiche(id=code, code_insee=code) for code in (VILLENEUVE, ORANGE, CARPENTRAS)]
    narrow = ask(rayon_km=3)

    (wider,) = search(fiches, narrow, GEOGRAPHIE).elargir

    widened = search(fiches, replace(narrow, rayon_km=wider.valeur), GEOGRAPHIE)
    assert widened.total == wider.total


def test_only_a_zone_known_keeps_near_offers_undecided() -> None:
    circle = Origine(cercle=GEOGRAPHIE.bounding_circle(GEOGRAPHIE.zone(GRAND_AVIGNON)))

    page = find([make_fiche(id="near"), make_fiche(id="far", code_insee=VERDUN)], origine=circle)

    assert ids(page) == ["near"]
    assert page.hits[0].detail.proximite == pytest.approx(20 * 0.3)
    assert page.hors_portee.total == 1
