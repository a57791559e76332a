"""The generated catalogue: the same one every time, valid, and with the frequencies promised."""

import hashlib
import json
from collections import Counter
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from app.domain.arbre import criteres
from app.domain.geographie import Geographie
from app.domain.offre import Offre, Structure
from app.domain.vocabulaire import Vocabulaire
from bench.generator import DAYS, LAST_DAY, MODES, ZONES, Generator, Record, write_feeds
from bench.trees import CRITERIA
from schemas.records import RecordReader
from seed.reference import load_geographie, load_vocabulaire

OFFERS = 2_000
TOLERANCE = 0.035  # three standard deviations of a share among 2,000


@pytest.fixture(scope="module")
def geographie() -> Geographie:
    return load_geographie()


@pytest.fixture(scope="module")
def vocabulaire(geographie: Geographie) -> Vocabulaire:
    return load_vocabulaire(None, geographie)


@pytest.fixture(scope="module")
def generator(geographie: Geographie, vocabulaire: Vocabulaire) -> Generator:
    return Generator(geographie, vocabulaire, OFFERS)


@pytest.fixture(scope="module")
def services(generator: Generator) -> list[Record]:
    return list(generator.services())


@pytest.fixture(scope="module")
def trees(services: list[Record]) -> list[str]:
    return [json.dumps(r["eligibilite"]) for r in services if "eligibilite" in r]


def test_two_runs_write_the_same_bytes(
    geographie: Geographie, vocabulaire: Vocabulaire, tmp_path: Path
) -> None:
    digests = []
    for name in ("one", "two"):
        feeds = write_feeds(Generator(geographie, vocabulaire, 100), tmp_path / name)
        files = (feeds.structures, feeds.services)
        digests.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in files])

    assert digests[0] == digests[1]


def test_another_seed_gives_another_catalogue(
    geographie: Geographie, vocabulaire: Vocabulaire, services: list[Record]
) -> None:
    other = Generator(geographie, vocabulaire, OFFERS, seed=1)

    assert next(iter(other.services())) != services[0]


def test_every_record_is_accepted(
    generator: Generator,
    services: list[Record],
    geographie: Geographie,
    vocabulaire: Vocabulaire,
) -> None:
    reader = RecordReader(vocabulaire, geographie, date(2026, 11, 22))

    read = [reader.read(record) for record in (*generator.structures(), *services)]

    kinds = Counter(type(listing) for listing in read)
    assert kinds == {Offre: OFFERS, Structure: generator.records - OFFERS}
    assert not reader.ignored_fields
    assert not reader.resolved_codes


def test_ids_are_distinct_and_offers_have_a_structure(
    generator: Generator, services: list[Record]
) -> None:
    structures = {record["id"] for record in generator.structures()}

    assert len({record["id"] for record in services}) == OFFERS
    assert {record["structure_id"] for record in services} == structures


def test_zones_have_their_shares(services: list[Record]) -> None:
    kinds = Counter(_kind_of_zone(record["zone_eligibilite"]) for record in services)

    assert _shares(kinds) == pytest.approx(
        {kind: share / 100 for kind, share in ZONES.items()}, abs=TOLERANCE
    )


def test_modes_have_their_shares(services: list[Record]) -> None:
    modes = Counter(str(record["modes_accueil"]) for record in services)

    expected = [share / 100 for share in MODES.values()]
    assert sorted(_shares(modes).values()) == pytest.approx(sorted(expected), abs=TOLERANCE)
    assert modes["['a-distance']"] / OFFERS == pytest.approx(0.10, abs=TOLERANCE)


def test_trees_have_the_shapes_of_real_ones(services: list[Record], trees: list[str]) -> None:
    sizes = Counter(tree.count('"fait"') for tree in trees)

    assert len(trees) / OFFERS == pytest.approx(0.60, abs=TOLERANCE)
    assert sizes.most_common(1)[0][0] == 3
    assert max(sizes) <= max(CRITERIA)
    assert sum("une_parmi" in tree for tree in trees) / len(trees) == pytest.approx(0.31, abs=0.05)
    assert 0 < sum("sauf" in tree for tree in trees) / len(trees) < 0.03


def test_criteria_are_about_the_facts_of_real_trees(
    services: list[Record], geographie: Geographie, vocabulaire: Vocabulaire
) -> None:
    reader = RecordReader(vocabulaire, geographie, date(2026, 11, 22))
    read = [reader.read(record) for record in islice(services, 500)]
    roots = [r.eligibilite.racine for r in read if isinstance(r, Offre) and r.eligibilite]

    facts = Counter(critere.fait for racine in roots for critere in criteres(racine))

    shares = _shares(facts)
    assert shares["residence"] == pytest.approx(0.36, abs=0.08)
    assert shares["age"] == pytest.approx(0.22, abs=0.08)
    assert shares["activite"] == pytest.approx(0.15, abs=0.06)
    assert {"scolarite", "statut_logement", "quotient_familial", "situations"} <= facts.keys()


def test_most_populated_departements_have_most_offers(services: list[Record]) -> None:
    counts = Counter(str(record["code_insee"])[:2] for record in services)

    assert counts["59"] > counts["48"] + 20  # Nord, Lozère
    assert len(counts) > 80


def test_two_words_are_frequent_and_most_are_rare(services: list[Record]) -> None:
    texts = [f"{record['nom']} {record['description']}".lower().split() for record in services]

    counts = Counter(word for text in texts for word in set(text))

    assert 0.3 < counts["emploi"] / OFFERS < 0.7
    assert 0.3 < counts["accompagnement"] / OFFERS < 0.7
    assert sum(count < 0.02 * OFFERS for count in counts.values()) > 0.8 * len(counts)


def test_descriptions_have_120_to_900_characters(services: list[Record]) -> None:
    lengths = [len(str(record["description"])) for record in services]

    assert min(lengths) >= 120
    assert max(lengths) <= 900
    assert max(lengths) > 800


def test_dates_cover_four_years(services: list[Record]) -> None:
    ages = [(LAST_DAY - date.fromisoformat(str(record["date_maj"]))).days for record in services]

    assert min(ages) >= 0
    assert max(ages) < DAYS
    assert sum(age > DAYS / 2 for age in ages) / OFFERS == pytest.approx(0.5, abs=TOLERANCE)


def test_publics_are_absent_or_one_to_three(services: list[Record]) -> None:
    counts = Counter(len(record["publics"] or ()) for record in services)  # type: ignore[arg-type]

    assert set(counts) == {0, 1, 2, 3}
    assert counts[0] / OFFERS == pytest.approx(0.20, abs=TOLERANCE)


def _kind_of_zone(codes: object) -> str:
    match codes:
        case None:
            return "aucune"
        case ["france"]:
            return "france"
        case [str(code)]:
            return {2: "departement", 3: "departement", 9: "epci"}.get(len(code), "commune")
        case _:
            return "plusieurs"


def _shares(counts: Counter[str]) -> dict[str, float]:
    return {key: count / counts.total() for key, count in counts.items()}
