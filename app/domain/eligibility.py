"""Judges eligibility with three values: the specification that both engines are tested against.

A criterion is undecided unless every value still possible gives the same answer; a tree follows
Kleene's logic; criteria are never merged with one another (design section 3).
"""

import math
from collections.abc import Callable
from typing import TypeVar

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi
from app.domain.geographie import Geographie
from app.domain.offre import Offre
from app.domain.profil import (
    Choix,
    Connaissance,
    Echelons,
    Ensemble,
    Lieu,
    Nombre,
    Profil,
    SansObjet,
)
from app.domain.verdict import Cause, Jugement, Valeur, conjunction
from app.domain.vocabulaire import RESIDENCE, TOUS_PUBLICS, Fait, Nature, Public, Vocabulaire

T = TypeVar("T")


def evaluate(noeud: Noeud, value_of: Callable[[Critere], Valeur]) -> Valeur:
    """Returns Kleene's value of a tree, given the value of each criterion.

    >>> evaluate(Sauf(Toutes(())), lambda critere: Valeur.INCONNU)
    <Valeur.NON: 0>
    """
    match noeud:
        case Critere():
            return value_of(noeud)
        case Toutes(noeuds):
            return min((evaluate(child, value_of) for child in noeuds), default=Valeur.OUI)
        case UneParmi(noeuds):
            return max((evaluate(child, value_of) for child in noeuds), default=Valeur.NON)
        case Sauf(child):
            return evaluate(child, value_of).contraire


class Juge:
    """Judges criteria, trees, publics, zones and whole offers for one person."""

    def __init__(self, profil: Profil, vocabulaire: Vocabulaire, geographie: Geographie) -> None:
        self._profil = profil
        self._vocabulaire = vocabulaire
        self._geographie = geographie
        known = profil.get(RESIDENCE)
        # Residence is in France even when unknown (design section 3).
        self.residence = known.zone if isinstance(known, Lieu) else geographie.france

    def critere(self, critere: Critere) -> Valeur:
        """Returns whether the person meets one criterion."""
        fait = self._vocabulaire.faits[critere.fait]
        return judge_critere(critere, fait, self._profil.get(fait.cle), self._geographie)

    def noeud(self, noeud: Noeud | None) -> Jugement:
        """Judges a tree; its only cause is a fact unknown. An absent tree holds."""
        if noeud is None:
            return Jugement(Valeur.OUI)
        return _from_facts(evaluate(noeud, self.critere))

    def publics(self, publics: tuple[str, ...] | None) -> Jugement:
        """Judges loose publics: belonging to one is enough; absent or `tous-publics` holds."""
        if not publics or TOUS_PUBLICS in publics:
            return Jugement(Valeur.OUI)
        jugements = [self.public(self._vocabulaire.publics[valeur]) for valeur in publics]
        valeur = max(jugement.valeur for jugement in jugements)
        causes = Cause.AUCUNE
        if valeur is Valeur.INCONNU:
            for jugement in jugements:
                causes |= jugement.causes
        return Jugement(valeur, causes)

    def public(self, public: Public) -> Jugement:
        """Judges one loose public between its certain and its possible tree.

        Surely outside the certain tree and surely inside the possible one, only the structure can
        tell; otherwise the person can.
        """
        certain = evaluate(public.certain, self.critere)
        return between(certain, evaluate(public.possible, self.critere))

    def zone(self, refs: tuple[str, ...] | None) -> Jugement:
        """Judges a zone of eligibility by residence; an absent zone holds."""
        if not refs:
            return Jugement(Valeur.OUI)
        return _from_facts(self._geographie.union(refs).covers(self.residence))

    def offre(self, offre: Offre) -> Jugement:
        """Judges an offer: the lowest of its tree, its publics, its zone and its precision."""
        precision = (
            Jugement(Valeur.INCONNU, Cause.OFFRE_NON_PRECISEE)
            if offre.is_imprecise
            else Jugement(Valeur.OUI)
        )
        racine = offre.eligibilite.racine if offre.eligibilite else None
        return conjunction(
            [
                self.noeud(racine),
                self.publics(offre.publics),
                self.zone(offre.zone_eligibilite),
                precision,
            ]
        )


def between(certain: Valeur, possible: Valeur) -> Jugement:
    """Judges a loose public from the values of its certain and of its possible tree."""
    if certain is Valeur.OUI:
        return Jugement(Valeur.OUI)
    if possible is Valeur.NON:
        return Jugement(Valeur.NON)
    if possible is Valeur.OUI and certain is Valeur.NON:
        return Jugement(Valeur.INCONNU, Cause.OFFRE_NON_PRECISEE)
    return Jugement(Valeur.INCONNU, Cause.FAIT_INCONNU)


