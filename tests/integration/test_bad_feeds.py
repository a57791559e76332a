"""Feeds that cannot be read, and records that nobody would write: a sentence, never a trace."""

import gzip
import json

import pytest

from tests.integration.site import SERVICE, STRUCTURE, Site, make_services, make_structures
from tests.integration.test_import_command import counts_of
from tests.unit.persistence.dumps import dump, rows

GOOD = {**STRUCTURE, "id": "good"}


def deep(levels: int) -> str:
    return '{"sauf":' * levels + '{"fait":"age","min":1}' + "}" * levels


def with_tree(tree: str) -> str:
    return json.dumps(SERVICE)[:-1] + f', "eligibilite": {tree}}}'


LEAVES = json.dumps({"toutes": [{"fait": "age", "min": rank % 99} for rank in range(5_000)]})
HALF = "\ud800"  # half a character: JSON can say it, no file and no base can hold it
REFUSED = {
    "5000-levels": with_tree(deep(5_000)),
    "21-levels": with_tree(deep(21)),
    "5000-leaves": with_tree(LEAVES),
    "id-a-number": json.dumps({**STRUCTURE, "id": 4}),
    "id-a-list": json.dumps({**STRUCTURE, "id": ["a"]}),
    "structure-id-a-number": json.dumps({**SERVICE, "structure_id": 0}),
    "structure-id-a-list": json.dumps({**SERVICE, "structure_id": []}),
    "number": "4",
    "text": '"x"',
    "null": "null",
    "nested-lists": "[[[[]]]]",
    "nothing": "{}",
    "half-a-character-in-the-id": json.dumps({**STRUCTURE, "id": HALF}),
    "half-a-character-in-a-name": json.dumps({**STRUCTURE, "nom": f"abc{HALF}"}),
    "half-a-character-in-a-note": with_tree(json.dumps({"toutes": [], "a_verifier": [HALF]})),
    "half-a-character-in-a-tree": with_tree(json.dumps({"fait": HALF})),
    "half-a-character-in-a-list": json.dumps({**SERVICE, "publics": [HALF]}),
    "huge-number": json.dumps({**SERVICE, "nombre_semaines": 10**300}),
    "endless-number": '{"id": ' + "1" * 5_000 + "}",
    "not-a-number": json.dumps({**STRUCTURE, "id": "nan", "latitude": float("nan")}),
    "single-quotes": "{'id': 'a'}",
    "huge-place-count": json.dumps({**SERVICE, "places_disponibles": 2**40}),
    "invisible-id": json.dumps({**STRUCTURE, "id": "a\u0000b"}),
    "id-too-long": json.dumps({**STRUCTURE, "id": "é" * 300}),
}


@pytest.mark.parametrize("form", ["array", "lines"])
@pytest.mark.parametrize("case", REFUSED)
def test_a_strange_record_is_refused_alone(site: Site, case: str, form: str) -> None:
    records = [json.dumps(STRUCTURE), REFUSED[case], json.dumps(GOOD)]
    text = f"[{','.join(records)}]" if form == "array" else "\n".join(records)

    result = site.import_(site.write("flux", text.encode()))

    assert result.exit_code == 0
    assert {found["id"] for found in rows(site.engine, "structures")} >= {"dora--1", "good"}
    if not (form == "array" and case.startswith("half")):  # read there as a question mark
        assert counts_of(result.output)["rejetées"] == 1
        assert {(r["ligne"], bool(r["raison"])) for r in site.rejected()} == {("2", True)}
    assert site.run("index", "check").exit_code == 0


def test_no_depth_stops_an_import(sqlite_site: Site) -> None:
    """Between what the reader takes and what it refuses, no level is one too many for the rest."""
    services = [
        with_tree(deep(levels)).replace("dora--1--permis", f"dora--1--{levels}")
        for levels in range(850, 1_000)
    ]
    text = "\n".join([json.dumps(STRUCTURE), *services])

    result = sqlite_site.import_(sqlite_site.write("flux", text.encode()))

    assert result.exit_code == 0
    assert counts_of(result.output)["rejetées"] == len(services)


@pytest.mark.parametrize("blank", ["", " ", "\t"])
def test_a_record_without_structure_id_is_a_structure(site: Site, blank: str) -> None:
    result = site.import_(site.write("flux", [{**STRUCTURE, "structure_id": blank}, GOOD]))

    assert result.exit_code == 0
    assert len(rows(site.engine, "structures")) + len(site.rejected()) == 2


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_service_that_does_not_say_its_structure_is_refused(site: Site, blank: str) -> None:
    service = {**SERVICE, "structure_id": blank, "thematiques": ["mobilite--preparer-un-permis"]}

    result = site.import_(site.write("flux", [STRUCTURE, service]))

    assert result.exit_code == 0
    assert [(r["ligne"], r["champ"]) for r in site.rejected()] == [("2", "structure_id")]


