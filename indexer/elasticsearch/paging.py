"""One page of a total order whose distance is only known for part of the documents.

The cluster sorts by distance whatever the reach, while an offer that is not reached on the spot has
no distance. So each search is asked twice, for what is on the spot and for the rest, and the two
sorted lists are merged by the keys of the reference.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.search import Tri
from indexer.elasticsearch.encoding import Found
from indexer.elasticsearch.mapping import Json
from indexer.elasticsearch.queries import LIVING, all_of, from_nearest, none_of
from indexer.elasticsearch.reach import Reach

# Beyond, documents are only sorted, and those of the page fetched by a second round trip.
MAX_WITH_SOURCE = 1_000
_SCORE, _NEWEST, _BY_ID = {"_score": "desc"}, {"jour": "desc"}, {"offre_id": "asc"}
Key = tuple[float | str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Documents of a search that are sorted alike."""

    filter: Json
    sort: list[Json]
    tri: Tri
    is_measured: bool

    def key(self, sort: Sequence[Any]) -> Key:
        """Returns the key of the whole order from the values that a hit was sorted by."""
        values = list(sort)
        ident = values.pop()
        distance = float("inf")
        if self.is_measured:
            distance = values.pop(0 if self.tri is Tri.DISTANCE else 1)
        descending = [-value for value in values]
        at = {Tri.DISTANCE: 0, Tri.PERTINENCE: 1, Tri.DATE_MAJ: 1}[self.tri]
        return (*descending[:at], distance, *descending[at:], ident)


def groups(reach: Reach, tri: Tri = Tri.PERTINENCE, *, all_count: bool = False) -> list[Group]:
    """Returns the groups of a search.

    With `all_count`, what is out of reach counts too, and keeps its distance.
    """
    measured = reach.measured(all_count=all_count)
    parts = [(none_of(measured), False)]
    if reach.origine.point is not None or (all_count and reach.centre is not None):
        parts.insert(0, (measured, True))
    return [
        Group(
            filter=part,
            sort=_sort(tri, reach, is_measured=is_measured),
            tri=tri,
            is_measured=is_measured,
        )
        for part, is_measured in parts
    ]


def _sort(tri: Tri, reach: Reach, *, is_measured: bool) -> list[Json]:
    nearest = [from_nearest(reach.centre)] if is_measured and reach.centre else []
    match tri:
        case Tri.PERTINENCE:
            return [_SCORE, *nearest, _NEWEST, _BY_ID]
        case Tri.DISTANCE:
            return [*nearest, _SCORE, _BY_ID]
        case Tri.DATE_MAJ:
            return [_NEWEST, *nearest, _BY_ID]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSearch:
    """The searches of one page, and how their answers become the page."""

    query: Json
    groups: list[Group]
    first: int
    last: int
    aggs: Json = field(default_factory=dict)

    @property
    def has_source(self) -> bool:
        """True when the documents of the page come with the first round trip."""
        return self.last <= MAX_WITH_SOURCE

    def searches(self) -> list[Json]:
        """Returns a search for each group."""
        scored = self.query["bool"]
        return [
            {
                "query": {"bool": {**scored, "filter": [*scored["filter"], g.filter]}},
                "sort": g.sort,
                "size": self.last,
                "track_total_hits": True,
                "_source": self.has_source,
                **({"aggs": self.aggs} if self.aggs else {}),
            }
            for g in self.groups
        ]

    def page(self, answers: Sequence[Json]) -> list[Json]:
        """Returns the hits of the page, in order."""
        merged = merge(self.groups, [answer["hits"]["hits"] for answer in answers])
        return list(merged)[self.first : self.last]


def merge(asked: Sequence[Group], hits: Sequence[Iterable[Json]]) -> Iterator[Json]:
    """Yields the hits of several groups in one order, each document once.

    A document that a write moves from one group to the other may be found in both.
    """
    seen: set[str] = set()
    for _, hit in heapq.merge(*map(_keyed, asked, hits), key=lambda pair: pair[0]):
        if hit["_id"] not in seen:
            seen.add(hit["_id"])
            yield hit


def _keyed(group: Group, hits: Iterable[Json]) -> list[tuple[Key, Json]]:
    return [(group.key(hit["sort"]), hit) for hit in hits]


def best_hits(group: Group, count: int, *, source: bool = False) -> Json:
    """Returns the aggregation that sorts the documents of a group, inside a search of all."""
    return {"top_hits": {"size": count, "sort": group.sort, "_source": source}}


def hits_of(aggregation: Json) -> list[Json]:
    """Returns the hits that `best_hits` found."""
    hits: list[Json] = aggregation["hits"]["hits"]
    return hits


def of_ids(ids: Sequence[str]) -> Json:
    """Returns the search that reads some documents."""
    query = all_of(LIVING, {"ids": {"values": list(ids)}})
    return {"query": query, "size": len(ids), "_source": True}


def total(answers: Sequence[Json]) -> int:
    """Returns how many documents the groups hold together."""
    return sum(answer["hits"]["total"]["value"] for answer in answers)


def found(hit: Json) -> Found:
    """Returns what a hit says of its offer."""
    return Found(hit["_source"])


def documents_of(hits: Sequence[Json], read: Mapping[str, Found]) -> list[tuple[Json, Found]]:
    """Returns hits with what they say, or what another round trip has read.

    What was withdrawn between the two is left out.
    """
    return [
        (hit, read[hit["_id"]] if hit["_id"] in read else found(hit))
        for hit in hits
        if hit["_id"] in read or "_source" in hit
    ]
