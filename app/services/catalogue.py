"""What the pages and the API have at hand: the use cases and the reference data, made once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.credits import Credit
from app.domain.geographie import Geographie
from app.domain.lieux import Lieux
from app.domain.ports import Clock, OffreRepository
from app.domain.questionnaire import Questionnaire
from app.domain.territoire import Bassin, Territoire
from app.domain.vocabulaire import Vocabulaire
from app.services.matching import MatchingService
from app.services.search import SearchService
from app.services.signalements import SignalementService


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The use cases and reference values of one running site."""

    search: SearchService
    matching: MatchingService
    signalements: SignalementService
    repository: OffreRepository
    geographie: Geographie
    vocabulaire: Vocabulaire
    territoires: Sequence[Territoire]
    lieux: Lieux
    clock: Clock
    credits: Callable[[], Sequence[Credit]]
    questionnaires: Mapping[str, Questionnaire]
    prepare: Callable[[], None]
    """Reads now what the first search would wait for: seconds with a national catalogue."""

    @property
    def bassins(self) -> Mapping[str, Bassin]:
        """The configured basins, by slug."""
        return self.search.bassins
