"""The conditions of an offer as sentences for anybody: what must be, what must not, what suffices.

Every part of the tree is said, however deep: lists are nested before a sentence gets unreadable.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi, criteres, node_from_json
from app.domain.francais import NBSP
from app.domain.wording import Wording, must

MAX_IN_SENTENCE = 3  # alternatives in one sentence: beyond, a list is easier to read
ONE_OF = f"L’une de ces conditions suffit{NBSP}:"
ALL_OF = f"Toutes ces conditions à la fois{NBSP}:"
NOT_ALL_OF = f"Ne pas remplir toutes ces conditions à la fois{NBSP}:"
NONE_OF = f"Aucune de ces situations{NBSP}:"
UNKNOWN = "Cette offre a des conditions que ce site ne sait pas dire."
NEVER = "Personne ne peut demander cette offre pour l’instant."


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition said in words; `parts` are those of a group, to be listed under it."""

    phrase: str
    parts: Sequence["Condition"] = ()

    def as_text(self) -> str:
        """Returns the condition on one line, for a plain text."""
        if not self.parts:
            return self.phrase
        parts = [part.as_text().rstrip(".") for part in self.parts]
        return f"{self.phrase} {f'{NBSP}/ '.join(parts)}."


def conditions_of(form: Mapping[str, Any] | None, wording: Wording) -> tuple[Condition, ...]:
    """Returns the conditions of a tree in its JSON form, one for each thing that must hold."""
    rules = {key: value for key, value in (form or {}).items() if key != "a_verifier"}
    if not rules:
        return ()
    racine = node_from_json(rules)
    if any(leaf.fait not in wording.vocabulaire.faits for leaf in criteres(racine)):
        return (Condition(UNKNOWN),)  # a fact that the site's configuration no longer declares
    return tuple(_said(noeud, wording, is_part=False) for noeud in conjuncts(racine))


def conjuncts(noeud: Noeud) -> Iterator[Noeud]:
    """Yields what must hold together, with exceptions brought down to what they exclude."""
    match noeud:
        case Toutes(noeuds):
            for child in noeuds:
                yield from conjuncts(child)
        case UneParmi((only,)):
            yield from conjuncts(only)
        case Sauf(Sauf(child)):
            yield from conjuncts(child)
        case Sauf(UneParmi(noeuds)):  # neither this nor that: each is excluded
            for child in noeuds:
                yield from conjuncts(Sauf(child))
        case Sauf(Toutes((only,))):
            yield from conjuncts(Sauf(only))
        case _:
            yield noeud


def _values(leaf: Critere, wording: Wording) -> tuple[Critere, ...]:
    """Returns a criterion value by value when one sentence would be too long, else itself."""
    each = tuple(replace(leaf, parmi=(value,)) for value in leaf.parmi or ())
    said = [wording.attendu(one) for one in each]
    is_long = len(each) > MAX_IN_SENTENCE or (len(each) > 1 and any(map(_is_list, said)))
    return each if is_long else (leaf,)


def _is_list(said: str) -> bool:
    """True when words hold a list already: in another one they would run into it."""
    return " ou " in said or "," in said


def _alternatives(noeud: Noeud, wording: Wording) -> Iterator[Noeud]:
    """Yields what suffices, nested alternatives included."""
    match noeud:
        case UneParmi(noeuds):
            for child in noeuds:
                yield from _alternatives(child, wording)
        case Critere():
            yield from _values(noeud, wording)
        case _:
            yield noeud


def _said(noeud: Noeud, wording: Wording, *, is_part: bool) -> Condition:
    match noeud:
        case Critere() | UneParmi():
            return _one_of(noeud, wording, is_part=is_part)
        case Sauf(Critere() as leaf):
            each = _values(leaf, wording)
            if len(each) > 1:
                return _group(NONE_OF, each, wording)
            return Condition(_sentence(wording.attendu(noeud), is_part=is_part))
        case Sauf(Toutes(())):
            return Condition(NEVER)
        case Sauf(Toutes(noeuds)):
            return _group(NOT_ALL_OF, noeuds, wording)
        case _:
            flat = tuple(conjuncts(noeud))
            if len(flat) == 1:
                return _said(flat[0], wording, is_part=is_part)
            return _group(ALL_OF, flat, wording)


def _one_of(noeud: Noeud, wording: Wording, *, is_part: bool) -> Condition:
    parts = tuple(_alternatives(noeud, wording))
    said = [wording.attendu(part) for part in parts if isinstance(part, Critere)]
    is_short = len(said) == len(parts) <= MAX_IN_SENTENCE
    if len(parts) == 1 or (is_short and not any(map(_is_list, said))):
        return Condition(_sentence(" ou ".join(said), is_part=is_part))
    return _group(ONE_OF, parts, wording)


def _group(phrase: str, noeuds: Sequence[Noeud], wording: Wording) -> Condition:
    parts = (_said(noeud, wording, is_part=True) for noeud in noeuds)
    return Condition(phrase, tuple(dict.fromkeys(parts)))  # two facts may be said alike


def _sentence(attendu: str, *, is_part: bool) -> str:
    if is_part:
        return f"{attendu[:1].upper()}{attendu[1:]}."
    return f"{must(attendu)}."
