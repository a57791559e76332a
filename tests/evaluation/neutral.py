"""Reads the neutral form of eligibility conditions and judges it: the second opinion.

Nothing here comes from the program: places are plain sets of commune codes read from the shipped
CSV files, and a leaf is decided by trying the values that are still possible, one by one.
"""

import csv
import gzip
import json
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GEO = ROOT / "seed" / "data" / "geo"
OFFERS = ROOT.parent / "shared" / "evaluation" / "aides" / "offers.json"

PLACE_FACTS = ("commune", "epci", "departement", "region")
POSTAL_CODE = "code_postal"
WHOLE_NUMBERS = ("age", "nb_enfants")
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
BOTH = frozenset((True, False))

Value = str | bool | float


# --- the conditions ---


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A condition on one fact; the same condition is the same object in every tree."""

    fact: str
    op: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """`all`, `any` or `not` of nodes."""

    op: str
    nodes: tuple["Node", ...]


Node = Leaf | Group


@dataclass(frozen=True, slots=True)
class Aid:
    """A real aid: its name in the source and its conditions."""

    id: str
    conditions: Node


def read_aids(path: Path = OFFERS) -> list[Aid]:
    """Reads every aid of the file; a form that is not understood is an error, never a guess."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return [Aid(offer["id"], read_node(offer["conditions"])) for offer in content["offers"]]


def read_node(form: Mapping[str, Any]) -> Node:
    """Reads one node of the neutral form."""
    match form:
        case {"op": "all" | "any" as op, "of": list(nodes), **rest} if rest.keys() <= {"id"}:
            return Group(op, tuple(read_node(node) for node in nodes))
        case {"op": "not", "of": Mapping() as node, **rest} if rest.keys() <= {"id"}:
            return Group("not", (read_node(node),))
        case {"fact": str(fact), "op": "in" | "not_in" as op, "values": list(values), **rest} if (
            rest.keys() <= {"id"}
        ):
            return _leaf(fact, op, tuple(values))
        case {"fact": str(fact), "op": str(op), "value": value, **rest} if rest.keys() <= {
            "id"
        } and (op == "is" or op in COMPARISONS):
            return _leaf(fact, op, (value,))
    raise ValueError(f"not the neutral form: {form}")


@cache
def _leaf(fact: str, op: str, values: tuple[Value, ...]) -> Leaf:
    return Leaf(fact, op, values)


def leaves(node: Node) -> Iterator[Leaf]:
    """Yields the leaves of a tree, in written order."""
    if isinstance(node, Leaf):
        yield node
    else:
        for child in node.nodes:
            yield from leaves(child)


# --- the places ---


class Places:
    """The smallest places (communes, or arrondissements where a commune has some), by name."""

    def __init__(self) -> None:
        communes = _rows(GEO / "communes.csv.gz")
        former = _rows(GEO / "communes-anciennes.csv")
        parts: dict[str, set[str]] = {}
        for row in former:
            if row["type"] == "arrondissement-municipal":
                parts.setdefault(row["code_insee_actuel"], set()).add(row["code_insee"])
        found: dict[tuple[str, str], set[str]] = {}
        self.names_of: dict[str, dict[str, str]] = {}
        for row in communes:
            code = row["code_insee"]
            names = {"commune": code, "departement": row["departement"], "region": row["region"]}
            if row["epci_code"]:
                names["epci"] = row["epci_code"]
            inside = parts.get(code, {code})
            self.names_of |= dict.fromkeys(inside, names)
            kinds = [*names.items(), *((POSTAL_CODE, c) for c in row["codes_postaux"].split("|"))]
            for name in kinds:
                found.setdefault(name, set()).update(inside)
        self._sets = {name: frozenset(codes) for name, codes in found.items()}
        self._sets |= {("commune", c): frozenset((c,)) for codes in parts.values() for c in codes}
        self.former_codes: dict[str, list[str]] = {}
        for row in former:
            old, today = row["code_insee"], row["code_insee_actuel"]
            if row["type"] != "arrondissement-municipal" and ("commune", old) not in self._sets:
                self._sets["commune", old] = self._sets["commune", today]
                self.former_codes.setdefault(today, []).append(old)
        self.everywhere = frozenset(self.names_of)

    def named(self, kind: str, code: str) -> frozenset[str]:
        """The smallest places of a commune of today or of the past, an EPCI, a département…"""
        return self._sets[kind, code]

    @cache  # noqa: B019 - one object lives as long as the tests
    def accepted(self, leaf: Leaf) -> frozenset[str]:
        """Every smallest place that a leaf names."""
        return frozenset().union(*(self.named(leaf.fact, str(code)) for code in leaf.values))


