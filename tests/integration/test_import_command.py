"""`flask catalogue import`: what enters, what is refused and why, and what the report says."""

import gzip
import json
import re

import pytest

from tests.integration.site import SERVICE, STRUCTURE, Site, make_services
from tests.unit.feeds.feeds_made import as_csv
from tests.unit.persistence.dumps import dump, history, owed, provenance, row, rows


def counts_of(output: str) -> dict[str, int]:
    found = re.search(r"(\d+) fiches lues : (.*)\.$", output, re.MULTILINE)
    assert found, output
    words = re.findall(r"(\d+) (\w+)", found[2])
    return {"lues": int(found[1])} | {word: int(count) for count, word in words}


def test_services_may_come_before_structures(site: Site) -> None:
    feed = site.write("services.jsonl", [SERVICE, STRUCTURE])

    result = site.import_(feed)

    assert result.exit_code == 0
    assert counts_of(result.output)["créées"] == 2
    assert site.rejected() == []


def test_files_come_in_any_order_under_any_name(site: Site) -> None:
    services = site.write("structures.csv", as_csv(make_services(3)))
    structures = site.write("services.json", gzip.compress(json.dumps([STRUCTURE]).encode()))

    result = site.import_(services, structures)

    assert result.exit_code == 0
    assert counts_of(result.output) == {
        "lues": 4,
        "créées": 4,
        "modifiées": 0,
        "inchangées": 0,
        "rejetées": 0,
        "retirées": 0,
    }
    (noted,) = rows(site.engine, "imports")
    assert noted["fichiers"] == ["structures.csv", "services.json"]
    assert noted["bilan"] == {
        "lus": 4, "crees": 4, "modifies": 0, "inchanges": 0, "rejetes": 0, "retires": 0,
        "fichiers_illisibles": 0,
    }  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize(
    "lists",
    ['["mobilite--preparer-un-permis", "mobilite--financer-ma-mobilite"]',
     "mobilite--preparer-un-permis|mobilite--financer-ma-mobilite"],
    ids=["json", "bars"],
)  # fmt: skip
def test_lists_of_a_csv_are_json_or_bars(sqlite_site: Site, delimiter: str, lists: str) -> None:
    tree = '{"fait": "age", "min": 18}'
    service = {**SERVICE, "thematiques": lists, "eligibilite": tree, "adresse_confidentielle": "1"}
    feed = sqlite_site.write("flux", as_csv([service, STRUCTURE], delimiter))

    result = sqlite_site.import_(feed)

    assert (result.exit_code, sqlite_site.rejected()) == (0, [])
    stored = row(sqlite_site.engine, "offres")
    assert stored["thematiques"] == [
        "mobilite--preparer-un-permis",
        "mobilite--financer-ma-mobilite",
    ]
    assert stored["eligibilite"] == {"fait": "age", "min": 18}
    assert stored["adresse_confidentielle"] is True


def test_a_second_import_changes_nothing(site: Site) -> None:
    feed = site.write("flux", [STRUCTURE, *make_services(5)])
    site.import_(feed)
    before = dump(site.engine, without=["imports", "provenances"])
    first = provenance(site.engine, "dora--1--3")

    result = site.import_(feed)

    assert counts_of(result.output)["inchangées"] == 6
    assert dump(site.engine, without=["imports", "provenances"]) == before
    again = provenance(site.engine, "dora--1--3")
    assert again["premier_import"] == first["premier_import"]
    assert again["dernier_import"] == rows(site.engine, "imports")[-1]["id"]
    assert site.run("index", "check").exit_code == 0


def test_the_order_of_keys_is_no_change(site: Site) -> None:
    site.import_(site.write("one", [STRUCTURE, SERVICE]))
    backwards = [dict(reversed(list(r.items()))) for r in (STRUCTURE, SERVICE)]

    result = site.import_(site.write("two", backwards))

    assert counts_of(result.output)["inchangées"] == 2


def test_a_change_is_indexed_at_once(site: Site) -> None:
    site.import_(site.write("one", [STRUCTURE, SERVICE]))

    result = site.import_(site.write("two", [STRUCTURE, {**SERVICE, "nom": "Permis moto"}]))

    assert counts_of(result.output) | {"lues": 0} == {
        "lues": 0, "créées": 0, "modifiées": 1, "inchangées": 1, "rejetées": 0, "retirées": 0
    }  # fmt: skip
    assert owed(site.engine) == []
    assert site.run("index", "check").exit_code == 0
    assert history(site.engine, "dora--1--permis")[-1]["auteur"] == "import"


def test_refused_records_are_told_with_line_id_field_and_reason(site: Site) -> None:
    feed = site.write(
        "flux.jsonl",
        [
            STRUCTURE,
            {**SERVICE, "code_insee": "99999", "publics": ["jeune"]},
            {**STRUCTURE, "id": "dora--2", "nom": "X"},
            {"nom": "Sans identifiant"},
        ],
    )

    result = site.import_(feed)

    assert result.exit_code == 0
    assert counts_of(result.output) | {"lues": 4} == counts_of(result.output)
    assert counts_of(result.output)["rejetées"] == 3
    assert str(site.rejects) in result.output
    told = {(r["fichier"], r["ligne"], r["identifiant"], r["champ"]) for r in site.rejected()}
    assert told >= {
        ("flux.jsonl", "2", "dora--1--permis", "code_insee"),
        ("flux.jsonl", "2", "dora--1--permis", "publics"),
        ("flux.jsonl", "3", "dora--2", "nom"),
        ("flux.jsonl", "4", "", "id"),
    }
    reasons = {r["champ"]: r["raison"] for r in site.rejected()}
    assert reasons["publics"].startswith("«")
    assert "jeunes" in reasons["publics"]
    assert "commune" in reasons["code_insee"]
    assert [found["id"] for found in rows(site.engine, "structures")] == ["dora--1"]


