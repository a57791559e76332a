"""Sheets, structures, lists of reference and suggestions."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.conftest import AppWith, Record

STRUCTURE: Record = {"source": "essai", "nom": "Structure d’essai", "date_maj": "2026-01-31"}
OFFRE: Record = {
    "source": "essai", "nom": "Offre d’essai", "description": "Une offre pour essayer.",
    "date_maj": "2026-01-31",
}  # fmt: skip
ODD_IDS = [
    "a/b", "/a", "a//b", "a/", "a?b#c", "a%2Fb", "50 %", "é à « ç »", "..", "a+b&c=d", "\"'<>\\",
    "日本", "x" * 512,
]  # fmt: skip


def test_ids_are_opaque_text(app_with: AppWith) -> None:
    structures = [{**STRUCTURE, "id": ident} for ident in ODD_IDS]
    offres = [{**OFFRE, "id": ident, "structure_id": ident} for ident in ODD_IDS]
    client = app_with([*structures, *offres]).test_client()

    for ident in ODD_IDS:
        encoded = quote(ident, safe="")
        offre = client.get(f"/api/v1/offres/{encoded}")
        structure = client.get(f"/api/v1/structures/{encoded}")
        found = client.get("/api/v1/offres", query_string={"structure_id": ident})

        assert (offre.status_code, offre.json["id"]) == (200, ident)
        assert (structure.status_code, structure.json["id"]) == (200, ident)
        assert structure.json["offres"] == [ident]
        assert [result["id"] for result in found.json["resultats"]] == [ident]


def test_a_sheet_carries_its_structure_and_position(client: FlaskClient) -> None:
    found = client.get("/api/v1/offres?par_page=1&code_commune=84007").json["resultats"][0]
    sheet = client.get(f"/api/v1/offres/{found['id']}").json

    assert sheet["structure"]["id"] == sheet["structure_id"]
    assert sheet["position"].keys() == {"latitude", "longitude", "centre_commune"}
    assert "contact_nom_prenom" not in sheet


def test_a_sheet_says_what_to_bring_when_its_source_does(app_with: AppWith) -> None:
    told = {**OFFRE, "id": "dit", "structure_id": "s", "a_apporter": "Un RIB|Une photo"}
    silent = {**OFFRE, "id": "tu", "structure_id": "s"}
    client = app_with([{**STRUCTURE, "id": "s"}, told, silent]).test_client()

    assert client.get("/api/v1/offres/dit").json["a_apporter"] == ["Un RIB", "Une photo"]
    assert "a_apporter" not in client.get("/api/v1/offres/tu").json


@pytest.mark.parametrize("kind", ["offres", "structures"])
def test_an_unknown_sheet_is_not_found(client: FlaskClient, kind: str) -> None:
    response = client.get(f"/api/v1/{kind}/rien--de-tel")

    assert response.status_code == 404
    assert response.json["title"] == "Fiche introuvable"


def test_structures_of_a_departement_are_paged(client: FlaskClient) -> None:
    asked = {"departement": "55", "par_page": "100"}
    first = client.get("/api/v1/structures", query_string=asked).json
    second = client.get("/api/v1/structures", query_string={**asked, "page": "2"}).json

    listed = [s["id"] for s in first["resultats"] + second["resultats"]]
    assert first["total"] == len(set(listed)) == len(listed)
    assert {s["code_insee"][:2] for s in first["resultats"]} == {"55"}


def test_structures_of_a_commune(client: FlaskClient) -> None:
    answer = client.get("/api/v1/structures?code_commune=84003").json

    assert answer["total"] > 0
    assert {s["commune"] for s in answer["resultats"]} == {"Apt"}


def test_structures_of_a_commune_are_those_of_its_arrondissements_too(app_with: AppWith) -> None:
    codes = ("75056", "75111", "75112", "69381")
    client = app_with({**STRUCTURE, "id": c, "code_insee": c} for c in codes).test_client()

    def listed(code: str) -> list[str]:
        answer = client.get("/api/v1/structures", query_string={"code_commune": code}).json
        return [structure["id"] for structure in answer["resultats"]]

    assert listed("75056") == ["75056", "75111", "75112"]
    assert listed("75111") == ["75111"]


def test_likely_duplicates_are_linked_both_ways(app_with: AppWith) -> None:
    twins = [
        {**STRUCTURE, "id": f"{source}--1", "source": source, "siret": "21840007500016",
         "code_insee": "84007"}
        for source in ("essai", "autre")
    ]  # fmt: skip
    client = app_with(twins).test_client()

    assert "autre--1" in client.get("/api/v1/structures/essai--1").json["doublons"]
    assert "essai--1" in client.get("/api/v1/structures/autre--1").json["doublons"]


@pytest.mark.parametrize(
    ("nom", "value"),
    [
        ("thematiques", "mobilite--preparer-un-permis"),
        ("categories", "mobilite"),
        ("publics", "jeunes"),
        ("types-services", "atelier"),
        ("frais", "gratuit"),
        ("modes-accueil", "a-distance"),
        ("modes-mobilisation", "telephoner"),
        ("personnes-mobilisatrices", "usagers"),
        ("reseaux-porteurs", "mission-locale"),
        ("langues", "ar"),
        ("faits", "residence"),
        ("territoires", "vaucluse"),
        ("bassins", "grand-avignon"),
    ],
)
def test_a_list_of_reference(client: FlaskClient, nom: str, value: str) -> None:
    response = client.get(f"/api/v1/referentiels/{nom}")

    assert response.json["nom"] == nom
    assert value in {entry["valeur"] for entry in response.json["valeurs"]}
    assert all(entry["libelle"] for entry in response.json["valeurs"])


def test_an_unknown_list_names_the_known_ones(client: FlaskClient) -> None:
    response = client.get("/api/v1/referentiels/public")

    assert response.status_code == 404
    assert "thematiques" in response.json["detail"]
    (erreur,) = response.json["erreurs"]
    assert erreur["champ"] == "nom"
    assert "publics" in erreur["message"]


def suggested(client: FlaskClient, typed: str) -> tuple[list[str], list[str]]:
    answer = client.get("/api/v1/suggestions", query_string={"q": typed}).json
    return [p["libelle"] for p in answer["lieux"]], [b["valeur"] for b in answer["besoins"]]


@pytest.mark.parametrize("typed", ["permis", "Préparer un per", "PERMI", "permsi"])
def test_a_need_is_suggested_by_the_beginning_of_its_words(client: FlaskClient, typed: str) -> None:
    assert "mobilite--preparer-un-permis" in suggested(client, typed)[1]


def test_a_whole_category_comes_first(client: FlaskClient) -> None:
    assert suggested(client, "mobilite")[1][0] == "mobilite"


@pytest.mark.parametrize("typed", ["841", "avig", "AVIGNON"])
def test_a_place_is_suggested(client: FlaskClient, typed: str) -> None:
    assert suggested(client, typed)[0][0] == "Avignon (84000)"


@pytest.mark.parametrize("typed", ["", " ", "---", "%", "<script>", "'\"", "²", "a" * 200])
def test_no_rubbish_breaks_suggestions(client: FlaskClient, typed: str) -> None:
    lieux, besoins = suggested(client, typed)

    assert len(lieux) <= 8
    assert len(besoins) <= 8


@pytest.mark.parametrize("typed", ["", "---"])
def test_nothing_typed_suggests_nothing(client: FlaskClient, typed: str) -> None:
    assert suggested(client, typed) == ([], [])
