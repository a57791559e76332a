"""How well a text query is answered by a listing, once both are read into tokens.

Reading words (accents, stems, synonyms, needs) is the shared analysis' work; here a query is
already groups of tokens and a listing a set of tokens per field. Weights come from a shipped table,
never from the live collection, so that adding a listing never reorders two others.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

ALL_GROUPS_UP_TO = 2  # design section 5: one or two words must all be there
MIN_SHARE = 0.75  # design section 5: of longer queries, three quarters, rounded up


class Champ(StrEnum):
    """A searched field of a listing."""

    NOM = "nom"
    THEMATIQUE = "thematique"
    STRUCTURE = "structure"
    DESCRIPTION = "description"


FIELD_WEIGHT: Mapping[Champ, float] = {  # design section 5: what a listing is called says the most
    Champ.NOM: 1.0,
    Champ.THEMATIQUE: 0.8,
    Champ.STRUCTURE: 0.6,
    Champ.DESCRIPTION: 0.3,
}

Jetons = Mapping[Champ, frozenset[str]]
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Groupe:
    """One thing asked: ways of saying it, and the thématiques that it names, if any.

    A phrase of several tokens is found in a field that has them all. What is `facultatif` only
    makes a listing better: one that lacks it is found all the same.
    """

    poids: float
    phrases: frozenset[Phrase]
    thematiques: frozenset[str] = frozenset()
    facultatif: bool = False


@dataclass(frozen=True, slots=True)
class RequeteTexte:
    """A query read into groups; never empty.

    What is asked `en_partie` is answered by any one group.
    """

    groupes: tuple[Groupe, ...]
    en_partie: bool = False

    @property
    def exiges(self) -> tuple[Groupe, ...]:
        """The groups that choose listings: all of them when each is optional."""
        return tuple(groupe for groupe in self.groupes if not groupe.facultatif) or self.groupes

    @property
    def required(self) -> int:
        """How many of the groups that choose a listing must answer."""
        if self.en_partie:
            return 1
        count = len(self.exiges)
        return count if count <= ALL_GROUPS_UP_TO else math.ceil(MIN_SHARE * count)

    @property
    def poids(self) -> float:
        """The weight of all groups together."""
        return sum(groupe.poids for groupe in self.groupes)


def group_part(groupe: Groupe, jetons: Jetons, thematiques: tuple[str, ...] | None) -> float:
    """Returns the weight of the best field that answers a group, 0 when none does."""
    best = 0.0
    if groupe.thematiques.intersection(thematiques or ()):
        best = FIELD_WEIGHT[Champ.THEMATIQUE]
    for champ, weight in FIELD_WEIGHT.items():
        if weight > best and any(jetons[champ].issuperset(p) for p in groupe.phrases):
            best = weight
    return best


def texte_part(
    requete: RequeteTexte, jetons: Jetons, thematiques: tuple[str, ...] | None
) -> float | None:
    """Returns the text score in [0, 1], None when too few groups are found."""
    found = [(g, group_part(g, jetons, thematiques)) for g in requete.groupes]
    exiges = requete.exiges
    if sum(part > 0 for groupe, part in found if groupe in exiges) < requete.required:
        return None
    return sum(groupe.poids * part for groupe, part in found) / requete.poids
