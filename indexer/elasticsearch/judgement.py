"""The domain's judgement as filters: which expressions are false, or undecided, for one person.

A list of ids goes as the shorter of “one of these” and “none of the others”. An id that the worker
does not know counts as undecided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import orjson
from numpy.typing import NDArray

from app.domain import expressions
from app.domain.ranking import acces_part
from app.domain.verdict import Cause, Jugement, Valeur
from indexer.elasticsearch.mapping import EXPRESSIONS, PUBLICS, TREE, ZONE, Json
from indexer.elasticsearch.queries import (
    EVERYTHING,
    MAX_TERMS,
    any_of,
    having,
    none_of,
    term,
    terms,
    worth,
)
from indexer.forest import Ids, Values
from indexer.judged import Judged

NATURES = {TREE: expressions.ARBRE, PUBLICS: expressions.PUBLICS, ZONE: expressions.ZONE}
IMPRECISE = term("imprecis", True)
Chosen = NDArray[np.bool_]
_STEPS = (  # from the least certain judgement of what is open to the surest
    Jugement(Valeur.INCONNU, Cause.FAIT_INCONNU),
    Jugement(Valeur.INCONNU, Cause.OFFRE_NON_PRECISEE),
    Jugement(Valeur.OUI),
)


def ids_filter(
    field: str, ids: Ids, chosen: Chosen, last_known: int, others: Chosen | None = None
) -> Json:
    """Returns what holds one of the chosen ids; an id that nobody knows is not chosen.

    What is neither chosen nor among the others may be found or not; by default there is nothing.
    """
    others = ~chosen if others is None else others
    if np.count_nonzero(chosen) <= np.count_nonzero(others):
        return _one_of(field, ids.compress(chosen))
    unknown = {"range": {field: {"gt": last_known}}}
    return {
        "bool": {
            "filter": [having(field)],
            "must_not": [_one_of(field, ids.compress(others)), unknown],
        }
    }


def _one_of(field: str, ids: Ids) -> Json:
    chunks = [ids[at : at + MAX_TERMS] for at in range(0, len(ids), MAX_TERMS)]
    return any_of(*(terms(field, _written(chunk)) for chunk in chunks))


def _written(ids: Ids) -> orjson.Fragment:
    """Writes ids once for every search of a request that names them."""
    return orjson.Fragment(orjson.dumps(ids, option=orjson.OPT_SERIALIZE_NUMPY))


@dataclass(frozen=True)
class Judgement:
    """Filters on the verdict of documents, for one person.

    With marks, they are meant for documents that have one of these marks of usage: the trees of
    all the others are not named.
    """

    judged: Judged
    marks: frozenset[str] | None = None

    @cached_property
    def open(self) -> Json:
        """Not surely closed: no expression is false."""
        return none_of(*map(self._closed, EXPRESSIONS))

    @cached_property
    def by_person(self) -> Json:
        """Some expression waits for an answer of the person; meant for what is open."""
        return any_of(*map(self._asking, EXPRESSIONS))

    @cached_property
    def by_listing(self) -> Json:
        """The listing itself leaves something unsaid; meant for what is open."""
        return any_of(IMPRECISE, self._publics_caused(Cause.OFFRE_NON_PRECISEE))

    @cached_property
    def certain(self) -> Json:
        """Nothing is left to check; meant for what is open."""
        return none_of(self.by_person, self.by_listing)

    @cached_property
    def asking(self) -> Json:
        """Only the person can settle it; meant for what is open."""
        return {"bool": {"filter": [self.by_person], "must_not": [self.by_listing]}}

    @cached_property
    def closed(self) -> Json:
        """Surely not for this person."""
        return none_of(self.open)

    def acces(self, weight: float) -> Json:
        """Returns the clause of the access part, for documents that are open.

        What each better judgement adds is a clause of its own, so that the longest list of ids is
        read once.
        """
        unknown, unsaid, certain = (weight * acces_part(jugement) for jugement in _STEPS)
        answered = worth(none_of(self.by_person), unsaid - unknown)
        said = worth(none_of(self.by_listing), certain - unsaid)
        return {
            "bool": {
                "must": [worth(EVERYTHING, unknown)],
                "should": [{"bool": {"must": [answered], "should": [said]}}],
            }
        }

    def jugement(self, ids: Sequence[int], *, is_imprecise: bool) -> Jugement:
        """Returns the judgement of one document, from its expressions."""
        values = [self.judged.value(ident) for ident in ids]
        lowest = min(*values, Valeur.INCONNU if is_imprecise else Valeur.OUI)
        causes = Cause.AUCUNE
        if lowest is Valeur.INCONNU:
            causes = Cause.OFFRE_NON_PRECISEE if is_imprecise else Cause.AUCUNE
            for ident in ids:
                causes |= self.judged.causes_of(ident)
        return Jugement(lowest, causes)

    @cached_property
    def _listed(self) -> dict[str, tuple[Ids, Values]]:
        judged = self.judged
        return {name: judged.listed(nature, self.marks) for name, nature in NATURES.items()}

    def _closed(self, name: str) -> Json:
        ids, values = self._listed[name]
        return ids_filter(name, ids, values == Valeur.NON, self._last)

    def _asking(self, name: str) -> Json:
        """Undecided for want of an answer; meant for what is open: what is false is not named."""
        ids, values = self._listed[name]
        if name == PUBLICS:
            found = self._publics_caused(Cause.FAIT_INCONNU)
        else:
            undecided = values == Valeur.INCONNU
            found = ids_filter(name, ids, undecided, self._last, values == Valeur.OUI)
        return any_of(found, {"range": {name: {"gt": self._last}}})

    def _publics_caused(self, cause: Cause) -> Json:
        ids, values = self._listed[PUBLICS]
        chosen = (self.judged.publics_causes & np.uint8(cause)) != 0
        others = ~chosen & (values != Valeur.NON)
        return ids_filter(PUBLICS, ids, chosen, self._last, others)

    @property
    def _last(self) -> int:
        return self.judged.layout.last_known
