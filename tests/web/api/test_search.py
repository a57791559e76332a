"""Searching the shipped catalogue through the API: real questions, real answers."""

import json

import pytest
from flask.testing import FlaskClient

from tests.conftest import AppWith, Record

SEARCH = "/api/v1/offres"
AVIGNON, VERDUN, CARPENTRAS = "84007", "55545", "84031"
Answer = dict[str, object]

STRUCTURE: Record = {
    "source": "essai", "id": "essai--s", "nom": "Plateforme d’essai", "date_maj": "2026-01-31"
}  # fmt: skip
LOCAL: Record = {
    "source": "essai", "structure_id": "essai--s", "id": "essai--local", "nom": "Atelier du Vernet",
    "description": "Un atelier de cuisine zéphyrien.", "date_maj": "2026-01-31",
    "code_insee": AVIGNON, "modes_accueil": ["en-presentiel"], "zone_eligibilite": ["84"],
}  # fmt: skip
REMOTE: Record = {
    **LOCAL, "id": "essai--distance", "nom": "Écoute téléphonique zéphyrienne",
    "modes_accueil": ["a-distance"], "zone_eligibilite": ["france"],
}  # fmt: skip


def search(client: FlaskClient, **asked: object) -> dict:  # type: ignore[type-arg]
    response = client.get(SEARCH, query_string=asked)
    assert response.status_code == 200, response.text
    assert response.mimetype == "application/json"
    return json.loads(response.data)


def ids(answer: dict) -> list[str]:  # type: ignore[type-arg]
    return [result["id"] for result in answer["resultats"]]


def test_mission_locale_in_avignon(client: FlaskClient) -> None:
    answer = search(client, q="mission locale avignon")

    assert answer["lieu"] == {"code": AVIGNON, "libelle": "Avignon (84000)"}
    assert answer["total"] > 0
    for result in answer["resultats"]:
        assert "mission locale" in json.dumps(result, ensure_ascii=False).lower()


def test_a_computer_near_pertuis(client: FlaskClient) -> None:
    answer = search(client, q="accès à un ordinateur", code_commune="84089")

    first = answer["resultats"][0]
    assert first["commune"] == "Pertuis"
    assert "numerique--acceder-a-une-connexion-internet" in first["thematiques"]
    assert first["distance_km"] < 3
    assert answer["hors_portee"]["plus_proche_km"] > 30


def test_a_library_in_verdun(client: FlaskClient) -> None:
    answer = search(client, q="bibliothèque", code_commune=VERDUN, par_page=50)

    assert answer["total"] > 10
    assert any("Bibliothèque" in r["structure"]["nom"] for r in answer["resultats"])
    assert {r["code_insee"][:2] for r in answer["resultats"]} == {"55"}


def test_mother_and_child_care_in_carpentras_by_its_acronym(client: FlaskClient) -> None:
    answer = search(client, q="pmi", code_commune=CARPENTRAS)

    assert "sante--acces-aux-soins" in answer["besoins"]
    found = [(result["nom"], result.get("commune")) for result in answer["resultats"]]
    # The network of the département, whose towns are not told, then its counter in Avignon.
    care = "Protection maternelle et infantile (PMI)"
    assert [place for name, place in found if name == care][:2] == [None, "Avignon"]
    assert found[0][0] == care
    assert ("Suivi de grossesse et accouchement", "Carpentras") in found


def test_a_typing_fault_is_corrected_and_said(client: FlaskClient) -> None:
    answer = search(client, q="ordinatuer", code_commune=AVIGNON)

    assert answer["correction"] == "ordinateur"
    assert ids(answer) == ids(search(client, q="ordinateur", code_commune=AVIGNON))


def test_a_result_is_the_sheet_and_its_place_in_the_order(client: FlaskClient) -> None:
    answer = search(client, q="ordinateur", code_commune=AVIGNON, par_page=3)

    for result in answer["resultats"]:
        sheet = client.get(f"{SEARCH}/{result['id']}").json
        added = {name: result.pop(name) for name in result.keys() - sheet.keys()}
        assert result == sheet
        assert added.keys() == {"distance_km", "portee", "ouvert", "score", "score_detail"}
        assert added["portee"] == "en-presentiel"
        assert round(added["distance_km"], 3) == added["distance_km"]
        assert added["score"] == pytest.approx(sum(added["score_detail"].values()), abs=1e-5)


@pytest.mark.parametrize("facet", ["thematiques", "publics", "types", "frais", "modes_accueil"])
def test_a_facet_counts_what_its_filter_gives(client: FlaskClient, facet: str) -> None:
    asked = {"code_commune": AVIGNON, "thematiques": ["numerique", "famille"]}
    counts = search(client, **asked)["facettes"][facet]

    for value, count in counts.items():
        if value in ("non_precise", "tous-publics"):
            continue
        strict = {**asked, "inclure_non_precises": "non", facet: value, "par_page": 1}
        found = search(client, **strict)
        with_all = counts.get("tous-publics", 0) if facet == "publics" else 0
        assert count <= found["total"] <= count + with_all


def test_facets_ignore_their_own_filter_only(client: FlaskClient) -> None:
    wide = search(client, code_commune=AVIGNON)["facettes"]
    narrow = search(client, code_commune=AVIGNON, thematiques="numerique")["facettes"]

    assert narrow["thematiques"] == wide["thematiques"]
    assert narrow["categories"] == wide["categories"]
    assert narrow["types"] != wide["types"]


