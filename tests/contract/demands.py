"""Searches as plain specifications, made real on the places, the words and the engine of a site."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from app.domain.geographie import Geographie
from app.domain.offre import StructureId
from app.domain.portee import Origine, origine_of
from app.domain.search import Filtres, SearchCriteria, Tri
from app.domain.territoire import Point
from app.domain.texte import RequeteTexte
from app.hours.opening import state_at
from tests.builders import TODAY, make_groupe
from tests.contract.listings import THEMATIQUES
from tests.contract.sites import Site

# Single places give a commune, wider zones a circle, `france` nothing.
RESIDENCES = (
    "84007",
    "84031",
    "30351",
    "26135",
    "75111",
    "75056",
    "69383",
    "55545",
    "epci:248400251",
    "epci:200035723",
    "departement:84",
    "france",
)
POINTS = ((43.9493, 4.8055), (44.1, 5.08), (48.8534, 2.3701), (44.0594, 5.06144))
RADII_KM = (1, 3, 30, 100)
MOMENTS = (
    datetime.fromisoformat("2026-11-25T10:30"),  # a Wednesday
    datetime.fromisoformat("2026-11-25T13:00"),  # everybody has lunch
    datetime.fromisoformat("2026-11-28T11:00"),  # a Saturday
    datetime.fromisoformat("2026-11-25T01:30"),  # the night after a Tuesday
    datetime.fromisoformat("2026-12-25T11:00"),  # a holiday
)
PUBLICS = ("jeunes", "femmes", "familles", "demandeurs-emploi", "tous-publics")
TYPES = ("accompagnement", "atelier", "formation", "information")
QUERIES = (
    "permis",
    "permis de conduire",
    "permi de conduir",
    "garde d'enfants",
    "creche",
    "crèche à Avignon",
    "logment",
    "logement pas cher à Orange",
    "vélo",
    "velo scooter location",
    "RSA",
    "apprendre le français",
    "fle",
    "écrire lire français",
    "mission locale avignon",
    "emploi formation permis logement",
    "numérique internet ordinateur démarches cv",
    "hébergement d'urgence",
    "psy",
    "cœur",
    "œuvre de secours",
    "aide alimentaire 84000",
    "restos du coeur",
    "caf",
    "je cherche une solution pour mes enfants",
    "auto-école sociale",
    "réparer ma voiture",
    "école de la deuxième chance",
    "handicap rqth",
    "budget dettes loyer",
    "qsdfghjklm",
    "permis qsdfghjklm",
    "🚲",
    "مساعدة",
)
HAND_MADE = {
    "a phrase": (make_groupe("permi conduir", "recherch logement"),),
    "a need alone": (make_groupe(thematiques=frozenset(THEMATIQUES[3:4])),),
    "a need or words": (
        make_groupe("velo", "nulle part", poids=0.37, thematiques=frozenset(THEMATIQUES[:2])),
    ),
    "an unknown token": (make_groupe("xyzzy"),),
    "an unknown token among others": (
        make_groupe("xyzzy", poids=0.9),
        make_groupe("logement", poids=0.2),
        make_groupe("velo", poids=0.3),
        make_groupe("emploi", "format", poids=0.7),
    ),
    "a phrase with an unknown token": (make_groupe("permi xyzzy", "sant"),),
    "the same token twice": (make_groupe("permi permi"), make_groupe("permi", poids=0.5)),
    "a need, and words that only make it better": (
        make_groupe(thematiques=frozenset(THEMATIQUES[:2])),
        make_groupe("velo", poids=0.25, facultatif=True),
        make_groupe("xyzzy", poids=0.2, facultatif=True),
    ),
    "words that are all optional": (
        make_groupe("permi", poids=0.5, facultatif=True),
        make_groupe("logement", poids=0.3, facultatif=True),
    ),
    "an unknown need": (make_groupe(thematiques=frozenset(("rien--du-tout",))),),
    "five groups": tuple(
        make_groupe(mot, poids=0.2 + rank / 7)
        for rank, mot in enumerate(("permi", "logement", "emploi", "enfant", "numer"))
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One search; `residence` gives origin and zone, `point` an origin alone or a better one.

    `q` is a typed query, `groups` the name of one in `HAND_MADE`; `bassin` a reference or a slug.
    """

    residence: str | None = None
    point: tuple[float, float] | None = None
    judges_zone: bool = True
    rayon_km: float = 30
    q: str | None = None
    groups: str | None = None
    en_partie: bool = False
    filtres: Filtres = field(default_factory=Filtres)
    bassin: str | None = None
    ouvert_le: datetime | None = None
    tri: Tri = Tri.PERTINENCE
    page: int = 1
    par_page: int = 20


def criteria(demand: Demand, site: Site) -> SearchCriteria:
    """Returns what the engine is asked."""
    geographie = site.composition.geographie
    zone = geographie.zone(demand.residence) if demand.residence else None
    texte = None
    if demand.groups is not None:
        texte = RequeteTexte(HAND_MADE[demand.groups], en_partie=demand.en_partie)
    if demand.q is not None:
        lecture = site.query_reader.read(demand.q, with_place=zone is None and not demand.point)
        texte = lecture.texte
        if lecture.lieu is not None:
            zone = geographie.zone(lecture.lieu)
    point = Point(*demand.point) if demand.point else None
    return SearchCriteria(
        date=TODAY,
        texte=texte,
        origine=origin(demand, geographie) if not demand.q else origine_of(zone, point, geographie),
        rayon_km=demand.rayon_km,
        residence=zone if demand.judges_zone else None,
        filtres=_with_opening(_with_bassin(demand, site), demand.ouvert_le),
        tri=demand.tri,
        page=demand.page,
        par_page=demand.par_page,
    )


