"""Draws people at random, in the neutral form and in ours at once.

What we know of a person is drawn with our words; `SAYS` and its neighbours tell what it says in the
neutral form. They are the correspondences of `tests.evaluation.translator` read the other way, and
written apart from them. Most draws are aimed at the conditions of one aid, more or less closely,
else nearly everybody would live elsewhere and be refused.
"""

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_

from app.domain.geographie import Geographie
from app.domain.profil import (
    Choix,
    Connaissance,
    Ensemble,
    Lieu,
    Nombre,
    Profil,
    SansObjet,
)
from app.domain.vocabulaire import RESIDENCE, Vocabulaire
from tests.evaluation.neutral import (
    COMPARISONS,
    PLACE_FACTS,
    POSTAL_CODE,
    Aid,
    Interval,
    Leaf,
    Node,
    Person,
    Places,
    Value,
    leaves,
)

OTHER = "autre"  # any value that no aid names

# Neutral fact: our choix, what its values say, and what all its other values say.
SAYS: Mapping[str, tuple[str, Mapping[str, Value], Value]] = {
    "activite": (
        "activite",
        {
            "demandeur-emploi": "chomeur",
            "salarie": "salarie",
            "independant": "independant",
            "apprenti": "etudiant",
            "contrat-professionnalisation": "etudiant",
            "etudiant": "etudiant",
            "scolaire": "etudiant",
            "inactif": "inactif",
        },
        OTHER,
    ),
    "service_civique": ("activite", {"service-civique": True}, False),
    "alternance": (
        "type_contrat",
        {"apprentissage": "apprenti", "professionnalisation": "professionnalisation"},
        OTHER,
    ),
    "interimaire": ("type_contrat", {"interim": True}, False),
    "annee_etude": (
        "annee_etudes",
        {
            level: level.replace("-", "_")
            for level in (
                *("cap-1", "cap-2", "seconde", "premiere", "terminale", "bts-1", "but-1"),
                *("cpge-1", "licence-1", "licence-2", "licence-3", "master-1", "master-2"),
            )
        },
        OTHER,
    ),
    "formation_sanitaire_sociale": ("domaine_formation", {"sanitaire-sociale": True}, False),
    "mention_baccalaureat": (
        "mention_baccalaureat",
        {
            "tres-bien": "mention_tres_bien",
            "tres-bien-felicitations": "mention_tres_bien_felicitations_jury",
        },
        OTHER,
    ),
    "regime_securite_sociale": (
        "regime_securite_sociale",
        {"general": "regime_general", "agricole": "regime_agricole"},
        OTHER,
    ),
    "scolarite": (
        "scolarite",
        {
            "college": "college",
            "lycee": "lycee",
            "enseignement-superieur": "enseignement_superieur",
        },
        OTHER,
    ),
    "statut_logement": (
        "statut_logement",
        {
            "loge-gratuitement": "loge_gratuitement",
            "chez-parents": "loge_gratuitement",
            "heberge-tiers": "loge_gratuitement",
            "sans-domicile": "sans_domicile",
            "squat-abri": "sans_domicile",
        },
        OTHER,
    ),
}

# Neutral yes-or-no fact: our ensemble, and the values of which one makes it true.
TRUE_WITH: Mapping[str, tuple[str, frozenset[str]]] = {
    "beneficiaire_rsa": ("allocations", frozenset(("rsa",))),
    "boursier": ("allocations", frozenset(("bourse-superieur",))),
    "difficultes_logement": ("situations", frozenset(("difficultes-logement",))),
    "stagiaire": ("situations", frozenset(("stage",))),
    "handicap": ("situations", frozenset(("carte-mobilite-inclusion", "rqth"))),
}

# Neutral fact: our number, its step, and what ours is divided by.
COUNTED: Mapping[str, tuple[str, float, int]] = {
    "age": ("age", 1, 1),
    "nb_enfants": ("nb_enfants", 1, 1),
    "quotient_familial_mensuel": ("quotient_familial", 0.01, 1),
    "quotient_familial_annuel": ("quotient_familial_annuel", 0.01, 1),
    "taux_incapacite": ("taux_handicap", 1, 100),
}

# How often a fact is drawn for the aid aimed at; each aid is aimed at once a lap.
CLOSENESS = (1.0, 0.8, 0.0)

