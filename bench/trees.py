"""Condition trees with the shapes and the kinds of facts of real ones, over our own vocabulary.

What was learnt from 639 real trees is only counts: how many criteria, how many alternatives, which
kinds of facts. Every value comes from `seed/data/faits.toml`, every place from the geography.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from app.domain.territoire import Commune
from app.domain.vocabulaire import Vocabulaire

Tree = dict[str, object]

# How many real trees have so many criteria: three most often, sixteen at most.
CRITERIA = {
    0: 1, 1: 130, 2: 166, 3: 201, 4: 77, 5: 20, 6: 14, 7: 11,
    8: 8, 9: 1, 10: 4, 11: 1, 12: 1, 13: 3, 16: 1,
}  # fmt: skip
# How many alternatives real disjunctions have; more than half have a single one.
ALTERNATIVES = {1: 112, 2: 36, 3: 19, 4: 14, 5: 3, 6: 8, 7: 2, 8: 2, 9: 2, 10: 1, 13: 1}
SHARE_UNE_PARMI = 0.31
SHARE_SAUF = 0.011
SHARE_NESTED = 0.15  # of the alternatives, those that are themselves two criteria together
# How often each kind of criterion occurs among the real leaves; the last ones, which the real
# trees lack, are what conditions of our field ask (registrations, levels).
KINDS = {
    "age_min": 256, "age_max": 146, "age_exclu": 30, "departement": 244, "region": 189,
    "epci": 142, "commune": 60, "activite": 270, "scolarite": 129, "difficultes_logement": 80,
    "statut_logement": 74, "quotient_familial": 80, "domaine_formation": 32, "annee_etudes": 28,
    "allocations": 28, "regime": 13, "nb_enfants": 11, "rqth": 6, "inscriptions": 40,
    "duree_chomage": 20, "niveau_etudes": 20, "niveau_francais": 15, "situations": 30,
}  # fmt: skip
_QUOTIENTS = (400, 500, 600, 650, 700, 750, 800, 850, 900, 1000, 1100, 1200, 1500)
_PUBLIC_SITUATIONS = (
    "recherche-emploi", "permis-b", "vehicule", "parent-isole", "solution-de-garde",
    "carte-vitale", "compte-bancaire", "connexion-internet", "garant", "aidant",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TreeMaker:
    """Draws trees; place criteria name zones that hold the offer's own commune, most often."""

    rng: Random
    vocabulaire: Vocabulaire

    def tree(self, commune: Commune) -> Tree:
        """Returns a tree in the JSON form of `eligibilite`."""
        total = self._draw(CRITERIA)
        nodes: list[Tree] = []
        if total > 1 and self.rng.random() < SHARE_UNE_PARMI / 0.8:  # some have one criterion only
            wanted = min(self._draw(ALTERNATIVES), total - 1 if total < 6 else total)
            group, used = self._alternatives(wanted, total, commune)
            nodes.append({"une_parmi": group})
            total -= used
        nodes.extend(self._leaves(total, commune))
        if nodes and self.rng.random() < SHARE_SAUF:
            nodes[-1] = {"sauf": nodes[-1]}
        self.rng.shuffle(nodes)
        root: Tree = {"toutes": nodes}
        if self.rng.random() < 0.15:
            root["a_verifier"] = ["Projet à valider avec un conseiller"]
        return root

    def leaf(self, kind: str, commune: Commune) -> Tree:
        """Returns one criterion of a kind."""
        return _LEAVES[kind](self, commune)

    def _draw(self, weights: Mapping[int, int]) -> int:
        return self.rng.choices(list(weights), weights=list(weights.values()))[0]

    def _leaves(self, count: int, commune: Commune) -> list[Tree]:
        kinds: list[str] = []
        while len(kinds) < count:
            drawn = self.rng.choices(list(KINDS), weights=list(KINDS.values()), k=2 * count)
            kinds = list(dict.fromkeys([*kinds, *drawn]))
        return [self.leaf(kind, commune) for kind in kinds[:count]]

    def _alternatives(self, wanted: int, limit: int, commune: Commune) -> tuple[list[Tree], int]:
        leaves = self._leaves(max(1, wanted), commune)
        used = len(leaves)
        if used < limit and self.rng.random() < SHARE_NESTED:
            leaves[0] = {"toutes": [leaves[0], *self._leaves(1, commune)]}
            used += 1
        return leaves, used

    def values(self, fait: str, most: int) -> list[str]:
        """Returns one to `most` values of a fact, without those that say absence."""
        known = [
            v for v in self.vocabulaire.faits[fait].valeurs if not v.startswith(("auc", "sans-"))
        ]
        return self.rng.sample(known, self.rng.choice((1, 1, 1, 2, most)))

    def chosen(self, fait: str, most: int) -> Tree:
        """Returns a criterion on some values of a fact."""
        return {"fait": fait, "parmi": self.values(fait, most)}


