"""What is set of a territory from the site: weights, names, places, basins, local words.

The shipped files are the defaults; the newest version of each setting is in force. Nothing is ever
erased: going back writes a new version. A territory that is not shipped has been added.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Any, Protocol

from app.domain.errors import CatalogueError, LieuInconnu, Probleme
from app.domain.geographie import FRANCE, Geographie
from app.domain.noms import name_key
from app.domain.poids import Poids
from app.domain.territoire import Bassin, Contact, Point, Territoire, Zone
from app.domain.verdict import Valeur

TOTAL_POIDS = 100.0  # weights are points out of 100 (design section 5)
MAX_DECIMALES = 1  # a tenth of a point already separates hardly any two offers
MAX_NOM = 100  # characters of a name, as that of a person
MAX_SLUG = 60  # characters of an address, cut where a name is longer
MAX_NOTE = 500  # the longest shipped note has 330 characters
MAX_NAMED = 5  # communes named in one message: beyond, their number is enough
MAX_DEGRE = 5  # decimals of a centre, a metre: those of the shipped ones
BASSINS, LIEUX = "bassins", "lieux"
AJOUTE = "ajoute"  # when a territory was added, which one that is shipped has not
PARTS = tuple(part.name for part in fields(Poids))
Valeurs = Mapping[str, Any]


class Nature(StrEnum):
    """What is set."""

    POIDS = "poids"
    TERRITOIRE = "territoire"
    MOTS = "mots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reglage:
    """One version of a setting; empty values are the shipped ones. `id` grows with time."""

    id: int
    territoire: str
    nature: Nature
    valeurs: Valeurs
    auteur: str
    quand: datetime


class ReglageInvalide(CatalogueError):
    """Values that cannot be in force; every fault is listed, at the path of its field."""

    def __init__(self, problemes: Sequence[Probleme]) -> None:
        super().__init__(", ".join(f"{p.chemin}: {p.motif}" for p in problemes))
        self.problemes = tuple(problemes)


class ReglageModifie(CatalogueError):
    """Somebody else has changed the setting since its author saw it."""


class ReglageStore(Protocol):
    """Keeps settings and their history."""

    def newest(self) -> int:
        """Returns the number of the newest version of anything, 0 without any: a cheap question."""
        ...

    def in_force(self) -> Sequence[Reglage]:
        """Returns the newest version of each setting."""
        ...

    def history(self, territoire: str, nature: Nature) -> Sequence[Reglage]:
        """Returns all versions of a setting, newest first."""
        ...

    def add(
        self,
        territoire: str,
        nature: Nature,
        valeurs: Valeurs,
        *,
        base: int,
        auteur: str,
        quand: datetime,
    ) -> None:
        """Writes a version. Raises `ReglageModifie` when `base` is not the newest one.

        Values that are in force already are not written again.
        """
        ...


def read_poids(valeurs: Valeurs, default: Poids) -> Poids:
    """Returns the weights of a setting; each missing one is the default. Raises `ReglageInvalide`.

    Each lies between 0 and 100, to a tenth, and together they are 100.
    """
    problemes, read = [], {}
    for name in PARTS:
        value = valeurs.get(name, getattr(default, name))
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= TOTAL_POIDS:
            problemes.append(Probleme(chemin=name, motif="borne"))
        elif round(value, MAX_DECIMALES) != value:
            problemes.append(Probleme(chemin=name, motif="decimales"))
        else:
            read[name] = float(value)
    total = round(sum(read.values()), MAX_DECIMALES)
    if not problemes and total != TOTAL_POIDS:
        problemes.append(Probleme(chemin="total", motif="total", details={"total": f"{total:g}"}))
    if problemes:
        raise ReglageInvalide(problemes)
    return Poids(**read)


def read_territoire(valeurs: Valeurs, livre: Territoire, geographie: Geographie) -> Territoire:
    """Returns a territory as it is set; what is not set is as shipped. Raises `ReglageInvalide`.

    A place that straddles the border counts for its communes inside; basins share no commune. A
    basin that is set to none is removed; one that is not shipped comes after those that are.
    """
    before = geographie.union(livre.zone)
    livre, misplaced = _placed(valeurs, livre, geographie)
    # Basins are not judged by places that are still to be corrected.
    zone = geographie.france if misplaced else geographie.union(livre.zone)
    problemes = list(misplaced)
    nom = valeurs.get("nom", livre.nom)
    note = valeurs.get("note", livre.note) or None
    problemes += _name_problems("nom", nom)
    if note is not None and len(note) > MAX_NOTE:
        problemes.append(Probleme(chemin="note", motif="long"))
    bassins, wrong = _bassins(valeurs.get(BASSINS, {}), livre, zone, geographie)
    if LIEUX in valeurs:
        problemes += _left_outside(bassins, wrong, before, zone)
    problemes += wrong
    problemes += _shared(bassins, geographie)
    if problemes:
        raise ReglageInvalide(problemes)
    contact = valeurs.get("contact")
    return replace(
        livre,
        nom=nom,
        note=note,
        bassins=tuple(bassins),
        contact=Contact(**contact) if contact else livre.contact,
    )


def _placed(
    valeurs: Valeurs, livre: Territoire, geographie: Geographie
) -> tuple[Territoire, list[Probleme]]:
    """Returns a territory with the places that are set; its centre moves with what they cover."""
    if LIEUX not in valeurs and livre.zone:
        return livre, []
    refs: list[str] = []
    problemes = []
    for ref in valeurs.get(LIEUX, ()):
        try:
            known = geographie.canonical_ref(ref)
            is_somewhere = not geographie.zone(known).is_empty
        except LieuInconnu:
            is_somewhere = False
        if not is_somewhere:
            problemes.append(Probleme(chemin=LIEUX, motif="inconnu", details={"lieu": ref}))
        elif known == FRANCE:
            problemes.append(Probleme(chemin=LIEUX, motif="france"))
        else:
            refs.append(known)
    zone = geographie.union(refs)
    if zone.is_empty:
        return livre, problemes or [Probleme(chemin=LIEUX, motif="aucun-lieu")]
    if zone != geographie.union(livre.zone):
        centre = geographie.bounding_circle(zone).centre
        point = Point(round(centre.lat, MAX_DEGRE), round(centre.lon, MAX_DEGRE))
        livre = replace(livre, centre=point)
    return replace(livre, zone=tuple(dict.fromkeys(refs))), problemes


def _bassins(
    said: Valeurs, livre: Territoire, zone: Zone, geographie: Geographie
) -> tuple[list[Bassin], list[Probleme]]:
    shipped = {bassin.slug: bassin for bassin in livre.bassins}
    bassins, problemes = [], []
    for slug in dict.fromkeys((*shipped, *said)):
        if slug not in said:
            bassins.append(shipped[slug])
        elif said[slug] is not None:
            found, wrong = _bassin(slug, said[slug], zone, geographie)
            problemes += wrong
            bassins.append(found)
    return bassins, problemes


def _left_outside(
    bassins: Sequence[Bassin], problemes: Sequence[Probleme], before: Zone, zone: Zone
) -> list[Probleme]:
    """Returns the basins of which some place, which the territory had before, is not in it."""
    told = {p.chemin for p in problemes if p.motif == "dehors"}
    outside = [
        bassin.nom
        for bassin in bassins
        if f"{BASSINS}.{bassin.slug}.{LIEUX}" in told
        or bassin.zone & before & zone != bassin.zone & before
    ]
    if not outside:
        return []
    said = ", ".join(f"« {nom} »" for nom in outside)
    return [Probleme(chemin=LIEUX, motif="bassins-dehors", details={"bassins": said})]


def _name_problems(chemin: str, nom: str) -> list[Probleme]:
    if not nom.strip():
        return [Probleme(chemin=chemin, motif="vide")]
    return [Probleme(chemin=chemin, motif="long")] if len(nom) > MAX_NOM else []


def slug_of(territoire: str, nom: str, taken: Container[str]) -> str:
    """Returns a slug for the name of a new basin of a territory: nothing else has had it.

    Two territories never give the same, even at once.

    >>> slug_of("meuse", "Nord", taken={"meuse-nord"})
    'meuse-nord-2'
    """
    words = f"{territoire}-{name_key(nom).replace(' ', '-')}"[:MAX_SLUG].strip("-")
    return next(
        slug
        for rank in count(1)
        if (slug := words if rank == 1 else f"{words}-{rank}") not in taken
    )


def _bassin(
    slug: str, said: Valeurs, territoire: Zone, geographie: Geographie
) -> tuple[Bassin, list[Probleme]]:
    problemes = _name_problems(f"{BASSINS}.{slug}.nom", said["nom"])
    chemin, zone = f"{BASSINS}.{slug}.lieux", Zone(0)
    for ref in said["lieux"]:
        try:
            place = geographie.zone(geographie.canonical_ref(ref))
        except LieuInconnu:
            problemes.append(Probleme(chemin=chemin, motif="inconnu", details={"lieu": ref}))
            continue
        if territoire.covers(place) is Valeur.NON:
            problemes.append(Probleme(chemin=chemin, motif="dehors", details={"lieu": ref}))
        zone |= place & territoire
    if zone.is_empty and not problemes:
        problemes.append(Probleme(chemin=chemin, motif="aucun-lieu"))
    return Bassin(slug=slug, nom=said["nom"], zone=zone), problemes


def _shared(bassins: Sequence[Bassin], geographie: Geographie) -> list[Probleme]:
    """Returns what two basins must not share: a name, or communes."""
    problemes = []
    for rank, bassin in enumerate(bassins):
        for other in bassins[:rank]:
            if name_key(bassin.nom) == name_key(other.nom):
                problemes.append(
                    Probleme(
                        chemin=f"{BASSINS}.{bassin.slug}.nom",
                        motif="doublon",
                        details={"nom": other.nom},
                    )
                )
            both = geographie.places_of(bassin.zone & other.zone)
            if both:
                noms = ", ".join(place.nom for place in both[:MAX_NAMED])
                problemes.append(
                    Probleme(
                        chemin=f"{BASSINS}.{bassin.slug}.lieux",
                        motif="partage",
                        details={
                            "lieux": noms,
                            "autres": str(max(0, len(both) - MAX_NAMED)),
                            "bassin": other.nom,
                        },
                    )
                )
    return problemes


def in_force(livre: Territoire, reglages: Sequence[Reglage], geographie: Geographie) -> Territoire:
    """Returns a territory as it is set now.

    Values that the code no longer understands, as a commune that has ceased to exist, leave what is
    shipped in force: a site never stops for a setting.
    """
    own = {r.nature: r.valeurs for r in reglages if r.territoire == livre.slug}
    valeurs = own.get(Nature.TERRITOIRE, {})
    try:
        territoire = read_territoire(valeurs, livre, geographie)
    except (ReglageInvalide, KeyError, TypeError, AttributeError):
        territoire = _lasting(valeurs, livre, geographie)
    try:
        poids = read_poids(own[Nature.POIDS], livre.poids) if own.get(Nature.POIDS) else livre.poids
    except ReglageInvalide:
        poids = livre.poids
    return replace(territoire, poids=poids)


def _lasting(valeurs: Valeurs, livre: Territoire, geographie: Geographie) -> Territoire:
    """Returns what is shipped, in those places of the values that still exist: rights never widen.

    A territory that was added keeps its name.
    """
    try:
        lieux = [ref for ref in valeurs.get(LIEUX, ()) if _exists(ref, geographie)]
    except (TypeError, AttributeError):
        return livre
    if not lieux:
        return livre
    placed, _ = _placed({LIEUX: lieux}, livre, geographie)
    zone = geographie.union(placed.zone)
    inside = (replace(bassin, zone=bassin.zone & zone) for bassin in livre.bassins)
    return replace(
        placed,
        nom=livre.nom or str(valeurs.get("nom") or livre.slug),
        bassins=tuple(bassin for bassin in inside if not bassin.zone.is_empty),
    )


def _exists(ref: str, geographie: Geographie) -> bool:
    try:
        geographie.canonical_ref(ref)
    except LieuInconnu:
        return False
    return True
