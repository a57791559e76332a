"""Listings written by a program: the use cases of the form, and no lost update."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.edition import FicheRef
from app.domain.offre import Offre
from app.domain.publication import OFFRE as OBJET_OFFRE
from schemas.corps import MAX_CORPS_BYTES, MAX_NIVEAUX
from tests.web.ecriture.conftest import NEW_OFFRE, OFFRE, STRUCTURE, Logiciel
from tests.web.espace.conftest import OFFRE_A, RECORDS, STRUCTURE_A, Site, form_of

NEW = "/api/v1/offres/eventail--essai-1"
EDIT = f"/espace/offres/{OFFRE_A}/modifier"


def offre(site: Site) -> Offre:
    found = site.offre(OFFRE_A)
    assert isinstance(found, Offre)
    return found


def test_a_listing_read_and_sent_back_changes_nothing(site: Site) -> None:
    logiciel = Logiciel(site)
    for address in (OFFRE, STRUCTURE):
        record, etag = logiciel.read(address)

        response = logiciel.put(record, etag, address)

        assert (response.status_code, response.headers["ETag"]) == (200, etag)
        assert response.json == record


def test_a_change_is_published_found_and_held_against_feeds(site: Site, tmp_path: Path) -> None:
    logiciel = Logiciel(site)
    record, etag = logiciel.read()

    response = logiciel.put(record | {"nom": "Conduire un trottibus"}, etag)

    assert response.status_code == 200, response.text
    assert response.headers["ETag"] != etag
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json["date_maj"] == site.espace.clock.today().isoformat()
    found = site.visitor().get("/api/v1/offres?q=trottibus").json["resultats"]
    assert [one["id"] for one in found] == [OFFRE_A]
    feed = tmp_path / "encore.jsonl"
    records = [json.loads(line) for line in RECORDS.splitlines()]
    feed.write_text(
        "\n".join(json.dumps(one | {"telephone": "0499999999"}) for one in records), "utf-8"
    )
    site.app.test_cli_runner().invoke(args=["catalogue", "import", str(feed)])
    assert (offre(site).nom, offre(site).telephone) == ("Conduire un trottibus", "0499999999")


def test_a_stale_write_is_refused_and_says_what_changed(site: Site) -> None:
    one, other = Logiciel(site), Logiciel(site, "coordinateur")
    record, etag = one.read()
    newest = other.put(record | {"telephone": "0411111111"}, etag).headers["ETag"]

    response = one.put(record | {"nom": "Perdu"}, etag)

    assert (response.status_code, response.headers["ETag"]) == (412, newest)
    assert {e["champ"] for e in response.json["erreurs"]} == {"telephone", "date_maj"}
    assert (offre(site).nom, offre(site).telephone) == ("Passer le permis", "0411111111")


def test_a_form_and_a_program_never_write_over_one_another(site: Site) -> None:
    client, logiciel = site.person("membre-a"), Logiciel(site)
    form = form_of(client.get(EDIT), EDIT)
    record, etag = logiciel.read()
    assert logiciel.put(record | {"nom": "Par le logiciel"}, etag).status_code == 200

    assert form.fill("nom", "Par le formulaire").send(client, "enregistrer").status_code == 409
    again = form_of(client.get(EDIT), EDIT).fill("nom", "Par le formulaire")
    assert again.send(client, "enregistrer").status_code == 303

    assert logiciel.put(record | {"nom": "Encore"}, etag).status_code == 412
    assert offre(site).nom == "Par le formulaire"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 428, id="none"),
        pytest.param({"If-Match": "*"}, 428, id="whatever-it-is"),
        pytest.param({"If-Match": '"0"'}, 412, id="older"),
        pytest.param({"If-Match": '"99999999"'}, 412, id="of-nothing"),
        pytest.param({"If-Match": 'W/"{tag}"'}, 412, id="weak"),
        pytest.param({"If-Match": '"bientôt"'.encode().decode("latin-1")}, 412, id="no-number"),
        pytest.param({"If-None-Match": "*"}, 412, id="exists"),
        pytest.param({"If-None-Match": "*", "If-Match": '"{tag}"'}, 412, id="both"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_what_was_not_read_is_not_written(
    shared_site: Site, headers: dict[str, str], status: int, method: str
) -> None:
    logiciel = Logiciel(shared_site)
    record, etag = logiciel.read()
    named = {name: said.replace("{tag}", etag.strip('"')) for name, said in headers.items()}
    address = f"{OFFRE}/confirmation" if method == "POST" else OFFRE
    if method != "PUT" and "If-None-Match" in headers:
        status = 412

    response = logiciel.call(method, address, json=record | {"nom": "Non"}, headers=named)

    assert response.status_code == status, response.text
    assert logiciel.read() == (record, etag)
    shared_site.espace.cles.revoke(*_newest(shared_site))


def _newest(site: Site):  # type: ignore[no-untyped-def]
    compte = site.espace.comptes.find("membre-a@essai.fr")
    assert compte is not None
    acteur = site.espace.connexion.acteur_of(compte)
    return acteur, site.espace.cles.of(acteur)[0].id


def test_one_of_several_tags_is_enough(site: Site) -> None:
    record, etag = Logiciel(site).read()

    assert Logiciel(site).put(record | {"nom": "Avec deux"}, f'"1", {etag}').status_code == 200


def test_an_offer_is_created_then_never_twice(site: Site) -> None:
    logiciel = Logiciel(site)

    created = logiciel.create(NEW_OFFRE, NEW)
    again = logiciel.create(NEW_OFFRE, NEW)

    assert (created.status_code, again.status_code) == (201, 412)
    assert created.headers["Location"] == NEW
    assert created.json["source"] == "eventail"
    assert logiciel.read(NEW) == (created.json, created.headers["ETag"])
    assert site.visitor().get(NEW).status_code == 200
    assert logiciel.call("PUT", f"{NEW}-2", json=NEW_OFFRE).status_code == 428
    assert logiciel.put(NEW_OFFRE, '"1"', f"{NEW}-2").status_code == 412


def test_a_structure_is_created_by_who_has_rights_on_its_place(site: Site) -> None:
    record = {"nom": "Maison neuve", "code_insee": "84007", "commune": "Avignon"}
    address = "/api/v1/structures/eventail--maison"

    for person, expected in {
        "membre-a": 403,
        "professionnel": 403,
        "coordinateur-ailleurs": 403,
        "coordinateur-bassin": 201,
    }.items():
        assert Logiciel(site, person).create(record, address).status_code == expected, person
    assert site.visitor().get(address).json["nom"] == "Maison neuve"


def test_an_identifier_of_another_source_is_not_taken(site: Site) -> None:
    logiciel = Logiciel(site, "administrateur")
    for ident in (
        "dora--123",
        "eventail--",
        "eventail--é",
        "eventail--a/b",
        f"eventail--{'x' * 65}",
    ):
        response = logiciel.create(NEW_OFFRE, f"/api/v1/offres/{ident}")

        assert response.status_code == 422, ident
        assert [e["champ"] for e in response.json["erreurs"]] == ["id"]


def test_a_listing_is_withdrawn_then_published_again(site: Site) -> None:
    logiciel = Logiciel(site)
    _, etag = logiciel.read()

    gone = logiciel.call("DELETE", OFFRE, headers={"If-Match": etag})

    assert (gone.status_code, gone.json["etat_publication"]) == (200, "retire")
    assert site.visitor().get(OFFRE).status_code == 404
    record, etag = logiciel.read()
    record.pop("etat_publication")
    renamed = logiciel.put(record | {"nom": "Toujours retirée"}, etag)
    assert renamed.json["etat_publication"] == "retire"
    back = logiciel.put(renamed.json | {"etat_publication": "publie"}, renamed.headers["ETag"])
    assert back.json["etat_publication"] == "publie"
    assert site.visitor().get(OFFRE).json["nom"] == "Toujours retirée"


def test_a_listing_is_confirmed(site: Site) -> None:
    logiciel = Logiciel(site)
    record, etag = logiciel.read()
    today = site.espace.clock.today().isoformat()

    response = logiciel.call("POST", f"{OFFRE}/confirmation", headers={"If-Match": etag})

    assert (response.status_code, response.json["derniere_confirmation"]) == (200, today)
    assert response.json == record | {"derniere_confirmation": today}
    assert site.visitor().get(OFFRE).json["derniere_confirmation"] == today


@pytest.mark.parametrize(
    ("champ", "said", "status"),
    [
        ("source", "dora", 409),
        ("id", "eventail--autre", 409),
        ("structure_id", "essai--b", 409),
        ("date_maj", "2030-01-01", 409),
        ("lien_source", "https://exemple.fr", 409),
        ("derniere_confirmation", "2026-11-26", 409),
        ("regles", {"source": "Loi", "lien": "https://a.fr", "lue_le": "2026-01-01"}, 409),
        ("etat_publication", "a-moderer", 422),
        ("nom", "ab", 422),
        ("nom", None, 422),
        ("description", "", 422),
        ("thematiques", "mobilite", 422),
        ("thematiques", ["mobilite--voler"], 422),
        ("frais", "cher", 422),
        ("longitude", "4,8", 422),
        ("longitude", 4.8, 422),
        ("latitude", True, 422),
        ("places_disponibles", 1.5, 422),
        ("places_disponibles", 10**30, 422),
        ("nombre_semaines", -1, 422),
        ("adresse_confidentielle", "oui", 422),
        ("prochaine_session", "demain", 422),
        ("lien_mobilisation", "javascript:alert(1)", 422),
        ("code_insee", "00000", 422),
        ("eligibilite", {"fait": "pointure", "min": 40}, 422),
        ("eligibilite", '{"fait": "age", "min": 16}', 422),
        ("score_qualite", 1, 422),
        ("structure", {"nom": "Autre"}, 422),
        ("actif", False, 422),
        ("role", "administrateur", 422),
    ],
)
def test_each_field_that_is_wrong_is_named(
    shared_site: Site, champ: str, said: object, status: int
) -> None:
    logiciel = Logiciel(shared_site)
    record, etag = logiciel.read()

    response = logiciel.put(record | {champ: said}, etag)

    assert response.status_code == status, response.text
    named = {e["champ"].partition(".")[0] for e in response.json["erreurs"]}
    assert named == {"latitude"} if champ == "longitude" and said == 4.8 else champ in named
    assert logiciel.read() == (record, etag)
    shared_site.espace.cles.revoke(*_newest(shared_site))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"", 400, id="empty"),
        pytest.param(b"[]", 400, id="list"),
        pytest.param(b'{"nom": "A"', 400, id="unfinished"),
        pytest.param(b'{"nom": "\xff"}', 400, id="not-utf-8"),
        pytest.param(b'{"nom": "\\ud800"}', 400, id="half-a-character"),
        pytest.param(b'{"\\ud800": 1, "\\ud800": 1}', 400, id="half-a-name-twice"),
        pytest.param(b'{"nom": "Un", "nom": "Deux"}', 400, id="twice"),
        pytest.param(b'{"longitude": NaN}', 400, id="nan"),
        pytest.param(b'{"longitude": -Infinity}', 400, id="infinity"),
        pytest.param(b'{"longitude": 1e999}', 400, id="overflow"),
        pytest.param(b'{"longitude": ' + b"9" * 5000 + b"}", 400, id="digits"),
        pytest.param(b'{"a": ' * 500 + b"1" + b"}" * 500, 400, id="deep"),
        pytest.param(b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, id="very-deep"),
        pytest.param(b'{"nom": "' + b"x" * MAX_CORPS_BYTES + b'"}', 413, id="huge"),
    ],
)
def test_a_body_that_is_no_listing_is_refused(shared_site: Site, body: bytes, status: int) -> None:
    logiciel = Logiciel(shared_site)
    record, etag = logiciel.read()
    headers = {"If-Match": etag, "Content-Type": "application/json"}

    response = logiciel.call("PUT", OFFRE, data=body, headers=headers)

    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    assert response.json["detail"]
    assert logiciel.read() == (record, etag)
    shared_site.espace.cles.revoke(*_newest(shared_site))


def test_a_tree_that_is_too_deep_hears_its_own_message(site: Site) -> None:
    logiciel = Logiciel(site)
    record, etag = logiciel.read()
    tree: dict[str, object] = {"fait": "age", "min": 16}
    for _ in range(MAX_NIVEAUX // 2 - 8):
        tree = {"toutes": [tree]}

    response = logiciel.put(record | {"eligibilite": tree}, etag)

    assert response.status_code == 422
    assert "niveaux" in response.text


@pytest.mark.parametrize("mimetype", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_read(site: Site, mimetype: str) -> None:
    logiciel = Logiciel(site)
    _, etag = logiciel.read()
    headers = {"If-Match": etag, "Content-Type": mimetype}

    assert logiciel.call("PUT", OFFRE, data=b"{}", headers=headers).status_code == 415


def test_conditions_that_changed_no_longer_say_that_a_law_wrote_them(site: Site) -> None:
    logiciel = Logiciel(site, "administrateur")
    ruled = next(
        one["id"]
        for one in site.visitor().get("/api/v1/offres?par_page=100&q=aide").json["resultats"]
        if "regles" in one
    )
    address = f"/api/v1/offres/{ruled}"
    record, etag = logiciel.read(address)
    assert record["regles"]["source"]

    response = logiciel.put(record | {"eligibilite": {"fait": "age", "min": 16}}, etag, address)

    assert response.status_code == 200, response.text
    assert "regles" not in response.json


def test_a_new_offer_of_an_unknown_structure_names_the_field(site: Site) -> None:
    record = NEW_OFFRE | {"structure_id": "nulle-part"}

    response = Logiciel(site, "administrateur").create(record, NEW)

    assert response.status_code == 422
    assert [e["champ"] for e in response.json["erreurs"]] == ["structure_id"]


def test_what_does_not_exist_is_told(shared_site: Site) -> None:
    logiciel = Logiciel(shared_site, "administrateur")
    headers = {"If-Match": '"1"'}
    for method, address in (
        ("GET", "/api/v1/offres/rien"),
        ("DELETE", "/api/v1/offres/rien"),
        ("POST", "/api/v1/structures/rien/confirmation"),
    ):
        assert logiciel.call(method, address, headers=headers).status_code == 404, address
    assert STRUCTURE_A in STRUCTURE


def test_a_telephone_that_nobody_can_dial_is_not_written_but_may_stay(site: Site) -> None:
    logiciel = Logiciel(site)
    record, etag = logiciel.read()

    refused = logiciel.put(record | {"telephone": "+33 4 90", "nom": "x"}, etag)

    assert refused.status_code == 422
    assert {e["champ"] for e in refused.json["erreurs"]} == {"telephone", "nom"}
    created = logiciel.create(NEW_OFFRE | {"telephone": "04 90"}, NEW)
    assert [e["champ"] for e in created.json["erreurs"]] == ["telephone"]
    fiche = site.espace.edition.store.get(FicheRef(objet=OBJET_OFFRE, id=OFFRE_A))
    assert fiche is not None
    fed = replace(fiche.value, telephone="+33 4 90")
    site.espace.edition.store.save(fed, fiche.revision, "essai", site.espace.clock.now())
    record, etag = logiciel.read()
    assert logiciel.put(record | {"nom": "Autre nom"}, etag).status_code == 200
    assert (offre(site).nom, offre(site).telephone) == ("Autre nom", "+33 4 90")
