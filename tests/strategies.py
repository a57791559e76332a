"""Hypothesis strategies over the small vocabulary and geography of `tests.builders`.

Everything known of a person is drawn from finite grids, so that all the completions of a partial
profile can be listed by `completions_of`.
"""

import math
import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import combinations, combinations_with_replacement, product

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi
from app.domain.brute_force import Fiche
from app.domain.offre import Offre, OffreId
from app.domain.portee import Origine
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
from app.domain.search import Filtres, SearchCriteria, Tri
from app.domain.territoire import Point, Zone
from app.domain.texte import Champ, Groupe, RequeteTexte
from app.domain.vocabulaire import EtatPublication, Fait, Nature
from tests.builders import (
    COMMUNES,
    GRAND_AVIGNON,
    PARIS,
    PLACES,
    THEMATIQUES,
    TODAY,
    VENTOUX_SUD,
    make_eligibilite,
    make_geographie,
    make_offre,
    make_vocabulaire,
)

# The same examples at every run, on a machine that may be slow.
PROPERTY = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)

# For what the whole catalogue rests upon: the logic of eligibility.
LOGIC = settings(PROPERTY, max_examples=120)

GEOGRAPHIE = make_geographie()
VOCABULAIRE = make_vocabulaire()
FAITS = tuple(VOCABULAIRE.faits)
EVERYWHERE = (1 << len(PLACES)) - 1
REFS = (
    "france",
    "etranger:99137",
    PARIS,
    *PLACES,
    GRAND_AVIGNON,
    VENTOUX_SUD,
    *("departement:84", "departement:30", "departement:26", "departement:55", "departement:75"),
    *("region:93", "region:84", "region:44", "region:11"),
)
BOUNDS = {
    "age": (11.0, 16.0, 17.5, 18.0, 25.0, 26.0, 30.0),
    "ressources_mensuelles": (0.0, 600.0, 600.5, 1200.0),
}
# Each bound and a number on either side: no answer can change anywhere else.
GRIDS = {
    "age": tuple(float(age) for age in range(9, 33)),
    "ressources_mensuelles": tuple(
        bound + step for bound in BOUNDS["ressources_mensuelles"] for step in (-0.25, 0.0, 0.25)
    ),
}
MOTS = ("permis", "conduire", "creche", "garde", "velo")


# --- trees ---


