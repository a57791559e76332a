"""What no request may do: write by reading, set what is not its own, fetch what a listing names."""

import re
import socket
from collections.abc import Iterator

import pytest

from app.domain.edition import FicheRef
from app.domain.offre import Offre
from app.domain.publication import OFFRE, STRUCTURE
from tests.unit.persistence.dumps import dump
from tests.web.api.test_headers import addresses
from tests.web.ecriture.conftest import Logiciel
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Site, form_of

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
MAX_BODY = 1_048_576
# Each would be a pattern, or break one, if a text of a reader became a regular expression.
PATTERNS = (
    ".*", "(((((", "[a-", "a{1,99999999}", "(a+)+$", "\\", "^$", "*", "?", "(?P<x>", "\\d+",
)  # fmt: skip


def of_listings(site: Site) -> list[str]:
    """Every address that may be read, those of a listing with one that exists."""
    found = []
    for address in addresses(site.app):
        ident = STRUCTURE_A if "structures" in address else OFFRE_A
        found.append(address.replace("inconnue", ident))
    return found


def test_nothing_is_written_by_reading(site: Site) -> None:
    client = site.person("administrateur")
    program = Logiciel(site, "administrateur")
    program.call("GET", f"/api/v1/offres/{OFFRE_A}")  # the day of a key is noted at its first use
    engine = site.espace.cles.store._engine  # type: ignore[attr-defined]
    before = dump(engine)

    for address in of_listings(site):
        for method in ("GET", "HEAD", "OPTIONS"):
            with client.open(address, method=method) as response:
                assert response.status_code < 500, address
            if address.startswith("/api/"):
                program.call(method, address).close()

    assert dump(engine, without=["journal"]) == {
        name: rows for name, rows in before.items() if name != "journal"
    }
    # A link that opens nothing is told there, and nothing else of what was read.
    kinds = {row.split("'")[3] for row in set(dump(engine)["journal"]) - set(before["journal"])}
    assert kinds <= {"connexion-refusee"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_writes_cannot_be_asked_by_reading(site: Site, method: str) -> None:
    client = site.person("administrateur")
    rules = list(site.app.url_map.iter_rules())
    read = {rule.rule for rule in rules if "GET" in (rule.methods or set())}
    for rule in rules:
        if rule.rule not in read and rule.rule.startswith(("/espace", "/deconnexion")):
            ident = STRUCTURE_A if "structures" in rule.rule else OFFRE_A
            address = rule.rule.replace("<path:identifiant>", ident)
            address = address.replace("<int:numero>", "1")
            assert client.open(address, method=method).status_code in (404, 405), address


def test_a_form_sets_only_its_own_fields(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(EDIT), EDIT).fill("nom", "Un seul champ change")
    before = site.espace.edition.store.get(FicheRef(objet=OFFRE, id=OFFRE_A))
    assert before is not None
    for champ, said in {
        "id": "essai--b1",
        "source": "dora",
        "structure_id": "essai--b",
        "date_maj": "2030-01-01",
        "etat_publication": "retire",
        "lien_source": "https://ailleurs.fr",
        "derniere_confirmation": "2030-01-01",
        "regles": "{}",
        "role": "administrateur",
        "auteur": "compte:1",
        "score_qualite": "1",
    }.items():
        form.fill(champ, said)

    assert form.send(client, "enregistrer").status_code == 303

    after = site.espace.edition.store.get(before.ref)
    assert after is not None
    assert isinstance(before.value, Offre)
    changed = {
        name
        for name in Offre.__dataclass_fields__
        if getattr(after.value, name) != getattr(before.value, name)
    }
    assert changed == {"nom", "date_maj"}
    assert after.value.date_maj == site.espace.clock.today()
    role = site.espace.comptes.find("membre-a@essai.fr")
    assert role is not None
    assert role.role == "partenaire"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server of a partner, which nobody should visit."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def test_no_address_of_a_listing_is_ever_fetched(site: Site, listener: socket.socket) -> None:
    there = f"http://127.0.0.1:{listener.getsockname()[1]}"
    logiciel = Logiciel(site)
    record, etag = logiciel.read()
    sent = logiciel.put(record | {"lien_mobilisation": f"{there}/offre"}, etag)
    assert sent.status_code == 200, sent.text
    address = f"/api/v1/structures/{STRUCTURE_A}"
    record, etag = logiciel.read(address)
    said = {"site_web": f"{there}/site", "accessibilite_lieu": f"{there}/acces"}
    assert logiciel.put(record | said, etag, address).status_code == 200

    client = site.person("membre-a")
    for page in of_listings(site):
        client.get(page).close()
    form_of(client.get(EDIT), EDIT).send(client, "apercu")
    assert f"{there}/offre" in client.get(f"/offres/{OFFRE_A}").text

    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize("text", PATTERNS)
def test_no_text_of_a_reader_is_a_pattern(shared_site: Site, text: str) -> None:
    client = shared_site.visitor()
    for path, name in (
        ("/recherche", "q"),
        ("/recherche", "lieu"),
        ("/api/v1/offres", "q"),
        ("/api/v1/suggestions", "q"),
        ("/api/v1/structures", "departement"),
    ):
        with client.get(path, query_string={name: text}) as response:
            assert response.status_code in (200, 400), (path, name)
    said, plain = (
        client.get("/api/v1/suggestions", query_string={"q": q}).json
        for q in (text, re.sub(r"\W+", " ", text))
    )
    assert said == plain


@pytest.mark.parametrize(
    "address",
    ["/connexion", "/espace/compte/nom", "/espace/cles", EDIT, "/api/v1/match"],
)
def test_what_is_sent_is_bounded(site: Site, address: str) -> None:
    client = site.person("membre-a")
    body = b'{"nom": "' + b"x" * MAX_BODY + b'"}'
    kind = "application/json" if "api" in address else "application/x-www-form-urlencoded"

    assert client.post(address, data=body, content_type=kind).status_code == 413


def test_a_contact_is_named_to_professionals_only(site: Site) -> None:
    who = "Garance Delaunay"
    logiciel = Logiciel(site)
    record, etag = logiciel.read()
    sent = logiciel.put(record | {"contact_nom_prenom": who}, etag)
    assert sent.json["contact_nom_prenom"] == who

    visitor = site.visitor()
    for address in (*of_listings(site), f"/recherche?q={record['nom']}", "/api/v1/offres?q=permis"):
        with visitor.get(address) as response:
            assert who not in response.text, address
    assert who not in visitor.post("/api/v1/match", json={"faits": {"age": 20}}).text
    assert Logiciel(site, "membre-b").call("GET", f"/api/v1/offres/{OFFRE_A}").status_code == 403
    assert who in Logiciel(site, "professionnel").call("GET", f"/api/v1/offres/{OFFRE_A}").text
    assert site.espace.edition.store.get(FicheRef(objet=STRUCTURE, id=STRUCTURE_A))
