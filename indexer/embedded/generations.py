"""The generations of the embedded index on disk: which one is current, who may write.

A generation is a file named after the mapping and its date; `courante` names the one that workers
read. Writers hold a lock on `verrou`; readers never wait.
"""

import hashlib
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from indexer.analysis import fingerprint
from indexer.embedded.rows import ROW
from indexer.locks import file_lock

FORMAT = 3  # raised when the file's tables, or what ids mean, change in a way that ROW hides


@cache
def mapping_version() -> str:
    """Returns what a generation must have been made with to be read by this code."""
    described = f"{FORMAT}|{ROW.descr}|{fingerprint()}"
    return hashlib.blake2b(described.encode(), digest_size=4).hexdigest()


class Generations:
    """The index folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pointer = folder / "courante"

    def current(self) -> Path | None:
        """Returns the file of the current generation, None before the first."""
        try:
            # A damaged pointer names no file, like a missing one.
            name = self._pointer.read_text(encoding="ascii", errors="replace")
            return self.folder / name.replace("\0", "")
        except FileNotFoundError:
            return None

    @staticmethod
    def is_readable(path: Path) -> bool:
        """True when the generation was made with this code's mapping."""
        return path.name.startswith(f"offres-{mapping_version()}-")

    def is_ready(self) -> bool:
        """True when the current generation exists and this code can read it."""
        path = self.current()
        return path is not None and path.exists() and self.is_readable(path)

    def new_path(self) -> Path:
        """Returns the file name of a generation made now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        return self.folder / f"offres-{mapping_version()}-{stamp}.sqlite"

    def swap(self, path: Path) -> None:
        """Makes a complete generation the current one, in one step, and drops the old ones."""
        previous = self.current()
        temporary = self._pointer.with_suffix(".nouvelle")
        temporary.write_text(path.name, encoding="ascii")
        temporary.replace(self._pointer)
        kept = {path, previous}
        for old in sorted(self.folder.glob("offres-*.sqlite")):
            if old not in kept:
                remove_generation(old)

    def writing(self, *, wait: bool) -> AbstractContextManager[bool]:
        """Holds the writers' lock; yields False at once when another has it and `wait` is not set.

        The system releases the lock of a process that dies.
        """
        return file_lock(self.folder / "verrou", wait=wait)


def remove_generation(path: Path) -> None:
    """Removes a generation's file and SQLite's companions; readers of it keep theirs open."""
    for companion in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        companion.unlink(missing_ok=True)