def test_an_id_that_comes_twice_is_refused_the_second_time(site: Site) -> None:
    structures = site.write("one", [STRUCTURE, {**STRUCTURE, "nom": "Un autre nom"}])
    services = site.write("two", [SERVICE, *make_services(600), SERVICE])

    result = site.import_(structures, services, structures)

    assert counts_of(result.output)["rejetées"] == 4
    assert row(site.engine, "structures")["nom"] == "Le Garage solidaire"
    told = [(r["fichier"], r["ligne"], r["champ"]) for r in site.rejected()]
    assert sorted(told) == [("one", "1", "id"), ("one", "2", "id"), ("one", "2", "id"),
                            ("two", "602", "id")]  # fmt: skip


def test_a_structure_and_a_service_may_share_an_id(site: Site) -> None:
    result = site.import_(site.write("flux", [STRUCTURE, {**SERVICE, "id": STRUCTURE["id"]}]))

    assert counts_of(result.output)["créées"] == 2


def test_orphans_are_refused(site: Site) -> None:
    nowhere = {**SERVICE, "structure_id": "dora--404"}
    broken = {**STRUCTURE, "id": "dora--2", "nom": "X"}
    of_broken = {**SERVICE, "id": "dora--2--o", "structure_id": "dora--2"}

    result = site.import_(site.write("flux", [nowhere, broken, of_broken]))

    assert counts_of(result.output)["rejetées"] == 3
    told = {(r["identifiant"], r["champ"]) for r in site.rejected()}
    assert told == {
        ("dora--1--permis", "structure_id"),
        ("dora--2", "nom"),
        ("dora--2--o", "structure_id"),
    }
    repaired = site.write("flux", [{**STRUCTURE, "id": "dora--404"}, nowhere])
    assert counts_of(site.import_(repaired).output)["créées"] == 2


def test_former_codes_become_those_of_today_and_are_reported(site: Site) -> None:
    former = {**STRUCTURE, "code_insee": "55136"}
    zoned = {**SERVICE, "zone_eligibilite": ["55136", "84"]}

    result = site.import_(site.write("flux", [former, zoned]))

    assert row(site.engine, "structures")["code_insee"] == "55551"
    assert row(site.engine, "offres")["zone_eligibilite"] == ["55551", "departement:84"]
    assert "55136 → 55551 (2)" in result.output


def test_unknown_fields_are_counted(site: Site) -> None:
    records = [{**STRUCTURE, "couleur": "bleu"}, *make_services(3, couleur="vert", _di=1)]

    result = site.import_(site.write("flux", records))

    assert "Champs ignorés : couleur (4), _di (3)." in result.output


def test_our_fields_survive_a_feed_that_ignores_them(site: Site) -> None:
    ours = {"eligibilite": {"fait": "age", "min": 18}, "langues": ["fr"], "places_disponibles": 4}
    site.import_(site.write("ours", [STRUCTURE, {**SERVICE, **ours}]))
    site.import_(site.write("theirs", [STRUCTURE, {**SERVICE, "nom": "Permis moto"}]))
    kept = row(site.engine, "offres")
    site.import_(site.write("again", [STRUCTURE, {**SERVICE, "langues": None}]))
    replaced = row(site.engine, "offres")

    assert (kept["nom"], kept["langues"], kept["places_disponibles"]) == ("Permis moto", ["fr"], 4)
    assert kept["eligibilite"] == ours["eligibilite"]
    assert (replaced["langues"], replaced["places_disponibles"]) == (None, 4)


def test_a_confidential_offer_is_not_exported(site: Site) -> None:
    hidden = {**SERVICE, "adresse_confidentielle": True, "adresse": "12 rue Secrète"}
    site.import_(site.write("flux", [STRUCTURE, hidden]))

    site.run("catalogue", "export", site.folder / "export", "--format", "jsonl")

    assert (site.folder / "export" / "services.jsonl").read_bytes() == b""
    assert "Secrète" not in str(row(site.engine, "offres")["document"])


def test_the_default_rejects_file_is_in_the_data_folder(sqlite_site: Site) -> None:
    result = sqlite_site.run("catalogue", "import", sqlite_site.write("flux", [{"id": "a"}]))

    (made,) = (sqlite_site.data_dir / "rejets").iterdir()
    assert str(made) in result.output


def test_an_old_rejects_file_does_not_outlive_its_faults(sqlite_site: Site) -> None:
    sqlite_site.import_(sqlite_site.write("flux", [{**STRUCTURE, "nom": "X"}]))
    assert sqlite_site.rejected() != []

    sqlite_site.import_(sqlite_site.write("flux", [STRUCTURE]))

    assert sqlite_site.rejected() == []