def some_of(values: Sequence[str], max_size: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    """One value or more, in any order, each at most once."""
    return st.lists(st.sampled_from(values), min_size=1, max_size=max_size, unique=True).map(tuple)


def _leaves_of(fait: Fait) -> tuple[Critere, ...]:
    """Every leaf on one fact, with one or two values or bounds."""
    leaves = []
    if fait.nature is not Nature.NOMBRE:
        values = REFS if fait.nature is Nature.LIEU else fait.valeurs
        pairs = [*combinations(values, 1), *combinations(values, 2)]
        leaves += [Critere(fait=fait.cle, parmi=pair) for pair in pairs]
    if fait.nature in (Nature.NOMBRE, Nature.ECHELON):
        bounds = BOUNDS.get(fait.cle) or fait.valeurs
        low, high = ("min", "min_exclu"), ("max", "max_exclu")
        alone = [{side: bound} for side in low + high for bound in bounds]
        both = [
            {below: bounds[start], above: bounds[end]}
            for below, above in product(low, high)
            for start, end in combinations_with_replacement(range(len(bounds)), 2)
        ]
        leaves += [Critere(fait=fait.cle, **sides) for sides in alone + both]
    return tuple(leaves)


CRITERES = {cle: st.sampled_from(_leaves_of(fait)) for cle, fait in VOCABULAIRE.faits.items()}
_LEAF = st.sampled_from(FAITS).flatmap(CRITERES.__getitem__)
_KIND = st.sampled_from(("leaf", "toutes", "une_parmi", "sauf"))
_SIZE = st.sampled_from((2, 1, 3, 0))


@st.composite
def trees(draw: st.DrawFn, depth: int = 4) -> Noeud:
    """A tree at most `depth` nodes deep, over any facts."""
    kind = draw(_KIND) if depth > 1 else "leaf"
    if kind == "leaf":
        return draw(_LEAF)
    if kind == "sauf":
        return Sauf(draw(_TREES[depth - 1]))
    size = draw(_SIZE)
    if kind == "toutes":
        return Toutes(tuple(draw(_TREES[depth - 1]) for _ in range(size)))
    return UneParmi(tuple(draw(_TREES[depth - 1]) for _ in range(size or 1)))


_TREES = {depth: trees(depth) for depth in (1, 2, 3)}


@st.composite
def trees_without_repetition(draw: st.DrawFn, depth: int = 4) -> Noeud:
    """A tree in which no fact occurs twice."""
    faits = draw(st.lists(st.sampled_from(FAITS), min_size=1, unique=True))
    return draw(_tree_over(faits, depth))


@st.composite
def _tree_over(draw: st.DrawFn, faits: Sequence[str], depth: int) -> Noeud:
    kind = draw(_KIND) if depth > 1 else "leaf"
    if kind == "leaf":
        return draw(CRITERES[faits[0]])
    if kind == "sauf":
        return Sauf(draw(_tree_over(faits, depth - 1)))
    cut = draw(st.integers(1, len(faits)))
    parts = [part for part in (faits[:cut], faits[cut:]) if part]
    children = tuple(draw(_tree_over(part, depth - 1)) for part in parts)
    return Toutes(children) if kind == "toutes" else UneParmi(children)


@st.composite
def reordered(draw: st.DrawFn, noeud: Noeud) -> Noeud:
    """The same tree with its criteria, and their values, in another order."""
    match noeud:
        case Toutes(noeuds) | UneParmi(noeuds):
            children = draw(st.permutations(noeuds))
            return type(noeud)(tuple(draw(reordered(child)) for child in children))
        case Sauf(child):
            return Sauf(draw(reordered(child)))
        case Critere(parmi=None):
            return noeud
    return Critere(
        fait=noeud.fait,
        min=noeud.min,
        max=noeud.max,
        min_exclu=noeud.min_exclu,
        max_exclu=noeud.max_exclu,
        parmi=tuple(draw(st.permutations(noeud.parmi))),
    )


# --- people ---


def completions_of(fait: Fait, connu: Connaissance | None) -> list[Connaissance]:
    """Every way of knowing a fact wholly that agrees with what is known of it."""
    match fait.nature:
        case Nature.NOMBRE:
            if isinstance(connu, SansObjet):
                return [connu]
            known = connu or Nombre()
            numbers: list[Connaissance] = [
                Nombre(min=n, max=n) for n in GRIDS[fait.cle] if known.min <= n <= known.max
            ]
            return numbers if connu else [*numbers, SansObjet()]
        case Nature.CHOIX:
            possibles = connu.possibles if connu else fait.valeurs
            return [Choix(frozenset((valeur,))) for valeur in possibles]
        case Nature.ECHELON:
            known = connu or Echelons(0, len(fait.valeurs) - 1)
            return [Echelons(rank, rank) for rank in range(known.bas, known.haut + 1)]
        case Nature.LIEU:
            masque = connu.zone.masque if connu else EVERYWHERE
            return [Lieu(Zone(1 << n)) for n in range(len(PLACES)) if masque >> n & 1]
        case Nature.ENSEMBLE:
            known = connu or Ensemble(frozenset(), frozenset())
            open_values = [v for v in fait.valeurs if v not in known.vrais | known.faux]
            return [
                Ensemble(known.vrais | true, frozenset(fait.valeurs) - known.vrais - true)
                for true in _subsets(open_values)
            ]


def _subsets(values: Sequence[str]) -> list[frozenset[str]]:
    return [
        frozenset(v for n, v in enumerate(values) if bits >> n & 1)
        for bits in range(1 << len(values))
    ]


def _knowledge_of(fait: Fait) -> list[Connaissance]:
    """What may be known of a fact: everything of a small list, a fair choice of the others."""
    match fait.nature:
        case Nature.NOMBRE:
            ends = (-math.inf, *GRIDS[fait.cle][::2], math.inf)
            pairs = [*combinations(ends, 2), *((end, end) for end in ends[1:-1])]
            return [SansObjet(), *(Nombre(min=low, max=high) for low, high in pairs)]
        case Nature.CHOIX:
            return [Choix(found) for found in _subsets(fait.valeurs) if found]
        case Nature.ECHELON:
            ranks = range(len(fait.valeurs))
            return [Echelons(low, high) for low in ranks for high in ranks if low <= high]
        case Nature.LIEU:
            found = {GEOGRAPHIE.union(pair) for pair in combinations(REFS, 2)}
            return [Lieu(zone) for zone in sorted(found, key=lambda z: z.masque) if zone.masque]
        case Nature.ENSEMBLE:
            every = _subsets(fait.valeurs)
            return [Ensemble(vrais, faux) for vrais in every for faux in every if not vrais & faux]


def is_vaguer(vague: Connaissance, precise: Connaissance) -> bool:
    """Tells whether whatever is possible for `precise` is possible for `vague` too."""
    match vague, precise:
        case Nombre(), Nombre():
            return vague.min <= precise.min and precise.max <= vague.max
        case Choix(), Choix():
            return precise.possibles <= vague.possibles
        case Echelons(), Echelons():
            return vague.bas <= precise.bas and precise.haut <= vague.haut
        case Lieu(), Lieu():
            return precise.zone | vague.zone == vague.zone
        case Ensemble(), Ensemble():
            return vague.vrais <= precise.vrais and vague.faux <= precise.faux
    return vague == precise


_KNOWLEDGE = {cle: _knowledge_of(fait) for cle, fait in VOCABULAIRE.faits.items()}
_KNOWN = {cle: st.sampled_from([None, *known]) for cle, known in _KNOWLEDGE.items()}
_VAGUER = {
    cle: [
        st.sampled_from([None, *(vague for vague in known if is_vaguer(vague, precise))])
        for precise in known
    ]
    for cle, known in _KNOWLEDGE.items()
}


def _profil(known: Mapping[str, Connaissance | None]) -> Profil:
    return Profil(faits={cle: connu for cle, connu in known.items() if connu is not None})


@st.composite
def profils(draw: st.DrawFn, faits: Sequence[str] = FAITS) -> Profil:
    """A person of whom anything from nothing to everything is known."""
    return _profil({cle: draw(_KNOWN[cle]) for cle in faits})


def profils_complets() -> st.SearchStrategy[Profil]:
    """A person of whom every fact is known."""
    facts = {
        cle: st.sampled_from(completions_of(fait, None)) for cle, fait in VOCABULAIRE.faits.items()
    }
    return st.fixed_dictionaries(facts).map(_profil)


@st.composite
def profils_of_growing_precision(draw: st.DrawFn) -> tuple[Profil, Profil]:
    """What is known of one person before and after learning more."""
    before, after = {}, {}
    for cle in FAITS:
        after[cle] = draw(_KNOWN[cle])
        if after[cle] is not None:
            before[cle] = draw(_VAGUER[cle][_KNOWLEDGE[cle].index(after[cle])])
    return _profil(before), _profil(after)


# --- places and offers ---


def zones() -> st.SearchStrategy[Zone]:
    """Any set of places but the empty one."""
    return st.integers(1, EVERYWHERE).map(Zone)


def _absent_or_some(values: Sequence[str]) -> list[tuple[str, ...] | None]:
    return [None, *combinations(values, 1), *combinations(values, 2)]


_OFFRE: dict[str, Sequence[object]] = {
    "structure_id": ("structure-1", "structure-2"),
    "type": (None, "atelier", "accompagnement"),
    "thematiques": _absent_or_some(tuple(THEMATIQUES)),
    "frais": (None, "gratuit", "payant"),
    "publics": _absent_or_some(("tous-publics", *VOCABULAIRE.publics)),
    "conditions_acces": (None, "Sur entretien"),
    "modes_accueil": _absent_or_some(("en-presentiel", "a-distance")),
    "zone_eligibilite": [*[None] * 100, *_absent_or_some(REFS)],
    "date_maj": [TODAY - timedelta(days=days) for days in range(-5, 800)],
    "etat_publication": (*[EtatPublication.PUBLIE] * 9, EtatPublication.RETIRE),
}
_LIEU_OFFRE = [
    {"code_insee": code, "latitude": latitude and latitude + step / 20, "longitude": longitude}
    for row in COMMUNES
    for step in (-2, 0, 1, 6)
    for code in (row[0], None)
    for latitude, longitude in ((row[2], row[3]), (None, None))
]
_JETONS = [frozenset(found) for size in range(4) for found in combinations(MOTS, size)]


def offres() -> st.SearchStrategy[Offre]:
    """An offer with anything that filters, reach, ranking or zones read."""
    fields = {name: st.sampled_from(values) for name, values in _OFFRE.items()}
    return st.builds(
        lambda lieu, **drawn: make_offre(**lieu, **drawn), st.sampled_from(_LIEU_OFFRE), **fields
    )


def offres_with_conditions() -> st.SearchStrategy[Offre]:
    """An offer with a tree, and with whatever else is judged."""
    judged = ("publics", "zone_eligibilite", "conditions_acces")
    return st.builds(
        make_offre,
        eligibilite=trees(depth=3).map(make_eligibilite),
        **{name: st.sampled_from(_OFFRE[name]) for name in judged},
    )


def _some_fiche(rank: int, chance: random.Random) -> Fiche:
    drawn = {name: chance.choice(values) for name, values in _OFFRE.items()}
    return Fiche(
        offre=make_offre(id=OffreId(f"offre-{rank}"), **drawn, **chance.choice(_LIEU_OFFRE)),
        jetons={champ: chance.choice(_JETONS) for champ in Champ},
    )


# Whole listings are drawn beforehand, always the same, so that a catalogue costs little.
FICHES = tuple(_some_fiche(rank, random.Random(rank)) for rank in range(500))


def catalogues(min_size: int = 0, max_size: int = 8) -> st.SearchStrategy[list[Fiche]]:
    """A small catalogue, in any order, without twice the same id."""
    return st.lists(
        st.sampled_from(FICHES),
        min_size=min_size,
        max_size=max_size,
        unique_by=lambda fiche: fiche.offre.id,
    )


# --- searches ---


def _few(values: Sequence[str]) -> list[frozenset[str] | None]:
    """No filter more often than one, so that something is found."""
    asked = [frozenset(found) for size in (1, 2) for found in combinations(values, size)]
    return [None] * 2 * len(asked) + asked


_PHRASES = [*combinations(MOTS, 1), *combinations(MOTS, 2)]
GROUPES = tuple(
    Groupe(
        poids=poids,
        phrases=frozenset(phrases),
        thematiques=frozenset(needs),
        facultatif=rank % 3 == 2,
    )
    for rank, phrases in enumerate([*combinations(_PHRASES, 1), *combinations(_PHRASES, 2)])
    for poids, needs in ((0.5, ()), (1.0, tuple(THEMATIQUES)[:1]), (4.5, tuple(THEMATIQUES)[1:3]))
)
ORIGINES = (
    None,
    Origine(),
    *(Origine(point=Point(row[2], row[3])) for row in COMMUNES[:3]),
    *(
        Origine(point=GEOGRAPHIE.centre(row[0]), commune=GEOGRAPHIE.whole_commune(row[0]))
        for row in COMMUNES
    ),
    *(
        Origine(cercle=GEOGRAPHIE.bounding_circle(GEOGRAPHIE.zone(ref)))
        for ref in (GRAND_AVIGNON, VENTOUX_SUD, "departement:84", "departement:55")
    ),
)
_ZONES = [zone for ref in REFS if not (zone := GEOGRAPHIE.zone(ref)).is_empty]
_FILTRES: dict[str, Sequence[object]] = {
    "thematiques": _few(tuple(THEMATIQUES)),
    "publics": _few(tuple(VOCABULAIRE.publics)),
    "types": _few(("atelier", "accompagnement")),
    "frais": _few(("gratuit", "payant")),
    "modes_accueil": _few(("a-distance", "en-presentiel")),
    "structure_id": (None, None, "structure-1"),
    "bassin": (*[None] * 40, *_ZONES),
    "inclure_non_precises": (True, False),
}


def _some_filtres(chance: random.Random) -> Filtres:
    return Filtres(**{name: chance.choice(values) for name, values in _FILTRES.items()})


FILTRES = (Filtres(), *(_some_filtres(random.Random(rank)) for rank in range(300)))


def requetes() -> st.SearchStrategy[RequeteTexte]:
    """A query of one to five groups."""
    return st.lists(st.sampled_from(GROUPES), min_size=1, max_size=5).map(
        lambda found: RequeteTexte(tuple(found))
    )


def filtres() -> st.SearchStrategy[Filtres]:
    """Any filters, few at a time."""
    return st.sampled_from(FILTRES)


def searches() -> st.SearchStrategy[SearchCriteria]:
    """A whole search, its first page large enough to hold any small catalogue."""
    return st.builds(
        SearchCriteria,
        date=st.just(TODAY),
        texte=st.sampled_from((False, False, True)).flatmap(
            lambda asked: requetes() if asked else st.none()
        ),
        origine=st.sampled_from(ORIGINES),
        rayon_km=st.sampled_from((1.0, 5.0, 30.0, 100.0)),
        residence=st.sampled_from([None, *_ZONES]),
        filtres=filtres(),
        tri=st.sampled_from(Tri),
        par_page=st.just(100),
    )