def origin(demand: Demand, geographie: Geographie) -> Origine | None:
    """Returns where a demand without words starts from; None when it says nothing of it."""
    if demand.residence is None and demand.point is None:
        return None
    zone = geographie.zone(demand.residence) if demand.residence else None
    return origine_of(zone, Point(*demand.point) if demand.point else None, geographie)


def _with_bassin(demand: Demand, site: Site) -> Filtres:
    if demand.bassin is None:
        return demand.filtres
    configured = {b.slug: b.zone for t in site.composition.territoires for b in t.bassins}
    zone = configured.get(demand.bassin)
    if zone is None:
        zone = site.composition.geographie.zone(demand.bassin)
    return replace(demand.filtres, bassin=zone)


def _with_opening(filtres: Filtres, at: datetime | None) -> Filtres:
    return filtres if at is None else replace(filtres, ouvert=partial(state_at, at=at))


def each_filter_alone() -> list[Demand]:
    """Every filter by itself, silence counted and not, from a commune, a circle and nowhere."""
    alone = [
        Filtres(),
        *(Filtres(thematiques=frozenset(THEMATIQUES[:n])) for n in (1, 4)),
        *(Filtres(publics=frozenset(PUBLICS[n:])) for n in (0, 3, 4)),
        *(Filtres(types=frozenset(TYPES[:n])) for n in (1, 3)),
        *(Filtres(frais=frozenset((v,))) for v in ("gratuit", "payant")),
        Filtres(frais=frozenset(("gratuit", "payant"))),
        *(Filtres(modes_accueil=frozenset((v,))) for v in ("en-presentiel", "a-distance")),
        Filtres(structure_id=StructureId("s--03")),
        Filtres(structure_id=StructureId("nowhere")),
        Filtres(thematiques=frozenset(("rien--du-tout",))),
    ]
    both = [replace(f, inclure_non_precises=kept) for f in alone for kept in (True, False)]
    return [
        Demand(filtres=filtres, residence=residence, par_page=100)
        for filtres in both
        for residence in ("84007", "epci:248400251", None)
    ]


def each_origin() -> list[Demand]:
    """Every origin at every radius."""
    origins = [
        {},
        *({"residence": residence} for residence in RESIDENCES),
        *({"point": point} for point in POINTS),
        {"residence": "84007", "point": (43.9493, 4.8055)},
        {"residence": "departement:84", "point": (44.1, 5.08)},
        {"residence": "84007", "judges_zone": False},
    ]
    return [
        Demand(**where, rayon_km=rayon, par_page=100) for where in origins for rayon in RADII_KM
    ]


def each_opening() -> list[Demand]:
    """Every moment, alone, near a town, with words, and with a filter of each kind."""
    with_others = (
        {},
        {"residence": "84007", "rayon_km": 3},
        {"residence": "epci:248400251", "tri": Tri.DISTANCE},
        {"q": "permis"},
        {"filtres": Filtres(frais=frozenset(("gratuit",)), inclure_non_precises=False)},
        {"filtres": Filtres(types=frozenset(TYPES[:1]), publics=frozenset(PUBLICS[:1]))},
    )
    return [Demand(ouvert_le=at, par_page=100, **more) for at in MOMENTS for more in with_others]


def each_bassin(slugs: Sequence[str]) -> list[Demand]:
    """Every basin, with and without a place."""
    return [
        Demand(bassin=slug, residence=residence, par_page=50)
        for slug in slugs
        for residence in (None, "84031")
    ]


def each_text() -> list[Demand]:
    """Every query and every hand-made one, here and there, in each order."""
    tris = list(Tri)
    return [
        *(Demand(q=q, tri=tris[n % 3]) for n, q in enumerate(QUERIES)),
        *(Demand(q=q, residence="84031", rayon_km=100, par_page=100) for q in QUERIES),
        *(Demand(groups=name, par_page=100) for name in HAND_MADE),
        *(Demand(groups=name, residence="84007", tri=Tri.DISTANCE) for name in HAND_MADE),
        *(Demand(groups=name, par_page=100, en_partie=True) for name in HAND_MADE),
    ]


def combined(seed: int, count: int, bassins: Sequence[str]) -> list[Demand]:
    """Everything at once, drawn with a fixed seed."""
    chance = random.Random(seed)
    return [_drawn(chance, bassins) for _ in range(count)]


def _drawn(chance: random.Random, bassins: Sequence[str]) -> Demand:
    def some(values: Sequence[str], share: float) -> frozenset[str] | None:
        asked = frozenset(chance.sample(values, chance.randint(1, min(3, len(values)))))
        return asked if chance.random() < share else None

    filtres = Filtres(
        thematiques=some(THEMATIQUES, 0.35),
        publics=some(PUBLICS, 0.25),
        types=some(TYPES, 0.2),
        frais=some(("gratuit", "payant"), 0.2),
        modes_accueil=some(("en-presentiel", "a-distance"), 0.25),
        structure_id=StructureId("s--03") if chance.random() < 0.06 else None,
        inclure_non_precises=chance.random() < 0.6,
    )
    words = chance.random()
    return Demand(
        residence=chance.choice((None, *RESIDENCES)),
        point=chance.choice((None, None, None, *POINTS)),
        judges_zone=chance.random() < 0.85,
        rayon_km=chance.choice(RADII_KM),
        q=chance.choice(QUERIES) if words < 0.3 else None,
        groups=chance.choice(tuple(HAND_MADE)) if words > 0.85 else None,
        filtres=filtres,
        bassin=chance.choice(bassins) if chance.random() < 0.15 else None,
        ouvert_le=chance.choice(MOMENTS) if chance.random() < 0.15 else None,
        tri=chance.choice(list(Tri)),
        par_page=chance.choice((5, 20, 100)),
    )
