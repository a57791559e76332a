"""Brings an index up to date with SQL: drain the outbox, rebuild, compare, repair.

SQL is the truth and an index is disposable. A change owes an outbox row; draining writes it to the
index under the row's id and only then removes the row, so that dying in between repeats a harmless
write. One process writes at a time, under the index's lock. Every engine lives this way: what
differs is behind `Index`.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from app.domain.errors import CatalogueError, IndexIncomplete
from app.domain.indexation import CatalogueReader, Debt, IndexedOffre, Outbox
from indexer.documents import Change, DocumentBuilder, IndexDocument

Report = Callable[[int], None]


class IndexDamaged(CatalogueError):
    """A generation that is not, or no longer, one: it must be made again."""


class Generation(Protocol):
    """One making of the index. What it is asked may raise `IndexDamaged`."""

    @property
    def name(self) -> str:
        """What operators know it by."""
        ...

    def apply(self, changes: Sequence[Change]) -> None:
        """Writes changes; one older than what is held is ignored."""
        ...

    def finish(self, *, whole: bool) -> None:
        """Makes what was written easy to find: a few changes, or a `whole` catalogue."""
        ...

    def live_ids(self) -> set[str]:
        """Returns the ids that can be found."""
        ...

    def count_live(self) -> int:
        """Returns how many ids can be found."""
        ...

    def close(self) -> None:
        """Lets go of the files or connections held."""
        ...

    def discard(self) -> None:
        """Removes it, when it never became the current one."""
        ...


class Index(Protocol):
    """Where generations are kept, and which is current."""

    def writing(self, *, wait: bool) -> AbstractContextManager[bool]:
        """Holds the writers' lock; yields False at once when it is taken and `wait` is not set."""
        ...

    def is_ready(self) -> bool:
        """True when there is a current generation that this code can read."""
        ...

    def current(self) -> Generation:
        """Returns the current generation, when the index is ready."""
        ...

    def begin(self) -> Generation:
        """Returns a new generation, empty, that nobody searches yet."""
        ...

    def swap(self, generation: Generation) -> None:
        """Makes a generation the current one, in one step; keeps one older, drops the others."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the index has and SQL does not, and the other way round; `waiting` is the debt."""

    missing: list[str]
    extra: list[str]
    waiting: int

    @property
    def is_clean(self) -> bool:
        """True when the index holds exactly the published listings."""
        return not (self.missing or self.extra or self.waiting)


class IndexSync:
    """The life cycle of an index."""

    def __init__(
        self, index: Index, outbox: Outbox, reader: CatalogueReader, builder: DocumentBuilder
    ) -> None:
        self._index = index
        self._outbox = outbox
        self._reader = reader
        self._builder = builder

    def is_ready(self) -> bool:
        """True when searches have an index that this code can read."""
        return self._index.is_ready()

    def drain(self, report: Report = lambda _: None, *, wait: bool = True) -> bool:
        """Pays what is owed now to the current generation, making the first one if there is none.

        Returns False at once when another process is writing and `wait` is not set: that process
        settles the debt.
        """
        with self._index.writing(wait=wait) as is_mine:
            if not is_mine:
                return False
            if not self._index.is_ready():
                self._rebuild(report)
                return True
            try:
                self._drain_into(self._index.current(), report)
            except IndexDamaged:
                self._rebuild(report)
        return True

    def rebuild(self, report: Report = lambda _: None) -> str:
        """Makes a new generation from SQL and swaps it in; searches go on meanwhile.

        Returns its name. Raises `IndexIncomplete`, leaving the old generation, when the counts
        differ.
        """
        with self._index.writing(wait=True):
            return self._rebuild(report)

    def check(self) -> Difference:
        """Compares the published listings with the live documents, id by id."""
        with self._index.writing(wait=True):
            waiting = self._outbox.depth()
            indexed = self._indexed_ids()
            published = {value.offre.id for page in self._reader.published() for value in page}
        return Difference(
            missing=sorted(published - indexed),
            extra=sorted(indexed - published),
            waiting=waiting,
        )

    def repair(self, ids: Iterable[str]) -> None:
        """Writes some listings to the index again, or withdraws them from it, as SQL says."""
        self._outbox.owe(ids)
        self.drain()

    def _indexed_ids(self) -> set[str]:
        if not self._index.is_ready():
            return set()
        try:
            generation = self._index.current()
            try:
                return generation.live_ids()
            finally:
                generation.close()
        except IndexDamaged:
            return set()

    def _rebuild(self, report: Report) -> str:
        version = self._outbox.mark()
        generation = self._index.begin()
        try:
            for page in self._reader.published():
                generation.apply([self._change(value, version) for value in page])
                report(len(page))
            generation.finish(whole=True)
            self._verify(generation)
        except BaseException:
            generation.close()
            generation.discard()
            raise
        self._index.swap(generation)
        # Only now: a rebuild that dies before the swap must leave the old generation its debt. What
        # was owed before the mark is in what was read since; what came later is drained.
        self._outbox.settle(version)
        generation.close()
        self._drain_into(self._index.current(), report)
        return generation.name

    def _drain_into(self, generation: Generation, report: Report) -> None:
        # What is owed now, not what comes meanwhile: beside a source that writes without end, it
        # would never end, and would keep the lock.
        left = self._outbox.depth()
        try:
            while left > 0 and (page := self._outbox.oldest()) is not None:
                generation.apply([self._debt(debt) for debt in page.debts])
                self._outbox.settle(page.last_id)
                left -= page.rows
                report(page.rows)
            generation.finish(whole=False)
        finally:
            generation.close()

    def _change(self, value: IndexedOffre, version: int) -> Change:
        return Change(offre_id=value.offre.id, version=version, document=self._document(value))

    def _debt(self, debt: Debt) -> Change:
        document = self._document(debt.indexed) if debt.indexed else None
        return Change(offre_id=debt.offre_id, version=debt.version, document=document)

    def _document(self, value: IndexedOffre) -> IndexDocument:
        return self._builder.build(
            value.offre, value.structure_nom, value.expressions, value.structure_horaires
        )

    def _verify(self, generation: Generation) -> None:
        expected = self._reader.count_published()
        found = generation.count_live()
        # Listings written since the last drain are still owed, so only a gap beyond them is one.
        if abs(expected - found) > self._outbox.depth():
            raise IndexIncomplete(f"{found} / {expected}")
