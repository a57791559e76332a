"""The embedded index as its life cycle sees it: generations on disk and their writers."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from indexer.documents import Change
from indexer.embedded.generations import Generations, remove_generation
from indexer.embedded.store import GenerationWriter, count_live, is_damage, live_ids
from indexer.sync import Generation, IndexDamaged


class EmbeddedGeneration:
    """Implements `indexer.sync.Generation` on one file, opened when something is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: GenerationWriter | None = None

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    def apply(self, changes: Sequence[Change]) -> None:
        """Writes changes in one transaction."""
        with _telling_damage():
            self._writer().apply(changes)

    def finish(self, *, whole: bool) -> None:
        """Sorts the tokens into the postings: of all, or when many are late."""
        with _telling_damage():
            if whole:
                self._writer().compact()
            else:
                self._writer().compact_if_due()

    def live_ids(self) -> set[str]:
        """Returns the ids that can be found."""
        with _telling_damage():
            return live_ids(self.path)

    def count_live(self) -> int:
        """Returns how many ids can be found."""
        with _telling_damage():
            return count_live(self.path)

    def close(self) -> None:
        """Closes the file."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def discard(self) -> None:
        """Removes the file."""
        remove_generation(self.path)

    def _writer(self) -> GenerationWriter:
        if self._opened is None:
            self._opened = GenerationWriter(self.path)
        return self._opened


class EmbeddedIndex:
    """Implements `indexer.sync.Index` on a folder of generations."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations

    def writing(self, *, wait: bool) -> AbstractContextManager[bool]:
        """Holds the folder's lock."""
        return self._generations.writing(wait=wait)

    def is_ready(self) -> bool:
        """True when the current generation exists and this code can read it."""
        return self._generations.is_ready()

    def current(self) -> EmbeddedGeneration:
        """Returns the current generation."""
        path = self._generations.current()
        if path is None:
            raise IndexDamaged("courante")
        return EmbeddedGeneration(path)

    def begin(self) -> EmbeddedGeneration:
        """Returns a generation named after this moment."""
        return EmbeddedGeneration(self._generations.new_path())

    def swap(self, generation: Generation) -> None:
        """Makes a generation the one that workers read."""
        self._generations.swap(self._generations.folder / generation.name)


@contextmanager
def _telling_damage() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as exc:
        if is_damage(exc):
            raise IndexDamaged(str(exc)) from exc
        raise
