"""Labels of coded values, and the plain sentences that replace a silence of the source."""

from collections.abc import Iterable

from app.domain.search import NON_PRECISE
from app.domain.vocabulaire import Vocabulaire, categorie_of

NO_PUBLIC = "Public non précisé"
NO_FRAIS = "Prix non précisé"
NON_PRECISE_LABELS = {
    "publics": "Public non précisé",
    "frais": "Prix non précisé",
    "types": "Type non précisé",
    "thematiques": "Besoin non précisé",
    "modes_accueil": "Lieu non précisé",
}
REFERENTIELS = {  # facet or parameter -> list of the schema
    "thematiques": "thematiques",
    "categories": "categories",
    "publics": "publics",
    "frais": "frais",
    "types": "types-services",
    "modes_accueil": "modes-accueil",
}


def label_of(vocabulaire: Vocabulaire, facet: str, value: str) -> str:
    """Returns the label of a facet's value; a thématique may be a whole category."""
    if value == NON_PRECISE:
        return NON_PRECISE_LABELS[facet]
    if facet == "thematiques" and categorie_of(value) == value:
        facet = "categories"
    return vocabulaire.libelle(REFERENTIELS[facet], value)


def labels_of(vocabulaire: Vocabulaire, facet: str, values: Iterable[str]) -> tuple[str, ...]:
    """Returns the labels of several values, in the same order."""
    return tuple(label_of(vocabulaire, facet, value) for value in values)
