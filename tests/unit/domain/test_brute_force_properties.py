"""What holds of every catalogue and every search."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.brute_force import Fiche, search
from app.domain.search import Filtres, Hit, SearchCriteria, Tri
from app.domain.territoire import Point
from app.domain.texte import Champ
from tests.builders import AVIGNON, make_fiche
from tests.strategies import GEOGRAPHIE, PROPERTY, catalogues, searches


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

base = {"id": "z", "code_insee": AVIGNON, "latitude": 43.9, "longitude": 4.84}


def is_first(better: Fiche, worse: Fiche, criteres: SearchCriteria) -> bool:
    """Tells whether the better offer, whose id comes last, is ranked above or not at all."""
    found = ids([worse, better], replace(criteres, filtres=Filtres(), tri=Tri.PERTINENCE))
    assume(len(found) == 2)
    return found[0] == better.offre.id


@PROPERTY
@given(catalogues(min_size=1, max_size=1), searches(), st.integers(0, 900), st.integers(1, 600))
def test_the_fresher_of_two_offers_alike_is_never_lower(
    fiches: list[Fiche], criteres: SearchCriteria, age: int, days: int
) -> None:
    (fiche,) = fiches
    fresh = criteres.date - timedelta(days=age)
    better = replace(fiche, offre=replace(fiche.offre, id="z", date_maj=fresh))
    older = replace(fiche.offre, id="a", date_maj=fresh - timedelta(days=days))

    assert is_first(better, replace(fiche, offre=older), criteres)


@PROPERTY
@given(searches(), st.integers(0, 60), st.integers(1, 60))
def test_the_nearer_of_two_offers_alike_is_never_lower(
    criteres: SearchCriteria, near: int, more: int
) -> None:
    assume(criteres.origine is not None and criteres.origine.point is not None)
    here = criteres.origine.point

    def at(steps: int, id_: str) -> Fiche:
        point = Point(here.lat + steps / 200, here.lon)
        return make_fiche(id=id_, latitude=point.lat, longitude=point.lon, code_insee=None)

    criteres = replace(criteres, texte=None)
    assert is_first(at(near, "z"), at(near + more, "a"), criteres)


@PROPERTY
@given(catalogues(min_size=1, max_size=1), searches())
def test_the_better_filled_of_two_offers_alike_is_never_lower(
    fiches: list[Fiche], criteres: SearchCriteria
) -> None:
    (fiche,) = fiches
    better = replace(fiche, offre=replace(fiche.offre, id="z", telephone="0400000000"))
    worse = replace(fiche, offre=replace(fiche.offre, id="a"))

    assert is_first(better, worse, criteres)


@PROPERTY
@given(catalogues(min_size=1, max_size=1), searches())
def test_the_better_named_of_two_offers_alike_is_never_lower(
    fiches: list[Fiche], criteres: SearchCriteria
) -> None:
    (fiche,) = fiches
    assume(criteres.texte is not None)
    words = {word for group in criteres.texte.groupes for p in group.phrases for word in p}
    named = {**fiche.jetons, Champ.NOM: fiche.jetons[Champ.NOM] | words}
    better = Fiche(offre=replace(fiche.offre, id="z"), jetons=named)
    unnamed = {**fiche.jetons, Champ.NOM: frozenset(), Champ.DESCRIPTION: frozenset(words)}
    worse = Fiche(offre=replace(fiche.offre, id="a"), jetons=unnamed)

    scores = {hit.offre_id: hit.detail.besoin for hit in hits([better, worse], criteres)}
    assume(len(scores) == 2 and scores["z"] > scores["a"])
    assert is_first(better, worse, criteres)
