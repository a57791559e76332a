"""Reads an eligibility tree from JSON, and lists every fault instead of stopping at the first.

Faults carry a path such as `eligibilite.toutes[1].parmi[0]` and a motive; `schemas.messages` words
them in French.
"""

from collections.abc import Mapping

from app.domain.arbre import (
    MAX_DEPTH,
    MAX_LEAVES,
    Critere,
    Eligibilite,
    Noeud,
    Sauf,
    Toutes,
    UneParmi,
)
from app.domain.errors import ArbreInvalide, LieuInconnu, Probleme
from app.domain.geographie import Geographie
from app.domain.noms import is_encodable
from app.domain.vocabulaire import Fait, Nature

MAX_QUOTED = 200  # characters of a wrong value that a message repeats
_BOUNDS = ("min", "max", "min_exclu", "max_exclu")
_KEYS_BY_NATURE = {
    Nature.NOMBRE: frozenset(_BOUNDS),
    Nature.ECHELON: frozenset((*_BOUNDS, "parmi")),
    Nature.CHOIX: frozenset(("parmi",)),
    Nature.ENSEMBLE: frozenset(("parmi",)),
    Nature.LIEU: frozenset(("parmi",)),
}


def read_eligibilite(
    data: object,
    faits: Mapping[str, Fait],
    geographie: Geographie,
    *,
    chemin: str = "eligibilite",
) -> Eligibilite:
    """Returns the tree of a JSON value, places made canonical.

    Raises `ArbreInvalide` with every fault found.
    """
    reader = _Reader(faits, geographie)
    notes = reader.read_notes(data, f"{chemin}.a_verifier")
    racine = reader.read_node(data, chemin, 0, is_root=True)
    if reader.leaves > MAX_LEAVES:
        reader.report(chemin, "trop_de_feuilles", limite=MAX_LEAVES, nombre=reader.leaves)
    if reader.problemes or racine is None:
        raise ArbreInvalide(reader.problemes)
    return Eligibilite(racine=racine, a_verifier=notes)


