"""What a new campaign may ask: every fault at once, each with its field.

Campaigns that are kept are not judged again: one that was opened before a rule is still read.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.domain.campagnes import Campagne
from app.domain.errors import CatalogueError, Probleme

MAX_RELANCES = 5  # more in one campaign is what people call spam; DORA stops at one
MAX_JOURS = 366  # of a campaign: a longer one is two
MAX_MOIS = 60  # without news: beyond five years, nobody tells ages apart
MAX_NOM, MAX_MESSAGE = 100, 1000  # characters; a message is read on a telephone
MIN_ANNEE = 2000  # before any of this, and far enough from the first day that a date can be
ILLISIBLE, TARDIVES, AUCUNE_RELANCE = "illisible", "tardives", "aucune_relance"
_BREAKS = frozenset("\r\n\t")  # what a text of several lines holds


class CampagneInvalide(CatalogueError):
    """A campaign that breaks rules; the `chemin` of a problem is the field to correct."""

    def __init__(self, problemes: Sequence[Probleme]) -> None:
        super().__init__(", ".join(f"{p.chemin}: {p.motif}" for p in problemes))
        self.problemes = tuple(problemes)


def check(campagne: Campagne) -> None:
    """Raises `CampagneInvalide` for a new campaign that breaks a rule."""
    if problemes := list(problemes_of(campagne)):
        raise CampagneInvalide(problemes)


def problemes_of(campagne: Campagne) -> Iterator[Probleme]:
    """Yields what is wrong with a new campaign."""
    if not 0 < len(campagne.nom) <= MAX_NOM:
        yield Probleme(chemin="nom", motif="nom")
    elif has_controls(campagne.nom, breaks=False):
        yield Probleme(chemin="nom", motif=ILLISIBLE)
    if campagne.debut.year < MIN_ANNEE:
        yield Probleme(chemin="debut", motif="debut")
    if not 0 <= _jours(campagne) <= MAX_JOURS:
        yield Probleme(chemin="fin", motif="fin")
    yield from _relances(campagne)
    if campagne.mois is not None and not 1 <= campagne.mois <= MAX_MOIS:
        yield Probleme(chemin="mois", motif="mois")
    if len(campagne.message) > MAX_MESSAGE:
        yield Probleme(chemin="message", motif="message")
    elif has_controls(campagne.message, breaks=True):
        yield Probleme(chemin="message", motif=ILLISIBLE)


def has_controls(text: str, *, breaks: bool) -> bool:
    """Tells whether a text holds what nobody can see nor type; `breaks` lets its lines end."""
    return any(
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        and not (breaks and character in _BREAKS)
        for character in text
    )


def _jours(campagne: Campagne) -> int:
    return (campagne.fin - campagne.debut).days


def _relances(campagne: Campagne) -> Iterator[Probleme]:
    waits, jours = (0, *campagne.relances), _jours(campagne)
    is_in_order = all(before < after for before, after in pairwise(waits))
    if not is_in_order or len(campagne.relances) > MAX_RELANCES:
        yield Probleme(chemin="relances", motif="relances")
        return
    late = [wait for wait in campagne.relances if wait > jours]
    if late and jours >= 0:
        yield Probleme(
            chemin="relances",
            motif=TARDIVES if jours else AUCUNE_RELANCE,
            details={"tardives": ", ".join(map(str, late)), "jours": str(jours)},
        )