def _rows(path: Path) -> list[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the person ---


@dataclass(frozen=True, slots=True)
class Interval:
    """A number known to lie between two bounds, both included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Person:
    """What is known: the places still possible, and by fact the values still possible.

    A fact absent is unknown. A number that does not exist for this person is None.
    """

    places: frozenset[str]
    facts: Mapping[str, frozenset[Value] | Interval | None] = field(default_factory=dict)


# --- the judgement ---


def judge(node: Node, value_of: Mapping[Leaf, bool | None]) -> bool | None:
    """Kleene's value of a tree, None when undecided, given the value of each leaf."""
    if isinstance(node, Leaf):
        return value_of[node]
    values = {judge(child, value_of) for child in node.nodes}
    if node.op == "not":
        (value,) = values
        return None if value is None else not value
    settling = node.op == "any"  # the value that settles the group alone
    if settling in values:
        return settling
    return None if None in values else not settling


def decide(leaf: Leaf, person: Person, places: Places) -> bool | None:
    """The one answer that all values still possible give, None when they disagree."""
    answers = _answers(leaf, person, places)
    return next(iter(answers)) if len(answers) == 1 else None


def _answers(leaf: Leaf, person: Person, places: Places) -> frozenset[bool]:
    if leaf.op in COMPARISONS:
        return _number_answers(leaf, person)
    if leaf.fact in PLACE_FACTS:
        inside = _inclusion(person.places, places.accepted(leaf))
    elif leaf.fact == POSTAL_CODE:
        inside = _postal_answers(leaf, person, places)
    elif leaf.fact in person.facts:
        inside = frozenset(value in leaf.values for value in _choices(person, leaf.fact))
    else:
        return BOTH  # every list has a value that no condition names
    return frozenset(not answer for answer in inside) if leaf.op == "not_in" else inside


def _choices(person: Person, fact: str) -> frozenset[Value]:
    values = person.facts[fact]
    assert isinstance(values, frozenset), fact
    return values


@cache
def _inclusion(possible: frozenset[str], accepted: frozenset[str]) -> frozenset[bool]:
    if possible <= accepted:
        return frozenset((True,))
    return frozenset((False,)) if possible.isdisjoint(accepted) else BOTH


def _postal_answers(leaf: Leaf, person: Person, places: Places) -> frozenset[bool]:
    """Living where no code of the leaf is delivered settles it; living there does not."""
    if _inclusion(person.places, places.accepted(leaf)) == {False}:
        return frozenset((False,))
    if leaf.fact not in person.facts:
        return BOTH
    return frozenset(value in leaf.values for value in _choices(person, leaf.fact))


def _number_answers(leaf: Leaf, person: Person) -> frozenset[bool]:
    compare = COMPARISONS[leaf.op]
    (bound,) = leaf.values
    known = person.facts.get(leaf.fact, Interval(-math.inf, math.inf))
    if known is None:
        return frozenset((False,))
    assert isinstance(known, Interval), leaf.fact
    assert isinstance(bound, int | float), leaf
    answers = {compare(n, bound) for n in _telling_numbers(known, bound, leaf.fact)}
    if leaf.fact not in person.facts:
        answers.add(False)  # perhaps the number does not exist
    return frozenset(answers)


def _telling_numbers(known: Interval, bound: float, fact: str) -> list[float]:
    """Possible numbers, enough of them: a comparison only changes its answer around its bound."""
    low, high = max(known.low, -1e12), min(known.high, 1e12)
    if fact in WHOLE_NUMBERS:
        first, last = math.ceil(low), math.floor(high)
        near = range(math.floor(bound) - 1, math.ceil(bound) + 2)
        return [first, last, *(n for n in near if first <= n <= last)]
    around = (math.nextafter(bound, -math.inf), bound, math.nextafter(bound, math.inf))
    return [low, high, *(n for n in around if low <= n <= high)]
