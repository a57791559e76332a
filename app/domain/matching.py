"""What is asked for one person and what is answered: every offer judged, ranked and counted.

The reference answer is `app.domain.brute_force_match`; engines are tested against it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.offre import OffreId
from app.domain.poids import Poids
from app.domain.portee import RADIUS_DEFAULT_KM, Origine, Portee
from app.domain.profil import Profil
from app.domain.ranking import ScoreDetail
from app.domain.search import HorsPortee
from app.domain.verdict import Jugement, Verdict

PREMIERS = 3  # design section 5: what shows of each need before one asks for more
PRIORITE_DEFAULT = 2
SHOWN_VERDICTS = frozenset((Verdict.ACCESSIBLE, Verdict.A_VERIFIER))


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCriteria:
    """A person and what they need.

    `besoins` gives each need, a thématique or a category, its priority from 1 to 3, in the order
    asked; empty, every offer counts. With `offres`, just these are judged, and all of them count
    whatever their reach and their need.
    """

    date: date
    profil: Profil = field(default_factory=Profil)
    besoins: Mapping[str, int] = field(default_factory=dict)
    origine: Origine = field(default_factory=Origine)
    rayon_km: float = RADIUS_DEFAULT_KM
    offres: Sequence[OffreId] | None = None
    verdicts: frozenset[Verdict] = SHOWN_VERDICTS
    page: int = 1
    par_page: int = 20
    poids: Poids = field(default_factory=Poids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """One offer of a page: how open it is, where it stands and which needs it answers exactly."""

    offre_id: OffreId
    score: float
    detail: ScoreDetail
    jugement: Jugement
    portee: Portee
    besoins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BesoinCount:
    """How many offers answer a need exactly, in reach and perhaps open, and the first ones."""

    besoin: str
    total: int
    premiers: tuple[OffreId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A fact, or one value of an `ensemble`, and how many offers knowing it would settle.

    `occurrences` counts the undecided offers in which it stands unanswered, alone or not.
    """

    fait: str
    valeur: str | None
    offres_tranchees: int
    occurrences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPage:
    """The answer: one page of a total order, with exact counts over the whole catalogue.

    `apports` names, for each fact that some offer in reach and not surely closed gives, the best of
    these offers, needs left aside.
    """

    total: int
    par_verdict: Mapping[Verdict, int]
    hors_portee: HorsPortee
    solutions: Sequence[Solution]
    par_besoin: Sequence[BesoinCount]
    questions: Sequence[Question]
    inconnues: Sequence[OffreId] = ()
    apports: Mapping[tuple[str, str], Sequence[OffreId]] = field(default_factory=dict)


def ordered(questions: Sequence[Question]) -> list[Question]:
    """Returns questions by what they settle, then by occurrences, then by key."""
    return sorted(
        questions,
        key=lambda q: (-q.offres_tranchees, -q.occurrences, q.fait, q.valeur or ""),
    )
