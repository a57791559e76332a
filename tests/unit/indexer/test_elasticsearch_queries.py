"""What is asked of a cluster, without one: plain dictionaries."""

import numpy as np
import orjson
import pytest

from app.domain.offre import OffreId
from app.domain.portee import Origine
from app.domain.search import Tri
from app.domain.territoire import Point
from indexer.elasticsearch.encoding import Found, encode_withdrawn, read_combined
from indexer.elasticsearch.judgement import ids_filter
from indexer.elasticsearch.mapping import MAX_TOKEN, mappings, searched_alias, written_token
from indexer.elasticsearch.paging import Group, groups, merge
from indexer.elasticsearch.queries import MAX_TERMS, NOTHING, any_of, terms_of_many
from indexer.elasticsearch.reach import Reach
from indexer.judging.arrays import NON, OUI
from indexer.judging.listed import Listed

HERE = Origine(point=Point(43.9, 4.8))


def plain(query: object) -> object:
    """The query as the cluster reads it."""
    return orjson.loads(orjson.dumps(query))


def test_unknown_fields_are_refused() -> None:
    assert mappings()["dynamic"] == "strict"
    assert set(encode_withdrawn(OffreId("a"))) < set(mappings()["properties"])


def test_the_shorter_list_of_ids_is_sent() -> None:
    ids = np.arange(1, 7)
    listed = Listed(ids, np.where(np.isin(ids, [3, 5]), OUI, NON))

    assert plain(ids_filter("arbre", listed, OUI, (NON,), 6)) == {"terms": {"arbre": [3, 5]}}
    assert plain(ids_filter("arbre", listed, NON, (OUI,), 6)) == {
        "bool": {
            "filter": [{"exists": {"field": "arbre"}}],
            "must_not": [{"terms": {"arbre": [3, 5]}}, {"range": {"arbre": {"gt": 6}}}],
        }
    }


def test_no_id_finds_nothing() -> None:
    listed = Listed(np.array([1]), np.array([NON]))

    assert plain(ids_filter("zone", listed, OUI, (NON,), 1)) == NOTHING
    assert (
        plain(
            ids_filter(
                "zone",
                Listed(np.array([], dtype=np.intp), np.array([], dtype=np.uint8)),
                OUI,
                (NON,),
                1,
            )
        )
        == NOTHING
    )


def test_more_values_than_a_filter_holds_are_shared_out() -> None:
    query = terms_of_many("horaires", (f"{n:06}" for n in range(MAX_TERMS + 1)))

    assert [len(part["terms"]["horaires"]) for part in query["bool"]["should"]] == [MAX_TERMS, 1]


def test_one_alternative_needs_no_group() -> None:
    assert any_of() == NOTHING
    assert any_of({"a": 1}) == {"a": 1}


def test_a_token_that_the_analyzer_would_cut_is_written_short() -> None:
    longest = "a" * MAX_TOKEN

    assert written_token(longest) == longest
    assert len(written_token(longest + "a")) < MAX_TOKEN
    assert written_token(longest + "a") != written_token(longest + "b")


def test_the_alias_that_is_searched_tells_the_mapping() -> None:
    assert searched_alias("offres").startswith("offres-")


def test_absent_expressions_are_no_condition() -> None:
    found = Found({"sur_place": True, "a_distance": False, "zone": 7})

    assert found.expressions == [0, 0, 7]
    assert read_combined(["3.0.7", "12.5.0"]).tolist() == [[3, 0, 7], [12, 5, 0]]
    assert read_combined([]).tolist() == []
    assert found.emplacement.point is None


@pytest.mark.parametrize(
    ("tri", "near", "far"),
    [
        (Tri.PERTINENCE, [30.0, 120.0, 739_000, "b"], [30.0, 739_000, "a"]),
        (Tri.DISTANCE, [120.0, 30.0, "b"], [90.0, "a"]),
        (Tri.DATE_MAJ, [739_000, 120.0, "b"], [739_000, "a"]),
    ],
)
def test_what_has_a_distance_comes_before_its_equals(
    tri: Tri, near: list[object], far: list[object]
) -> None:
    found = groups(Reach(HERE, 30), tri)

    merged = [*merge(found, [[{"_id": "b", "sort": near}], [{"_id": "a", "sort": far}]])]

    assert [hit["_id"] for hit in merged] == ["b", "a"]


def test_a_document_found_in_two_groups_counts_once() -> None:
    group = Group(filter={}, sort=[], tri=Tri.PERTINENCE, is_measured=False)
    hits = [{"_id": "a", "sort": [2.0, 1, "a"]}], [{"_id": "a", "sort": [1.0, 1, "a"]}]

    assert [hit["_id"] for hit in merge([group, group], hits)] == ["a"]


def test_without_an_origin_nothing_has_a_distance() -> None:
    assert [group.is_measured for group in groups(Reach(Origine(), 30))] == [False]
