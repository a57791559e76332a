"""What is exported is valid for everybody, and imports into an empty site as the same catalogue."""

import csv
import json
from pathlib import Path

import pytest
from data_inclusion.schema import v1

from app.feeds.writer import FORMATS
from tests.integration.site import SERVICE, STRUCTURE, Site, lines_of
from tests.integration.test_import_command import counts_of
from tests.shipped import shipped_records, shipped_services, shipped_structures
from tests.unit.persistence.dumps import rows

EXTENSIONS = {
    "eligibilite": {"toutes": [{"fait": "age", "min": 16, "max_exclu": 26}], "a_verifier": ["Oui"]},
    "apporte": [{"fait": "situations", "valeur": "permis-b"}],
    "suppose": {"fait": "residence", "parmi": ["departement:84"]},
    "prioritaires": {"fait": "allocations", "parmi": ["rsa"]},
    "regles": {
        "source": "Code du travail",
        "lien": "https://exemple.fr/loi",
        "lue_le": "2026-01-04",
        "etat": "a-confirmer",
    },
    "langues": ["fr", "ar"],
    "places_disponibles": 0,
    "prochaine_session": "2027-01-04",
    "a_apporter": ["Un RIB, ou un chèque barré", "Vos fiches de paie"],
    "derniere_confirmation": "2026-01-04",
}
V1 = {
    "frais": "payant",
    "publics": ["jeunes", "actifs"],
    "zone_eligibilite": ["84", "france", "200035723", "55545"],
    "modes_accueil": ["a-distance"],
    "longitude": 4.8059,
    "latitude": 43.9493,
    "description": 'Une « aide »,\nà l’œil ; "vraiment"\tgratuite',
    "volume_horaire_hebdomadaire": 3.5,
    "nombre_semaines": 4,
    "contact_nom_prenom": "Camille Martin",
}
FULL = [
    {**STRUCTURE, "reseaux_porteurs": ["ccas-cias"], "derniere_confirmation": "2026-01-04"},
    {**SERVICE, **V1, **EXTENSIONS},
    {**SERVICE, "id": "dora--1--bare"},
    {**STRUCTURE, "id": "dora--refuge", "adresse_confidentielle": True},
    {**SERVICE, "id": "dora--refuge--o", "structure_id": "dora--refuge"},
    {**SERVICE, "id": "dora--1--attente", "etat_publication": "a-moderer"},
]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_imported_elsewhere_is_exported_alike(tmp_path: Path, form: str) -> None:
    here = Site(url=None, folder=tmp_path / "here")
    there = Site(url=None, folder=tmp_path / "there")
    for site in (here, there):
        site.folder.mkdir()
    assert here.import_(here.write("flux", FULL)).exit_code == 0
    assert here.rejected() == []

    first = here.run("catalogue", "export", here.folder / "export", "--format", form)
    files = sorted((here.folder / "export").iterdir())
    taken = there.import_(*files)
    there.run("catalogue", "export", there.folder / "export", "--format", form)

    assert first.exit_code == 0
    assert f"services.{form} : 2" in first.output
    assert (there.rejected(), counts_of(taken.output)["créées"]) == ([], 3)
    assert contents(here.folder / "export") == contents(there.folder / "export")
    for site in (here, there):
        site.close()


def test_only_what_is_published_and_open_is_exported(site: Site) -> None:
    site.import_(site.write("flux", FULL))

    site.run("catalogue", "export", site.folder / "export", "--format", "jsonl")

    structures = lines_of(site.folder / "export" / "structures.jsonl")
    services = lines_of(site.folder / "export" / "services.jsonl")
    assert [s["id"] for s in structures] == ["dora--1"]
    assert [s["id"] for s in services] == ["dora--1--bare", "dora--1--permis"]
    exported = services[1]
    assert {k: exported[k] for k in EXTENSIONS} == EXTENSIONS
    without_name = {k: v for k, v in V1.items() if k != "contact_nom_prenom"}
    assert {k: exported[k] for k in without_name} == without_name
    assert "contact_nom_prenom" not in exported


def test_no_exported_offer_is_without_its_structure(site: Site) -> None:
    """A structure that only its own record hides would leave orphans in the export."""
    site.import_(site.write("flux", FULL))
    again = {**STRUCTURE, "etat_publication": "retire"}
    site.import_(site.write("flux", [again]))

    site.run("catalogue", "export", site.folder / "export", "--format", "jsonl")

    structures = {s["id"] for s in lines_of(site.folder / "export" / "structures.jsonl")}
    services = lines_of(site.folder / "export" / "services.jsonl")
    assert {s["structure_id"] for s in services} <= structures


def test_the_shipped_catalogue_goes_out_valid_and_as_it_came(site: Site) -> None:
    assert site.run("seed", "demo").exit_code == 0
    site.run("catalogue", "export", site.folder / "export")

    for name, model, shipped in (
        ("structures", v1.Structure, shipped_structures()),
        ("services", v1.Service, shipped_services()),
    ):
        records = lines_of(site.folder / "export" / f"{name}.jsonl.gz")
        for record in records:
            model.model_validate(record)
        came = {r["id"]: {k: v for k, v in r.items() if v is not None} for r in shipped}
        assert {r["id"]: r for r in records} == came


def test_records_with_our_extensions_are_valid_for_the_official_package(site: Site) -> None:
    """Tools that know the schema only read what they know."""
    site.import_(site.write("flux", FULL))
    site.run("catalogue", "export", site.folder / "export", "--format", "json")

    services = json.loads((site.folder / "export" / "services.json").read_text(encoding="utf-8"))
    for record in services:
        v1.Service.model_validate({k: v for k, v in record.items() if k not in EXTENSIONS})
        v1.Service.model_validate(record)


def test_the_shipped_catalogue_is_idempotent(sqlite_site: Site) -> None:
    first = sqlite_site.run("seed", "demo")
    before = len(rows(sqlite_site.engine, "revisions"))
    second = sqlite_site.run("seed", "demo")
    third = sqlite_site.run("seed", "demo", "--si-vide")

    count = len(shipped_records())
    assert f"{count} fiches créées, 0 modifiées, 0 inchangées" in first.output
    assert f"0 fiches créées, 0 modifiées, {count} inchangées" in second.output
    assert third.output == ""
    assert len(rows(sqlite_site.engine, "revisions")) == before == count
    assert sqlite_site.run("index", "check").exit_code == 0


def test_an_export_where_nobody_may_write_is_explained(sqlite_site: Site) -> None:
    target = sqlite_site.write("file", b"")

    result = sqlite_site.run("catalogue", "export", target / "deeper")

    assert result.exit_code == 1
    assert "file" in result.stderr


def test_a_hostile_listing_leaves_as_text_and_stays_valid_for_everybody(site: Site) -> None:
    service = {
        **SERVICE,
        "nom": "=1+1 Atelier",
        "description": "@SUM(1+1) et =cmd|' /C calc'!A0",
        "telephone": "+33 4 90 00 00 00",
    }
    site.import_(site.write("flux", [STRUCTURE, service]))

    site.run("catalogue", "export", site.folder / "export", "--format", "csv")

    with (site.folder / "export" / "services.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["nom"], row["telephone"]) == ("'=1+1 Atelier", "+33 4 90 00 00 00")
    known = {name: said for name, said in row.items() if said and name in v1.Service.model_fields}
    v1.Service.model_validate(known)
