"""Scores an offer for a search or a person: five parts in [0, 1], each with its weight.

The parts and their weights are design section 5; a territory may set its own weights. The sum is
rounded before ordering, so that every engine puts offers in the same order.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date

from app.domain.offre import Offre
from app.domain.portee import ModePortee, Portee
from app.domain.verdict import Cause, Jugement, Verdict
from app.domain.vocabulaire import categorie_of

SCORE_DECIMALS = 6  # feasibility: at 6 decimals the order is the same in every engine
FRESH_DAYS = 90  # design section 5: a quarter is a normal delay between two updates
STALE_DAYS = 730  # design section 5: two years without a word, the listing proves nothing
SAME_CATEGORY = 0.3  # design section 5: same domain, other need; kept, far behind
REMOTE = 0.6  # design section 5: as good as a place at 40 % of the radius
REACH_UNKNOWN = 0.3  # design section 5: perhaps near; never above a place known to be near
OWN_COMMUNE_FLOOR = 0.3  # design section 5: an offer of one's own commune is never “far”
PLATEAU_KM = 1.0  # design section 5: within a kilometre nobody sees a difference
PRIORITY_MAX = 3
OFFRE_UNSAID = 0.8  # design section 5: a silent listing is a call to make
FACT_UNKNOWN = 0.5  # design section 5: a question to ask may well close the door
# data·inclusion's `score_qualite`, schema v1: what its criteria ask of a price and a description.
PRICE_UNSAID = 0.5
DESCRIPTION_MIN = 50  # characters; below, a description says nothing
DESCRIPTION_GOOD = 200
DESCRIPTION_LONG = 2000  # from there on, nobody reads it all
DESCRIPTION_SO_SO = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreDetail:
    """The five parts of a score, already in points."""

    besoin: float
    acces: float
    proximite: float
    fraicheur: float
    qualite: float

    @property
    def total(self) -> float:
        """The score, rounded as every engine rounds it."""
        parts = self.besoin + self.acces + self.proximite + self.fraicheur + self.qualite
        return round(parts, SCORE_DECIMALS)


def besoin_part(thematiques: tuple[str, ...] | None, besoins: Mapping[str, int]) -> float:
    """Returns how well an offer answers the needs, each a thématique or a category, by priority."""
    answered = exact_needs(thematiques)
    return max((_one_need(answered, b, p) for b, p in besoins.items()), default=0.0)


def _one_need(answered: Set[str], besoin: str, priorite: int) -> float:
    if besoin in answered:
        return priorite / PRIORITY_MAX
    is_same_domain = categorie_of(besoin) in answered
    return SAME_CATEGORY * priorite / PRIORITY_MAX if is_same_domain else 0.0


def answers_exactly(thematiques: tuple[str, ...] | None, besoin: str) -> bool:
    """True for the very thématique, or any thématique of a need given as a category."""
    return besoin in exact_needs(thematiques)


def exact_needs(thematiques: tuple[str, ...] | None) -> frozenset[str]:
    """Returns every need that an offer answers exactly: its thématiques and their categories."""
    said = frozenset(thematiques or ())
    return said.union(map(categorie_of, said))


def acces_part(jugement: Jugement) -> float:
    """Returns how open the offer is; a silent listing costs less than an unknown fact."""
    if jugement.verdict is Verdict.ACCESSIBLE:
        return 1.0
    if jugement.verdict is Verdict.NON_ACCESSIBLE:
        return 0.0
    return FACT_UNKNOWN if Cause.FAIT_INCONNU in jugement.causes else OFFRE_UNSAID


def proximite_part(portee: Portee, rayon_km: float, *, is_remote: bool) -> float:
    """Returns how near the offer is; an offer with both modes takes the better."""
    best = REMOTE if is_remote else 0.0
    if portee.mode is ModePortee.SUR_PLACE and portee.distance_km is not None:
        near = distance_part(portee.distance_km, rayon_km)
        best = max(best, near, OWN_COMMUNE_FLOOR if portee.in_own_commune else 0.0)
    elif portee.mode is ModePortee.INCONNUE:
        best = max(best, REACH_UNKNOWN)
    return best


def distance_part(distance_km: float, rayon_km: float) -> float:
    """Returns 1 up to a kilometre, then a straight line down to 0 at the radius."""
    if distance_km <= PLATEAU_KM:
        return 1.0
    if rayon_km <= PLATEAU_KM:
        return 0.0
    return max(0.0, 1.0 - (distance_km - PLATEAU_KM) / (rayon_km - PLATEAU_KM))


def fraicheur_part(confirmed: date, today: date) -> float:
    """Returns 1 up to 90 days, then a line down to 0 at 730; the future counts as today."""
    days = max(0, (today - confirmed).days)
    return min(1.0, max(0.0, 1.0 - (days - FRESH_DAYS) / (STALE_DAYS - FRESH_DAYS)))


def qualite_part(offre: Offre) -> float:
    """Returns the mean of data·inclusion's quality criteria that apply, time left aside.

    The criteria are those of `score_qualite` in the schema v1, without its date criterion: time is
    in *fraîcheur*.
    """
    applicable = [value for value in _quality_criteria(offre) if value is not None]
    return round(sum(applicable) / len(applicable), 2)


def _quality_criteria(offre: Offre) -> list[float | None]:
    modes = offre.modes_mobilisation or ()
    goes_there = "en-presentiel" in (offre.modes_accueil or ()) or "se-presenter" in modes
    contact = offre.courriel or offre.lien_mobilisation or offre.telephone
    return [
        float(bool(offre.adresse)) if goes_there else None,
        (bool(modes) + bool(offre.mobilisable_par)) / 2,
        float(bool(offre.publics)),
        float(bool(offre.thematiques)),
        float(bool(contact)),
        float(bool(offre.courriel)) if "envoyer-un-courriel" in modes else None,
        float(bool(offre.telephone)) if "telephoner" in modes else None,
        _frais_quality(offre),
        _description_quality(len(offre.description)),
    ]


def _frais_quality(offre: Offre) -> float:
    if offre.frais is None:
        return 0.0
    return PRICE_UNSAID if offre.frais == "payant" and not offre.frais_precisions else 1.0


def _description_quality(length: int) -> float:
    if length < DESCRIPTION_MIN:
        return 0.0
    return 1.0 if DESCRIPTION_GOOD <= length < DESCRIPTION_LONG else DESCRIPTION_SO_SO
