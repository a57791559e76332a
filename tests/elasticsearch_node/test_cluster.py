"""Three nodes with encrypted connections: one is frozen and back; who may do what.

One that is killed and started again is in `tests/integration/test_cluster_nodes.py`.
"""

import pytest
from elasticsearch import (
    AuthenticationException,
    AuthorizationException,
    ConnectionTimeout,
    Elasticsearch,
    SSLError,
)

from tests.elasticsearch_node.cluster import Cluster, running_cluster
from tests.elasticsearch_node.plugin import skip_or_fail
from tests.elasticsearch_node.ports import is_open
from tests.elasticsearch_node.security import Security, User
from tests.elasticsearch_node.settings import ClusterSettings
from tests.elasticsearch_node.unavailable import NodeUnavailable

pytestmark = pytest.mark.elasticsearch

SITE = User(name="site", roles=["offres"])
SECURITY = Security(
    users=[SITE],
    roles={
        "offres": {
            "cluster": ["monitor"],
            "indices": [{"names": ["offres*"], "privileges": ["manage", "read", "write"]}],
        }
    },
)
ON_EVERY_NODE = {"number_of_shards": 1, "number_of_replicas": 2}
DOCUMENTS = 50


def test_a_cluster_of_three_nodes(subtests: pytest.Subtests) -> None:
    """One test, so that parallel workers cannot start two such clusters at once."""
    try:
        with running_cluster(ClusterSettings(nodes=3, security=SECURITY)) as cluster:
            for check in CHECKS:
                with subtests.test(check.__name__):
                    check(cluster)
    except NodeUnavailable as exc:
        skip_or_fail(str(exc))

    assert not cluster.folder.exists()
    assert not any(is_open(node.place.http_port) for node in cluster.nodes)


def client_of(cluster: Cluster, index: int, user: User | None = SITE) -> Elasticsearch:
    return Elasticsearch(
        cluster.urls[index],
        ca_certs=str(cluster.authority),
        basic_auth=user.credentials if user else None,
        request_timeout=60,
        max_retries=0,
    )


def filled_index(client: Elasticsearch, name: str) -> str:
    client.indices.create(index=name, settings=ON_EVERY_NODE)
    lines = [line for i in range(DOCUMENTS) for line in ({"create": {"_id": str(i)}}, {"rang": i})]
    assert not client.bulk(index=name, operations=lines, refresh=True)["errors"]
    client.cluster.health(index=name, wait_for_status="green", timeout="30s")
    return name


def a_frozen_node_answers_again_once_resumed(cluster: Cluster) -> None:
    with client_of(cluster, 2) as client:
        client.cluster.health()

        cluster.pause(2)
        try:
            with pytest.raises(ConnectionTimeout):
                client.options(request_timeout=0.5).cluster.health()
        finally:
            cluster.resume(2)

        cluster.wait()
        assert client.cluster.health()["number_of_nodes"] == 3


def a_user_does_what_the_role_says_and_no_more(cluster: Cluster) -> None:
    with client_of(cluster, 0) as client:
        filled_index(client, "offres-role")

        with pytest.raises(AuthorizationException):
            client.indices.create(index="autre")
        with pytest.raises(AuthorizationException):
            client.cluster.put_settings(persistent={"action.auto_create_index": "false"})


def the_administrator_does_all(cluster: Cluster) -> None:
    with client_of(cluster, 0, SECURITY.administrator) as client:
        assert client.indices.create(index="autre")["acknowledged"]
        client.indices.delete(index="autre")


def nobody_enters_without_a_password(cluster: Cluster) -> None:
    with client_of(cluster, 0, None) as client, pytest.raises(AuthenticationException):
        client.cluster.health()


def the_certificate_is_not_one_of_the_machine(cluster: Cluster) -> None:
    with (
        Elasticsearch(cluster.url, basic_auth=SITE.credentials, max_retries=0) as client,
        pytest.raises(SSLError),
    ):
        client.cluster.health()


CHECKS = (
    a_frozen_node_answers_again_once_resumed,
    a_user_does_what_the_role_says_and_no_more,
    the_administrator_does_all,
    nobody_enters_without_a_password,
    the_certificate_is_not_one_of_the_machine,
)