class _Reader:
    """One reading: the faults found so far and the number of leaves."""

    def __init__(self, faits: Mapping[str, Fait], geographie: Geographie) -> None:
        self.faits = faits
        self.geographie = geographie
        self.problemes: list[Probleme] = []
        self.leaves = 0

    def report(self, chemin: str, motif: str, **details: object) -> None:
        texts = {key: _shown(value) for key, value in details.items()}
        self.problemes.append(Probleme(chemin=chemin, motif=motif, details=texts))

    def read_notes(self, data: object, chemin: str) -> tuple[str, ...]:
        notes = data.get("a_verifier") if isinstance(data, Mapping) else None
        if notes is None:
            return ()
        if not isinstance(notes, list) or not all(isinstance(n, str) and n.strip() for n in notes):
            self.report(chemin, "a_verifier_invalide")
            return ()
        if not all(map(is_encodable, notes)):
            self.report(chemin, "a_verifier_illisible")
            return ()
        return tuple(notes)

    def read_node(
        self, data: object, chemin: str, depth: int, *, is_root: bool = False
    ) -> Noeud | None:
        if not isinstance(data, Mapping):
            self.report(chemin, "noeud_invalide")
            return None
        form = {k: v for k, v in data.items() if not (is_root and k == "a_verifier")}
        if "a_verifier" in form:
            self.report(f"{chemin}.a_verifier", "a_verifier_hors_racine")
            return None
        if "fait" in form:
            return self.read_leaf(form, chemin)
        if len(form) != 1 or not form.keys() <= {"toutes", "une_parmi", "sauf"}:
            self.report(chemin, "noeud_invalide")
            return None
        if depth >= MAX_DEPTH:
            self.report(chemin, "trop_profond", limite=MAX_DEPTH)
            return None
        ((kind, content),) = form.items()
        if kind == "sauf":
            child = self.read_node(content, f"{chemin}.sauf", depth + 1)
            return Sauf(child) if child is not None else None
        return self.read_group(kind, content, f"{chemin}.{kind}", depth)

    def read_group(self, kind: str, content: object, chemin: str, depth: int) -> Noeud | None:
        if not isinstance(content, list):
            self.report(chemin, "liste_attendue")
            return None
        if kind == "une_parmi" and not content:
            self.report(chemin, "une_parmi_vide")
            return None
        children = [
            self.read_node(item, f"{chemin}[{rank}]", depth + 1)
            for rank, item in enumerate(content)
        ]
        if any(child is None for child in children):
            return None
        noeuds = tuple(child for child in children if child is not None)
        return Toutes(noeuds) if kind == "toutes" else UneParmi(noeuds)

    def read_leaf(self, form: Mapping[str, object], chemin: str) -> Noeud | None:
        self.leaves += 1
        fait = self.faits.get(form["fait"]) if isinstance(form["fait"], str) else None
        if fait is None:
            self.report(f"{chemin}.fait", "fait_inconnu", valeur=form["fait"])
            return None
        allowed = _KEYS_BY_NATURE[fait.nature]
        extra = [key for key in form if key != "fait" and key not in allowed]
        if extra:
            self.report(f"{chemin}.{extra[0]}", "cle_refusee", cle=extra[0], fait=fait.cle)
            return None
        if len(form) == 1:
            self.report(chemin, "condition_absente", fait=fait.cle)
            return None
        before = len(self.problemes)
        bounds = {key: self.read_bound(form, key, fait, chemin) for key in _BOUNDS if key in form}
        parmi = self.read_parmi(form, fait, chemin) if "parmi" in form else None
        self.check_order(bounds, fait, chemin)
        if len(self.problemes) > before:
            return None
        return Critere(fait=fait.cle, parmi=parmi, **bounds)

    def read_bound(
        self, form: Mapping[str, object], key: str, fait: Fait, chemin: str
    ) -> float | str | None:
        value = form[key]
        if f"{key}_exclu" in form:
            self.report(f"{chemin}.{key}", "borne_en_double", cle=key)
        if fait.nature is Nature.ECHELON:
            if isinstance(value, str) and value in fait.valeurs:
                return value
            self.report(f"{chemin}.{key}", "valeur_inconnue", valeur=value, fait=fait.cle)
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
            self.report(f"{chemin}.{key}", "nombre_attendu", valeur=value)
            return None
        return float(value)

    def check_order(
        self, bounds: Mapping[str, float | str | None], fait: Fait, chemin: str
    ) -> None:
        """Refuses bounds that no value can meet: they were surely swapped."""
        low = bounds.get("min", bounds.get("min_exclu"))
        high = bounds.get("max", bounds.get("max_exclu"))
        if low is None or high is None:
            return
        if isinstance(low, str) and isinstance(high, str):
            swapped = fait.rank(low) > fait.rank(high)
        else:
            swapped = float(low) > float(high)
        if swapped:
            self.report(chemin, "bornes_inversees", min=low, max=high)

    def read_parmi(
        self, form: Mapping[str, object], fait: Fait, chemin: str
    ) -> tuple[str, ...] | None:
        values = form["parmi"]
        if not isinstance(values, list) or not values:
            self.report(f"{chemin}.parmi", "parmi_vide")
            return None
        read = [
            self.read_value(value, fait, f"{chemin}.parmi[{rank}]")
            for rank, value in enumerate(values)
        ]
        return tuple(dict.fromkeys(value for value in read if value is not None))

    def read_value(self, value: object, fait: Fait, chemin: str) -> str | None:
        if fait.nature is Nature.LIEU and isinstance(value, str):
            try:
                return self.geographie.canonical_ref(value)
            except LieuInconnu:
                self.report(chemin, "lieu_inconnu", valeur=value)
                return None
        if isinstance(value, str) and value in fait.valeurs:
            return value
        self.report(chemin, "valeur_inconnue", valeur=value, fait=fait.cle)
        return None


def _shown(value: object) -> str:
    """Returns what a message may quote of a value; a list or an object is not quoted."""
    return str(value)[:MAX_QUOTED] if isinstance(value, str | int | float) else ""