def _but_some(maker: TreeMaker, fait: str) -> Tree:
    """The complement of a few values, written as the list of all the others."""
    out = set(maker.values(fait, 3))
    return {
        "fait": fait,
        "parmi": [v for v in maker.vocabulaire.faits[fait].valeurs if v not in out],
    }


def _place(prefix: str, field: str) -> Callable[[TreeMaker, Commune], Tree]:
    def leaf(_maker: TreeMaker, commune: Commune) -> Tree:
        code = getattr(commune, field)
        ref = f"{prefix}{code}" if code else f"departement:{commune.departement}"
        return {"fait": "residence", "parmi": [ref]}

    return leaf


def _bound(
    fait: str, key: str, values: tuple[int, ...] | tuple[str, ...]
) -> Callable[[TreeMaker, Commune], Tree]:
    return lambda maker, _commune: {"fait": fait, key: maker.rng.choice(values)}


def _among(fait: str, most: int) -> Callable[[TreeMaker, Commune], Tree]:
    return lambda maker, _commune: maker.chosen(fait, most)


def _situation(*values: str) -> Callable[[TreeMaker, Commune], Tree]:
    return lambda maker, _commune: {"fait": "situations", "parmi": [maker.rng.choice(values)]}


_LEAVES: Mapping[str, Callable[[TreeMaker, Commune], Tree]] = {
    "age_min": _bound("age", "min", (16, 16, 18, 18, 17, 15, 14, 26, 50, 60)),
    "age_max": _bound("age", "max", (25, 25, 29, 29, 30, 26, 17, 20, 35, 64)),
    "age_exclu": _bound("age", "max_exclu", (26, 26, 30, 18)),
    "departement": _place("departement:", "departement"),
    "region": _place("region:", "region"),
    "epci": _place("epci:", "epci"),
    "commune": _place("", "code"),
    "activite": _among("activite", 4),
    "scolarite": _among("scolarite", 3),
    "difficultes_logement": lambda _m, _c: {
        "fait": "situations",
        "parmi": ["difficultes-logement"],
    },
    "statut_logement": lambda maker, _c: _but_some(maker, "statut_logement"),
    "quotient_familial": _bound("quotient_familial", "max", _QUOTIENTS),
    "domaine_formation": _among("domaine_formation", 2),
    "annee_etudes": _among("annee_etudes", 6),
    "allocations": lambda _m, _c: {"fait": "allocations", "parmi": ["rsa"]},
    "regime": _among("regime_securite_sociale", 2),
    "nb_enfants": _bound("nb_enfants", "min", (1, 2, 3)),
    "rqth": _situation("rqth"),
    "inscriptions": _among("inscriptions", 3),
    "duree_chomage": _bound("duree_chomage_mois", "min", (6, 12, 12, 24)),
    "niveau_etudes": _among("niveau_etudes", 4),
    "niveau_francais": _bound("niveau_francais", "min", ("a1", "a2", "a2", "b1")),
    "situations": _situation(*_PUBLIC_SITUATIONS),
}
