"""Plain ways of saying a need, as people say them: “je n’ai personne pour garder mon fils”.

The file `tournures.txt` is read here. What a way of saying names is a need, or a term of the
synonyms that it is read as; some are urgent, and name the numbers to call first. Nothing is ever
deduced about the person.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product, zip_longest

_CLASS = re.compile(r"@[\w-]+")
_NUMBER = re.compile(r"!(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cible:
    """What a line names: needs, or terms of the synonyms; numbers to call, the fittest first."""

    noms: tuple[str, ...]
    urgences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tournure:
    """Ways of saying one thing, and what it is."""

    facons: tuple[str, ...]
    cible: Cible


def read_cible(text: str) -> Cible:
    """Reads what follows “=>” in a line.

    >>> read_cible("logement-hebergement, abri de nuit !115")
    Cible(noms=('logement-hebergement', 'abri de nuit'), urgences=('115',))
    """
    noms = (nom.strip() for nom in _NUMBER.sub("", text).split(","))
    return Cible(noms=tuple(filter(None, noms)), urgences=tuple(_NUMBER.findall(text)))


def read_tournures(lines: Iterable[str]) -> Iterator[Tournure]:
    """Yields the lines of the file with their classes of words written out."""
    classes: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.startswith("@") and "=>" not in line:
            name, _, values = line.partition("=")
            classes[name.strip()] = tuple(value.strip() for value in values.split("|"))
            continue
        said, _, target = line.partition("=>")
        facons = [way for one in said.split("|") for way in _written_out(one.strip(), classes)]
        yield Tournure(facons=tuple(facons), cible=read_cible(target))


def _written_out(way: str, classes: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yields a way of saying with each word of its classes; raises `KeyError` on an unknown one."""
    names = _CLASS.findall(way)
    for words in product(*(classes[name] for name in names)):
        between = _CLASS.split(way)
        yield "".join(chain(*zip_longest(between, words, fillvalue="")))
