"""Translates the neutral form of eligibility conditions into the catalogue's `eligibilite`.

Each fact of the neutral form is said with the words of `seed/data/faits.toml`, or with those of
`faits.toml` beside this file where the vocabulary has none. `tests.evaluation.profiles` holds the
same correspondences in the other direction, written apart: a slip in either is a disagreement.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.evaluation.neutral import PLACE_FACTS, POSTAL_CODE, Leaf, Node, Value

FAITS = Path(__file__).with_name("faits.toml")

Form = dict[str, object]

GROUPS = {"all": "toutes", "any": "une_parmi"}
BOUNDS = {
    ">=": ("min",),
    "<=": ("max",),
    ">": ("min_exclu",),
    "<": ("max_exclu",),
    "=": ("min", "max"),
}

# Neutral fact: our fact, and how many of our units make one of theirs.
NUMBERS: Mapping[str, tuple[str, int]] = {
    "age": ("age", 1),
    "nb_enfants": ("nb_enfants", 1),
    "quotient_familial_mensuel": ("quotient_familial", 1),
    "quotient_familial_annuel": ("quotient_familial_annuel", 1),
    "taux_incapacite": ("taux_handicap", 100),  # a share there, a percentage here
}

# Neutral fact: our fact, and our values for each of theirs.
CHOICES: Mapping[str, tuple[str, Mapping[Value, tuple[str, ...]]]] = {
    "activite": (
        "activite",
        {
            "chomeur": ("demandeur-emploi",),
            "salarie": ("salarie",),
            "independant": ("independant",),
            "inactif": ("inactif",),
            # One value there for every way of studying, work-study contracts included.
            "etudiant": ("etudiant", "scolaire", "apprenti", "contrat-professionnalisation"),
        },
    ),
    "alternance": (
        "type_contrat",
        {"apprenti": ("apprentissage",), "professionnalisation": ("professionnalisation",)},
    ),
    "annee_etude": (
        "annee_etudes",
        {
            "seconde": ("seconde",),
            "premiere": ("premiere",),
            "terminale": ("terminale",),
            "cap_1": ("cap-1",),
            "cap_2": ("cap-2",),
            "bts_1": ("bts-1",),
            "but_1": ("but-1",),
            "cpge_1": ("cpge-1",),
            "licence_1": ("licence-1",),
            "licence_2": ("licence-2",),
            "licence_3": ("licence-3",),
            "master_1": ("master-1",),
            "master_2": ("master-2",),
        },
    ),
    "mention_baccalaureat": (
        "mention_baccalaureat",
        {
            "mention_tres_bien": ("tres-bien",),
            "mention_tres_bien_felicitations_jury": ("tres-bien-felicitations",),
        },
    ),
    "regime_securite_sociale": (
        "regime_securite_sociale",
        {"regime_general": ("general",), "regime_agricole": ("agricole",)},
    ),
    "scolarite": (
        "scolarite",
        {
            "college": ("college",),
            "lycee": ("lycee",),
            "enseignement_superieur": ("enseignement-superieur",),
        },
    ),
    "statut_logement": (
        "statut_logement",
        {
            # Theirs says nothing of who gives the roof.
            "loge_gratuitement": ("loge-gratuitement", "chez-parents", "heberge-tiers"),
            "sans_domicile": ("sans-domicile", "squat-abri"),
        },
    ),
}

# Neutral yes-or-no fact: our fact, and the values of which one is enough.
YES_OR_NO: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "beneficiaire_rsa": ("allocations", ("rsa",)),
    "boursier": ("allocations", ("bourse-superieur",)),
    "difficultes_logement": ("situations", ("difficultes-logement",)),
    "formation_sanitaire_sociale": ("domaine_formation", ("sanitaire-sociale",)),
    # Theirs is a disability that the MDPH has recognised.
    "handicap": ("situations", ("rqth", "carte-mobilite-inclusion")),
    "interimaire": ("type_contrat", ("interim",)),
    "service_civique": ("activite", ("service-civique",)),
    "stagiaire": ("situations", ("stage",)),
}


class Translator:
    """Translates trees; it only needs to know which communes a postal code serves."""

    def __init__(self, communes_of_postal_code: Mapping[str, Iterable[str]]) -> None:
        self._communes_of = communes_of_postal_code

    def node(self, node: Node) -> Form:
        """Returns our JSON form of a tree. Raises KeyError on a fact or a value never met."""
        if isinstance(node, Leaf):
            return self.leaf(node)
        if node.op == "not":
            return {"sauf": self.node(node.nodes[0])}
        return {GROUPS[node.op]: [self.node(child) for child in node.nodes]}

    def leaf(self, leaf: Leaf) -> Form:
        """Returns our JSON form of one condition: a criterion, negated or not."""
        if leaf.op in BOUNDS:
            return _bounded(leaf)
        if leaf.op == "is":
            fait, valeurs = YES_OR_NO[leaf.fact]
            positive = _parmi(fait, valeurs)
            return positive if leaf.values == (True,) else {"sauf": positive}
        positive = self._one_of(leaf)
        return positive if leaf.op == "in" else {"sauf": positive}

    def _one_of(self, leaf: Leaf) -> Form:
        if leaf.fact in PLACE_FACTS:
            return _parmi("residence", (f"{leaf.fact}:{code}" for code in leaf.values))
        if leaf.fact == POSTAL_CODE:
            # Who lives in another commune is told no without having to give a postal code.
            communes = {c for code in leaf.values for c in self._communes_of[str(code)]}
            codes = (str(code) for code in leaf.values)
            return {"toutes": [_parmi("residence", sorted(communes)), _parmi("code_postal", codes)]}
        fait, ours = CHOICES[leaf.fact]
        return _parmi(fait, (valeur for value in leaf.values for valeur in ours[value]))


def _bounded(leaf: Leaf) -> Form:
    fait, units = NUMBERS[leaf.fact]
    (bound,) = leaf.values
    assert isinstance(bound, int | float), leaf
    return {"fait": fait, **dict.fromkeys(BOUNDS[leaf.op], bound * units)}


def _parmi(fait: str, valeurs: Iterable[str]) -> Form:
    return {"fait": fait, "parmi": list(valeurs)}
