"""A typed query once read: what is sought, where, and what was corrected."""

from dataclasses import dataclass
from typing import Protocol

from app.domain.territoire import CodeInsee
from app.domain.texte import Groupe, RequeteTexte


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One thing that was understood, with its words as typed: it can be said back and undone."""

    groupe: Groupe
    mots: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LectureRequete:
    """The reading of a query; every part may be missing.

    `elements` are what chooses the offers; in a sentence that tells a story (`est_recit`), they are
    its needs, any of which is an answer, and the other words only order. `besoins` are the
    thématiques that the words name, `urgences` the numbers to call first, the fittest one first.
    `sans_lieu` is the query without the place that was found in it, `correction` the query as it
    was understood, when a word was changed.
    """

    texte: RequeteTexte | None = None
    elements: tuple[Element, ...] = ()
    est_recit: bool = False
    lieu: CodeInsee | None = None
    sans_lieu: str | None = None
    besoins: frozenset[str] = frozenset()
    urgences: tuple[str, ...] = ()
    correction: str | None = None


class QueryReader(Protocol):
    """Reads what a person typed, once for every engine."""

    def read(self, q: str, *, with_place: bool, territoire: str | None = None) -> LectureRequete:
        """Returns the reading; a place is looked for only when asked.

        The local words of a territory are understood there; without one, those of all are.
        """
        ...

    def read_literally(self, q: str) -> LectureRequete:
        """Returns the words alone: no place, no need, no synonym, no correction."""
        ...
