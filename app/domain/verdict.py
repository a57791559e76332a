"""The three values of the catalogue's logic, and what they become for an offer.

Kleene's strong logic: a conjunction is the minimum, a disjunction the maximum, a negation the
mirror. The integers are the same in NumPy columns, so that engines compute with them directly.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag


class Valeur(IntEnum):
    """What is known of a criterion: false, undecided or true."""

    NON = 0
    INCONNU = 1
    OUI = 2

    @property
    def contraire(self) -> "Valeur":
        """The negation: the undecided stays undecided."""
        return Valeur(2 - self)

    @property
    def mot(self) -> str:
        """The word of the API: `non`, `inconnu` or `oui`."""
        return self.name.lower()


class Verdict(IntEnum):
    """What an offer is for a person, in increasing order of openness."""

    NON_ACCESSIBLE = 0
    A_VERIFIER = 1
    ACCESSIBLE = 2

    @property
    def mot(self) -> str:
        """The word of the API, such as `a_verifier`."""
        return self.name.lower()


class Cause(IntFlag):
    """Why an offer stays to be checked: ask the person, call the structure, or both."""

    AUCUNE = 0
    FAIT_INCONNU = 1
    OFFRE_NON_PRECISEE = 2

    @property
    def mots(self) -> tuple[str, ...]:
        """The words of the API, in a fixed order."""
        return tuple(
            cause.name.lower()
            for cause in (Cause.FAIT_INCONNU, Cause.OFFRE_NON_PRECISEE)
            if cause in self and cause.name is not None
        )


@dataclass(frozen=True, slots=True)
class Jugement:
    """A value with its causes; causes are kept only where the value is undecided."""

    valeur: Valeur
    causes: Cause = Cause.AUCUNE

    @property
    def verdict(self) -> Verdict:
        """The same value in the words of an offer."""
        return Verdict(int(self.valeur))


def conjunction(jugements: "list[Jugement]") -> Jugement:
    """Combines parts that must all hold; causes are the union over the undecided ones."""
    valeur = min((j.valeur for j in jugements), default=Valeur.OUI)
    if valeur is not Valeur.INCONNU:
        return Jugement(valeur)
    causes = Cause.AUCUNE
    for jugement in jugements:
        if jugement.valeur is Valeur.INCONNU:
            causes |= jugement.causes
    return Jugement(valeur, causes)
