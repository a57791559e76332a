"""A generated national catalogue in the data·inclusion v1 form with our extensions.

The same seed and size give the same bytes, so that figures of two days can be compared. Frequencies
are those that the thresholds of the project are stated for; nothing of a real listing is copied.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from app.domain.geographie import Geographie
from app.domain.territoire import Commune
from app.domain.vocabulaire import TOUS_PUBLICS, Vocabulaire
from bench.texts import TextMaker
from bench.trees import TreeMaker

SEED = 84_55
LAST_DAY = date(2026, 11, 20)  # fixed, like everything else: ages of listings count in the score
DAYS = 4 * 365
OFFERS_PER_STRUCTURE = 2.5
SOURCES = ("banc-a", "banc-b", "banc-c", "banc-d", "banc-e")

ZONES = {
    "aucune": 25, "departement": 40, "epci": 13, "commune": 12, "france": 8, "plusieurs": 2,
}  # fmt: skip
MODES = {"en-presentiel": 65, "non-dit": 10, "a-distance": 10, "les-deux": 15}
SHARE_TREES = 0.60
SHARE_POINTS = 0.85  # of the offers with a place; the others stand at their commune's centre
# Share of the offers of each category: help with papers, digital help and jobs lead.
CATEGORIES = {
    "numerique": 17, "difficultes-administratives-ou-juridiques": 12, "trouver-un-emploi": 10,
    "se-former": 9, "preparer-sa-candidature": 8, "choisir-un-metier": 7, "famille": 7,
    "logement-hebergement": 7, "sante": 6, "remobilisation": 5, "mobilite": 5,
    "difficultes-financieres": 4, "lecture-ecriture-calcul": 4, "creer-une-entreprise": 3,
    "equipement-et-alimentation": 3, "souvrir-a-linternational": 1,
}  # fmt: skip
COUNT_THEMATIQUES = {1: 52, 2: 27, 3: 13, 4: 5, 5: 2, 6: 1}
COUNT_PUBLICS = {0: 20, 1: 50, 2: 18, 3: 12}
SHARE_TOUS_PUBLICS = 0.45  # of the offers that name one public
TYPES = {
    "accompagnement": 40, "atelier": 17, "information": 16, "formation": 13,
    "aide-financiere": 8, "aide-materielle": 6,
}  # fmt: skip

Record = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """The files of a generated catalogue and how many records they hold."""

    structures: Path
    services: Path
    records: int


@dataclass(frozen=True, slots=True)
class _Carrier:
    ident: str
    commune: Commune


class Generator:
    """Draws structures, and offers carried by them."""

    def __init__(
        self, geographie: Geographie, vocabulaire: Vocabulaire, offers: int, seed: int = SEED
    ) -> None:
        self._offers = offers
        self._seed = seed
        self._vocabulaire = vocabulaire
        self._thematiques = _by_category(vocabulaire)
        self._communes = sorted(
            (c for c in geographie.communes.values() if c.parent is None and c.population),
            key=lambda c: c.code,
        )
        self._cumulated = list(accumulate(c.population for c in self._communes))
        rng = Random(f"{seed}:places")
        count = max(1, round(offers / OFFERS_PER_STRUCTURE))
        self._carriers = [
            _Carrier(f"{SOURCES[rank % len(SOURCES)]}--s{rank:06}", commune)
            for rank, commune in enumerate(self._draw_communes(rng, count))
        ]
        self._by_departement: dict[str, list[Commune]] = {}
        for commune in self._communes:
            self._by_departement.setdefault(commune.departement, []).append(commune)

    @property
    def records(self) -> int:
        """How many records the two files hold."""
        return self._offers + len(self._carriers)

    def structures(self) -> Iterator[Record]:
        """Yields the structures."""
        rng = Random(f"{self._seed}:structures")
        texts = TextMaker(rng)
        for carrier in self._carriers:
            yield {
                **_identity(rng, carrier.ident, carrier.ident.partition("--")[0]),
                "nom": texts.name(carrier.commune.nom),
                "description": texts.description(carrier.commune.nom),
                **_place(rng, carrier.commune),
                **_contact(rng),
                "site_web": "https://structure.exemple.fr/" if rng.random() < 0.4 else None,
            }

    def services(self) -> Iterator[Record]:
        """Yields the offers."""
        rng = Random(f"{self._seed}:services")
        texts, trees = TextMaker(rng), TreeMaker(rng, self._vocabulaire)
        for rank in range(self._offers):
            # The first offers give each structure one; the others fall at random.
            few = rank < len(self._carriers)
            carrier = self._carriers[rank] if few else rng.choice(self._carriers)
            yield self._service(rng, texts, trees, carrier, rank)

    def _service(
        self, rng: Random, texts: TextMaker, trees: TreeMaker, carrier: _Carrier, rank: int
    ) -> Record:
        commune = carrier.commune
        source = carrier.ident.partition("--")[0]
        modes = _draw(rng, MODES)
        record: Record = {
            **_identity(rng, f"{source}--o{rank:06}", source),
            "structure_id": carrier.ident,
            "nom": texts.name(commune.nom),
            "description": texts.description(commune.nom),
            "type": _draw(rng, TYPES),
            "thematiques": self._draw_thematiques(rng),
            "publics": self._draw_publics(rng),
            "frais": rng.choices(("gratuit", "payant", None), (55, 10, 35))[0],
            **_place(rng, commune),
            **_contact(rng),
            "modes_accueil": _MODES[modes],
            "zone_eligibilite": self._zone(rng, commune),
            "modes_mobilisation": rng.sample(
                ("se-presenter", "telephoner", "envoyer-un-courriel"), 2
            ),
            "mobilisable_par": rng.choice((["usagers"], ["usagers", "professionnels"])),
            "conditions_acces": "Sur rendez-vous." if rng.random() < 0.2 else None,
            "horaires_accueil": "Mo-Fr 09:00-12:00" if rng.random() < 0.3 else None,
        }
        if rng.random() < SHARE_TREES:
            record["eligibilite"] = trees.tree(commune)
        if rng.random() < 0.03:
            record["apporte"] = [{"fait": "situations", "valeur": "permis-b"}]
        if rng.random() < 0.03:
            record["suppose"] = {
                "fait": "situations",
                "parmi": ["vehicule", "transports-a-proximite"],
            }
        return record

    def _draw_communes(self, rng: Random, count: int) -> list[Commune]:
        return rng.choices(self._communes, cum_weights=self._cumulated, k=count)

    def _draw_thematiques(self, rng: Random) -> list[str]:
        category = _draw(rng, CATEGORIES)
        count = int(_draw(rng, {str(k): v for k, v in COUNT_THEMATIQUES.items()}))
        found = list(dict.fromkeys(_skewed(rng, self._thematiques[category], min(count, 2))))
        while len(found) < count:  # offers of many needs cross categories
            value = rng.choice(self._thematiques[_draw(rng, CATEGORIES)])
            found = list(dict.fromkeys([*found, value]))
        return found

    def _draw_publics(self, rng: Random) -> list[str] | None:
        count = int(_draw(rng, {str(k): v for k, v in COUNT_PUBLICS.items()}))
        if count == 1 and rng.random() < SHARE_TOUS_PUBLICS:
            return [TOUS_PUBLICS]
        known = [v for v in self._vocabulaire.referentiels["publics"] if v != TOUS_PUBLICS]
        return rng.sample(known, count) or None

    def _zone(self, rng: Random, commune: Commune) -> list[str] | None:
        match _draw(rng, ZONES):
            case "departement":
                return [commune.departement]
            case "epci" if commune.epci:
                return [commune.epci]
            case "epci" | "commune":
                return [commune.code]
            case "france":
                return ["france"]
            case "plusieurs":
                near = self._by_departement[commune.departement]
                codes = [c.code for c in rng.sample(near, min(3, len(near)))]
                return list(dict.fromkeys([commune.code, *codes]))
            case _:
                return None


_MOBILISATION = ("se-presenter", "telephoner", "envoyer-un-courriel")
_MOBILE = {"fait": "situations", "parmi": ["vehicule", "transports-a-proximite"]}
_MODES: Mapping[str, list[str] | None] = {
    "en-presentiel": ["en-presentiel"],
    "non-dit": None,
    "a-distance": ["a-distance"],
    "les-deux": ["en-presentiel", "a-distance"],
}


def write_feeds(generator: Generator, folder: Path) -> Feeds:
    """Writes both files as gzipped JSON lines, without any date or name inside."""
    folder.mkdir(parents=True, exist_ok=True)
    feeds = Feeds(
        structures=folder / "structures.jsonl.gz",
        services=folder / "services.jsonl.gz",
        records=generator.records,
    )
    write_jsonl(feeds.structures, generator.structures())
    write_jsonl(feeds.services, generator.services())
    return feeds


def write_jsonl(path: Path, records: Iterable[Mapping[str, object]]) -> int:
    """Writes records as gzipped JSON lines; returns how many."""
    count = 0
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 4, raw, mtime=0) as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _draw(rng: Random, weights: Mapping[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _skewed(rng: Random, values: list[str], count: int) -> list[str]:
    """Draws values of which the first is twice as frequent as the second, and so on."""
    weights = [1 / (rank + 1) for rank in range(len(values))]
    return rng.choices(values, weights, k=count)


def _by_category(vocabulaire: Vocabulaire) -> dict[str, list[str]]:
    return {name: sorted(vocabulaire.thematiques_of(name)) for name in CATEGORIES}


def _identity(rng: Random, ident: str, source: str) -> Record:
    day = LAST_DAY - timedelta(days=rng.randrange(DAYS))
    return {"source": source, "id": ident, "date_maj": day.isoformat()}


def _place(rng: Random, commune: Commune) -> Record:
    """An address in the commune, within a few kilometres of its centre."""
    place: Record = {
        "commune": commune.nom,
        "code_insee": commune.code,
        "code_postal": rng.choice(commune.codes_postaux) if commune.codes_postaux else None,
        "adresse": f"{rng.randint(1, 120)} rue de la Mairie",
        "latitude": None,
        "longitude": None,
    }
    if rng.random() < SHARE_POINTS:
        spread = 0.006 if commune.population < 20_000 else 0.015  # degrees: 700 m, 1.7 km
        place["latitude"] = round(commune.point.lat + rng.gauss(0, spread), 6)
        place["longitude"] = round(commune.point.lon + rng.gauss(0, spread), 6)
    return place


def _contact(rng: Random) -> Record:
    return {
        "telephone": f"04 90 {rng.randint(10, 99)} {rng.randint(10, 99)} 00",
        "courriel": "accueil@exemple.fr" if rng.random() < 0.6 else None,
        "lien_source": "https://exemple.fr/fiche" if rng.random() < 0.5 else None,
    }
