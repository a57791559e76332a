"""The node that the tests of the suite share, and what a minimal distribution lacks."""

import os

import pytest
from elasticsearch import ApiError, Elasticsearch

from tests.elasticsearch_node import plugin

pytestmark = pytest.mark.elasticsearch


def test_the_official_client_writes_and_finds(
    elasticsearch_client: Elasticsearch, index_prefix: str
) -> None:
    index = f"{index_prefix}offres"
    elasticsearch_client.indices.create(
        index=index, mappings={"properties": {"nom": {"type": "text", "analyzer": "whitespace"}}}
    )

    elasticsearch_client.index(
        index=index, id="o1", document={"nom": "aid mobil"}, version=3, version_type="external"
    )
    elasticsearch_client.indices.refresh(index=index)

    hits = elasticsearch_client.search(index=index, query={"term": {"nom": "mobil"}})["hits"]
    assert [hit["_id"] for hit in hits["hits"]] == ["o1"]


def test_indices_go_with_the_test_that_made_them(elasticsearch_client: Elasticsearch) -> None:
    with plugin.fresh_prefix(elasticsearch_client) as prefix:
        elasticsearch_client.indices.create(index=f"{prefix}offres")
        elasticsearch_client.indices.put_alias(index=f"{prefix}offres", name=f"{prefix}alias")

    assert not elasticsearch_client.indices.get(index=f"{prefix}*")


def test_the_node_is_started_once(
    elasticsearch_url: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "ELASTICSEARCH_URL" in os.environ:
        pytest.skip("the node is not ours")
    monkeypatch.setattr(plugin, "_start", lambda _: pytest.fail("started again"))
    folder = plugin._folder_of_the_run(tmp_path_factory)

    assert plugin.shared_node(folder) == (elasticsearch_url, "")


def test_the_root_page_is_missing(elasticsearch_client: Elasticsearch) -> None:
    """So `info` and `ping` say nothing here: health is asked instead."""
    if "ELASTICSEARCH_URL" in os.environ:
        pytest.skip("the node may be a whole one")
    with pytest.raises(ApiError):
        elasticsearch_client.info()

    assert not elasticsearch_client.ping()
    assert elasticsearch_client.cluster.health()["number_of_nodes"] == 1