FORMS = ("exact", "commune", "former", "epci", "departement", "region", "crossing", "france")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One person in both forms; the same rank is always the same person."""

    rank: int
    is_full: bool
    person: Person
    profil: Profil


class Drawer:
    """Draws people; the aids give the values that matter."""

    def __init__(
        self, aids: Sequence[Aid], places: Places, geographie: Geographie, vocabulaire: Vocabulaire
    ) -> None:
        self.places = places
        self.geographie = geographie
        self.vocabulaire = vocabulaire
        self.aids = aids
        self.bounds: dict[str, list[float]] = {fact: [] for fact in COUNTED}
        for leaf in sorted({leaf for aid in aids for leaf in leaves(aid.conditions)}, key=repr):
            if leaf.op in COMPARISONS:
                self.bounds[leaf.fact] += map(float, leaf.values)

    def draw(self, rank: int, *, is_full: bool) -> Drawn:
        """Returns the person of a rank: wholly known, or with 10 to 90 % of the facts known."""
        chance = random.Random(f"{rank} {is_full}")
        lap, turn = divmod(rank, len(self.aids))
        aim = _one_way(self.aids[turn].conditions, chance)
        share = 1.0 if is_full else chance.uniform(0.1, 0.9)
        draw = _Draw(self, chance, aim, share, CLOSENESS[lap % len(CLOSENESS)])
        draw.choices()
        draw.sets()
        draw.numbers()
        draw.residence()
        return Drawn(
            rank=rank,
            is_full=is_full,
            person=Person(draw.possible_places, draw.facts),
            profil=Profil(faits=draw.faits),
        )


def _one_way(node: Node, chance: random.Random) -> Iterator[Leaf]:
    """Yields the conditions of one way of meeting a tree; what is under a `not` is not aimed at."""
    if isinstance(node, Leaf):
        yield node
    elif node.op == "any":
        yield from _one_way(chance.choice(node.nodes), chance)
    elif node.op == "all":
        for child in node.nodes:
            yield from _one_way(child, chance)


@cache
def _in_order(codes: frozenset[str]) -> list[str]:
    """The order of a set changes from one process to the next, and draws must not."""
    return sorted(codes)


class _Draw:
    """One person being drawn."""

    def __init__(
        self,
        drawer: Drawer,
        chance: random.Random,
        aim: Iterable[Leaf],
        share: float,
        closeness: float,
    ) -> None:
        self.drawer = drawer
        self.chance = chance
        self.share = share
        self.closeness = closeness
        self.is_full = share == 1.0
        self.aim: dict[str, list[Leaf]] = {}
        for leaf in aim:
            self.aim.setdefault(leaf.fact, []).append(leaf)
        self.facts: dict[str, frozenset[Value] | Interval | None] = {}
        self.faits: dict[str, Connaissance] = {}
        self.possible_places = drawer.places.everywhere

    def happens(self, probability: float) -> bool:
        return self.chance.random() < probability

    def target(self, facts: Iterable[str]) -> Leaf | None:
        """A condition of the aid aimed at, on one of these facts."""
        found = [leaf for fact in facts for leaf in self.aim.get(fact, ())]
        return self.chance.choice(found) if found and self.happens(self.closeness) else None

    # --- one of a closed list ---

    def choices(self) -> None:
        """Draws each choix, exact or partial, and what it says of one or two neutral facts."""
        for fait in dict.fromkeys(ours for ours, _, _ in SAYS.values()):
            if self.happens(self.share):
                says = {fact: row[1:] for fact, row in SAYS.items() if row[0] == fait}
                possibles = self._possible_values(fait, says)
                self.faits[fait] = Choix(frozenset(possibles))
                for fact, (said, otherwise) in says.items():
                    self.facts[fact] = frozenset(said.get(v, otherwise) for v in possibles)

    def _possible_values(
        self, fait: str, says: Mapping[str, tuple[Mapping[str, Value], Value]]
    ) -> list[str]:
        valeurs = list(self.drawer.vocabulaire.faits[fait].valeurs)
        wanted = valeurs
        if leaf := self.target(says):
            said, otherwise = says[leaf.fact]
            wanted = [
                valeur
                for valeur in valeurs
                if (said.get(valeur, otherwise) in leaf.values) is (leaf.op != "not_in")
            ]
        first = self.chance.choice(wanted)
        if self.is_full or self.happens(0.5):
            return [first]
        pool = wanted if self.happens(0.4) else valeurs
        more = self.chance.sample(pool, self.chance.randint(1, len(pool)))
        return sorted({first, *more})

    # --- several values, each true, false or unknown ---

    def sets(self) -> None:
        """Draws every value of each ensemble, then what they say together."""
        for fait in dict.fromkeys(ours for ours, _ in TRUE_WITH.values()):
            aimed = {v for fact in self.aim if fact in TRUE_WITH for v in TRUE_WITH[fact][1]}
            vrais: set[str] = set()
            faux: set[str] = set()
            for valeur in self.drawer.vocabulaire.faits[fait].valeurs:
                if self.happens(self.share):
                    likely = 0.3 + 0.6 * self.closeness if valeur in aimed else 0.3
                    (vrais if self.happens(likely) else faux).add(valeur)
            self.faits[fait] = Ensemble(frozenset(vrais), frozenset(faux))
            for fact, (ours, enough) in TRUE_WITH.items():
                if ours == fait and (vrais & enough or enough <= faux):
                    self.facts[fact] = frozenset((bool(vrais & enough),))

    # --- numbers ---

    def numbers(self) -> None:
        """Draws each number: exact, between two bounds, or that it does not exist."""
        for fact, (fait, step, divisor) in COUNTED.items():
            if not self.happens(self.share):
                continue
            if self.closeness < 1 and self.happens(0.05):
                self.faits[fait], self.facts[fact] = SansObjet(), None
                continue
            low, high = sorted((self._number(fact, step), self._number(fact, step)))
            if self.is_full or self.happens(0.5):
                high = low
            elif self.happens(0.2):
                low, high = self.chance.choice(((low, math.inf), (-math.inf, high)))
            elif step == 1 and divisor == 1 and self.happens(0.2):
                low, high = low - 0.5, high + 0.5
            self.faits[fait] = Nombre(min=low, max=high)
            self.facts[fact] = Interval(low / divisor, high / divisor)

    def _number(self, fact: str, step: float) -> float:
        """A number on a bound of the aid aimed at or of another one, or near it."""
        aimed = [(COMPARISONS[leaf.op], float(leaf.values[0])) for leaf in self.aim.get(fact, ())]
        number = self._near_a_bound(fact, step)
        for _ in range(20 if self.closeness == 1 else 0):
            if all(holds(number / COUNTED[fact][2], bound) for holds, bound in aimed):
                break
            number = self._near_a_bound(fact, step)
        return number

    def _near_a_bound(self, fact: str, step: float) -> float:
        leaf = self.target((fact,))
        bound = leaf.values[0] if leaf else self.chance.choice(self.drawer.bounds[fact])
        bound = float(bound) * COUNTED[fact][2]
        wide = self.chance.choice((1, 1, 3, 10)) * (1 if step == 1 else 30)
        return max(0.0, bound + self.chance.choice((0, 0, step, -step, wide, -wide)))

    # --- places ---

    def residence(self) -> None:
        """Draws where the person lives, more or less precisely, and the postal code."""
        leaf = self.target((*PLACE_FACTS, POSTAL_CODE))
        near = self.drawer.places.accepted(leaf) if leaf else self.drawer.places.everywhere
        if self.closeness == 1:
            near = self._where_every_leaf_holds() or near
        place = self.chance.choice(_in_order(near))
        if self.is_full:
            self._live("exact", place)
        elif self.happens(self.share):
            self._live(self.chance.choice(FORMS), place)
        served = self.drawer.places.named(POSTAL_CODE, "67100")
        if self.possible_places <= served and self.happens(self.share):
            code = self.chance.choice(("67100", OTHER))
        elif self.is_full:
            code = OTHER
        else:
            return
        self.faits[POSTAL_CODE] = Choix(frozenset((code,)))
        self.facts[POSTAL_CODE] = frozenset((code,))

    def _where_every_leaf_holds(self) -> frozenset[str]:
        places = self.drawer.places
        found = places.everywhere
        for fact in (*PLACE_FACTS, POSTAL_CODE):
            for leaf in self.aim.get(fact, ()):
                named = places.accepted(leaf)
                found = found - named if leaf.op == "not_in" else found & named
        return found

    def _live(self, form: str, place: str) -> None:
        geographie, places = self.drawer.geographie, self.drawer.places
        names = places.names_of[place]
        former = places.former_codes.get(names["commune"])
        if form == "france":
            self.faits[RESIDENCE] = Lieu(geographie.france)
            return
        if form == "exact" or (form == "epci" and "epci" not in names):
            parts = [("commune", place)]
        elif form == "former" and former:
            parts = [("commune", self.chance.choice(former))]
        elif form == "crossing":
            kinds = [kind for kind in ("epci", "departement", "region") if kind in names]
            parts = [(kind, names[kind]) for kind in self.chance.sample(kinds, 2)]
        else:
            kind = "commune" if form == "former" else form
            parts = [(kind, names[kind])]
        zones = [geographie.zone(geographie.canonical_ref(f"{k}:{code}")) for k, code in parts]
        self.faits[RESIDENCE] = Lieu(reduce(and_, zones))
        self.possible_places = reduce(and_, (places.named(k, code) for k, code in parts))
