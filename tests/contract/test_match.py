"""Every engine judges, ranks, counts and asks as the reference match does."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from app.domain import brute_force_match
from app.domain.matching import MatchCriteria
from app.domain.offre import OffreId
from app.domain.portee import origine_of
from app.domain.profil import Lieu, Profil
from app.domain.search import SearchCriteria
from app.domain.verdict import Verdict
from app.domain.vocabulaire import RESIDENCE
from indexer.elasticsearch.cluster import Searcher
from indexer.elasticsearch.engine import ElasticsearchEngine
from tests.builders import TODAY
from tests.contract.listings import THEMATIQUES, ListingGenerator
from tests.contract.match_parity import assert_same_match
from tests.contract.sites import ENGINES, Site, with_a_node
from tests.contract.trees import ProfileGenerator

LISTINGS = 500
PROFILES = 240
NEEDS = (*THEMATIQUES[:6], "mobilite", "sante", "numerique", "rien--du-tout")

pytestmark = pytest.mark.xdist_group("contract-match")


@pytest.fixture(scope="module", params=ENGINES, ids=lambda kind: kind.name)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Crowded listings with conditions, half of them drained into a first generation."""
    kind = with_a_node(request.param, request)
    site = Site(tmp_path_factory.mktemp("match"), kind)
    parts = site.composition
    generator = ListingGenerator(55, parts.geographie, parts.vocabulaire, with_conditions=True)
    site.write_structures(generator.structures())
    offres = generator.offres(LISTINGS)
    site.write_offres(offres[: LISTINGS // 2])
    site.rebuild()
    site.write_offres(offres[LISTINGS // 2 :])
    site.drain()
    yield site
    site.close()


@dataclass(frozen=True)
class Asked:
    """One match as it is drawn; the site makes it real."""

    seed: int

    def criteria(self, site: Site) -> MatchCriteria:
        parts, chance = site.composition, random.Random(self.seed)
        profil = ProfileGenerator(self.seed, parts.vocabulaire, parts.geographie).profil()
        needs = chance.sample(NEEDS, chance.choice((0, 1, 2, 3, 5)))
        return MatchCriteria(
            date=TODAY,
            profil=profil,
            besoins={need: chance.choice((1, 2, 3)) for need in needs},
            origine=_origine(profil, site),
            rayon_km=chance.choice((1, 3, 30, 100)),
            offres=_some_ids(chance, site) if chance.random() < 0.15 else None,
            verdicts=frozenset(chance.sample(list(Verdict), chance.choice((1, 2, 3)))),
            page=chance.choice((1, 1, 1, 2, 9)),
            par_page=chance.choice((5, 20, 100)),
        )


def _origine(profil: Profil, site: Site) -> object:
    known = profil.get(RESIDENCE)
    zone = known.zone if isinstance(known, Lieu) else None
    return origine_of(zone, profil.point, site.composition.geographie)


def _some_ids(chance: random.Random, site: Site) -> list[OffreId]:
    known = chance.sample(sorted(site.offres), 12)
    return [OffreId(ident) for ident in (*known, "nowhere", known[0])]


@pytest.mark.parametrize("seed", range(PROFILES))
def test_an_engine_matches_as_the_reference(site: Site, seed: int) -> None:
    criteres = Asked(seed).criteria(site)
    parts = site.composition

    expected = brute_force_match.match(
        site.offres.values(), criteres, parts.vocabulaire, parts.geographie
    )

    for engine in site.workers:
        assert_same_match(engine.match(criteres), expected, site.kind.score_tolerance)


@pytest.mark.parametrize("seed", range(0, PROFILES, 12))
def test_many_expressions_are_read_a_part_at_a_time(
    site: Site, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.elasticsearch.match_searches.MAX_COMBINED", 2)
    monkeypatch.setattr("indexer.elasticsearch.match_searches.COMBINED_AT_ONCE", 3)

    test_an_engine_matches_as_the_reference(site, seed)


def test_profiles_meet_every_verdict_cause_and_question(site: Site) -> None:
    """The suite proves nothing where nothing happens."""
    pages = [site.engine.match(Asked(seed).criteria(site)) for seed in range(PROFILES)]

    for verdict in Verdict:
        assert sum(page.par_verdict[verdict] > 5 for page in pages) > 60
    causes = {s.jugement.causes for page in pages for s in page.solutions}
    assert len(causes) == 4
    assert sum(bool(page.questions and page.questions[0].offres_tranchees) for page in pages) > 60
    assert sum(bool(page.apports) for page in pages) > 60
    assert sum(page.hors_portee.total > 0 for page in pages) > 60


def test_one_round_trip_answers_a_match_or_a_search(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cluster is asked once; the engine inside a worker asks none."""
    asked = [MatchCriteria(date=TODAY), MatchCriteria(date=TODAY, besoins={"mobilite": 1})]
    site.engine.match(asked[0])  # the worker now knows every condition
    trips: list[int] = []
    run = Searcher.run

    def counting(self: Searcher, searches: Sequence[Any], *, personal: bool = False) -> list[Any]:
        trips.append(len(searches))
        return run(self, searches, personal=personal)

    monkeypatch.setattr(Searcher, "run", counting)
    for criteres in asked:
        site.engine.match(criteres)
    site.engine.search(SearchCriteria(date=TODAY))

    assert len(trips) == (3 if isinstance(site.engine, ElasticsearchEngine) else 0)
