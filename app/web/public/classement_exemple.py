"""A worked example of the ranking: two offers for one need, scored by the domain itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain import portee, ranking
from app.domain.poids import Poids
from app.domain.portee import ModePortee, Portee
from app.domain.verdict import Cause, Jugement, Valeur
from app.web.public.classement import NAMES, points
from app.web.public.classement_cas import km
from app.web.public.typographie import counted, number_fr

NEED, OTHER_NEED = "mobilite--preparer-un-permis", "mobilite--acheter-ou-louer-un-vehicule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What an offer gets for a part, and why; `width` is in hundredths of the part."""

    name: str
    why: str
    points: str
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """An offer of the example with its score."""

    name: str
    rows: Sequence[Row]
    total: float
    score: str


Parts = Mapping[str, tuple[str, float]]


def example(today: date, poids: Poids) -> Sequence[Scored]:
    """Returns the two offers, the better first."""
    offers = {
        "Un atelier pour préparer le permis": _exact_answer(today),
        "Une aide pour louer une voiture": _near_answer(today),
    }
    scored = [_scored(name, parts, poids) for name, parts in offers.items()]
    return sorted(scored, key=lambda offer: -offer.total)


def _exact_answer(today: date) -> Parts:
    """What is asked, half-way to the radius, in a listing that does not say everything."""
    far = (ranking.PLATEAU_KM + portee.RADIUS_DEFAULT_KM) / 2
    return {
        "besoin": (
            "elle répond exactement au besoin, qui est urgent",
            ranking.besoin_part((NEED,), {NEED: ranking.PRIORITY_MAX}),
        ),
        "acces": (
            "la fiche ne dit pas tout\u00a0: il faut appeler",
            ranking.acces_part(Jugement(Valeur.INCONNU, Cause.OFFRE_NON_PRECISEE)),
        ),
        "proximite": (f"elle est à {km(far)}", _near(far)),
        "fraicheur": ("la fiche vient d’être confirmée", ranking.fraicheur_part(today, today)),
    }


def _near_answer(today: date) -> Parts:
    """Another need of the same domain, next door and surely open, in an old listing."""
    days = (ranking.FRESH_DAYS + ranking.STALE_DAYS) // 2
    confirmed = today - timedelta(days=days)
    return {
        "besoin": (
            "elle répond à un autre besoin du même domaine",
            ranking.besoin_part((OTHER_NEED,), {NEED: ranking.PRIORITY_MAX}),
        ),
        "acces": (
            "elle semble ouverte à la personne",
            ranking.acces_part(Jugement(Valeur.OUI)),
        ),
        "proximite": (f"elle est à {km(ranking.PLATEAU_KM)}", _near(ranking.PLATEAU_KM)),
        "fraicheur": (
            f"la fiche n’a pas été confirmée depuis {counted(days, 'jour')}",
            ranking.fraicheur_part(confirmed, today),
        ),
    }


def _near(distance_km: float) -> float:
    place = Portee(mode=ModePortee.SUR_PLACE, distance_km=distance_km)
    return ranking.proximite_part(place, portee.RADIUS_DEFAULT_KM, is_remote=False)


def _scored(name: str, parts: Parts, poids: Poids) -> Scored:
    told = {**parts, "qualite": ("la fiche est complète", 1.0)}
    total = sum(getattr(poids, slug) * share for slug, (_, share) in told.items())
    return Scored(
        name=name,
        rows=[
            Row(
                name=NAMES[slug],
                why=why,
                points=f"{number_fr(getattr(poids, slug) * share)} sur "
                f"{points(getattr(poids, slug))}",
                width=round(100 * share, 1),
            )
            for slug, (why, share) in told.items()
        ],
        total=total,
        score=number_fr(round(total, 1)),
    )
