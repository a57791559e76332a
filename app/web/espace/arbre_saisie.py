"""A tree of conditions as the fields of a form, without JavaScript.

Each node has a path, such as `eligibilite.0.2`, and fields named after it. A group is “all”, “one
of” or “none of”: the negation of a tree has no other way of being said, and means the same.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.arbre import MAX_DEPTH, MAX_LEAVES

BORNES = ("min", "max", "min_exclu", "max_exclu")
Lieux = Callable[[str], list[str]]
"""Returns the references of places typed one a line; what is no place stays as it was typed."""
MAX_BRANCHES = 2 * MAX_LEAVES  # of one form: more is no person's doing
_RANK = re.compile(r"\d{1,3}")
_SPACES = re.compile(r"\s")


class Genre(StrEnum):
    """What a node is."""

    CRITERE = "critere"
    TOUTES = "toutes"
    UNE_PARMI = "une-parmi"
    AUCUNE = "aucune"


@dataclass(slots=True, kw_only=True)
class Branche:
    """A node as it is typed: a criterion may lack its fact, or its values, until it is finished."""

    chemin: str
    genre: Genre = Genre.TOUTES
    fait: str = ""
    bornes: dict[str, str] = field(default_factory=dict)
    parmi: list[str] = field(default_factory=list)
    enfants: list["Branche"] = field(default_factory=list)

    def walk(self) -> Iterator["Branche"]:
        """Yields this node and all under it."""
        yield self
        for enfant in self.enfants:
            yield from enfant.walk()

    def renumbered(self, chemin: str) -> "Branche":
        """Gives every node the path of where it now stands."""
        self.chemin = chemin
        for rang, enfant in enumerate(self.enfants):
            enfant.renumbered(f"{chemin}.{rang}")
        return self


def branche_of(form: Mapping[str, Any] | None, chemin: str) -> Branche:
    """Returns the fields of a tree in its JSON form; a lone criterion stands in a group of all."""
    rules = {key: value for key, value in (form or {}).items() if key != "a_verifier"}
    if not rules:
        return Branche(chemin=chemin)
    racine = _branche(rules, chemin)
    if racine.genre is Genre.CRITERE:
        racine = Branche(chemin=chemin, enfants=[racine])
    return racine.renumbered(chemin)


def _branche(form: Mapping[str, Any], chemin: str) -> Branche:
    if "fait" in form:
        return Branche(
            chemin=chemin,
            genre=Genre.CRITERE,
            fait=form["fait"],
            bornes={key: number_typed(form[key]) for key in BORNES if key in form},
            parmi=list(form.get("parmi", ())),
        )
    if "sauf" in form:
        inner = form["sauf"]
        parts = inner.get("une_parmi", [inner])
        genre = Genre.AUCUNE
    elif "une_parmi" in form:
        parts, genre = form["une_parmi"], Genre.UNE_PARMI
    else:
        parts, genre = form["toutes"], Genre.TOUTES
    return Branche(chemin=chemin, genre=genre, enfants=[_branche(p, chemin) for p in parts])


def number_typed(value: object) -> str:
    """Returns a number as it is typed in French, with all its digits; a text is itself."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    return str(value)


def read_branche(fields: MultiDict[str, str], chemin: str) -> Branche:
    """Returns the tree that a form holds; what is too deep or too much is left out."""
    children: dict[str, list[int]] = {}
    count = 0
    for name in fields:
        parent, _, rest = name.removesuffix(".genre").rpartition(".")
        is_node = name.endswith(".genre") and name.startswith(f"{chemin}.")
        if is_node and _RANK.fullmatch(rest) and count < MAX_BRANCHES:
            children.setdefault(parent, []).append(int(rest))
            count += 1
    return _read(fields, chemin, children, MAX_DEPTH).renumbered(chemin)


def _read(
    fields: MultiDict[str, str], chemin: str, children: Mapping[str, list[int]], depth: int
) -> Branche:
    typed = fields.get(f"{chemin}.genre", "")
    genre = Genre(typed) if typed in set(Genre) else Genre.TOUTES
    if genre is Genre.CRITERE:
        bornes = {key: fields.get(f"{chemin}.{key}", "").strip() for key in BORNES}
        return Branche(
            chemin=chemin,
            genre=genre,
            fait=fields.get(f"{chemin}.fait", ""),
            bornes={key: value for key, value in bornes.items() if value},
            parmi=[v for v in fields.getlist(f"{chemin}.parmi") if v.strip()],
        )
    ranks = sorted(set(children.get(chemin, ()))) if depth else []
    enfants = [_read(fields, f"{chemin}.{rank}", children, depth - 1) for rank in ranks]
    return Branche(chemin=chemin, genre=genre, enfants=enfants)