def test_an_unknown_field_may_have_any_name(site: Site) -> None:
    result = site.import_(site.write("flux", [{**STRUCTURE, HALF: 1, "\u0000": 2, "": 3}]))

    assert result.exit_code == 0
    assert counts_of(result.output)["créées"] == 1


def test_invisible_characters_of_a_note_can_be_stored(site: Site) -> None:
    tree = {"toutes": [], "a_verifier": ["Projet\u0000 validé"]}

    result = site.import_(site.write("flux", [STRUCTURE, {**SERVICE, "eligibilite": tree}]))

    assert result.exit_code == 0
    assert site.run("index", "check").exit_code == 0


def test_texts_as_long_as_allowed_are_stored(site: Site) -> None:
    long = {
        **STRUCTURE,
        "id": "i" * 512,
        "source": "é" * 256,
        "nom": "é" * 150,
        "description": "é" * 10_000,
        "adresse": "é" * 5_000,
        "telephone": "0" * 5_000,
    }

    result = site.import_(site.write("flux", [long, {**SERVICE, "structure_id": "i" * 512}]))

    assert (result.exit_code, site.rejected()) == (0, [])
    assert site.run("index", "check").exit_code == 0


SENTENCES = {
    "empty": (b"", "le fichier est vide"),
    "latin-1": ("id;nom\na;été\n".encode("latin-1"), "n’est pas en UTF-8"),
    "latin-1-array": (json.dumps([GOOD]).replace("Garage", "été").encode("latin-1"), "UTF-8"),
    "one-object": (json.dumps({"services": [SERVICE]}, indent=1).encode(), "pas un objet seul"),
    "error-page": (b"<!doctype html>", "ni du JSON ni un CSV"),
    "truncated-gzip": (gzip.compress(json.dumps([GOOD]).encode())[:-9], "incomplet ou abîmé"),
    "garbage-after-gzip": (gzip.compress(json.dumps([GOOD]).encode()) + b"xx", "abîmé"),
    "truncated-array": (json.dumps([GOOD, SERVICE]).encode()[:-9], "s’arrête avant sa fin"),
    "quote-never-closed": (b'id,source,nom,date_maj\na,s,"b\n', "guillemets"),
    "line-too-long": (b'{"id": "' + b"a" * 5_000_100 + b'"}\n', "dépasse 5 Mo"),
    "no-commas": (b'[{"id": "a"} {"id": "b"}]', "Vérifiez le fichier"),
}


@pytest.mark.parametrize("case", SENTENCES)
def test_a_feed_that_cannot_be_read_is_explained(sqlite_site: Site, case: str) -> None:
    content, sentence = SENTENCES[case]

    result = sqlite_site.import_(sqlite_site.write("flux.csv.gz", content))

    assert result.exit_code == 1
    assert result.stderr.count("flux.csv.gz : ") == 1
    assert sentence in result.stderr


@pytest.mark.parametrize("content", [b"[1, 2, 3]", b'[[], [[{"id": "a"}]], null]', b"[]"])
def test_an_array_of_something_else_is_refused_record_by_record(
    sqlite_site: Site, content: bytes
) -> None:
    result = sqlite_site.import_(sqlite_site.write("flux", content))

    assert result.exit_code == 0
    assert counts_of(result.output)["rejetées"] == len(json.loads(content))


def test_what_was_read_before_a_fault_is_imported_as_the_message_says(site: Site) -> None:
    content = json.dumps([*make_structures(20), *make_services(3)]).encode()[:-20]

    result = site.import_(site.write("flux", content))

    assert "Le reste du flux a été lu" in result.stderr
    assert len(rows(site.engine, "structures")) == 20
    assert site.run("index", "check").exit_code == 0


def test_a_trial_does_not_say_that_something_was_imported(sqlite_site: Site) -> None:
    content = json.dumps(make_structures(20)).encode()[:-20]

    result = sqlite_site.import_(sqlite_site.write("flux", content), "--dry-run")

    assert "est importé" not in result.stderr


def test_a_whole_file_is_not_lost_for_another_that_is_broken(site: Site) -> None:
    good = site.write("good", [STRUCTURE, *make_services(3)])
    site.import_(good, site.write("broken", b"<html>"))

    again = site.import_(good)

    assert again.exit_code == 0
    assert len(rows(site.engine, "offres")) == 3
    assert site.run("index", "check").exit_code == 0


def test_an_import_keeps_how_many_files_could_not_be_read(sqlite_site: Site) -> None:
    before = dump(sqlite_site.engine, without=["imports"])
    broken = [sqlite_site.write(name, b"<html>") for name in ("une-page", "une-autre")]

    result = sqlite_site.import_(*broken)

    (noted,) = rows(sqlite_site.engine, "imports")
    assert noted["bilan"]["fichiers_illisibles"] == 2
    assert [result.stderr.count(f"Erreur : {path.name} : ") for path in broken] == [1, 1]
    assert dump(sqlite_site.engine, without=["imports"]) == before
