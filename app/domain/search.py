"""What is asked of the catalogue and what is answered, in domain words.

Filters are defined here once, as predicates on an offer; engines answer the same questions from
their own columns and are tested against these.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.geographie import Geographie
from app.domain.offre import Offre, OffreId, StructureId
from app.domain.poids import Poids
from app.domain.portee import RADIUS_DEFAULT_KM, Origine, Portee, position_of
from app.domain.ranking import ScoreDetail
from app.domain.territoire import Zone
from app.domain.texte import RequeteTexte
from app.domain.vocabulaire import TOUS_PUBLICS, ModeAccueil, categorie_of

WINDOW = 10_000  # design section 5: deeper pages are a crawl, which the export serves
FEW = 5  # below this many results, say what each relaxation would bring
RADIUS_LADDER_KM = (3, 5, 8, 12, 20, 30, 40, 50, 75, 100)  # widened radii that are proposed
FACETS = ("thematiques", "categories", "publics", "frais", "types", "modes_accueil")
NON_PRECISE = "non_precise"


OpeningTest = Callable[[str], bool | None]


class Tri(StrEnum):
    """The orders that a search offers."""

    PERTINENCE = "pertinence"
    DISTANCE = "distance"
    DATE_MAJ = "date_maj"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtres:
    """What must hold of an offer; None asks nothing.

    `thematiques` are already expanded from categories. `bassin` is a set of communes. `ouvert`
    tells whether opening hours are open at the time asked, None when that cannot be told.
    """

    thematiques: frozenset[str] | None = None
    publics: frozenset[str] | None = None
    types: frozenset[str] | None = None
    frais: frozenset[str] | None = None
    modes_accueil: frozenset[str] | None = None
    structure_id: StructureId | None = None
    bassin: Zone | None = None
    ouvert: OpeningTest | None = None
    inclure_non_precises: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCriteria:
    """A whole search: where, what, which filters, which page.

    `residence` is None when no zone is to be judged (a bare position has none).
    """

    date: date
    texte: RequeteTexte | None = None
    origine: Origine | None = None
    rayon_km: float = RADIUS_DEFAULT_KM
    residence: Zone | None = None
    filtres: Filtres = field(default_factory=Filtres)
    tri: Tri = Tri.PERTINENCE
    page: int = 1
    par_page: int = 20
    poids: Poids = field(default_factory=Poids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One offer of a page: where it stands and why.

    `ouvert` answers `Filtres.ouvert`; None when nothing was asked or the hours do not tell.
    """

    offre_id: OffreId
    score: float
    detail: ScoreDetail
    portee: Portee
    ouvert: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HorsPortee:
    """What answers everything but the distance."""

    total: int
    plus_proche_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Elargissement:
    """One relaxation of a search that found little, and the total that it would give.

    `valeur` is the new radius in kilometres, the words kept of a query (`q`), or None for a filter
    dropped.
    """

    parametre: str
    valeur: int | str | None
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The answer: one page of a total order, with exact counts over the whole of it."""

    total: int
    hits: Sequence[Hit]
    facettes: Mapping[str, Mapping[str, int]]
    hors_zone: int
    hors_portee: HorsPortee
    elargir: Sequence[Elargissement]


FilterTest = Callable[[Offre], bool]


def filter_tests(filtres: Filtres, geographie: Geographie) -> dict[str, FilterTest]:
    """Returns the test of each filter that is set, by parameter name."""
    tests: dict[str, FilterTest] = {}
    unsaid = filtres.inclure_non_precises

    def any_of(asked: frozenset[str], values: tuple[str, ...] | None, when_absent: bool) -> bool:
        return not asked.isdisjoint(values) if values else when_absent

    if (thematiques := filtres.thematiques) is not None:
        tests["thematiques"] = lambda offre: any_of(thematiques, offre.thematiques, False)
    if filtres.publics is not None:
        publics = filtres.publics | {TOUS_PUBLICS}
        tests["publics"] = lambda offre: any_of(publics, offre.publics, unsaid)
    if (types := filtres.types) is not None:
        tests["types"] = lambda offre: offre.type in types
    if (frais := filtres.frais) is not None:
        tests["frais"] = lambda offre: offre.frais in frais if offre.frais else unsaid
    if (modes := filtres.modes_accueil) is not None:
        tests["modes_accueil"] = lambda offre: not modes.isdisjoint(effective_modes(offre))
    if (structure_id := filtres.structure_id) is not None:
        tests["structure_id"] = lambda offre: offre.structure_id == structure_id
    if (bassin := filtres.bassin) is not None:
        tests["bassin"] = lambda offre: serves_bassin(offre, bassin, geographie)
    return tests


def effective_modes(offre: Offre) -> tuple[str, ...]:
    """Returns the modes of an offer; silence means on site."""
    return offre.modes_accueil or (ModeAccueil.EN_PRESENTIEL,)


def serves_bassin(offre: Offre, bassin: Zone, geographie: Geographie) -> bool:
    """True when the offer is in the basin, or is remote or placeless with a zone touching it."""
    _, commune = position_of(offre, geographie)
    if commune is not None and not (geographie.zone(commune) & bassin).is_empty:
        return True
    if commune is not None and not offre.is_remote:
        return False
    refs = offre.zone_eligibilite
    return not refs or not (geographie.union(refs) & bassin).is_empty


def facet_values(facet: str, values: tuple[str, ...]) -> frozenset[str]:
    """Returns under which values a facet counts a listing; silence counts as `non_precise`.

    >>> sorted(facet_values("modes_accueil", ()))
    ['en-presentiel', 'non_precise']
    """
    if facet == "categories":
        return frozenset(map(categorie_of, values)) or frozenset((NON_PRECISE,))
    if facet == "modes_accueil" and not values:
        return frozenset((ModeAccueil.EN_PRESENTIEL, NON_PRECISE))
    return frozenset(values) or frozenset((NON_PRECISE,))


def facet_source(facet: str, offre: Offre) -> tuple[str, ...]:
    """Returns what an offer says for a facet; empty when it says nothing."""
    match facet:
        case "thematiques" | "categories":
            return offre.thematiques or ()
        case "publics":
            return offre.publics or ()
        case "modes_accueil":
            return offre.modes_accueil or ()
        case "frais":
            return (offre.frais,) if offre.frais else ()
        case _:
            return (offre.type,) if offre.type else ()


def gained_by_radius(too_far_km: Sequence[float]) -> dict[int, int]:
    """Returns how many offers that fail nothing but the radius each radius of the ladder holds."""
    return {rayon: sum(d <= rayon for d in too_far_km) for rayon in RADIUS_LADDER_KM}


def relaxations(
    total: int, rayon_km: float, gained: Mapping[int, int], single: Mapping[str, int]
) -> list[Elargissement]:
    """Lists what each single relaxation would bring, when little was found.

    `gained` tells, by radius, how many offers it would bring; `single`, by filter, how many fail
    nothing but this one.
    """
    if total >= FEW:
        return []
    found = []
    for rayon in RADIUS_LADDER_KM:
        more = gained.get(rayon, 0)
        if rayon > rayon_km and more:
            found.append(Elargissement(parametre="rayon_km", valeur=rayon, total=total + more))
            break
    found.extend(
        Elargissement(parametre=parametre, valeur=None, total=total + single[parametre])
        for parametre in sorted(single)
    )
    return found


FACET_FILTER = {  # a facet ignores its own filter; both levels of thématiques share one
    facet: "thematiques" if facet == "categories" else facet for facet in FACETS
}
