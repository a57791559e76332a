"""The order of an import: structures first, batch by batch, withdrawals only at the very end."""

from datetime import UTC, datetime

import pytest

from app.domain.feeds import FeedUnreadable, Rejet
from app.domain.publication import OFFRE, STRUCTURE
from app.services.import_feed import BATCH_ROWS, MAX_WITHDRAWN_SHARE, FeedImport
from tests.unit.services.doubles import ListFeed, MemoryStore, PlainReader


class Import:
    """An import with its doubles."""

    def __init__(self, store: MemoryStore | None = None, *, dry_run: bool = False) -> None:
        self.store = store or MemoryStore()
        self.reader = PlainReader()
        self.rejets: list[Rejet] = []
        self.progress: list[int] = []
        self.use_case = FeedImport(
            store=self.store,
            reader=self.reader,
            reject=self.rejets.append,
            progress=self.progress.append,
            now=datetime(2026, 11, 22, 12, tzinfo=UTC),
            dry_run=dry_run,
        )

    def run(self, *feeds: ListFeed, complete: tuple[str, ...] = (), force: bool = False) -> None:
        self.use_case.run(feeds, complete, force=force)

    @property
    def counts(self) -> dict[str, int]:
        return {k: v for k, v in self.use_case.bilan.counts().items() if v}

    def told(self) -> list[tuple[str, int, str, str]]:
        return [(r.fichier, r.ligne, r.identifiant, r.champ) for r in self.rejets]


def offre(ident: str, structure: str = "s") -> dict[str, str]:
    return {"id": ident, "structure_id": structure}


def structures(count: int) -> list[dict[str, str]]:
    return [{"id": f"s{rank}"} for rank in range(count)]


def test_structures_are_stored_before_offers_whatever_the_files() -> None:
    run = Import()

    run.run(
        ListFeed("a", [offre("o1"), {"id": "s"}]), ListFeed("b", [offre("o2", "t"), {"id": "t"}])
    )

    assert run.store.calls == [
        ("start", ["a", "b"]),
        (STRUCTURE, ["s", "t"]),
        (OFFRE, ["o1", "o2"]),
        ("finish", run.use_case.bilan.counts()),
    ]
    assert run.counts == {"lus": 4, "crees": 4}
    assert sum(run.progress) == 8, "a feed is read twice"


def test_batches_are_bounded_and_follow_the_feed() -> None:
    run = Import()

    run.run(ListFeed("a", structures(2 * BATCH_ROWS + 1)))

    sizes = [len(ids) for name, ids in run.store.calls if name == STRUCTURE]  # type: ignore[arg-type]  # lists
    assert sizes == [BATCH_ROWS, BATCH_ROWS, 1]


def test_what_has_not_changed_is_not_read() -> None:
    first = Import()
    feed = ListFeed("a", [{"id": "s"}, offre("o")])
    first.run(feed)

    second = Import(first.store)
    second.run(feed)

    assert second.reader.read_ids == []
    assert second.counts == {"lus": 2, "inchanges": 2}


def test_a_record_refused_is_told_once_and_noted_as_met() -> None:
    run = Import()

    run.run(ListFeed("a", [{"id": "s", "nom": ""}, {"id": "t"}]))

    assert run.told() == [("a", 1, "", "nom")]
    assert run.store.seen == {(STRUCTURE, "s"): 7, (STRUCTURE, "t"): 7}
    assert run.counts == {"lus": 2, "crees": 1, "rejetes": 1}


def test_an_orphan_is_told_and_noted_as_met() -> None:
    run = Import()

    run.run(ListFeed("a", [offre("o", "nowhere")]))

    assert run.told() == [("a", 1, "o", "structure_id")]
    assert run.store.seen == {(OFFRE, "o"): 7}


def test_faults_of_a_file_are_told_once_with_their_line() -> None:
    run = Import()

    run.run(ListFeed("a", ["json", {"id": "s"}, "colonnes"]))

    assert run.told() == [("a", 1, "", ""), ("a", 3, "", "")]
    assert all(rejet.raison.endswith(".") for rejet in run.rejets)
    assert run.counts == {"lus": 3, "crees": 1, "rejetes": 2}


