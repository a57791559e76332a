"""The shipped synonyms in words: those that are sought, and those that a territory turns off."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.mots import SynonymeLivre
from app.web.auth.session import current_espace
from app.web.public.typographie import quoted
from app.web.public.understanding import need_labels

SHOWN = 20  # groups of a search: beyond, one more word is faster than reading on
MAX_CHERCHE = 100  # characters: the longest term has 89


@dataclass(frozen=True, slots=True, kw_only=True)
class Groupe:
    """A line in words. `is_eteignable`: it may be ticked; `is_livre`: the site still ships it."""

    cle: str
    termes: str
    sens: str
    is_coche: bool
    is_eteignable: bool = True
    is_livre: bool = True
    urgences: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonymes:
    """What is shown of the synonyms: the first groups found, then the others that are ticked."""

    cherche: str
    total: int
    """How many groups are shipped."""
    trouves: int
    groupes: Sequence[Groupe]
    autres: Sequence[Groupe]


def synonymes_of(cherche: str, eteints: Sequence[str]) -> Synonymes:
    """Returns the groups that hold the words sought, and all those that are ticked."""
    mots = current_espace().mots
    sought = " ".join(cherche.split())[:MAX_CHERCHE]
    found = mots.synonyms_with(sought)
    shown = {livre.cle: livre for livre in found[:SHOWN]}
    livres = {livre.cle: livre for livre in mots.livres}
    return Synonymes(
        cherche=sought,
        total=len(mots.livres),
        trouves=len(found),
        groupes=[_groupe(livre, livre.cle in eteints) for livre in shown.values()],
        autres=[
            _groupe(livres[cle], True) if cle in livres else _gone(cle)
            for cle in eteints
            if cle not in shown
        ],
    )


def _groupe(livre: SynonymeLivre, is_coche: bool) -> Groupe:
    return Groupe(
        cle=livre.cle,
        termes=", ".join(map(quoted, livre.termes)),
        sens=_sens(livre),
        is_coche=is_coche,
        is_eteignable=livre.is_eteignable or is_coche,
        urgences=", ".join(livre.urgences),
    )


def _gone(cle: str) -> Groupe:
    return Groupe(cle=cle, termes=quoted(cle), sens="", is_coche=True, is_livre=False)


def _sens(livre: SynonymeLivre) -> str:
    """Says what the terms find: each other, and the offers of needs, which do not find them."""
    both = {1: "", 2: "l’un trouve aussi l’autre"}.get(
        len(livre.termes), "chacun trouve aussi les autres"
    )
    vocabulaire = current_espace().catalogue.vocabulaire
    needs = frozenset[str]().union(*map(vocabulaire.thematiques_of, livre.besoins))
    if not needs:
        return both
    offers = f"les offres du besoin {' ou '.join(map(quoted, need_labels(needs, vocabulaire)))}"
    return f"{both}, et tous trouvent {offers}" if both else f"trouve {offers}"
