"""Filters as the cluster reads them: pure functions that return plain dictionaries."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.domain.territoire import Point
from indexer.elasticsearch.mapping import Json

# A `terms` filter holds as many values as `index.max_terms_count` allows.
MAX_TERMS = 65_536
HALF_THE_EARTH_KM = 20_015.0  # no two places are farther apart

EVERYTHING: Json = {"match_all": {}}
NOTHING: Json = {"match_none": {}}


def all_of(*filters: Json) -> Json:
    """Returns what meets every filter."""
    return filters[0] if len(filters) == 1 else {"bool": {"filter": list(filters)}}


def any_of(*filters: Json) -> Json:
    """Returns what meets at least one filter."""
    if not filters:
        return NOTHING
    if len(filters) == 1:
        return filters[0]
    return {"bool": {"should": list(filters), "minimum_should_match": 1}}


def none_of(*filters: Json) -> Json:
    """Returns what meets no filter."""
    return {"bool": {"must_not": list(filters)}} if filters else EVERYTHING


def term(field: str, value: str | bool | int) -> Json:
    """Returns what holds a value."""
    return {"term": {field: value}}


def terms(field: str, values: Any) -> Json:
    """Returns what holds one of some values: few, or already written as JSON."""
    return {"terms": {field: values}}


def terms_of_many(field: str, values: Iterable[str]) -> Json:
    """Returns what holds one of any number of values."""
    found = sorted(values)
    chunks = [found[at : at + MAX_TERMS] for at in range(0, len(found), MAX_TERMS)]
    return any_of(*(terms(field, chunk) for chunk in chunks))


def having(field: str) -> Json:
    """Returns what says something in a field."""
    return {"exists": {"field": field}}


def saying(field: str, values: Iterable[str], *, absent: bool) -> Json:
    """Returns what holds one of some values; `absent` is silence's answer."""
    named = terms(field, sorted(values))
    return any_of(named, none_of(having(field))) if absent else named


def within(point: Point, distance_km: float) -> Json:
    """Returns what stands at most so far from a point."""
    return {
        "geo_distance": {
            "lieu": {"lat": point.lat, "lon": point.lon},
            "distance": f"{min(distance_km, HALF_THE_EARTH_KM):.6f}km",
        }
    }


def from_nearest(point: Point) -> Json:
    """Returns the sort by distance to a point, in metres."""
    return {
        "_geo_distance": {
            "lieu": {"lat": point.lat, "lon": point.lon},
            "order": "asc",
            "unit": "m",
            "distance_type": "arc",
        }
    }


def best_of(functions: Sequence[Json]) -> Json:
    """Returns a clause that scores a document as the best function that applies, 0 without."""
    return {
        "function_score": {
            "functions": [{"weight": 0}, *functions],
            "score_mode": "max",
            "boost_mode": "replace",
        }
    }


def worth(filter_: Json, weight: float) -> Json:
    """Returns a clause that scores what it finds as so much."""
    return {"constant_score": {"filter": filter_, "boost": weight}}


LIVING = term("vivant", True)
ON_SITE = term("sur_place", True)
REMOTE = term("a_distance", True)
