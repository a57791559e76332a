"""A typed query once read: what is sought, where, and what was corrected."""

from dataclasses import dataclass
from typing import Protocol

from app.domain.territoire import CodeInsee
from app.domain.texte import RequeteTexte


@dataclass(frozen=True, slots=True, kw_only=True)
class LectureRequete:
    """The reading of a query; every part may be missing.

    `mots` are the words of each group of `texte`, in the same order. `besoins` are the thématiques
    that the words name, shown so that the person can undo them.
    `correction` is the query as it was understood, when a word was changed.
    """

    texte: RequeteTexte | None = None
    mots: tuple[str, ...] = ()
    lieu: CodeInsee | None = None
    besoins: frozenset[str] = frozenset()
    correction: str | None = None


class QueryReader(Protocol):
    """Reads what a person typed, once for every engine."""

    def read(self, q: str, *, with_place: bool) -> LectureRequete:
        """Returns the reading; a place is looked for only when asked."""
        ...
