"""Which ids an import has met: in a temporary file, so that memory does not grow with the feed."""

import sqlite3

CACHE_KB = 4_096


class MetIds:
    """A set of ids that only grows, in a nameless file that goes with the process."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        self._file.execute("PRAGMA journal_mode = OFF")  # nothing is ever undone
        self._file.execute("CREATE TABLE met (id TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, ident: str) -> bool:
        """Adds an id; returns False when it was there already."""
        added = self._file.execute("INSERT OR IGNORE INTO met VALUES (?)", (ident,))
        return added.rowcount == 1

    def __contains__(self, ident: object) -> bool:
        query = "SELECT 1 FROM met WHERE id = ?"
        return self._file.execute(query, (ident,)).fetchone() is not None

    def close(self) -> None:
        """Gives the file back."""
        self._file.close()
