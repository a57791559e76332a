"""The declared words: facts about a person, publics, and the data·inclusion v1 lists.

Values are loaded from `seed/` by the composition root; nothing here reads a file. A territory adds
facts by configuration (design section 10), so no fact is known to the code by name, except
`residence`, which carries the geography, and `age`, which bounds every duration.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from app.domain.arbre import Noeud

RESIDENCE = "residence"  # the fact that zones and reach read
AGE = "age"  # the fact that durations cannot exceed
TOUS_PUBLICS = "tous-publics"


class Nature(StrEnum):
    """What can be known of a fact (design section 3)."""

    NOMBRE = "nombre"
    CHOIX = "choix"
    ENSEMBLE = "ensemble"
    ECHELON = "echelon"
    LIEU = "lieu"


class ModeAccueil(StrEnum):
    """How an offer is delivered (data·inclusion v1)."""

    A_DISTANCE = "a-distance"
    EN_PRESENTIEL = "en-presentiel"


class EtatPublication(StrEnum):
    """Where a listing stands: only published ones are searched and exported."""

    PUBLIE = "publie"
    A_MODERER = "a-moderer"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fait:
    """One declared fact: what may be known of it, how it is asked and how it is said.

    Words come in two voices, to the person (“vous”) and about them (`_tiers`). All those after
    `acquerable` are optional: a territory's own fact may have none. `{valeur}` stands for a value
    made readable by whoever says the sentence; the format is in the head of `seed/data/faits.toml`.
    """

    cle: str
    libelle: str
    question: str
    nature: Nature
    valeurs: tuple[str, ...] = ()
    libelles: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    entier: bool = False
    unite: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    evolue: bool = False
    domaine: str | None = None
    sensible: str | None = None
    sensibles: Mapping[str, str] = field(default_factory=dict)
    acquerable: bool | tuple[str, ...] = False
    attendu: str | None = None
    attendus: Mapping[str, str] = field(default_factory=dict)
    connu: str | None = None
    connu_tiers: str | None = None
    connus: Mapping[str, str] = field(default_factory=dict)
    connus_tiers: Mapping[str, str] = field(default_factory=dict)
    connus_non: Mapping[str, str] = field(default_factory=dict)
    connus_non_tiers: Mapping[str, str] = field(default_factory=dict)
    question_tiers: str | None = None
    questions_tiers: Mapping[str, str] = field(default_factory=dict)
    unite_un: str | None = None
    debut_age: int | None = None  # completed years before which such a duration cannot have begun

    def rank(self, valeur: str) -> int:
        """The position of a level, from the lowest (echelon only)."""
        return self.valeurs.index(valeur)

    def is_acquerable(self, valeur: str) -> bool:
        """True for a value that a person can obtain, from an offer for instance."""
        return valeur in self.acquerable if isinstance(self.acquerable, tuple) else self.acquerable


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """A loose public of the schema: surely belonging, possibly belonging, and why."""

    valeur: str
    certain: Noeud
    possible: Noeud
    raison: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terme:
    """One value of a data·inclusion list, with its official label."""

    valeur: str
    libelle: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulaire:
    """Every declared word, by key; two are the same when they were read once."""

    faits: Mapping[str, Fait]
    publics: Mapping[str, Public]
    referentiels: Mapping[str, Mapping[str, Terme]]

    def libelle(self, referentiel: str, valeur: str) -> str:
        """Returns the label of a value, or the value itself when it is not declared."""
        terme = self.referentiels[referentiel].get(valeur)
        return terme.libelle if terme else valeur

    def thematiques_of(self, valeur: str) -> frozenset[str]:
        """Expands a thématique or a whole category into thématiques; empty when unknown."""
        thematiques = self.referentiels["thematiques"]
        if valeur in thematiques:
            return frozenset((valeur,))
        return frozenset(t for t in thematiques if categorie_of(t) == valeur)


@lru_cache(maxsize=1024)  # far more than a vocabulary has; asked for every offer shown
def categorie_of(thematique: str) -> str:
    """Returns the category of a thématique, the part before `--`."""
    return thematique.split("--", 1)[0]
