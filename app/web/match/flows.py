"""The two ways in: a professional beside the person, or the person alone."""

from dataclasses import dataclass

from app.domain.questionnaire import Questionnaire
from app.domain.wording import Voix
from app.services.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Who answers, what is asked and how one is spoken to."""

    slug: str
    name: str
    questionnaire: str
    voix: Voix
    title: str
    lead: str
    solutions: str

    @property
    def is_public(self) -> bool:
        """True when the person is alone: plain screens, nothing sensitive asked unprompted."""
        return self.voix is Voix.VOUS

    def screens(self, catalogue: Catalogue) -> Questionnaire:
        """Returns what is asked."""
        return catalogue.questionnaires[self.questionnaire]

    def endpoint(self, step: str) -> str:
        """Returns the name of the route of a step."""
        return f"match.{self.name}_{step}"


ACCOMPAGNER = Flow(
    slug="accompagner",
    name="accompagner",
    questionnaire="questionnaire",
    voix=Voix.LA_PERSONNE,
    title="Faire le point avec une personne",
    lead="Répondez à ce que vous savez, passez le reste. Les solutions sont prêtes à tout moment.",
    solutions="Solutions pour la personne",
)
POUR_MOI = Flow(
    slug="pour-moi",
    name="pour_moi",
    questionnaire="questionnaire-public",
    voix=Voix.VOUS,
    title="Qu’est-ce qui existe pour moi\u202f?",
    lead="Quelques questions simples. Passez celles que vous voulez.",
    solutions="Ce qui existe pour vous",
)
FLOWS = (ACCOMPAGNER, POUR_MOI)