@dataclass(slots=True, kw_only=True)
class Ecrit:
    """The JSON form of a tree, and which node of the form each of its paths came from."""

    form: dict[str, Any] | None
    chemins: dict[str, str]

    def chemin_of(self, path: str) -> str | None:
        """Returns the node of the form where a fault found in the JSON is mended."""
        held = [
            own for own in self.chemins if path == own or path.startswith((f"{own}.", f"{own}["))
        ]
        return self.chemins[max(held, key=len)] if held else None


def written(racine: Branche, places: Lieux, lieux: Sequence[str]) -> Ecrit:
    """Returns the JSON form of a tree: None when nothing was asked.

    `lieux` are the facts whose values are places, typed by their names.
    """
    chemins: dict[str, str] = {}
    form = _written(racine, racine.chemin, chemins, places, frozenset(lieux))
    return Ecrit(form=form if racine.enfants else None, chemins=chemins)


def _written(
    branche: Branche, path: str, chemins: dict[str, str], places: Lieux, lieux: frozenset[str]
) -> dict[str, Any]:
    chemins[path] = branche.chemin
    if branche.genre is Genre.CRITERE:
        form: dict[str, Any] = {"fait": branche.fait}
        form |= {key: _bound(value) for key, value in branche.bornes.items()}
        parmi = branche.parmi
        if branche.fait in lieux:
            parmi = [ref for text in parmi for ref in places(text)]
        if parmi:
            form["parmi"] = parmi
        return form

    def parts(inner: str) -> list[dict[str, Any]]:
        return [
            _written(enfant, f"{inner}[{rang}]", chemins, places, lieux)
            for rang, enfant in enumerate(branche.enfants)
        ]

    if branche.genre is Genre.AUCUNE:
        if len(branche.enfants) == 1:
            only = branche.enfants[0]
            return {"sauf": _written(only, f"{path}.sauf", chemins, places, lieux)}
        return {"sauf": {"une_parmi": parts(f"{path}.sauf.une_parmi")}}
    key = "toutes" if branche.genre is Genre.TOUTES else "une_parmi"
    if len(branche.enfants) == 1 and path == branche.chemin:  # the root of a lone criterion
        return _written(branche.enfants[0], path, chemins, places, lieux)
    return {key: parts(f"{path}.{key}")}


def number_of(text: str) -> float | None:
    """Returns the number that is typed as in French (“1 200,5”), None when it is none."""
    try:
        return float(_SPACES.sub("", text).replace(",", "."))
    except ValueError:
        return None


def _bound(text: str) -> float | int | str:
    """Returns a bound as JSON has it; a level keeps its name, and what is neither is refused."""
    number = number_of(text)
    if number is None:
        return text
    return int(number) if number.is_integer() else number


def apply(racine: Branche, faire: str) -> bool:
    """Does what a button of the builder says; False when it is no button of this tree.

    `ajouter`, `grouper` and `retirer` are followed by the path that they are about.
    """
    geste, _, chemin = faire.partition(":")
    found = {branche.chemin: branche for branche in racine.walk()}
    if chemin not in found:
        return False
    branche = found[chemin]
    match geste:
        case "ajouter" if branche.genre is not Genre.CRITERE:
            branche.enfants.append(Branche(chemin="", genre=Genre.CRITERE))
        case "grouper" if branche.genre is not Genre.CRITERE:
            branche.enfants.append(
                Branche(chemin="", genre=Genre.UNE_PARMI, enfants=[_blank(), _blank()])
            )
        case "retirer":
            parent = found.get(chemin.rpartition(".")[0])
            if parent is None or chemin == racine.chemin:
                racine.enfants.clear()
            else:
                parent.enfants.remove(branche)
        case "choisir" if branche.genre is Genre.CRITERE:
            pass  # the page shows the values of the fact that is now chosen
        case _:
            return False
    racine.renumbered(racine.chemin)
    return True


def _blank() -> Branche:
    return Branche(chemin="", genre=Genre.CRITERE)
