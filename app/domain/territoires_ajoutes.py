"""Territories that were added from the site: nothing of them is shipped, all of it is set."""

from collections.abc import Collection, Sequence
from itertools import count

from app.domain.errors import Probleme
from app.domain.geographie import Geographie
from app.domain.noms import name_key
from app.domain.reglages import AJOUTE, MAX_SLUG, Nature, Reglage, in_force
from app.domain.territoire import Point, Territoire


def slug_of_territoire(nom: str, taken: Collection[str]) -> str:
    """Returns a slug for the name of a new territory: nothing else has had it.

    Slugs of basins begin with that of their territory: none of two territories begins the other.

    >>> slug_of_territoire("Sud Ardèche", taken={"meuse"})
    'sud-ardeche'
    >>> slug_of_territoire("Meuse Nord", taken={"meuse"})
    'territoire2-meuse-nord'
    """
    words = name_key(nom).replace(" ", "-")[:MAX_SLUG].strip("-") or "territoire"
    names = (words if rank == 1 else f"territoire{rank}-{words}" for rank in count(1))
    return next(slug for slug in names if not any(_is_near(slug, other) for other in taken))


def _is_near(slug: str, other: str) -> bool:
    return f"{other}-".startswith(f"{slug}-") or slug.startswith(f"{other}-")


def homonyms(slug: str, nom: str, territoires: Sequence[Territoire]) -> list[Probleme]:
    """Returns what is wrong with a territory's name when another one has it."""
    return [
        Probleme(chemin="nom", motif="territoire-doublon", details={"nom": other.nom})
        for other in territoires
        if other.slug != slug and name_key(other.nom) == name_key(nom)
    ]


def blank(slug: str) -> Territoire:
    """Returns what is shipped of a territory that was added: nothing."""
    return Territoire(slug=slug, nom="", zone=(), centre=Point(0.0, 0.0), bassins=())


def all_in_force(
    livres: Sequence[Territoire], reglages: Sequence[Reglage], geographie: Geographie
) -> Sequence[Territoire]:
    """Returns the territories as they are set now: those that are shipped, then those added.

    The oldest comes first: where two share a commune, one that is added changes nothing of how the
    other ranks.
    """
    shipped = {livre.slug for livre in livres}
    added = sorted(
        (reglage.valeurs[AJOUTE], reglage.territoire)
        for reglage in reglages
        if reglage.nature is Nature.TERRITOIRE
        and AJOUTE in reglage.valeurs
        and reglage.territoire not in shipped
    )
    bases = (*livres, *(blank(slug) for _, slug in added))
    found = (in_force(base, reglages, geographie) for base in bases)
    return [territoire for territoire in found if territoire.zone]
