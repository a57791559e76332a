"""The eligibility tree: its nodes, its one JSON form, its limits and its faults.

The same JSON is used by the API, the import, the form and the database (design section 3). Reading
is separate from judging (`app.domain.eligibility`): here a tree is only known to be well-formed and
to speak of declared facts.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

MAX_DEPTH = 20  # design section 3: deeper, nobody can explain the listing to a person
MAX_LEAVES = 500  # design section 3; the largest of 639 real trees has 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Critere:
    """A condition on one fact; bounds are inclusive unless strict, `parmi` means at least one.

    A bound is a number (nombre) or a level's name (echelon); `parmi` holds values, or canonical
    references of places (lieu).
    """

    fait: str
    min: float | str | None = None
    max: float | str | None = None
    min_exclu: float | str | None = None
    max_exclu: float | str | None = None
    parmi: tuple[str, ...] | None = None

    @property
    def canonical(self) -> "Critere":
        """The same condition, its values in order and each once."""
        if self.parmi is None or (ordered := tuple(sorted(set(self.parmi)))) == self.parmi:
            return self
        return replace(self, parmi=ordered)


@dataclass(frozen=True, slots=True)
class Toutes:
    """True when every node is; true when empty."""

    noeuds: tuple["Noeud", ...]


@dataclass(frozen=True, slots=True)
class UneParmi:
    """True when at least one node is; never empty."""

    noeuds: tuple["Noeud", ...]


@dataclass(frozen=True, slots=True)
class Sauf:
    """True when its node is false."""

    noeud: "Noeud"


Noeud = Critere | Toutes | UneParmi | Sauf

JAMAIS = Sauf(Toutes(()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibilite:
    """The tree of an offer, and what only a human can check."""

    racine: Noeud
    a_verifier: tuple[str, ...] = ()


def criteres(noeud: Noeud) -> Iterator[Critere]:
    """Yields every leaf of a tree, in written order."""
    match noeud:
        case Critere():
            yield noeud
        case Toutes(noeuds) | UneParmi(noeuds):
            for child in noeuds:
                yield from criteres(child)
        case Sauf(child):
            yield from criteres(child)


def node_to_json(noeud: Noeud) -> dict[str, object]:
    """Returns the JSON form of a node."""
    match noeud:
        case Toutes(noeuds):
            return {"toutes": [node_to_json(child) for child in noeuds]}
        case UneParmi(noeuds):
            return {"une_parmi": [node_to_json(child) for child in noeuds]}
        case Sauf(child):
            return {"sauf": node_to_json(child)}
        case Critere():
            form: dict[str, object] = {"fait": noeud.fait}
            for key in ("min", "max", "min_exclu", "max_exclu"):
                bound = getattr(noeud, key)
                if bound is not None:
                    is_whole = isinstance(bound, float) and bound.is_integer()
                    form[key] = int(bound) if is_whole else bound
            if noeud.parmi is not None:
                form["parmi"] = list(noeud.parmi)
            return form


def node_from_json(form: Mapping[str, Any]) -> Noeud:
    """Returns the node of a form that `node_to_json` wrote; it checks nothing."""
    if "toutes" in form:
        return Toutes(tuple(node_from_json(child) for child in form["toutes"]))
    if "une_parmi" in form:
        return UneParmi(tuple(node_from_json(child) for child in form["une_parmi"]))
    if "sauf" in form:
        return Sauf(node_from_json(form["sauf"]))
    bounds = {key: form[key] for key in form.keys() - {"fait", "parmi", "a_verifier"}}
    parmi = tuple(form["parmi"]) if "parmi" in form else None
    return Critere(fait=form["fait"], parmi=parmi, **bounds)


def eligibilite_to_json(eligibilite: Eligibilite) -> dict[str, object]:
    """Returns the JSON form of a whole tree; `a_verifier` sits at the root."""
    form = node_to_json(eligibilite.racine)
    if eligibilite.a_verifier:
        form["a_verifier"] = list(eligibilite.a_verifier)
    return form


def eligibilite_from_json(form: Mapping[str, Any]) -> Eligibilite:
    """Returns the tree of a form that `eligibilite_to_json` wrote; it checks nothing."""
    return Eligibilite(racine=node_from_json(form), a_verifier=tuple(form.get("a_verifier", ())))


def canonical_json(noeud: Noeud) -> str:
    """Returns a text equal for trees that differ only by the order of criteria or of values.

    It is the identity of an expression in the catalogue: two offers with the same canonical text
    are judged once.
    """
    return json.dumps(_sorted_form(noeud), ensure_ascii=False, separators=(",", ":"))


def _sorted_form(noeud: Noeud) -> dict[str, object]:
    match noeud:
        case Toutes(noeuds):
            return {"toutes": _sorted_children(noeuds)}
        case UneParmi(noeuds):
            return {"une_parmi": _sorted_children(noeuds)}
        case Sauf(child):
            return {"sauf": _sorted_form(child)}
        case Critere():
            form = node_to_json(noeud.canonical)
            return dict(sorted(form.items()))


def _sorted_children(noeuds: tuple[Noeud, ...]) -> list[dict[str, object]]:
    forms = [_sorted_form(child) for child in noeuds]
    return sorted(forms, key=lambda form: json.dumps(form, ensure_ascii=False))