def test_every_facet_says_how_many_do_not_tell(client: FlaskClient) -> None:
    facettes = search(client, code_commune=AVIGNON)["facettes"]

    assert facettes.keys() == {
        "thematiques", "categories", "publics", "frais", "types", "modes_accueil"
    }  # fmt: skip
    assert all("non_precise" in counts for counts in facettes.values())
    assert facettes["frais"]["non_precise"] > 0


def test_pages_partition_the_results(client: FlaskClient) -> None:
    asked = {"code_commune": AVIGNON, "thematiques": "numerique"}
    total = search(client, **asked)["total"]

    seen = [
        ident
        for page in range(1, total // 17 + 2)
        for ident in ids(search(client, **asked, page=page, par_page=17))
    ]

    assert len(seen) == len(set(seen)) == total
    assert ids(search(client, **asked, page=total // 17 + 2, par_page=17)) == []


def test_several_values_are_alternatives(client: FlaskClient) -> None:
    both = search(client, types=["atelier", "formation"], par_page=1)["total"]

    alone = [search(client, types=kind, par_page=1)["total"] for kind in ("atelier", "formation")]
    assert both == sum(alone)


def test_sorted_by_distance(client: FlaskClient) -> None:
    answer = search(client, code_commune=VERDUN, tri="distance", par_page=100)

    distances = [result["distance_km"] for result in answer["resultats"]]
    known = [distance for distance in distances if distance is not None]
    assert distances == sorted(known) + [None] * (len(distances) - len(known))
    assert known


def test_a_position_alone_judges_no_zone(client: FlaskClient) -> None:
    answer = search(client, lat=43.95, lon=4.8)

    assert answer["total"] > 0
    assert answer["hors_zone"] == 0
    assert answer["lieu"] is None


def test_few_results_say_what_relaxing_would_give(client: FlaskClient) -> None:
    asked = {"code_commune": "55029", "thematiques": "sante--addictions", "rayon_km": 5}
    answer = search(client, **asked)

    wider = {e["parametre"]: e for e in answer["elargir"]}
    radius = wider["rayon_km"]["valeur"]
    assert search(client, **{**asked, "rayon_km": radius})["total"] == wider["rayon_km"]["total"]
    del asked["thematiques"]
    assert search(client, **asked)["total"] == wider["thematiques"]["total"]


def test_a_former_code_is_its_commune(client: FlaskClient) -> None:
    answer = search(client, code_commune="55006")

    assert answer["lieu"]["code"] == "55040"
    assert answer["total"] == search(client, code_commune="55040")["total"]


def test_an_arrondissement_is_a_place(client: FlaskClient) -> None:
    answer = search(client, code_commune="75111")

    assert answer["lieu"]["code"] == "75111"
    assert answer["hors_portee"]["total"] > 0
    assert answer["hors_zone"] > 0
    assert {result["portee"] for result in answer["resultats"]} == {"a-distance"}


def test_a_zone_of_the_whole_commune_holds_for_its_arrondissements(app_with: AppWith) -> None:
    parisian = {**LOCAL, "code_insee": "75056", "zone_eligibilite": ["75056"]}
    client = app_with([STRUCTURE, parisian]).test_client()

    assert ids(search(client, q="zéphyrien", code_commune="75111")) == ["essai--local"]


def test_a_remote_offer_is_found_everywhere_and_after_its_zone(app_with: AppWith) -> None:
    client = app_with([STRUCTURE, LOCAL, REMOTE]).test_client()

    near = search(client, q="zéphyrien", code_commune=AVIGNON)
    far = search(client, q="zéphyrien", code_commune=VERDUN)

    assert set(ids(near)) == {"essai--local", "essai--distance"}
    assert near["facettes"]["modes_accueil"] == {
        "en-presentiel": 1, "a-distance": 1, "non_precise": 0
    }  # fmt: skip
    (remote,) = far["resultats"]
    assert (remote["id"], remote["portee"]) == ("essai--distance", "a-distance")
    assert remote["distance_km"] is None


def test_what_a_zone_excludes_is_counted(app_with: AppWith) -> None:
    elsewhere = {**LOCAL, "zone_eligibilite": ["55"]}
    client = app_with([STRUCTURE, elsewhere]).test_client()

    answer = search(client, q="zéphyrien", code_commune=AVIGNON)

    assert (answer["total"], answer["hors_zone"]) == (0, 1)


def test_a_basin_holds_its_communes_only(client: FlaskClient) -> None:
    communes = {
        code
        for bassin in client.get("/api/v1/referentiels/bassins").json["valeurs"]
        if bassin["valeur"] == "grand-avignon"
        for code in bassin["communes"]
    }
    answer = search(client, bassin="grand-avignon", par_page=100)

    assert answer["total"] > 0
    found = answer["resultats"]
    assert any(result.get("code_insee") in communes for result in found)
    for result in found:
        placeless = "code_insee" not in result
        remote = "a-distance" in result["modes_accueil"]
        assert placeless or remote or result["code_insee"] in communes


def test_the_offers_of_a_structure(client: FlaskClient) -> None:
    structure_id = search(client, par_page=1)["resultats"][0]["structure_id"]
    answer = search(client, structure_id=structure_id, par_page=100)

    listed = client.get(f"/api/v1/structures/{structure_id}").json["offres"]
    assert sorted(ids(answer)) == sorted(listed)
