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

    A phrase of several tokens is found in a field that has them all.
    """

    poids: float
    phrases: frozenset[Phrase]
    thematiques: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RequeteTexte:
    """A query read into groups; never empty."""

    groupes: tuple[Groupe, ...]

    @property
    def required(self) -> int:
        """How many groups a listing must answer."""
        count = len(self.groupes)
        return count if count <= ALL_GROUPS_UP_TO else math.ceil(MIN_SHARE * count)


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
    parts = [group_part(groupe, jetons, thematiques) for groupe in requete.groupes]
    if sum(part > 0 for part in parts) < requete.required:
        return None
    weights = [groupe.poids for groupe in requete.groupes]
    return sum(w * p for w, p in zip(weights, parts, strict=True)) / sum(weights)
