"""A questionnaire: which declared facts are asked, screen by screen, and which needs go with them.

The words of the questions belong to the vocabulary; here stand only their choice and their order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.vocabulaire import Vocabulaire


@dataclass(frozen=True, slots=True)
class Demandee:
    """One question: a fact, or one value of an `ensemble`."""

    fait: str
    valeur: str | None = None

    @property
    def cle(self) -> str:
        """The question in one word: `age`, `situations.permis-b`."""
        return self.fait if self.valeur is None else f"{self.fait}.{self.valeur}"

    def is_sensitive(self, vocabulaire: Vocabulaire) -> bool:
        """True when the answer tells of health, justice, residence, violence or protection."""
        fait = vocabulaire.faits[self.fait]
        return bool(fait.sensible) or (self.valeur or "") in fait.sensibles


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecran:
    """One screen; `deplacement` adds how the person gets about, which gives the radius."""

    cle: str
    titre: str
    aide: str | None = None
    questions: Sequence[Demandee] = ()
    besoins: Sequence[str] = ()
    deplacement: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """The screens, in the order in which they are met."""

    ecrans: Sequence[Ecran]

    def rank_of(self, cle: str) -> int | None:
        """Returns the position of a screen, None when there is no such screen."""
        return next((n for n, ecran in enumerate(self.ecrans) if ecran.cle == cle), None)
