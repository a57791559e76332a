"""The searches that are measured: the same ones in process and over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import TypeVar
from urllib.parse import urlencode

from app.domain.demande import Demande
from app.domain.geographie import Geographie
from app.domain.search import Tri
from app.domain.territoire import Commune
from app.domain.vocabulaire import Vocabulaire
from bench.generator import CATEGORIES
from bench.report import Seuil
from bench.texts import read_words

CITIES, PAIRS = 50, 40  # searches rotate over them: no answer comes twice in a row
SMALLEST_CITY = 3_000  # inhabitants
REQUESTS = 200  # least common multiple of cities and pairs
FREQUENT_WORDS = 12
RARE_RANKS = (500, 1_400)
SEED = 7

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A kind of search, its requests, and what its median and 95th percentile should be (ms)."""

    key: str
    title: str
    demandes: tuple[Demande, ...]
    p50: Seuil | None = None
    p95: Seuil | None = None

    @property
    def paths(self) -> list[str]:
        """Returns the same requests for the API."""
        return [api_path(demande) for demande in self.demandes]


def scenarios(geographie: Geographie, vocabulaire: Vocabulaire) -> list[Scenario]:
    """Returns every kind of search; the first is what the thresholds are about."""
    cities, pairs = draw_cities(geographie), draw_pairs(vocabulaire)
    frequent, rare = word_pairs()
    near = [(c.code, p) for c, p in _rotate(cities, pairs)]
    place_words = list(_rotate(cities, frequent))
    return [
        Scenario(
            key="ville",
            title="Près d’une ville, 2 thématiques",
            demandes=tuple(Demande(code_commune=c, thematiques=p) for c, p in near),
            p50=Seuil(7),
            p95=Seuil(15),
        ),
        Scenario(
            key="texte-frequent",
            title="Plein texte avec lieu, 2 mots fréquents",
            demandes=tuple(Demande(q=q, code_commune=c.code) for c, q in place_words),
            p50=Seuil(12),
        ),
        Scenario(
            key="texte-rare",
            title="Plein texte avec lieu, 1 mot fréquent et 1 rare",
            demandes=tuple(Demande(q=q, code_commune=c.code) for c, q in _rotate(cities, rare)),
            p50=Seuil(12),
        ),
        Scenario(
            key="texte-lieu-ecrit",
            title="Plein texte, lieu écrit dans la phrase",
            demandes=tuple(Demande(q=f"{q} à {c.nom}") for c, q in place_words),
            p50=Seuil(12),
        ),
        Scenario(
            key="texte-sans-lieu",
            title="Plein texte sans lieu, 2 mots fréquents",
            demandes=tuple(Demande(q=q) for _, q in place_words),
        ),
        Scenario(
            key="sans-lieu",
            title="2 thématiques sans lieu",
            demandes=tuple(Demande(thematiques=p) for _, p in near),
        ),
        Scenario(
            key="tri-distance",
            title="Près d’une ville, 2 thématiques, tri par distance",
            demandes=tuple(
                Demande(code_commune=c, thematiques=p, tri=Tri.DISTANCE) for c, p in near
            ),
        ),
    ]


def draw_cities(geographie: Geographie) -> list[Commune]:
    """Returns the places of the searches: where people live, small towns included."""
    towns = sorted(
        (
            c
            for c in geographie.communes.values()
            if c.parent is None and c.population >= SMALLEST_CITY
        ),
        key=lambda c: c.code,
    )
    rng, cumulated = Random(SEED), list(accumulate(c.population for c in towns))
    found: dict[str, Commune] = {}
    while len(found) < CITIES:
        (town,) = rng.choices(towns, cum_weights=cumulated)
        found[town.code] = town
    return list(found.values())


def draw_pairs(vocabulaire: Vocabulaire) -> list[tuple[str, str]]:
    """Returns pairs of thématiques of two categories."""
    rng, names = Random(SEED), list(CATEGORIES)
    found: set[tuple[str, str]] = set()
    while len(found) < PAIRS:
        first, second = rng.choices(names, list(CATEGORIES.values()), k=2)
        if first != second:
            values = [
                rng.choice(sorted(vocabulaire.thematiques_of(name))) for name in (first, second)
            ]
            found.add((values[0], values[1]))
    return sorted(found)


def word_pairs() -> tuple[list[str], list[str]]:
    """Returns queries of two frequent words, and queries of a frequent and a rare one."""
    words, rng = read_words(), Random(SEED)
    common = words[:FREQUENT_WORDS]
    frequent = [f"{a} {b}" for at, a in enumerate(common) for b in common[at + 1 :]]
    uncommon = rng.sample(words[slice(*RARE_RANKS)], PAIRS)
    rare = [f"{common[at % len(common)]} {word}" for at, word in enumerate(uncommon)]
    return rng.sample(frequent, PAIRS), rare


def api_path(demande: Demande) -> str:
    """Returns the path of the API for a search."""
    asked = {
        "q": demande.q,
        "code_commune": demande.code_commune,
        "thematiques": list(demande.thematiques),
        "tri": demande.tri.value if demande.tri is not Tri.PERTINENCE else None,
        "par_page": demande.par_page,
    }
    return "/api/v1/offres?" + urlencode({k: v for k, v in asked.items() if v}, doseq=True)


def _rotate(cities: list[Commune], others: list[T]) -> Iterator[tuple[Commune, T]]:
    for at in range(REQUESTS):
        yield cities[at % len(cities)], others[at % len(others)]
