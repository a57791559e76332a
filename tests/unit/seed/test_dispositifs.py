"""The shipped schemes: every entry is whole, sourced, French, and about nobody."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from app.domain.geographie import Geographie
from app.domain.offre import Offre, Structure
from app.domain.regles import EtatRegles
from app.domain.vocabulaire import Vocabulaire
from schemas.records import RecordReader
from seed.dispositifs import (
    FOLDER,
    ORGANISMES,
    SOURCE,
    Dispositif,
    DispositifsFeed,
    load_dispositifs,
    service_records,
    structure_records,
)
from seed.reference import ReferenceInvalide, load_geographie, load_vocabulaire, read_toml

READ_ON = date(2026, 11, 25)
EXPECTED = {
    "apre", "contrat-engagement-jeune", "plie-grand-avignon", "cap-emploi", "pass-iae",
    "chantier-insertion", "ecole-deuxieme-chance", "epide", "service-civique",
    "aide-garde-enfants-france-travail", "aide-mobilite-france-travail", "permis-un-euro-jour",
    "microcredit-mobilite", "creche-avip", "complement-mode-garde", "fsl-acces", "fsl-maintien",
    "visale", "avance-loca-pass", "mobili-jeune", "fjt", "hebergement-115-siao", "css",
    "pass-hospitaliere", "cmp", "csapa", "pmi", "rqth", "aah", "aides-agefiph", "cidff-droits",
    "oepre", "clea", "vae", "poei", "immersion-professionnelle", "adil-conseil",
    "point-conseil-budget", "accompagnement-mission-locale",
}  # fmt: skip
MONEY = re.compile(r"€|\d[\d\s]*euros?\b|\d[\d\s]*(?:centimes|k€)", re.IGNORECASE)
PHONE = re.compile(r"(?<!\d)0\d(?:[\s.-]?\d\d){4}(?!\d)|\+33")
STREET = re.compile(
    r"\b\d+(?:\s?(?:bis|ter))?,?\s(?:rue|avenue|boulevard|place|chemin|route)\b", re.I
)
FORM = re.compile(r"cerfa|n°", re.IGNORECASE)  # numbers of forms change
# A space that a line may not break at comes before these.
LOOSE = re.compile(r"(?<![\u00a0\u202f])[;:!?»](?!//)|«(?![\u00a0\u202f])")


@pytest.fixture(scope="module")
def geographie() -> Geographie:
    return load_geographie()


@pytest.fixture(scope="module")
def vocabulaire(geographie: Geographie) -> Vocabulaire:
    return load_vocabulaire(None, geographie)


@pytest.fixture(scope="module")
def dispositifs(vocabulaire: Vocabulaire, geographie: Geographie) -> tuple[Dispositif, ...]:
    return load_dispositifs(vocabulaire, geographie)


@pytest.fixture(scope="module")
def read(
    dispositifs: tuple[Dispositif, ...], vocabulaire: Vocabulaire, geographie: Geographie
) -> list[Offre | Structure]:
    reader = RecordReader(vocabulaire, geographie, READ_ON)
    listings = [reader.read(raw.data) for raw in DispositifsFeed(dispositifs).records(print)]
    assert not reader.ignored_fields
    assert not reader.resolved_codes, "communes are those of today"
    return listings


def texts_of(value: object) -> list[str]:
    """Every text written for a person: sentences, not codes, links nor names of towns."""
    if isinstance(value, str):
        return [value] if " " in value or "\u00a0" in value else []
    if isinstance(value, Mapping):
        return [text for key, item in value.items() if key != "commune" for text in texts_of(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in texts_of(item)]
    return []


def test_there_are_many_schemes_in_every_category(
    dispositifs: tuple[Dispositif, ...], vocabulaire: Vocabulaire
) -> None:
    covered = {
        str(theme).split("--")[0]
        for dispositif in dispositifs
        for theme in dispositif.fields["thematiques"]  # type: ignore[attr-defined]  # a list
    }

    assert len(dispositifs) >= 60
    assert covered == set(vocabulaire.referentiels["categories"])
    assert len(covered) == 16


def test_the_schemes_that_everybody_expects_are_there(
    dispositifs: tuple[Dispositif, ...],
) -> None:
    assert {dispositif.id for dispositif in dispositifs} >= EXPECTED


def test_ids_are_unique_and_told_by_their_body(dispositifs: tuple[Dispositif, ...]) -> None:
    structures = structure_records(dispositifs)
    services = service_records(dispositifs)
    ids = [record["id"] for record in (*structures, *services)]

    assert len(ids) == len(set(ids))
    assert all(str(ident).startswith(f"{SOURCE}--") for ident in ids)
    assert {service["structure_id"] for service in services} == {s["id"] for s in structures}


def test_every_offer_says_where_its_rules_come_from(read: list[Offre | Structure]) -> None:
    for listing in read:
        if not isinstance(listing, Offre):
            continue
        assert listing.eligibilite is not None, listing.id
        assert listing.regles is not None, listing.id
        assert listing.regles.etat is EtatRegles.A_CONFIRMER
        assert listing.regles.source
        assert listing.lien_source == listing.regles.lien
        assert listing.date_maj == listing.regles.lue_le <= READ_ON


def test_bodies_have_a_town_or_none_and_no_contact(read: list[Offre | Structure]) -> None:
    for listing in read:
        assert listing.adresse is listing.complement_adresse is None, listing.id
        assert listing.telephone is listing.courriel is listing.latitude is None, listing.id
        assert (listing.commune is None) is (listing.code_insee is None), listing.id
        if isinstance(listing, Offre):
            assert listing.contact_nom_prenom is None, listing.id
    codes = {listing.code_insee for listing in read}
    assert None in codes
    assert all(code[:2] in {"84", "55"} for code in codes if code)


def test_texts_hold_no_amount_no_contact_and_are_typeset(
    dispositifs: tuple[Dispositif, ...],
) -> None:
    for record in (*structure_records(dispositifs), *service_records(dispositifs)):
        for text in texts_of(record):
            assert not MONEY.search(text), text
            assert not PHONE.search(text), text
            assert not STREET.search(text), text
            assert "@" not in text, text
            assert "'" not in text, text
            assert not LOOSE.search(text), text


def test_descriptions_are_long_enough_to_understand(dispositifs: tuple[Dispositif, ...]) -> None:
    lengths = {d.id: len(str(d.fields["description"])) for d in dispositifs}

    assert {i for i, length in lengths.items() if not 200 <= length <= 1_000} == set()


def test_many_schemes_say_what_to_bring_one_thing_a_line(read: list[Offre | Structure]) -> None:
    told = {
        listing.id.split("--")[1]: listing.a_apporter
        for listing in read
        if isinstance(listing, Offre) and listing.a_apporter
    }

    assert len(told) >= 70
    for ident, items in told.items():
        assert 2 <= len(items) <= 6, ident
        for item in items:
            assert item[0].isupper(), item
            assert item[-1] not in ".;,:", item
            assert not FORM.search(item), item


def test_a_town_with_several_postal_codes_says_none(dispositifs: tuple[Dispositif, ...]) -> None:
    structures = {record["id"]: record for record in structure_records(dispositifs)}

    avignon, valreas = (
        structures[f"{SOURCE}--{ident}"] for ident in ("caf-84", "france-services-valreas")
    )
    assert "code_postal" not in avignon
    assert (valreas["code_postal"], valreas["commune"]) == ("84600", "Valréas")


def test_a_zone_is_the_scheme_s_else_the_body_s(dispositifs: tuple[Dispositif, ...]) -> None:
    services = {record["id"]: record for record in service_records(dispositifs)}

    def zone(ident: str) -> object:
        return services[f"{SOURCE}--{ident}"].get("zone_eligibilite")

    assert zone("domiciliation-vaucluse--ccas-avignon") == ["84"]
    assert zone("aides-ccas--ccas-avignon") == ["84007"]
    assert zone("plie-grand-avignon--plie-grand-avignon") == ["248400251"]
    assert zone("service-civique--service-civique") is None


def test_a_network_tells_no_town(dispositifs: tuple[Dispositif, ...]) -> None:
    structures = {record["id"]: record for record in structure_records(dispositifs)}
    services = {record["id"]: record for record in service_records(dispositifs)}

    network = structures[f"{SOURCE}--maisons-solidarite-55"]
    offer = services[f"{SOURCE}--pmi--maisons-solidarite-55"]
    assert not {"commune", "code_insee", "code_postal"} & (network.keys() | offer.keys())
    assert offer["zone_eligibilite"] == ["55"]


def test_a_branch_receives_and_its_head_office_also_answers_remotely(
    dispositifs: tuple[Dispositif, ...],
) -> None:
    modes = {str(r["id"]): r["modes_accueil"] for r in service_records(dispositifs)}

    start = f"{SOURCE}--accompagnement-france-travail--france-travail"
    assert modes[f"{start}-84"] == ["en-presentiel", "a-distance"]
    assert modes[f"{start}-apt"] == ["en-presentiel"]


ORGANISME = """
[[organisme]]
id = "caf-84"
nom = "Caf de Vaucluse"
commune = "84007"
modes_accueil = ["en-presentiel"]
"""
DISPOSITIF = """
[[dispositif]]
id = "aide"
nom = "Une aide"
organismes = ["caf-84"]
type = "information"
thematiques = ["famille--garde-denfants"]
modes_accueil = ["en-presentiel"]
description = "Une aide pour faire garder son enfant."
source = "https://exemple.fr/loi"
source_nom = "Code"
date = 2026-11-25
eligibilite = '{"fait": "age", "min": 16}'
"""


def load(
    folder: Path, vocabulaire: Vocabulaire, geographie: Geographie, organisme: str, dispositif: str
) -> tuple[Dispositif, ...]:
    (folder / ORGANISMES).write_text(organisme, encoding="utf-8")
    (folder / "famille.toml").write_text(dispositif, encoding="utf-8")
    return load_dispositifs(vocabulaire, geographie, folder)


def test_the_entries_of_the_next_test_are_good(
    tmp_path: Path, vocabulaire: Vocabulaire, geographie: Geographie
) -> None:
    (only,) = load(tmp_path, vocabulaire, geographie, ORGANISME, DISPOSITIF)

    assert only.id == "aide"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param('nom = "Une aide"\n', "", "manque « nom »", id="missing"),
        pytest.param('id = "aide"\n', "", "manque « id »", id="no id"),
        pytest.param('nom = "Une aide"', 'nom = "x"\nprix = 1', "« prix » n’existe pas", id="key"),
        pytest.param('["caf-84"]', '["caf-99"]', "« caf-99 » n’est pas dans", id="body"),
        pytest.param('"information"', '"info"', "« info » n’est pas une valeur", id="type"),
        pytest.param("famille--garde-denfants", "famille", "« thematiques »", id="theme"),
        pytest.param("https://", "http://", "« source » est mal écrit", id="link"),
        pytest.param("2026-11-25", '"2026-11-25"', "« date » est mal écrit", id="date"),
        pytest.param('"en-presentiel"', '"a-distance"', "aucun de ses modes", id="modes"),
        pytest.param('"min": 16', '"min": "x"', "nombre_attendu", id="bound"),
        pytest.param('"age"', '"âge"', "fait_inconnu", id="fact"),
        pytest.param('{"fait"', '{"fait', "n’est pas du JSON", id="json"),
        pytest.param(
            "date =", 'apporte = [{fait = "situations"}]\ndate =', "« apporte » va", id="gift"
        ),
        pytest.param(
            "date =",
            'apporte = [{fait = "situations", valeur = "vélo"}]\ndate =',
            "un fait ou une valeur inconnus",
            id="gift value",
        ),
        pytest.param(
            "date =", 'zone = ["departement:999"]\ndate =', "« departement:999 »", id="zone"
        ),
        pytest.param(
            "date =",
            'a_apporter = ["Un RIB", "Un RIB"]\ndate =',
            "« a_apporter » est mal écrit",
            id="to bring",
        ),
        pytest.param("date =", 'zone = ["region:93"]\ndate =', "les départements", id="region"),
        pytest.param("[[dispositif]]", "[[aide]]", "[[dispositif]]", id="title"),
        pytest.param(DISPOSITIF, DISPOSITIF * 2, "est écrit deux fois", id="twice"),
        pytest.param("[[dispositif]]", "[[dispositif", "TOML", id="toml"),
    ],
)
def test_a_fault_names_its_file_and_its_entry(
    tmp_path: Path,
    vocabulaire: Vocabulaire,
    geographie: Geographie,
    old: str,
    new: str,
    said: str,
) -> None:
    assert old in DISPOSITIF

    with pytest.raises(ReferenceInvalide) as refusal:
        load(tmp_path, vocabulaire, geographie, ORGANISME, DISPOSITIF.replace(old, new))

    assert said in str(refusal.value)
    assert "famille.toml" in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param('commune = "84007"', "", "national = true", id="nowhere"),
        pytest.param('"84007"', '"84999"', "« 84999 » est inconnue", id="commune"),
        pytest.param('"84007"', '"84007"\nnational = true', "national = true", id="both"),
        pytest.param(
            'commune = "84007"', "plusieurs_guichets = true", "une « zone »", id="counters nowhere"
        ),
        pytest.param('"84007"', '"84007"\nreseaux_porteurs = ["x"]', "« x »", id="network"),
        pytest.param(ORGANISME, ORGANISME * 2, "est écrit deux fois", id="twice"),
    ],
)
def test_a_fault_of_a_body_names_it(
    tmp_path: Path,
    vocabulaire: Vocabulaire,
    geographie: Geographie,
    old: str,
    new: str,
    said: str,
) -> None:
    with pytest.raises(ReferenceInvalide) as refusal:
        load(tmp_path, vocabulaire, geographie, ORGANISME.replace(old, new), DISPOSITIF)

    assert said in str(refusal.value)
    assert f"{ORGANISMES}, organisme « caf-84 »" in str(refusal.value)


def test_every_file_is_read_and_every_body_used(dispositifs: tuple[Dispositif, ...]) -> None:
    written = {
        entry["id"]
        for path in FOLDER.glob("*.toml")
        for entry in read_toml(path).get("dispositif", ())
    }
    bodies = {entry["id"] for entry in read_toml(FOLDER / ORGANISMES)["organisme"]}

    assert {dispositif.id for dispositif in dispositifs} == written
    assert {body.id for d in dispositifs for body in d.organismes} == bodies
