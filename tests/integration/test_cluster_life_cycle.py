"""The index on a cluster outlives the processes that write to it, killed or several at once.

The record is on PostgreSQL, as where several machines share an index; commands, workers and web
servers are real processes.
"""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch, NotFoundError

from tests.elasticsearch_node.ports import LOOPBACK
from tests.integration.cluster_site import (
    ClusterSite,
    Visitors,
    held_documents,
    kill,
    listings,
    running,
    served,
    wait_for,
    writing_without_end,
)
from tests.integration.site import COMMAND_SECONDS

pytestmark = [
    pytest.mark.xdist_group("cluster-life-cycle"),
    pytest.mark.elasticsearch,
    pytest.mark.postgresql,
]
PAGE_ROWS = 1_000  # rows that a drain, or a rebuild, takes at once
FEW, MANY = 300, 4 * PAGE_ROWS


@pytest.fixture
def site(
    postgresql_database: str,
    elasticsearch_url: str,
    index_prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[ClusterSite]:
    """A site on the shared node, with a few listings that are found."""
    monkeypatch.setattr("indexer.elasticsearch.cluster.SEARCH_SECONDS", 60.0)
    made = ClusterSite(
        url=postgresql_database,
        folder=tmp_path,
        cluster_url=elasticsearch_url,
        index=f"{index_prefix}offres",
    )
    made.record(listings(range(FEW), 0))
    assert made.run("index", "drain").exit_code == 0
    yield made
    made.close()


def drain_without_end(site: ClusterSite) -> "subprocess.Popen[str]":
    return site.start("index", "drain", "--watch")


def assert_index_says_what_the_record_says(site: ClusterSite, client: Elasticsearch) -> None:
    """Each published listing is found once, as it was last written, and nothing else is."""
    assert site.depth == 0
    checked = site.flask("index", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    expected = site.expected_documents()
    assert sorted(site.found()) == sorted(expected)
    assert held_documents(client, site.index) == expected


def generations(client: Elasticsearch, site: ClusterSite) -> set[str]:
    return set(client.indices.get(index=f"{site.index}-*", features="aliases"))


def written(client: Elasticsearch, index: str) -> int:
    """Returns how many documents an index has taken in, 0 before it exists."""
    try:
        stats = client.indices.stats(index=index, metric="indexing")
    except NotFoundError:
        return 0
    return int(stats["_all"]["primaries"].get("indexing", {}).get("index_total", 0))


def test_a_rebuild_while_visitors_search_and_a_source_writes(
    site: ClusterSite, elasticsearch_client: Elasticsearch
) -> None:
    before = generations(elasticsearch_client, site)
    with served(site) as port:
        visitors = Visitors([port])
        with writing_without_end(site, FEW) as versions, visitors.searching():
            first = versions()
            for _ in range(2):
                rebuilt = site.flask("index", "rebuild")
                assert rebuilt.returncode == 0, rebuilt.stderr
            assert versions() > first
    drained = site.flask("index", "drain")

    assert drained.returncode == 0, drained.stderr
    assert visitors.wrong == []
    assert set(visitors.answers) == {200}
    assert not before & generations(elasticsearch_client, site)
    assert_index_says_what_the_record_says(site, elasticsearch_client)


def test_a_worker_killed_while_it_drains_loses_and_doubles_nothing(
    site: ClusterSite, elasticsearch_client: Elasticsearch
) -> None:
    site.record(listings(range(FEW // 2, MANY), 1))
    owed = site.depth
    worker = drain_without_end(site)
    with running(worker):
        wait_for(lambda: site.depth < owed, worker)
        kill(worker)
    assert 0 < site.depth < owed

    worker = drain_without_end(site)
    with running(worker):
        wait_for(lambda: site.depth == 0, worker)

    assert_index_says_what_the_record_says(site, elasticsearch_client)
    assert len(site.found()) == MANY - FEW // 2


def test_a_writer_killed_before_it_drains_leaves_a_debt_that_a_worker_pays(
    site: ClusterSite, elasticsearch_client: Elasticsearch
) -> None:
    feed = site.write("flux", listings(range(FEW // 2, 2 * FEW), 1))
    with socket.create_server((LOOPBACK, 0)) as silent:  # takes what is asked, answers nothing
        silent.settimeout(COMMAND_SECONDS)
        writer = site.start(
            "catalogue", "import", feed, "--complet", "dora", "--force", "--rejets", site.rejects,
            ELASTICSEARCH_URL=f"http://{LOOPBACK}:{silent.getsockname()[1]}",
        )  # fmt: skip
        with running(writer):
            asked, _ = silent.accept()
            with asked:
                owed = site.depth
                kill(writer)
    assert site.depth == owed >= 2 * FEW
    assert set(site.found()) != set(site.expected_documents())

    worker = drain_without_end(site)
    with running(worker):
        wait_for(lambda: site.depth == 0, worker)

    assert_index_says_what_the_record_says(site, elasticsearch_client)
    assert len(site.found()) == 2 * FEW - FEW // 2


def test_a_rebuild_killed_while_it_fills_leaves_the_old_generation_in_service(
    site: ClusterSite, elasticsearch_client: Elasticsearch
) -> None:
    site.record(listings(range(MANY), 1))
    assert site.run("index", "drain").exit_code == 0
    old = generations(elasticsearch_client, site)
    rebuild = site.start("index", "rebuild")
    with running(rebuild):
        wait_for(
            lambda: any(
                written(elasticsearch_client, name) > 0
                for name in generations(elasticsearch_client, site) - old
            ),
            rebuild,
        )
        kill(rebuild)
    (orphan,) = generations(elasticsearch_client, site) - old
    assert written(elasticsearch_client, orphan) < MANY
    assert len(set(site.found())) == MANY

    again = site.flask("index", "rebuild")

    assert again.returncode == 0, again.stderr
    kept = generations(elasticsearch_client, site)
    assert orphan not in kept
    assert (len(kept), len(kept & old)) == (2, 1)
    assert_index_says_what_the_record_says(site, elasticsearch_client)


def test_two_workers_and_two_web_servers_at_once(
    site: ClusterSite, elasticsearch_client: Elasticsearch
) -> None:
    workers = [drain_without_end(site) for _ in range(2)]
    with running(*workers), served(site) as one, served(site) as other:
        visitors = Visitors([one, other])
        with writing_without_end(site, FEW) as versions, visitors.searching():
            first = versions()
            wait_for(lambda: versions() > first + 3, *workers)
        wait_for(lambda: site.depth == 0, *workers)

    assert visitors.wrong == []
    assert set(visitors.answers) == {200}
    assert_index_says_what_the_record_says(site, elasticsearch_client)
