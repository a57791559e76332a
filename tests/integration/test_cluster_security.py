"""A cluster with TLS, where our user has the rights of `deploy/elasticsearch/role.json` only.

Everything goes through our own settings: an https address with a name and a password, and the
certificate of the authority.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from elasticsearch import Elasticsearch
from flask.testing import FlaskClient

from app.config import Settings
from app.factory import create_app
from tests.elasticsearch_node.certificates import AUTHORITY, make_certificates
from tests.elasticsearch_node.cluster import Cluster, running_cluster
from tests.elasticsearch_node.plugin import skip_or_fail
from tests.elasticsearch_node.security import Role, Security, User
from tests.elasticsearch_node.settings import ClusterSettings
from tests.elasticsearch_node.unavailable import NodeUnavailable
from tests.integration.site import ROOT, SERVICE, STRUCTURE, Site, make_services

pytestmark = [pytest.mark.elasticsearch, pytest.mark.xdist_group("cluster-security")]

ROLE = json.loads((ROOT / "deploy" / "elasticsearch" / "role.json").read_text("utf-8"))
(OFFRES,) = ROLE["indices"]
RIGHTS = OFFRES["privileges"]
# Signs that an address must quote.
EVENTAIL = User(name="eventail", roles=["eventail"], password="a/b,c@d:e?f#g%h")
WITHOUT = {right: User(name=f"sans-{right}", roles=[f"sans-{right}"]) for right in RIGHTS}
WRONG = "un-mot-de-passe-faux"
SERVICES = 5

MakeSite = Callable[..., Site]


def role_without(right: str) -> Role:
    others = [other for other in RIGHTS if other != right]
    return {**ROLE, "indices": [{**OFFRES, "privileges": others}]}


SECURITY = Security(
    users=[EVENTAIL, *WITHOUT.values()],
    roles={"eventail": ROLE} | {f"sans-{right}": role_without(right) for right in RIGHTS},
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    try:
        with running_cluster(ClusterSettings(security=SECURITY)) as running:
            yield running
    except NodeUnavailable as exc:
        skip_or_fail(str(exc))


@pytest.fixture
def administrator(cluster: Cluster) -> Iterator[Elasticsearch]:
    with Elasticsearch(
        cluster.url,
        ca_certs=str(cluster.authority),
        basic_auth=SECURITY.administrator.credentials,
        request_timeout=60,
    ) as client:
        yield client
        client.indices.delete(index="*")


@pytest.fixture
def make_site(cluster: Cluster, administrator: Elasticsearch, tmp_path: Path) -> Iterator[MakeSite]:
    """Makes sites with listings, that use the cluster under a name."""
    made: list[Site] = []

    def make(user: User = EVENTAIL, password: str | None = None, **more: str) -> Site:
        folder = tmp_path / f"site-{len(made)}"
        folder.mkdir()
        name, secret = quote(user.name, safe=""), quote(password or user.password, safe="")
        environ = {
            "SEARCH_ENGINE": "elasticsearch",
            "ELASTICSEARCH_URL": cluster.url.replace("://", f"://{name}:{secret}@"),
            "ELASTICSEARCH_CA": str(cluster.authority),
            **more,
        }
        site = Site(url=None, folder=folder, more=environ)
        made.append(site)
        return site

    yield make
    for site in made:
        site.close()


def feed(site: Site, **fields: object) -> Path:
    return site.write("flux", [STRUCTURE, *make_services(SERVICES, **fields)])


def visitor(site: Site) -> FlaskClient:
    return create_app(Settings.from_environ(site.environ)).test_client()


def found(site: Site, words: str) -> int:
    """Returns how many listings a page of the site finds."""
    response = visitor(site).get(f"/api/v1/offres?q={words}")
    assert response.status_code == 200, response.text
    return int(response.json["total"])


def test_the_rights_listed_are_enough(
    make_site: MakeSite, cluster: Cluster, administrator: Elasticsearch
) -> None:
    site = make_site()

    assert site.import_(feed(site)).exit_code == 0
    assert found(site, "code") == SERVICES
    assert site.run("index", "rebuild").exit_code == 0
    assert site.run("index", "rebuild").exit_code == 0  # the third drops the first
    site.import_(feed(site, nom="Prêt de vélos"))
    assert site.run("index", "drain").exit_code == 0
    assert found(site, "vélos") == SERVICES
    site.composition.outbox.owe([str(SERVICE["id"])])
    assert site.run("index", "check").exit_code == 1
    assert site.run("index", "check", "--reparer").exit_code == 0

    assert len(administrator.indices.get(index="offres-*")) == 2
    client = visitor(site)
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("right", RIGHTS)
def test_each_right_is_needed(make_site: MakeSite, right: str) -> None:
    site = make_site(WITHOUT[right])
    site.import_(feed(site))

    done = site.run("index", "rebuild")

    assert done.exit_code == 1
    assert "n’a pas les droits nécessaires" in done.output
    assert "deploy/elasticsearch/role.json" in done.output
    assert site.composition.outbox.depth() >= SERVICES


@pytest.mark.parametrize("name", ["autre", "offresbis"])
def test_another_index_is_refused(
    make_site: MakeSite, administrator: Elasticsearch, name: str
) -> None:
    site = make_site(ELASTICSEARCH_INDEX=name)
    site.import_(feed(site))

    done = site.run("index", "rebuild")

    assert done.exit_code == 1
    assert "n’a pas les droits nécessaires" in done.output
    assert not administrator.indices.get(index="*")


def said_without_secret(done: "subprocess.CompletedProcess[str]", site: Site, *secrets: str) -> str:
    said = done.stdout + done.stderr
    for secret in (*secrets, *map(quote, secrets), site.environ["ELASTICSEARCH_URL"]):
        assert secret not in said
    assert "Traceback" not in said
    return said


def test_a_wrong_password_is_told_and_kept_secret(make_site: MakeSite) -> None:
    site = make_site(password=WRONG)

    done = site.flask("index", "rebuild")

    assert done.returncode == 1
    assert "refuse l’utilisateur ou son mot de passe" in said_without_secret(done, site, WRONG)


def test_a_wrong_authority_is_told(make_site: MakeSite, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    make_certificates(other)
    site = make_site(ELASTICSEARCH_CA=str(other / AUTHORITY))

    done = site.flask("index", "rebuild")

    assert done.returncode == 1
    said = said_without_secret(done, site, EVENTAIL.password)
    assert "n’est pas signé par une autorité connue" in said


def test_a_file_that_is_no_certificate_is_told(make_site: MakeSite, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("rien", encoding="ascii")
    site = make_site(ELASTICSEARCH_CA=str(tmp_path / "ca.pem"))

    done = site.run("index", "rebuild")

    assert done.exit_code == 1
    assert "Donnez dans ELASTICSEARCH_CA" in done.output


@pytest.mark.parametrize("fault", ["password", "authority"])
def test_a_page_says_that_search_is_away(make_site: MakeSite, tmp_path: Path, fault: str) -> None:
    if fault == "password":
        site = make_site(password=WRONG)
    else:
        make_certificates(tmp_path)
        site = make_site(ELASTICSEARCH_CA=str(tmp_path / AUTHORITY))
    client = visitor(site)

    response = client.get("/recherche?q=permis")

    assert response.status_code == 503
    assert "momentanément" in response.text
    assert "Aucune offre" not in response.text
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert "refusé" in ready.json["controles"]["index"]
