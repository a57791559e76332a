"""The reference search: every offer, one by one, straight from the definitions.

It is slow on purpose and is the specification of both engines: the contract suite compares their
ids, order, scores, totals and facets with what these functions return.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.geographie import Geographie
from app.domain.offre import Offre
from app.domain.portee import Origine, Portee, portee_of
from app.domain.ranking import (
    ScoreDetail,
    fraicheur_part,
    proximite_part,
    qualite_part,
)
from app.domain.search import (
    FACET_FILTER,
    FACETS,
    Hit,
    HorsPortee,
    SearchCriteria,
    SearchPage,
    Tri,
    facet_source,
    facet_values,
    filter_tests,
    gained_by_radius,
    relaxations,
)
from app.domain.texte import Jetons, texte_part
from app.domain.verdict import Valeur
from app.domain.vocabulaire import EtatPublication

DISTANCE_DECIMALS = 6  # a millimetre: two engines agree on order though not on the last bit
ZONE, PORTEE, OUVERT = "zone", "portee", "ouvert_le"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiche:
    """An offer with its tokens, and its opening hours or else its structure's."""

    offre: Offre
    jetons: Jetons
    horaires: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One offer that answers the text, with the tests that it fails."""

    offre: Offre
    hit: Hit
    failures: frozenset[str]


def search(fiches: Iterable[Fiche], criteres: SearchCriteria, geographie: Geographie) -> SearchPage:
    """Returns the page of a search over all published offers."""
    examined = [
        result
        for fiche in fiches
        if fiche.offre.etat_publication is EtatPublication.PUBLIE
        and (result := _examine(fiche, criteres, geographie)) is not None
    ]
    found = sorted(
        (e for e in examined if not e.failures),
        key=lambda e: sort_key(e.hit, e.offre.date_fraicheur, criteres.tri),
    )
    first = (criteres.page - 1) * criteres.par_page
    too_far_km = _too_far_km(examined)
    single = Counter(next(iter(e.failures)) for e in examined if len(e.failures) == 1)
    hors_zone = single.pop(ZONE, 0)
    single.pop(PORTEE, None)
    return SearchPage(
        total=len(found),
        hits=[e.hit for e in found[first : first + criteres.par_page]],
        facettes=_facets(examined),
        hors_zone=hors_zone,
        hors_portee=HorsPortee(total=len(too_far_km), plus_proche_km=min(too_far_km, default=None)),
        elargir=relaxations(len(found), criteres.rayon_km, gained_by_radius(too_far_km), single),
    )


def _examine(fiche: Fiche, criteres: SearchCriteria, geographie: Geographie) -> Examined | None:
    offre = fiche.offre
    besoin = 0.0
    if criteres.texte is not None:
        part = texte_part(criteres.texte, fiche.jetons, offre.thematiques)
        if part is None:
            return None
        besoin = part
    portee = portee_of(offre, criteres.origine or Origine(), criteres.rayon_km, geographie)
    tests = filter_tests(criteres.filtres, geographie)
    failures = {name for name, test in tests.items() if not test(offre)}
    if not portee.is_in_reach:
        failures.add(PORTEE)
    if criteres.residence is not None and offre.zone_eligibilite:
        zone = geographie.union(offre.zone_eligibilite)
        if zone.covers(criteres.residence) is Valeur.NON:
            failures.add(ZONE)
    judge = criteres.filtres.ouvert
    ouvert = judge(fiche.horaires) if judge and fiche.horaires else None
    if ouvert is False:
        failures.add(OUVERT)
    poids = criteres.poids
    detail = ScoreDetail(
        besoin=poids.besoin * besoin,
        acces=0.0,
        proximite=poids.proximite
        * proximite_part(portee, criteres.rayon_km, is_remote=offre.is_remote),
        fraicheur=poids.fraicheur * fraicheur_part(offre.date_fraicheur, criteres.date),
        qualite=poids.qualite * qualite_part(offre),
    )
    hit = Hit(offre_id=offre.id, score=detail.total, detail=detail, portee=portee, ouvert=ouvert)
    return Examined(offre=offre, hit=hit, failures=frozenset(failures))


def sort_key(hit: Hit, fraicheur: date, tri: Tri) -> tuple[float | str, ...]:
    """Returns the key of the total order of a sort (design sections 5 and 7)."""
    distance = sortable_distance(hit.portee)
    newest = -float(fraicheur.toordinal())
    match tri:
        case Tri.PERTINENCE:
            return (-hit.score, distance, newest, hit.offre_id)
        case Tri.DISTANCE:
            return (distance, -hit.score, hit.offre_id)
        case Tri.DATE_MAJ:
            return (newest, distance, hit.offre_id)


def sortable_distance(portee: Portee) -> float:
    """Returns the distance to sort by, infinite when it is not known."""
    if portee.distance_km is None:
        return float("inf")
    return round(portee.distance_km, DISTANCE_DECIMALS)


def _facets(examined: Sequence[Examined]) -> Mapping[str, Mapping[str, int]]:
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for e in examined:
        for facet in FACETS:
            if e.failures <= {FACET_FILTER[facet]}:
                counts[facet].update(facet_values(facet, facet_source(facet, e.offre)))
    return {facet: dict(counter) for facet, counter in counts.items()}


def _too_far_km(examined: Sequence[Examined]) -> list[float]:
    return [
        e.hit.portee.distance_km
        for e in examined
        if e.failures == {PORTEE} and e.hit.portee.distance_km is not None
    ]
