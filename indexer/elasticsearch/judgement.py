"""The domain's judgement as filters: what is false, or undecided, for one person.

Trees are named by their conditions, zones and lists of publics by their ids: those go as the
shorter of “one of these” and “none of the others”. An id that the worker does not know counts as
undecided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import orjson

from app.domain.ranking import acces_part
from app.domain.verdict import Cause, Jugement, Valeur
from indexer.elasticsearch.mapping import CONDITIONS, EXPRESSIONS, PUBLICS, ZONE, Json
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
from indexer.judging.arrays import FAIT_INCONNU, INCONNU, NON, OFFRE_NON_PRECISEE, OUI, Ids
from indexer.judging.judged import Judged
from indexer.judging.listed import Listed

IMPRECISE = term("imprecis", True)
_STEPS = (  # from the least certain judgement of what is open to the surest
    Jugement(Valeur.INCONNU, Cause.FAIT_INCONNU),
    Jugement(Valeur.INCONNU, Cause.OFFRE_NON_PRECISEE),
    Jugement(Valeur.OUI),
)


def ids_filter(
    field: str,
    listed: Listed,
    chosen: np.uint8,
    others: Sequence[np.uint8],
    last_known: int,
) -> Json:
    """Returns what holds the id of a listed expression that has the value chosen.

    It holds none of those that have one of the other values; what has neither may be found or not.
    An id that nobody knows is not chosen.
    """
    if listed.count(chosen) <= listed.count(*others):
        return _one_of(field, listed.having(chosen))
    unknown = {"range": {field: {"gt": last_known}}}
    return {
        "bool": {
            "filter": [having(field)],
            "must_not": [_one_of(field, listed.having(*others)), unknown],
        }
    }


def _one_of(field: str, ids: Ids) -> Json:
    chunks = [ids[at : at + MAX_TERMS] for at in range(0, len(ids), MAX_TERMS)]
    return any_of(*(terms(field, _written(chunk)) for chunk in chunks))


def _written(ids: Ids) -> orjson.Fragment:
    """Writes ids once for every search of a request that names them."""
    return orjson.Fragment(orjson.dumps(ids, option=orjson.OPT_SERIALIZE_NUMPY))


class Requirements:
    """Filters on publics and zones for one person: the same whatever offers are for."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged

    @cached_property
    def closed(self) -> list[Json]:
        """What is false."""
        judged = self.judged
        return [
            self._named(PUBLICS, judged.publics(), NON, INCONNU, OUI),
            self._named(ZONE, judged.zones(), NON, INCONNU, OUI),
        ]

    @cached_property
    def asking(self) -> list[Json]:
        """What waits for an answer of the person; meant for what is open."""
        return [self._caused(FAIT_INCONNU), self._named(ZONE, self.judged.zones(), INCONNU, OUI)]

    @cached_property
    def unsaid(self) -> Json:
        """What the listing leaves unsaid; meant for what is open."""
        return self._caused(OFFRE_NON_PRECISEE)

    def _named(self, name: str, listed: Listed, chosen: np.uint8, *others: np.uint8) -> Json:
        """Returns what holds an expression of this value, and of none of the others."""
        return ids_filter(name, listed, chosen, others, self.last_known)

    def _caused(self, cause: np.uint8) -> Json:
        """Publics undecided by this cause, perhaps among others."""
        publics = self.judged.publics()
        is_caused = (self.judged.publics_causes & cause) != 0
        # Undecided by another cause alone is as good as true here.
        values = np.where(publics.values == INCONNU, OUI, publics.values)
        caused = np.where(is_caused, INCONNU, values)
        return self._named(PUBLICS, Listed(publics.ids, caused), INCONNU, OUI)

    @property
    def last_known(self) -> int:
        """The newest expression that is known here."""
        return self.judged.layout.last_known


@dataclass(frozen=True)
class Judgement:
    """Filters on the verdict of documents, for one person.

    With marks, they are meant for documents that have one of these marks of usage: the conditions
    of all the others are not named.
    """

    requirements: Requirements
    marks: frozenset[str] | None = None

    @cached_property
    def open(self) -> Json:
        """Not surely closed: nothing is false."""
        return none_of(self._conditions(NON), *self.requirements.closed)

    @cached_property
    def by_person(self) -> Json:
        """Something waits for an answer of the person; meant for what is open."""
        unknown = ({"range": {name: {"gt": self.requirements.last_known}}} for name in EXPRESSIONS)
        return any_of(self._conditions(INCONNU), *self.requirements.asking, *unknown)

    @cached_property
    def by_listing(self) -> Json:
        """The listing itself leaves something unsaid; meant for what is open."""
        return any_of(IMPRECISE, self.requirements.unsaid)

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

    def _conditions(self, value: np.uint8) -> Json:
        keys = self.requirements.judged.conditions(value, self.marks)
        return _one_of(CONDITIONS, keys)
