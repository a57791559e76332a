"""Brings the embedded index up to date with SQL: drain the outbox, rebuild, compare.

SQL is the truth and the index is disposable. A change owes an outbox row; draining writes it to the
index under the row's id and only then removes the row, so that dying in between repeats a harmless
write. One process writes at a time, under the index's lock.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import CatalogueError
from app.domain.indexation import CatalogueReader, Debt, IndexedOffre, Outbox
from indexer.documents import DocumentBuilder, IndexDocument
from indexer.embedded.generations import Generations, remove_generation
from indexer.embedded.store import Change, GenerationWriter, count_live, is_damage, live_ids

Report = Callable[[int], None]


class IndexIncomplete(CatalogueError):
    """A rebuild that does not hold as many listings as the catalogue; nothing was swapped."""


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


class EmbeddedSync:
    """The life cycle of the embedded index."""

    def __init__(
        self,
        generations: Generations,
        outbox: Outbox,
        reader: CatalogueReader,
        builder: DocumentBuilder,
    ) -> None:
        self._generations = generations
        self._outbox = outbox
        self._reader = reader
        self._builder = builder

    def drain(self, report: Report = lambda _: None, *, wait: bool = True) -> bool:
        """Empties the outbox into the current generation, making the first one if there is none.

        Returns False at once when another process is writing and `wait` is not set: that process
        settles the debt.
        """
        with self._generations.writing(wait=wait) as is_mine:
            if not is_mine:
                return False
            current = self._generations.current()
            if current is None or not self._generations.is_ready():
                self._rebuild(report)
                return True
            try:
                self._drain_into(current, report)
            except sqlite3.DatabaseError as exc:
                if not is_damage(exc):
                    raise
                self._rebuild(report)
        return True

    def rebuild(self, report: Report = lambda _: None) -> Path:
        """Makes a new generation from SQL and swaps it in; searches go on meanwhile.

        Raises `IndexIncomplete`, leaving the old generation, when the counts differ.
        """
        with self._generations.writing(wait=True):
            return self._rebuild(report)

    def check(self) -> Difference:
        """Compares the published listings with the live documents, id by id."""
        with self._generations.writing(wait=True):
            waiting = self._outbox.depth()
            current = self._generations.current()
            is_ready = self._generations.is_ready()
            try:
                indexed = live_ids(current) if current is not None and is_ready else set()
            except sqlite3.DatabaseError as exc:
                if not is_damage(exc):
                    raise
                indexed = set()
            published = {value.offre.id for page in self._reader.published() for value in page}
        return Difference(
            missing=sorted(published - indexed),
            extra=sorted(indexed - published),
            waiting=waiting,
        )

    def _rebuild(self, report: Report) -> Path:
        version = self._outbox.mark()
        path = self._generations.new_path()
        writer = GenerationWriter(path)
        try:
            for page in self._reader.published():
                writer.apply([self._change(value, version) for value in page])
                report(len(page))
            writer.compact()
        except BaseException:
            writer.close()
            remove_generation(path)
            raise
        writer.close()
        self._verify(path)
        self._generations.swap(path)
        # Only now: a rebuild that dies before the swap must leave the old generation its debt. What
        # was owed before the mark is in what was read since; what came later is drained.
        self._outbox.settle(version)
        self._drain_into(path, report)
        return path

    def _drain_into(self, path: Path, report: Report) -> None:
        writer = GenerationWriter(path)
        try:
            self._drain_pages(writer, report)
            writer.compact_if_due()
        finally:
            writer.close()

    def _drain_pages(self, writer: GenerationWriter, report: Report) -> None:
        while (page := self._outbox.oldest()) is not None:
            writer.apply([self._debt(debt) for debt in page.debts])
            self._outbox.settle(page.last_id)
            report(page.rows)

    def _change(self, value: IndexedOffre, version: int) -> Change:
        return Change(offre_id=value.offre.id, version=version, document=self._document(value))

    def _debt(self, debt: Debt) -> Change:
        document = self._document(debt.indexed) if debt.indexed else None
        return Change(offre_id=debt.offre_id, version=debt.version, document=document)

    def _document(self, value: IndexedOffre) -> IndexDocument:
        return self._builder.build(
            value.offre, value.structure_nom, value.expressions, value.structure_horaires
        )

    def _verify(self, path: Path) -> None:
        expected = self._reader.count_published()
        found = count_live(path)
        # Listings written since the last drain are still owed, so only a gap beyond them is one.
        if abs(expected - found) > self._outbox.depth():
            remove_generation(path)
            raise IndexIncomplete(f"{found} / {expected}")