def test_an_id_is_taken_once_across_batches_and_files() -> None:
    run = Import()

    run.run(ListFeed("a", [*structures(BATCH_ROWS), {"id": "s0"}]), ListFeed("b", [{"id": "s1"}]))

    assert run.told() == [("a", BATCH_ROWS + 1, "s0", "id"), ("b", 1, "s1", "id")]


@pytest.mark.parametrize("ident", [None, "", 4, ["a"], {}])
def test_a_record_without_a_text_as_id_is_refused_by_the_schemas(ident: object) -> None:
    run = Import()

    run.run(ListFeed("a", [{"id": ident, "nom": ""}, 4, None, []]))

    assert [ligne for _, ligne, _, _ in run.told()] == [1, 2, 3, 4]


def test_a_structure_id_of_spaces_never_makes_an_offer_of_a_structure() -> None:
    """The reader takes such a record for a structure: it must reach the store as one, or not."""

    class BlankReader(PlainReader):
        def read(self, record: object) -> object:  # type: ignore[override]  # as the real one
            assert isinstance(record, dict)
            return super().read({"id": record["id"]})

    run = Import()
    run.use_case.reader = BlankReader()  # type: ignore[assignment]  # see above

    run.run(ListFeed("a", [{"id": "s", "structure_id": "  "}]))

    assert [name for name, _ in run.store.calls] in (
        ["start", STRUCTURE, "finish"],
        ["start", "finish"],
    )


def deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("levels", [10, 900, 990, 5_000])
def test_no_depth_of_a_record_stops_the_import(levels: int) -> None:
    run = Import()

    run.run(ListFeed("a", [{"id": "a", "nom": "", "arbre": deep(levels)}, {"id": "b"}]))

    assert run.counts == {"lus": 2, "crees": 1, "rejetes": 1}


def test_nothing_is_withdrawn_unless_asked() -> None:
    run = Import()
    run.run(ListFeed("a", [{"id": "s"}]))

    assert "withdraw" not in [name for name, _ in run.store.calls]


@pytest.mark.parametrize(("force", "share"), [(False, MAX_WITHDRAWN_SHARE), (True, 1.0)])
def test_withdrawals_come_last_source_by_source(force: bool, share: float) -> None:
    run = Import()

    run.run(ListFeed("a", [{"id": "s"}, offre("o")]), complete=("x", "y"), force=force)

    assert [name for name, _ in run.store.calls][-4:] == [OFFRE, "withdraw", "withdraw", "finish"]
    assert [arg for name, arg in run.store.calls if name == "withdraw"] == [
        ("x", "import:x", share),
        ("y", "import:y", share),
    ]
    assert run.counts["retires"] == 4


def test_a_refused_withdrawal_counts_nothing() -> None:
    run = Import(MemoryStore(refuses=True))

    run.run(ListFeed("a", [{"id": "s"}]), complete=("x",))

    assert "retires" not in run.counts
    assert [w.refused for w in run.use_case.bilan.retraits] == [True]


def test_a_feed_that_breaks_withdraws_nothing_and_keeps_what_it_gave() -> None:
    run = Import()
    broken = ListFeed("a", [{"id": "s"}], breaks_after=FeedUnreadable("a", "gzip_tronque"))

    run.run(broken, complete=("x",), force=True)

    assert run.counts["fichiers_illisibles"] == 1
    assert "withdraw" not in [name for name, _ in run.store.calls]
    assert (STRUCTURE, ["s"]) in run.store.calls


def test_a_trial_writes_nothing() -> None:
    run = Import(dry_run=True)

    run.run(ListFeed("a", [{"id": "s"}, offre("o"), offre("p", "nowhere")]), complete=("x",))

    assert (run.store.calls, run.store.seen, run.store.digests) == ([], {}, {})
    assert run.counts == {"lus": 3, "crees": 2, "rejetes": 1, "retires": 2}
    assert run.told() == [("a", 3, "p", "structure_id")]


def test_a_trial_tells_changes_from_creations() -> None:
    first = Import()
    first.run(ListFeed("a", [{"id": "s"}, offre("o")]))

    trial = Import(first.store, dry_run=True)
    trial.run(ListFeed("a", [{"id": "s"}, {**offre("o"), "nom": "Autre"}, offre("p")]))

    assert trial.counts == {"lus": 3, "crees": 1, "modifies": 1, "inchanges": 1}
