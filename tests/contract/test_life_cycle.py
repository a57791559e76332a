"""After every event of its life, an index answers as the reference does, in every worker.

The reference reads what the index should hold: a listing as it was when its debt was last drained.
"""

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from app.domain.arbre import Critere
from app.domain.brute_force import Fiche
from app.domain.matching import MatchCriteria
from app.domain.offre import Offre, OffreId
from app.domain.profil import Profil
from app.domain.search import Filtres, SearchCriteria, Tri
from app.domain.verdict import Valeur, Verdict
from app.domain.vocabulaire import EtatPublication
from app.persistence.database import reading, writing
from app.persistence.tables.catalogue import outbox
from indexer.documents import Change
from indexer.elasticsearch.index import ElasticsearchIndex
from indexer.embedded.columns import State, read_state
from indexer.embedded.store import GenerationWriter, connect
from tests.builders import TODAY, exactly, make_eligibilite
from tests.contract.demands import Demand, criteria
from tests.contract.listings import ListingGenerator
from tests.contract.parity import assert_same_page
from tests.contract.sites import EMBEDDED, ENGINES, ON_A_NODE, EngineKind, Site, with_a_node

PAGE_ROWS = 7  # a drain of a few dozen listings then takes several pages
START, EVENTS = 60, 30
SEEDS = range(5)
SEEDS_ON_A_NODE = SEEDS[:3]  # a sequence takes it three times as long
MIDPOINTS = 60  # a float halves about 50 times between two neighbours
SAYING_MORE = ("publics", "zone_eligibilite", "conditions_acces", "publics_precisions")
DEMANDS = (
    Demand(par_page=100),
    Demand(residence="84007", rayon_km=100, par_page=100),
    Demand(residence="epci:248400251", tri=Tri.DISTANCE, par_page=30),
    Demand(q="permis de conduire", par_page=100),
    Demand(q="crèche", residence="84031", rayon_km=100, tri=Tri.DATE_MAJ),
    Demand(q="mission locale", filtres=Filtres(modes_accueil=frozenset(("en-presentiel",)))),
)

pytestmark = pytest.mark.xdist_group("contract")


