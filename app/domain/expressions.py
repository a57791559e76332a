"""The three eligibility expressions of an offer, as canonical texts.

Distinct expressions are interned once for the whole catalogue, so that a person is judged against
each of them once, whatever the number of offers (design section 6).
"""

import json
from dataclasses import dataclass

from app.domain.arbre import Noeud, canonical_json, node_from_json
from app.domain.offre import Offre
from app.domain.vocabulaire import TOUS_PUBLICS

ARBRE, PUBLICS, ZONE = "arbre", "publics", "zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expressions:
    """Canonical texts; None where the offer sets no such condition."""

    arbre: str | None
    publics: str | None
    zone: str | None


def expressions_of(offre: Offre) -> Expressions:
    """Returns the expressions of an offer; `tous-publics` is no condition."""
    publics = offre.publics
    return Expressions(
        arbre=canonical_json(offre.eligibilite.racine) if offre.eligibilite else None,
        publics=_sorted_json(publics) if publics and TOUS_PUBLICS not in publics else None,
        zone=_sorted_json(offre.zone_eligibilite) if offre.zone_eligibilite else None,
    )


def _sorted_json(values: tuple[str, ...]) -> str:
    return json.dumps(sorted(set(values)), ensure_ascii=False, separators=(",", ":"))


def read_arbre(canonique: str) -> Noeud:
    """Returns the tree of an interned text."""
    return node_from_json(json.loads(canonique))


def read_list(canonique: str) -> tuple[str, ...]:
    """Returns the publics, or the zone references, of an interned text."""
    return tuple(json.loads(canonique))
