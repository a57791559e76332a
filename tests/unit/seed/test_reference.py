"""Every shipped reference file is whole, consistent, and says where it comes from."""

import csv
import gzip
import random
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from data_inclusion.schema import v1

from app.domain.arbre import Noeud, criteres
from app.domain.eligibility import Juge
from app.domain.geographie import Geographie
from app.domain.profil import (
    Choix,
    Connaissance,
    Echelons,
    Ensemble,
    Lieu,
    Nombre,
    Profil,
    SansObjet,
)
from app.domain.verdict import Valeur
from app.domain.vocabulaire import RESIDENCE, Fait, Nature, Vocabulaire
from app.feeds.reader import FeedFile
from schemas.records import RecordReader
from seed import demo, reference
from seed.reference import DATA, TERRITOIRES
from tests.shipped import (
    Record,
    shipped_feeds,
    shipped_records,
    shipped_services,
    shipped_structures,
)

READ_ON = date(2026, 11, 25)  # the schemes are dated of that day
LISTS = {
    "thematiques": v1.Thematique,
    "categories": v1.Categorie,
    "publics": v1.Public,
    "frais": v1.Frais,
    "modes-accueil": v1.ModeAccueil,
    "modes-mobilisation": v1.ModeMobilisation,
    "personnes-mobilisatrices": v1.PersonneMobilisatrice,
    "types-services": v1.TypeService,
    "reseaux-porteurs": v1.ReseauPorteur,
}


@pytest.fixture(scope="module")
def geographie() -> Geographie:
    return reference.load_geographie()


@pytest.fixture(scope="module")
def vocabulaire(geographie: Geographie) -> Vocabulaire:
    return reference.load_vocabulaire(None, geographie)


def rows_of(name: str) -> list[dict[str, str]]:
    path = DATA / name
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_communes_are_all_there(geographie: Geographie) -> None:
    rows = rows_of("geo/communes.csv.gz")

    assert len(rows) == len({row["code_insee"] for row in rows}) == 34_969
    assert len(geographie.communes) == 34_969 + 45
    assert len(geographie.places) == 34_969 + 45 - 3
    # 101 départements, and the overseas collectivities, which have codes of the same form.
    assert len({commune.departement for commune in geographie.places}) == 109


def test_communes_are_in_france(geographie: Geographie) -> None:
    for commune in geographie.communes.values():
        assert -90 < commune.point.lat < 52, commune
        assert -180 < commune.point.lon < 180, commune
        if len(commune.departement) == 2:
            assert 41 < commune.point.lat < 52, commune
            assert -6 < commune.point.lon < 10, commune
        assert commune.nom.strip() == commune.nom != ""
        assert all(len(code) == 5 and code.isdigit() for code in commune.codes_postaux)
        assert commune.code.startswith(commune.departement), commune


def test_arrondissements_belong_to_three_communes(geographie: Geographie) -> None:
    wholes = Counter(c.parent for c in geographie.communes.values() if c.parent)

    assert wholes == {"75056": 20, "13055": 16, "69123": 9}


def test_old_codes_all_mean_a_commune_of_today(geographie: Geographie) -> None:
    rows = rows_of("geo/communes-anciennes.csv")
    former = [row for row in rows if row["type"] != reference.ARRONDISSEMENT]

    assert len(rows) == 4_285
    assert len(rows) - len(former) == 45
    for row in former:
        today = geographie.resolve_commune(row["code_insee"])
        assert today == (
            row["code_insee"]
            if row["code_insee"] in geographie.communes
            else row["code_insee_actuel"]
        )
        assert today in geographie.communes


def test_straddling_zones_are_sets(geographie: Geographie) -> None:
    straddling: dict[str, set[str]] = {}
    for commune in geographie.places:
        if commune.epci:
            straddling.setdefault(commune.epci, set()).add(commune.departement)

    assert sum(len(departements) > 1 for departements in straddling.values()) == 89


def test_territories_are_the_two_that_set_the_pace(geographie: Geographie) -> None:
    territoires = reference.load_territoires(sorted(TERRITOIRES.glob("*.toml")), geographie)

    assert [(t.slug, len(t.bassins)) for t in territoires] == [("meuse", 1), ("vaucluse", 4)]
    assert all(t.note for t in territoires), "an approximation must say so"