class Life:
    """A site whose catalogue and index change, and what the index should hold."""

    def __init__(self, site: Site, seed: int) -> None:
        parts = site.composition
        self.site = site
        self.chance = random.Random(seed)
        self.generator = ListingGenerator(seed, parts.geographie, parts.vocabulaire)
        self.indexed: dict[str, Fiche] = {}
        site.write_structures(self.generator.structures())
        self.add(START)
        self.drain()

    # --- the catalogue changes ---

    def add(self, count: int = 3) -> None:
        """New listings, whose ids fall anywhere among the others."""
        offres = [self.generator.offre(f"{self.chance.random():.3f}-{n}") for n in range(count)]
        self.site.write_offres(offres)

    def change(self) -> None:
        """One thing of a few listings: name, place, zone, needs, date."""
        changes: Sequence[Callable[[], dict[str, object]]] = (
            lambda: {"nom": self.generator.nom()},
            self.generator.lieu,
            lambda: {"zone_eligibilite": self.generator.zone()},
            lambda: {"thematiques": self.generator.thematiques()},
            lambda: {"date_maj": TODAY - timedelta(days=self.chance.randrange(800))},
        )
        self.site.write_offres(
            replace(offre, **self.chance.choice(changes)()) for offre in self._some(published=True)
        )

    def rename_structure(self) -> None:
        """A structure's name is among the words of all its offers."""
        structure = self.chance.choice(list(self.site.structures.values()))
        nom = f"{self.chance.choice(('Garage', 'Mission locale', 'Œuvre'))} {self.chance.random()}"
        self.site.write_structures([replace(structure, nom=nom)])

    def withdraw(self) -> None:
        self.site.withdraw([offre.id for offre in self._some(published=True)])

    def republish(self) -> None:
        self.site.republish([offre.id for offre in self._some(published=False)])

    def squeeze(self) -> None:
        """So many ids between two neighbours that no number is left between theirs."""
        neighbour = sorted(self.site.offres)[len(self.site.offres) // 2]
        for rank in range(MIDPOINTS, 0, -1):
            self.site.write_offres([self.generator.offre(f"{neighbour}~{rank:03d}")])
            self.site.drain()
        self.note_indexed(self.site.offres)

    def make_all_alike(self) -> None:
        """Only ids tell listings apart."""
        model = self.generator.offre("model")
        self.site.write_offres(replace(model, id=OffreId(i)) for i in list(self.site.offres))

    # --- the index changes ---

    def drain(self) -> None:
        self.site.drain()
        self.note_indexed(self.site.offres)

    def drain_a_piece(self) -> None:
        """Some pages, the process dying when its index is ahead of the outbox."""
        pages = self.chance.randint(1, 4)
        rows = self.owed()[: pages * PAGE_ROWS]
        self.site.drain_dying(pages)
        self.note_indexed({offre_id for _, offre_id in rows})

    def compact(self) -> None:
        self.site.compact()

    def rebuild(self) -> None:
        self.site.rebuild()
        self.note_indexed(self.site.offres)

    def rebuild_while_written(self) -> None:
        """The catalogue changes after some of the pages that the rebuild reads, then drains."""
        writes = iter((self.add, self.change, self.withdraw, self.republish, self.change))
        self.site.rebuild(lambda _: next(writes, lambda: None)())
        self.note_indexed(self.site.offres)

    # --- what it should say ---

    def note_indexed(self, ids: Iterable[str]) -> None:
        for ident in sorted(ids):
            self.indexed[ident] = self.site.fiche(self.site.offres[ident])

    def owed(self) -> list[tuple[int, str]]:
        with reading(self.site.composition.database) as connection:
            rows = connection.execute(select(outbox.c.id, outbox.c.offre_id).order_by(outbox.c.id))
            return [(row.id, row.offre_id) for row in rows]

    def owe_again(self, rows: Sequence[tuple[int, str]]) -> None:
        """Puts settled rows back, as a drain that died before removing them leaves them."""
        with writing(self.site.composition.database) as connection:
            values = [{"id": ident, "offre_id": offre_id} for ident, offre_id in rows]
            connection.execute(insert(outbox), values)

    def assert_same(self) -> None:
        fiches = list(self.indexed.values())
        for demand in DEMANDS:
            assert_same_page(self.site, criteria(demand, self.site), fiches)

    def found_ids(self) -> list[str]:
        criteres = SearchCriteria(date=TODAY, par_page=1_000)
        return [hit.offre_id for hit in self.site.engine.search(criteres).hits]

    def state(self) -> State:
        path = self.site.composition.generations.current()
        assert path is not None
        connection = connect(path, read_only=True)
        state = read_state(connection)
        connection.close()
        return state

    def _some(self, *, published: bool) -> list[Offre]:
        state = EtatPublication.PUBLIE if published else EtatPublication.RETIRE
        offres = [o for o in self.site.offres.values() if o.etat_publication is state]
        return self.chance.sample(offres, min(len(offres), self.chance.randint(1, 9)))


@pytest.fixture(params=ENGINES, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> EngineKind:
    """An engine to test."""
    return with_a_node(request.param, request)


@pytest.fixture
def make_life(
    kind: EngineKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[int], Life]]:
    """Begins a life with small pages, so that everything happens between two of them."""
    monkeypatch.setattr("app.persistence.outbox.PAGE_ROWS", PAGE_ROWS)
    site = Site(tmp_path, kind)
    yield lambda seed: Life(site, seed)
    site.close()


CATALOGUE_EVENTS = ("add", "change", "change", "rename_structure", "withdraw", "republish")
INDEX_EVENTS = ("drain", "drain", "drain_a_piece", "drain_a_piece", "compact", "rebuild")


def live_on(life: Life) -> None:
    """Any sequence of events leaves the index as the reference."""
    life.assert_same()

    for _ in range(EVENTS):
        event = life.chance.choice((*CATALOGUE_EVENTS, *INDEX_EVENTS, "rebuild_while_written"))
        getattr(life, event)()
        life.assert_same()

    life.drain()
    life.assert_same()
    assert life.site.composition.sync.check().is_clean


@pytest.mark.parametrize("kind", EMBEDDED, ids=lambda kind: kind.name)
@pytest.mark.parametrize("seed", SEEDS)
def test_any_sequence_of_events_leaves_the_index_as_the_reference(
    make_life: Callable[[int], Life], seed: int
) -> None:
    live_on(make_life(seed))


@pytest.mark.parametrize("kind", ON_A_NODE, ids=lambda kind: kind.name, indirect=True)
@pytest.mark.parametrize("seed", SEEDS_ON_A_NODE)
def test_so_does_any_sequence_on_a_cluster(make_life: Callable[[int], Life], seed: int) -> None:
    live_on(make_life(seed))


@pytest.mark.parametrize("kind", EMBEDDED, ids=lambda kind: kind.name)
@pytest.mark.parametrize("seed", SEEDS)
def test_so_does_any_sequence_with_an_index_that_is_often_compacted(
    make_life: Callable[[int], Life], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("indexer.embedded.store.COMPACT_MIN", 4)
    live_on(make_life(seed))


@pytest.mark.parametrize(
    "event", sorted({*CATALOGUE_EVENTS, *INDEX_EVENTS, "squeeze", "rebuild_while_written"})
)
def test_one_event_then_a_drain_leaves_the_index_as_the_reference(
    make_life: Callable[[int], Life], event: str
) -> None:
    life = make_life(7)
    life.withdraw()
    life.drain()

    getattr(life, event)()
    life.assert_same()
    life.drain()

    life.assert_same()


@pytest.mark.parametrize("kind", EMBEDDED, ids=lambda kind: kind.name)
def test_ids_squeezed_between_two_neighbours_are_numbered_again(
    make_life: Callable[[int], Life],
) -> None:
    life = make_life(11)
    before = life.state().epoque

    life.squeeze()
    life.drain()

    assert life.state().epoque > before
    life.assert_same()
    life.make_all_alike()
    life.drain()
    assert life.found_ids() == sorted(life.site.offres)


def test_a_withdrawal_in_the_page_that_numbers_ids_again_keeps_its_place(
    make_life: Callable[[int], Life], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.persistence.outbox.PAGE_ROWS", 1_000)
    life = make_life(13)
    life.make_all_alike()
    life.drain()
    gone = sorted(life.site.offres)[-5]

    life.squeeze()
    life.site.withdraw([gone])
    life.drain()
    life.site.republish([gone])
    life.make_all_alike()
    life.drain()

    assert life.found_ids() == sorted(life.site.offres)


def test_a_replayed_drain_changes_nothing(make_life: Callable[[int], Life]) -> None:
    life = make_life(17)
    life.withdraw()
    life.change()
    life.add()
    rows = life.owed()
    life.drain()
    life.assert_same()

    life.owe_again(rows)
    life.drain()

    life.assert_same()
    assert life.site.composition.outbox.depth() == 0


def test_workers_that_have_searched_judge_a_condition_written_since(
    make_life: Callable[[int], Life],
) -> None:
    life = make_life(29)
    offre = life.generator.offre("0.5-condition")
    asked = MatchCriteria(
        date=TODAY,
        profil=Profil(faits={"age": exactly(40)}),
        offres=(offre.id,),
        verdicts=frozenset(Verdict),
    )
    # Two conditions that no other listing has, one after the other.
    for oldest, expected in ((39.25, Valeur.NON), (40.25, Valeur.OUI)):
        silent = dict.fromkeys(SAYING_MORE)
        tree = make_eligibilite(Critere(fait="age", max=oldest))
        life.site.write_offres([replace(offre, eligibilite=tree, **silent)])
        life.drain()
        for worker in life.site.workers:
            (solution,) = worker.match(asked).solutions
            assert solution.jugement.valeur is expected


def test_a_drain_ends_beside_a_source_that_writes_without_end(
    make_life: Callable[[int], Life],
) -> None:
    life = make_life(23)
    site = life.site
    life.add(2 * PAGE_ROWS)
    pages: list[int] = []

    def write_again(rows: int) -> None:
        pages.append(rows)
        assert sum(pages) <= 4 * PAGE_ROWS  # beyond, it would go on for ever
        life.add(PAGE_ROWS)

    site.composition.sync.drain(write_again)

    assert sum(pages) == 2 * PAGE_ROWS
    assert site.composition.outbox.depth() == 2 * PAGE_ROWS


@pytest.mark.parametrize("kind", ON_A_NODE, ids=lambda kind: kind.name, indirect=True)
def test_a_generation_is_made_fast_before_anybody_searches_it(
    make_life: Callable[[int], Life],
) -> None:
    life = make_life(31)

    life.rebuild()

    parts = life.site.composition
    index = parts.index
    assert isinstance(index, ElasticsearchIndex)
    said = parts.cluster.client.indices.stats(index=index.searched_alias)
    (found,) = said["indices"].values()
    assert found["primaries"]["segments"]["count"] == 1
    assert found["primaries"]["search"]["query_total"] > 0


@pytest.mark.parametrize("kind", EMBEDDED, ids=lambda kind: kind.name)
def test_an_older_version_never_overwrites(make_life: Callable[[int], Life]) -> None:
    life = make_life(19)
    offre = life.generator.offre("0.5-older")
    life.site.write_offres([offre])
    life.drain()
    older = life.site.builder.build(
        replace(offre, nom="Ancienne version"), "x", {"arbre": None, "publics": None, "zone": None}
    )

    path = life.site.composition.generations.current()
    assert path is not None
    writer = GenerationWriter(path)
    applied = writer.apply([Change(offre_id=offre.id, version=1, document=older)])
    gone = writer.apply([Change(offre_id=offre.id, version=1, document=None)])
    writer.close()

    assert (applied, gone) == (0, 0)
    life.assert_same()


def test_a_worker_born_late_and_one_born_early_say_the_same(
    make_life: Callable[[int], Life],
) -> None:
    life = make_life(23)
    for event in ("add", "drain", "compact", "withdraw", "drain", "rebuild", "change", "drain"):
        getattr(life, event)()
        life.site.workers[0].search(SearchCriteria(date=TODAY))

    life.assert_same()


def test_threads_of_a_worker_see_whole_pages_while_the_index_is_written(
    make_life: Callable[[int], Life], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.embedded.store.COMPACT_MIN", 9)
    life = make_life(31)
    criteres, engine = SearchCriteria(date=TODAY, par_page=1_000), life.site.engine
    # The searches of one answer of a cluster may see two states of it, a write apart.
    is_one_state = not life.site.kind.on_a_node
    ended = threading.Event()

    def search_until_ended() -> int:
        count = 0
        while not ended.is_set():
            page = engine.search(criteres)
            assert page.total == len(page.hits)
            assert not is_one_state or page.total == sum(page.facettes["types"].values())
            assert len({hit.offre_id for hit in page.hits}) == page.total
            count += 1
        return count

    times = 2 if is_one_state else 1  # a node takes five times as long over each
    with ThreadPoolExecutor(3) as pool:
        threads = [pool.submit(search_until_ended) for _ in range(3)]
        try:
            for event in ("squeeze", "make_all_alike", "withdraw", "republish", "rebuild") * times:
                getattr(life, event)()
                life.drain()
        finally:
            ended.set()

    assert all(thread.result() > 0 for thread in threads)
    life.assert_same()


def test_a_withdrawn_word_is_known_no_more(make_life: Callable[[int], Life]) -> None:
    life = make_life(29)
    life.site.write_offres([replace(life.generator.offre("0.5-word"), nom="Zorglub")])
    life.drain()
    assert life.site.engine.known_tokens(["zorglub"]) == {"zorglub"}

    life.site.withdraw(["0.5-word"])
    life.drain()

    assert life.site.engine.known_tokens(["zorglub"]) == frozenset()
