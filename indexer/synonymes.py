"""The shipped synonyms (`synonymes.txt`): read line by line, and looked up by whoever sets them."""

from collections.abc import Sequence
from functools import cache

from app.domain.mots import SynonymeLivre
from indexer.analysis import LINKING_WORDS, synonym_lines, token_of, words
from indexer.tournures import read_cible


def read_synonyme(line: str) -> SynonymeLivre:
    """Reads a line of the file, without its source.

    >>> read_synonyme("abri de nuit | halte de nuit => logement-hebergement !115")
    SynonymeLivre(termes=('abri de nuit', 'halte de nuit'), besoins=('logement-hebergement',), \
urgences=('115',))
    """
    terms, _, target = line.partition("=>")
    cible = read_cible(target)
    return SynonymeLivre(
        termes=tuple(term.strip() for term in terms.split("|")),
        besoins=cible.noms,
        urgences=cible.urgences,
    )


@cache
def shipped_synonyms() -> tuple[SynonymeLivre, ...]:
    """All the lines, in the order of the file."""
    return tuple(map(read_synonyme, synonym_lines()))


def synonyms_with(typed: str) -> Sequence[SynonymeLivre]:
    """Returns the lines of which a term holds the words typed, begun or inflected.

    Those that have these very words as a term come first.
    """
    sought = _told(typed)
    if not sought:
        return []
    found = [line for line in shipped_synonyms() if any(_holds(t, sought) for t in line.termes)]
    return sorted(found, key=lambda line: all(_told(t) != sought for t in line.termes))


def _told(text: str) -> list[str]:
    return [word for word in words(text) if word not in LINKING_WORDS]


def _holds(terme: str, sought: Sequence[str]) -> bool:
    told = words(terme)
    return all(
        any(word.startswith(asked) or token_of(word) == token_of(asked) for word in told)
        for asked in sought
    )
