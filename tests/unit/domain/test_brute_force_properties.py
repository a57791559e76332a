"""What holds of every catalogue and every search."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.brute_force import Fiche, search
from app.domain.offre import Offre
from app.domain.portee import Origine
from app.domain.search import Filtres, Hit, SearchCriteria
from app.domain.territoire import Point
from app.domain.texte import Champ, RequeteTexte, texte_part
from tests.builders import PLACES, TODAY, make_fiche, make_jetons
from tests.strategies import (
    FICHES,
    GEOGRAPHIE,
    ORIGINES,
    PROPERTY,
    catalogues,
    offres,
    requetes,
    searches,
)


def hits(fiches: list[Fiche], criteres: SearchCriteria) -> list[Hit]:
    return list(search(fiches, criteres, GEOGRAPHIE).hits)


def ids(fiches: list[Fiche], criteres: SearchCriteria) -> list[str]:
    return [hit.offre_id for hit in hits(fiches, criteres)]


def total(fiches: list[Fiche], criteres: SearchCriteria, **asked: frozenset[str]) -> int:
    filtres = replace(criteres.filtres, **asked)
    return search(fiches, replace(criteres, filtres=filtres), GEOGRAPHIE).total


@PROPERTY
@given(catalogues(min_size=1), searches(), st.data())
def test_removing_an_offer_never_swaps_two_others(
    fiches: list[Fiche], criteres: SearchCriteria, data: st.DataObject
) -> None:
    removed = data.draw(st.sampled_from(fiches))

    fewer = ids([fiche for fiche in fiches if fiche is not removed], criteres)

    assert fewer == [id_ for id_ in ids(fiches, criteres) if id_ != removed.offre.id]


@PROPERTY
@given(catalogues(), searches(), st.randoms(use_true_random=False))
def test_the_order_of_the_catalogue_changes_nothing(
    fiches: list[Fiche], criteres: SearchCriteria, chance: object
) -> None:
    shuffled = list(fiches)
    chance.shuffle(shuffled)

    assert search(shuffled, criteres, GEOGRAPHIE) == search(fiches, criteres, GEOGRAPHIE)


@PROPERTY
@given(catalogues(), searches(), st.integers(1, 4))
def test_pages_partition_the_order(
    fiches: list[Fiche], criteres: SearchCriteria, par_page: int
) -> None:
    whole = hits(fiches, criteres)

    pages = [
        hits(fiches, replace(criteres, page=page, par_page=par_page))
        for page in range(1, len(whole) // par_page + 2)
    ]

    assert [hit for page in pages for hit in page] == whole


@PROPERTY
@given(catalogues(), searches())
def test_a_facet_counts_what_a_search_with_that_filter_alone_finds(
    fiches: list[Fiche], criteres: SearchCriteria
) -> None:
    facettes = search(fiches, criteres, GEOGRAPHIE).facettes

    for facet in ("types", "thematiques"):
        for valeur, count in facettes[facet].items():
            if valeur != "non_precise":
                assert total(fiches, criteres, **{facet: frozenset((valeur,))}) == count


@PROPERTY
@given(catalogues(), searches())
def test_every_offer_is_found_or_left_out_for_a_reason(
    fiches: list[Fiche], criteres: SearchCriteria
) -> None:
    page = search(fiches, replace(criteres, texte=None, filtres=Filtres()), GEOGRAPHIE)

    published = sum(fiche.offre.etat_publication == "publie" for fiche in fiches)
    both = published - page.total - page.hors_zone - page.hors_portee.total
    assert 0 <= both <= published
    assert both == 0 or criteres.residence is not None


@PROPERTY
@given(catalogues(), searches())
def test_a_score_is_the_sum_of_its_parts_between_0_and_100(
    fiches: list[Fiche], criteres: SearchCriteria
) -> None:
    for hit in hits(fiches, criteres):
        assert hit.score == hit.detail.total
        assert 0 <= hit.score <= 100
        assert hit.portee.is_in_reach


@PROPERTY
@given(catalogues(), searches())
def test_each_relaxation_gives_the_total_that_it_says(
    fiches: list[Fiche], criteres: SearchCriteria
) -> None:
    for relaxed in search(fiches, criteres, GEOGRAPHIE).elargir:
        if relaxed.valeur is None:
            filtres = replace(criteres.filtres, **{relaxed.parametre: None})
            wider = replace(criteres, filtres=filtres)
        else:
            wider = replace(criteres, rayon_km=relaxed.valeur)

        assert search(fiches, wider, GEOGRAPHIE).total == relaxed.total


# --- alike but for one part ---


def with_tokens(offre: Offre) -> Fiche:
    return Fiche(offre=offre, jetons=make_jetons())


def ranked(better: Fiche, worse: Fiche, **asked: object) -> list[str]:
    """The order of two offers whose ids would put the worse first."""
    better = replace(better, offre=replace(better.offre, id="z-better"))
    worse = replace(worse, offre=replace(worse.offre, id="a-worse"))
    return ids([worse, better], SearchCriteria(date=TODAY, **asked))


@PROPERTY
@given(offres(), st.sampled_from(ORIGINES), st.integers(0, 900), st.integers(1, 600))
def test_the_fresher_of_two_offers_alike_is_never_lower(
    offre: Offre, origine: Origine | None, age: int, days: int
) -> None:
    fresh = TODAY - timedelta(days=age)
    better, worse = (
        with_tokens(replace(offre, date_maj=date)) for date in (fresh, fresh - timedelta(days))
    )

    assert ranked(better, worse, origine=origine) in ([], ["z-better", "a-worse"])


@PROPERTY
@given(
    st.sampled_from(PLACES).map(GEOGRAPHIE.centre),
    st.sampled_from([1, 5, 30, 100]),
    st.integers(0, 60),
    st.integers(1, 60),
)
def test_the_nearer_of_two_offers_alike_is_never_lower(
    here: Point, rayon_km: float, near: int, more: int
) -> None:
    better, worse = (
        make_fiche(latitude=here.lat + steps / 200, longitude=here.lon, code_insee=None)
        for steps in (near, near + more)
    )

    found = ranked(better, worse, origine=Origine(point=here), rayon_km=rayon_km)

    assert found in ([], ["z-better"], ["z-better", "a-worse"])


@PROPERTY
@given(offres(), st.sampled_from(ORIGINES))
def test_the_better_filled_of_two_offers_alike_is_never_lower(
    offre: Offre, origine: Origine | None
) -> None:
    better = with_tokens(replace(offre, telephone="0400000000"))

    found = ranked(better, with_tokens(offre), origine=origine)

    assert found in ([], ["z-better", "a-worse"])


@PROPERTY
@given(offres(), requetes(), st.sampled_from(FICHES), st.sampled_from(list(Champ)))
def test_the_better_worded_of_two_offers_alike_is_never_lower(
    offre: Offre, texte: RequeteTexte, fiche: Fiche, champ: Champ
) -> None:
    worse = Fiche(offre=offre, jetons=fiche.jetons)
    said = {word for groupe in texte.groupes for phrase in groupe.phrases for word in phrase}
    better = Fiche(offre=offre, jetons={**fiche.jetons, champ: fiche.jetons[champ] | said})
    parts = [texte_part(texte, f.jetons, offre.thematiques) for f in (better, worse)]

    found = ranked(better, worse, texte=texte)

    if parts[0] != parts[1]:
        assert found in ([], ["z-better"], ["z-better", "a-worse"])