def judge_critere(
    critere: Critere, fait: Fait, connu: Connaissance | None, geographie: Geographie
) -> Valeur:
    """Returns `oui` or `non` when every value still possible agrees, else `inconnu`."""
    match fait.nature:
        case Nature.NOMBRE:
            return _judge_nombre(critere, fait, connu)
        case Nature.ECHELON:
            known = connu if isinstance(connu, Echelons) else Echelons(0, len(fait.valeurs) - 1)
            return _judge_subset(
                frozenset(range(known.bas, known.haut + 1)), _accepted_ranks(critere, fait)
            )
        case Nature.CHOIX:
            possibles = connu.possibles if isinstance(connu, Choix) else frozenset(fait.valeurs)
            return _judge_subset(possibles, frozenset(critere.parmi or ()))
        case Nature.ENSEMBLE:
            return _judge_ensemble(critere, connu)
        case Nature.LIEU:
            zone = connu.zone if isinstance(connu, Lieu) else geographie.france
            return geographie.union(critere.parmi or ()).covers(zone)


def _from_facts(valeur: Valeur) -> Jugement:
    causes = Cause.FAIT_INCONNU if valeur is Valeur.INCONNU else Cause.AUCUNE
    return Jugement(valeur, causes)


def _judge_subset(possibles: frozenset[T], acceptes: frozenset[T]) -> Valeur:
    if possibles <= acceptes:
        return Valeur.OUI
    return Valeur.NON if possibles.isdisjoint(acceptes) else Valeur.INCONNU


def _judge_ensemble(critere: Critere, connu: Connaissance | None) -> Valeur:
    known = connu if isinstance(connu, Ensemble) else Ensemble(frozenset(), frozenset())
    acceptes = frozenset(critere.parmi or ())
    if acceptes & known.vrais:
        return Valeur.OUI
    return Valeur.NON if acceptes <= known.faux else Valeur.INCONNU


def _accepted_ranks(critere: Critere, fait: Fait) -> frozenset[int]:
    bas, haut = 0, len(fait.valeurs) - 1
    if isinstance(critere.min, str):
        bas = max(bas, fait.rank(critere.min))
    if isinstance(critere.min_exclu, str):
        bas = max(bas, fait.rank(critere.min_exclu) + 1)
    if isinstance(critere.max, str):
        haut = min(haut, fait.rank(critere.max))
    if isinstance(critere.max_exclu, str):
        haut = min(haut, fait.rank(critere.max_exclu) - 1)
    ranks = frozenset(range(bas, haut + 1))
    if critere.parmi is not None:
        ranks &= {fait.rank(valeur) for valeur in critere.parmi}
    return ranks


def _judge_nombre(critere: Critere, fait: Fait, connu: Connaissance | None) -> Valeur:
    if isinstance(connu, SansObjet):
        return Valeur.NON
    low, high = _closed_bounds(critere, fait)
    if low > high:
        return Valeur.NON
    if not isinstance(connu, Nombre):
        return Valeur.INCONNU  # unknown also means perhaps `sans_objet`, which fails every bound
    known_min, known_max = connu.min, connu.max
    if fait.entier:
        known_min, known_max = _ceil(known_min), _floor(known_max)
    if known_max < low or known_min > high:
        return Valeur.NON
    return Valeur.OUI if low <= known_min and known_max <= high else Valeur.INCONNU


def _closed_bounds(critere: Critere, fait: Fait) -> tuple[float, float]:
    """Turns strict bounds into inclusive ones: the next integer, or the next double."""
    low, high = -math.inf, math.inf
    if critere.min is not None:
        low = float(critere.min)
    if critere.max is not None:
        high = float(critere.max)
    if critere.min_exclu is not None:
        strict = float(critere.min_exclu)
        low = max(low, _floor(strict) + 1 if fait.entier else math.nextafter(strict, math.inf))
    if critere.max_exclu is not None:
        strict = float(critere.max_exclu)
        high = min(high, _ceil(strict) - 1 if fait.entier else math.nextafter(strict, -math.inf))
    if fait.entier:
        low, high = _ceil(low), _floor(high)
    return low, high


def _ceil(value: float) -> float:
    return value if math.isinf(value) else float(math.ceil(value))


def _floor(value: float) -> float:
    return value if math.isinf(value) else float(math.floor(value))
