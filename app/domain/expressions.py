"""The three eligibility expressions of an offer, as canonical texts.

Distinct expressions are interned once for the whole catalogue, so that a person is judged against
each of them once, whatever the number of offers (design section 6). A tree also says what its
offers are for, its usage: a match that asks for some needs then names a part of the trees only.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.arbre import Noeud, canonical_json, node_from_json
from app.domain.offre import Offre
from app.domain.vocabulaire import TOUS_PUBLICS, categorie_of

ARBRE, PUBLICS, ZONE = "arbre", "publics", "zone"
APPORTE = "+apporte"  # among the marks of a usage, which are else categories of needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Expressions:
    """Canonical texts; None where the offer sets no such condition.

    `usage` is that of the tree.
    """

    arbre: str | None
    publics: str | None
    zone: str | None
    usage: str = ""


def expressions_of(offre: Offre) -> Expressions:
    """Returns the expressions of an offer; `tous-publics` is no condition."""
    publics = offre.publics
    return Expressions(
        arbre=canonical_json(offre.eligibilite.racine) if offre.eligibilite else None,
        publics=_sorted_json(publics) if publics and TOUS_PUBLICS not in publics else None,
        zone=_sorted_json(offre.zone_eligibilite) if offre.zone_eligibilite else None,
        usage=usage_of(offre.thematiques or (), gives=bool(offre.apporte)),
    )


def usage_of(thematiques: Iterable[str], *, gives: bool) -> str:
    """Returns what an offer is for: the categories of its needs, and whether it gives a fact."""
    marks = {categorie_of(thematique) for thematique in thematiques}
    return " ".join(sorted(marks | {APPORTE} if gives else marks))


def read_usage(usage: str) -> frozenset[str]:
    """Returns the marks of a usage."""
    return frozenset(usage.split())


def _sorted_json(values: tuple[str, ...]) -> str:
    return json.dumps(sorted(set(values)), ensure_ascii=False, separators=(",", ":"))


def read_arbre(canonique: str) -> Noeud:
    """Returns the tree of an interned text."""
    return node_from_json(json.loads(canonique))


def read_list(canonique: str) -> tuple[str, ...]:
    """Returns the publics, or the zone references, of an interned text."""
    return tuple(json.loads(canonique))