def basins_of_both_readings() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    content = tomllib.loads((TERRITOIRES / "vaucluse.toml").read_text(encoding="utf-8"))
    yield "bassin_approx_epci", content["bassin"]
    yield "bassin_variante_bmo", content["lecture-alternative"]["bassin"]


def test_every_commune_of_the_vaucluse_is_in_one_basin_of_each_reading(
    geographie: Geographie,
) -> None:
    vaucluse = {c.code for c in geographie.places if c.departement == "84"}
    rows = rows_of("geo/bassins-vaucluse-approximation.csv")
    assert len(vaucluse) == len(rows) == 151

    for column, bassins in basins_of_both_readings():
        met = Counter(code for bassin in bassins for code in bassin["communes"])
        assert set(met) == vaucluse
        assert set(met.values()) == {1}
        basin_of = {code: b["nom"] for b in bassins for code in b["communes"]}
        assert basin_of == {row["code_insee"]: row[column] for row in rows}


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_those_of_the_official_package(name: str) -> None:
    shipped = reference.load_referentiels()[name]

    assert list(shipped) == [member.value for member in LISTS[name]]
    assert {v: t.libelle for v, t in shipped.items()} == {m.value: m.label for m in LISTS[name]}


def test_facts_can_be_asked_of_anybody(vocabulaire: Vocabulaire) -> None:
    assert len(vocabulaire.faits) >= 35
    assert RESIDENCE in vocabulaire.faits
    for fait in vocabulaire.faits.values():
        assert fait.cle == fait.cle.lower().replace("-", "_")
        assert fait.cle.isascii()
        assert fait.libelle.strip()
        assert fait.question.rstrip().endswith("?"), fait.cle
        assert "'" not in fait.question + fait.libelle, "a typographic apostrophe is wanted"
        assert len(set(fait.valeurs)) == len(fait.valeurs)


def test_every_value_has_a_label_and_those_of_a_set_a_question(vocabulaire: Vocabulaire) -> None:
    for fait in vocabulaire.faits.values():
        assert fait.libelles.keys() == set(fait.valeurs), fait.cle
        assert all(label.strip() for label in fait.libelles.values())
        if fait.nature is Nature.ENSEMBLE:
            assert fait.questions.keys() == set(fait.valeurs), fait.cle
        assert fait.sensibles.keys() <= set(fait.valeurs)
        if isinstance(fait.acquerable, tuple):
            assert set(fait.acquerable) <= set(fait.valeurs)


def test_the_thirteen_publics_are_trees_with_a_reason(vocabulaire: Vocabulaire) -> None:
    official = {member.value for member in v1.Public} - {"tous-publics"}

    assert vocabulaire.publics.keys() == official
    assert len(official) == 13
    for public in vocabulaire.publics.values():
        assert len(public.raison) > 40
        assert list(criteres(public.certain))
        assert list(criteres(public.possible))


def bounds_of(fait: Fait, trees: list[Noeud]) -> list[float]:
    """Numbers on, just below and just above each bound that a tree has for a fact."""
    leaves = [leaf for tree in trees for leaf in criteres(tree) if leaf.fait == fait.cle]
    named = {b for leaf in leaves for b in (leaf.min, leaf.max, leaf.min_exclu, leaf.max_exclu)}
    numbers = [b for b in named if isinstance(b, int | float)]
    return [n + d for n in numbers for d in (-1, 0, 1) if n + d >= 0] or [0.0, 50.0]


def complete_knowledge(
    fait: Fait, trees: list[Noeud], geographie: Geographie, chance: random.Random
) -> Connaissance:
    match fait.nature:
        case Nature.NOMBRE:
            number = chance.choice([*bounds_of(fait, trees), None])
            return SansObjet() if number is None else Nombre(min=number, max=number)
        case Nature.CHOIX:
            return Choix(frozenset((chance.choice(fait.valeurs),)))
        case Nature.ENSEMBLE:
            share = chance.choice([0.0, 0.1, 0.5])
            vrais = frozenset(v for v in fait.valeurs if chance.random() < share)
            return Ensemble(vrais, frozenset(fait.valeurs) - vrais)
        case Nature.ECHELON:
            rank = chance.randrange(len(fait.valeurs))
            return Echelons(rank, rank)
        case Nature.LIEU:
            return Lieu(geographie.zone(chance.choice(geographie.places).code))


