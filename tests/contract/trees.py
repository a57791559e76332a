"""Random trees and profiles over a few facts of the real vocabulary, so that they meet often."""

import random
from collections.abc import Sequence

from app.domain.arbre import Critere, Eligibilite, Noeud, Sauf, Toutes, UneParmi
from app.domain.geographie import Geographie
from app.domain.offre import Apport
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
from app.domain.territoire import Point
from app.domain.vocabulaire import Fait, Nature, Vocabulaire

FACTS = (
    "age", "activite", "allocations", "situations", "inscriptions", "duree_chomage_mois",
    "niveau_francais", "residence", "nb_enfants", "statut_logement", "quotient_familial",
    "niveau_etudes",
)  # fmt: skip
PLACES = (
    "84007", "84031", "84003", "30351", "26135", "75056", "75111", "epci:248400251",
    "epci:200035723", "departement:84", "departement:55", "region:93", "france",
)  # fmt: skip
NUMBERS = (0, 1, 3, 11, 12, 16, 18, 24, 25, 26, 30, 62, 700)


class TreeGenerator:
    """Draws trees of every shape: nested, negated, with several criteria on one fact."""

    def __init__(self, chance: random.Random, vocabulaire: Vocabulaire) -> None:
        self._chance = chance
        self._faits = [vocabulaire.faits[cle] for cle in FACTS]

    def eligibilite(self) -> Eligibilite | None:
        if self._chance.random() < 0.35:
            return None
        notes = ("Projet validé",) if self._chance.random() < 0.1 else ()
        return Eligibilite(racine=self.noeud(3), a_verifier=notes)

    def noeud(self, depth: int) -> Noeud:
        chance = self._chance
        kind = chance.random()
        if depth == 0 or kind < 0.4:
            return self.leaf()
        if kind < 0.5:
            return Sauf(self.noeud(depth - 1))
        children = tuple(self.noeud(depth - 1) for _ in range(chance.randint(0, 3)))
        return Toutes(children) if kind < 0.8 or not children else UneParmi(children)

    def leaf(self) -> Critere:
        chance = self._chance
        fait = chance.choice(self._faits)
        match fait.nature:
            case Nature.NOMBRE:
                low, high = sorted(chance.sample(NUMBERS, 2))
                bounds = chance.choice(
                    [{"min": low}, {"max": high}, {"min": low, "max": high}, {"min_exclu": low},
                     {"max_exclu": high}]
                )  # fmt: skip
                return Critere(fait=fait.cle, **{key: float(b) for key, b in bounds.items()})
            case Nature.ECHELON:
                return Critere(fait=fait.cle, min=chance.choice(fait.valeurs))
            case Nature.LIEU:
                return Critere(fait=fait.cle, parmi=self._some(PLACES, 2))
            case _:
                return Critere(fait=fait.cle, parmi=self._some(fait.valeurs[:6], 3))

    def apporte(self) -> tuple[Apport, ...] | None:
        if self._chance.random() < 0.85:
            return None
        values = self._some(("permis-b", "rqth", "solution-de-garde"), 2)
        return tuple(Apport(fait="situations", valeur=valeur) for valeur in values)

    def _some(self, values: Sequence[str], most: int) -> tuple[str, ...]:
        return tuple(self._chance.sample(values, self._chance.randint(1, most)))


class ProfileGenerator:
    """Draws persons of whom nothing, a little or nearly everything is known."""

    def __init__(self, seed: int, vocabulaire: Vocabulaire, geographie: Geographie) -> None:
        self._chance = random.Random(seed)
        self._faits = [vocabulaire.faits[cle] for cle in FACTS]
        self._geographie = geographie

    def profil(self) -> Profil:
        share = self._chance.choice((0.0, 0.3, 0.6, 0.9, 1.0))
        known = {f.cle: self.known(f) for f in self._faits if self._chance.random() < share}
        point = Point(43.95, 4.81) if self._chance.random() < 0.15 else None
        return Profil(faits=known, point=point)

    def known(self, fait: Fait) -> Connaissance:
        chance = self._chance
        match fait.nature:
            case Nature.NOMBRE:
                low, high = sorted(chance.choices(NUMBERS, k=2))
                return chance.choice(
                    [Nombre(min=low, max=low), Nombre(min=low, max=high), Nombre(min=low),
                     SansObjet()]
                )  # fmt: skip
            case Nature.CHOIX:
                size = chance.choice((1, 1, 1, 2, len(fait.valeurs)))
                return Choix(frozenset(chance.sample(fait.valeurs, size)))
            case Nature.ENSEMBLE:
                answers = {v: chance.choice((True, False, None)) for v in fait.valeurs}
                return Ensemble(
                    frozenset(v for v, answer in answers.items() if answer is True),
                    frozenset(v for v, answer in answers.items() if answer is False),
                )
            case Nature.ECHELON:
                low, high = sorted(chance.choices(range(len(fait.valeurs)), k=2))
                return Echelons(low, high)
            case Nature.LIEU:
                return Lieu(self._geographie.zone(chance.choice(PLACES)))
