"""Matches one person with the whole catalogue: criteria in, explained solutions out.

Nothing of what is given here is stored or logged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.demande import DemandeMatch
from app.domain.explanation import Explainer, Explication
from app.domain.geographie import Geographie
from app.domain.matching import MatchCriteria, MatchPage, Solution
from app.domain.poids import Poids
from app.domain.portee import RADIUS_BY_MOBILITY_KM, RADIUS_DEFAULT_KM, origine_of
from app.domain.ports import Clock, ListedOffre, OffreRepository, SearchEngine
from app.domain.profil import Lieu
from app.domain.territoire import Territoire
from app.domain.vocabulaire import RESIDENCE, Vocabulaire
from app.services.poids import poids_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionExpliquee:
    """One solution with its public document and its explanation."""

    solution: Solution
    listed: ListedOffre
    explication: Explication


@dataclass(frozen=True, slots=True, kw_only=True)
class Propositions:
    """The answer of a match, and who explains it."""

    demande: DemandeMatch
    page: MatchPage
    solutions: Sequence[SolutionExpliquee]
    explainer: Explainer
    rayon_km: float


class MatchingService:
    """The match of the API, of the command and of the pages."""

    def __init__(
        self,
        *,
        engine: SearchEngine,
        repository: OffreRepository,
        vocabulaire: Vocabulaire,
        geographie: Geographie,
        territoires: Sequence[Territoire],
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._repository = repository
        self._vocabulaire = vocabulaire
        self._geographie = geographie
        self._territoires = territoires
        self._clock = clock

    def match(self, demande: DemandeMatch, poids: Poids | None = None) -> Propositions:
        """Returns a page of solutions, by other weights than those in force when some are given.

        Raises `EngineUnavailable` when the engine cannot answer.
        """
        criteres = self.criteria(demande)
        if poids is not None:
            criteres = replace(criteres, poids=poids)
        page = self._engine.match(criteres)
        explainer = Explainer(
            demande.profil, self._vocabulaire, self._geographie, demande.voix, criteres.date
        )
        listed = self._repository.get_listed([s.offre_id for s in page.solutions])
        return Propositions(
            demande=demande,
            page=page,
            # A listing withdrawn since the index was written is not shown.
            solutions=[
                SolutionExpliquee(
                    solution=solution,
                    listed=listed[solution.offre_id],
                    explication=explainer.explain(listed[solution.offre_id].offre, page.apports),
                )
                for solution in page.solutions
                if solution.offre_id in listed
            ],
            explainer=explainer,
            rayon_km=criteres.rayon_km,
        )

    def criteria(self, demande: DemandeMatch) -> MatchCriteria:
        """Returns what the engine is asked."""
        known = demande.profil.get(RESIDENCE)
        zone = known.zone if isinstance(known, Lieu) else None
        by_mode = RADIUS_BY_MOBILITY_KM.get(demande.mode or "", RADIUS_DEFAULT_KM)
        return MatchCriteria(
            date=demande.jour or self._clock.today(),
            profil=demande.profil,
            besoins=demande.besoins,
            origine=origine_of(zone, demande.profil.point, self._geographie),
            rayon_km=demande.rayon_km or by_mode,
            offres=demande.offres,
            verdicts=frozenset(demande.verdicts),
            page=demande.page,
            par_page=demande.par_page,
            poids=poids_at(zone, self._territoires, self._geographie),
        )