def test_whoever_certainly_belongs_to_a_public_possibly_does(
    vocabulaire: Vocabulaire, geographie: Geographie
) -> None:
    chance = random.Random(84)
    met: Counter[str] = Counter()
    trees = {p.valeur: [p.certain, p.possible] for p in vocabulaire.publics.values()}
    used = {
        valeur: {leaf.fait for tree in pair for leaf in criteres(tree)}
        for valeur, pair in trees.items()
    }
    for public in vocabulaire.publics.values():
        for _ in range(400):
            faits = {
                cle: complete_knowledge(
                    vocabulaire.faits[cle], trees[public.valeur], geographie, chance
                )
                for cle in sorted(used[public.valeur])
            }
            juge = Juge(Profil(faits=faits), vocabulaire, geographie)
            certain, possible = juge.noeud(public.certain), juge.noeud(public.possible)
            assert Valeur.INCONNU not in (certain.valeur, possible.valeur), "all facts are known"
            assert certain.valeur <= possible.valeur, (public.valeur, faits)
            met[public.valeur] += certain.valeur is Valeur.OUI

    assert set(met) == set(vocabulaire.publics)
    assert min(met.values()) > 0, met


def test_the_shipped_catalogue_is_read_without_a_fault(
    vocabulaire: Vocabulaire, geographie: Geographie
) -> None:
    reader = RecordReader(vocabulaire, geographie, READ_ON)
    for feed in shipped_feeds():
        records = [raw.data for raw in feed.records(lambda _: None)]
        assert len({reader.read(record).id for record in records}) == len(records)

    assert not reader.ignored_fields


def test_the_readme_of_the_data_tells_how_much_there_is() -> None:
    told = (DATA / "README.md").read_text(encoding="utf-8")
    counts = [len(list(FeedFile(path).records(lambda _: None))) for path in demo.FEEDS]

    assert f"| {counts[0]} structures" in told
    assert f"| {counts[1]} services" in told


def test_every_source_of_the_catalogue_is_credited() -> None:
    sources = {record["source"] for record in shipped_records()}
    rows = rows_of("catalogue/sources.csv")
    credits_ = reference.load_attributions()

    assert {row["source"] for row in rows} == sources
    assert {row["nom"] for row in rows} <= {credit.nom for credit in credits_}
    for credit in credits_:
        assert credit.nom
        assert credit.attribution
        assert credit.licence


def departement_of(record: Record) -> str:
    return str(record.get("code_insee") or record.get("code_postal"))[:2]


def test_counts_of_the_sources_are_those_of_the_catalogue() -> None:
    rows = rows_of("catalogue/sources.csv")
    for records, kind in ((shipped_structures(), "structures"), (shipped_services(), "services")):
        for departement in ("84", "55"):
            # A national body, and its offers, are of no département.
            found = Counter(
                record["source"] for record in records if departement_of(record) == departement
            )
            told = {row["source"]: int(row[f"{kind}_{departement}"] or 0) for row in rows}
            assert {source: count for source, count in told.items() if count} == found


def test_shipped_words_have_counts_below_their_total() -> None:
    counts, total = reference.load_mots()

    assert total > 10_000
    assert len(counts) > 1_000
    assert all(0 < count <= total for count in counts.values())


def test_shared_geography_is_copied_byte_for_byte() -> None:
    shared = Path(__file__).resolve().parents[4] / "shared" / "data" / "geo"
    if not shared.exists():
        pytest.skip(f"THE COPIES ARE NOT COMPARED WITH THEIR ORIGINALS: {shared} is absent")
    for copy in sorted((DATA / "geo").iterdir()):
        original = shared / copy.name.replace("bassins-vaucluse", "bassins-spie-vaucluse")
        assert original.read_bytes() == copy.read_bytes(), copy.name
