"""Likely duplicates: which listings may be one, why, and what is decided of them.

data·inclusion and Soliguide weigh the same marks (names, addresses, distance) with models of
their own, whose weights mean nothing elsewhere. Here reasons are counted and shown: a coordinator
reads them, and decides. Two records of one source are its own business: only sources are compared,
besides the listings that begin here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from itertools import combinations
from typing import Any, Protocol

from app.domain.edition import SOURCE_LOCALE, FicheRef, Listing
from app.domain.errors import CatalogueError
from app.domain.noms import name_key
from app.domain.offre import StructureId
from app.domain.territoire import Point, distance_km

# Sources geocode one address each in its own way: the 58 pairs of the shipped catalogue that have
# one name and one address are at most 202 m apart.
MAX_METRES = 250
# token_set_ratio of RapidFuzz, of 100: in the shipped catalogue, pairs with one address are one
# place from 75 on, and mostly neighbours (two lycées, a library and a town hall) below.
MIN_NOM_PROCHE = 75.0
# A number or an address that many listings share is a switchboard: it tells nothing. The largest
# group of the shipped catalogue has 6.
MAX_GROUPE = 12
_CHIFFRES_TELEPHONE = 9  # a French number without its 0 or its +33 (ARCEP, plan de numérotation)
# Chosen as one: a street of one listing in the commune of another is nowhere.
LIEU = (
    "adresse", "complement_adresse", "code_postal", "commune", "code_insee", "longitude",
    "latitude",
)  # fmt: skip


class Raison(StrEnum):
    """Why two listings may be one."""

    SIRET = "siret"  # one establishment has one (article R123-221 of the Code de commerce)
    NOM = "nom"
    NOM_PROCHE = "nom-proche"
    TELEPHONE = "telephone"
    COURRIEL = "courriel"
    ADRESSE = "adresse"
    COMMUNE = "commune"
    PROXIMITE = "proximite"
    STRUCTURE = "structure"  # of two offers


class Vraisemblance(IntEnum):
    """How likely it is that two listings are one."""

    POSSIBLE = 1
    PROBABLE = 2


class FusionRefusee(CatalogueError):
    """What is asked no longer fits what the listings are: somebody decided meanwhile."""


class FusionSuivie(CatalogueError):
    """The listing that was kept was then merged with another: that is undone first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reperes:
    """What a listing is compared by; texts are folded, None is what it does not say.

    `libelle` is its name as it is written. `groupe` is what both must share when they have one: the
    structure of an offer.
    """

    id: str
    structure_id: StructureId
    source: str
    libelle: str
    nom: str
    siret: str | None = None
    telephone: str | None = None
    courriel: str | None = None
    adresse: str | None = None
    code_insee: str | None = None
    point: Point | None = None
    groupe: str | None = None
    is_cache: bool = False
    """True for a refuge: the public reads neither its place nor its SIRET, which leads there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paire:
    """Two listings that may be one, in the order of their ids."""

    une: Reperes
    autre: Reperes
    raisons: Set[Raison]
    vraisemblance: Vraisemblance


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusion:
    """One listing taken into another; its own stays in the record, withdrawn."""

    id: int
    garde: FicheRef
    absorbe: FicheRef
    auteur: str
    quand: datetime


Nearness = Callable[[str, str], float]
"""How alike two folded names are, from 0 to 100."""


def telephone_key(text: str | None) -> str | None:
    """Returns the digits that tell a French number, None for short ones, which belong to many.

    >>> telephone_key("+33 4 90 00 00 00") == telephone_key("04.90.00.00.00")
    True
    """
    digits = "".join(char for char in text or "" if char.isdecimal())
    return digits[-_CHIFFRES_TELEPHONE:] if len(digits) > _CHIFFRES_TELEPHONE else None


def reperes_of(said: Mapping[str, Any]) -> Reperes:
    """Returns what a listing is compared by, from its fields: `structure_id` tells an offer.

    `cle_nom` is its folded name, when somebody has folded it already.
    """
    has_point = said["latitude"] is not None and said["longitude"] is not None
    return Reperes(
        id=said["id"],
        structure_id=StructureId(said.get("structure_id") or said["id"]),
        source=said["source"],
        libelle=said["nom"],
        nom=said.get("cle_nom") or name_key(said["nom"]),
        siret=said.get("siret"),
        telephone=telephone_key(said["telephone"]),
        courriel=said["courriel"].lower() if said["courriel"] else None,
        adresse=(name_key(said["adresse"]) or None) if said["adresse"] else None,
        code_insee=said["code_insee"],
        point=Point(said["latitude"], said["longitude"]) if has_point else None,
        groupe=said.get("structure_id"),
        is_cache=bool(said.get("adresse_confidentielle")),
    )


def semblables(une: Reperes, autres: Iterable[Reperes], nearness: Nearness) -> list[Reperes]:
    """Returns the listings that one which is being written may already be, the likeliest first.

    What a refuge hides is left aside: who tries an address would learn which refuge has it.
    """
    found = []
    for autre in autres:
        shown = replace(autre, siret=None, adresse=None, point=None) if autre.is_cache else autre
        raisons = raisons_of(une, shown, nearness)
        vraisemblance = vraisemblance_of(raisons)
        if vraisemblance is not None:
            found.append((-vraisemblance, -len(raisons), autre.nom, autre.id, autre))
    return [autre for *_, autre in sorted(found, key=lambda rank: rank[:4])]


def paires(reperes: Iterable[Reperes], nearness: Nearness) -> list[Paire]:
    """Returns the pairs that may be one, the likeliest first.

    Listings are only compared when they share a mark, so that a hundred thousand take seconds.
    """
    found = []
    for une, autre in _candidates(reperes):
        raisons = raisons_of(une, autre, nearness)
        vraisemblance = vraisemblance_of(raisons)
        if vraisemblance is not None:
            found.append(Paire(une=une, autre=autre, raisons=raisons, vraisemblance=vraisemblance))
    return sorted(
        found, key=lambda p: (-p.vraisemblance, -len(p.raisons), p.une.nom, p.une.id, p.autre.id)
    )


def raisons_of(une: Reperes, autre: Reperes, nearness: Nearness) -> frozenset[Raison]:
    """Returns all that two listings have in common."""
    return frozenset(_raisons(une, autre, nearness))


def vraisemblance_of(raisons: Set[Raison]) -> Vraisemblance | None:
    """Returns how likely two listings are one, None when they are not worth a look.

    Probable: a name and another mark agree. Possible: a name alone in one place, or two marks and
    another name, as an establishment and its service. Offers of one structure are only told by
    their names. One mark alone is a neighbour: of the pairs
    of the shipped catalogue that share only an address, a third are two tenants of one house.
    """
    named = bool(raisons & {Raison.NOM, Raison.NOM_PROCHE})
    if Raison.STRUCTURE in raisons:  # offers of one structure have one place and one telephone
        likely = Vraisemblance.PROBABLE if Raison.NOM in raisons else Vraisemblance.POSSIBLE
        return likely if named else None
    marks = len(raisons & {Raison.SIRET, Raison.TELEPHONE, Raison.COURRIEL, Raison.ADRESSE})
    if not raisons & {Raison.COMMUNE, Raison.PROXIMITE, Raison.SIRET}:
        return None
    if named and (marks or Raison.PROXIMITE in raisons):
        return Vraisemblance.PROBABLE
    is_possible = Raison.NOM in raisons or marks >= 2 or Raison.SIRET in raisons
    return Vraisemblance.POSSIBLE if is_possible else None


def _raisons(une: Reperes, autre: Reperes, nearness: Nearness) -> Iterator[Raison]:
    marks = (
        (Raison.SIRET, une.siret, autre.siret),
        (Raison.TELEPHONE, une.telephone, autre.telephone),
        (Raison.COURRIEL, une.courriel, autre.courriel),
        (Raison.COMMUNE, une.code_insee, autre.code_insee),
        (Raison.STRUCTURE, une.groupe, autre.groupe),
    )
    for raison, one, other in marks:
        if one is not None and one == other:
            yield raison
    if une.adresse is not None and (une.adresse, une.code_insee) == (
        autre.adresse,
        autre.code_insee,
    ):
        yield Raison.ADRESSE
    if une.point and autre.point and distance_km(une.point, autre.point) * 1000 <= MAX_METRES:
        yield Raison.PROXIMITE
    if une.nom == autre.nom:
        yield Raison.NOM
    elif nearness(une.nom, autre.nom) >= MIN_NOM_PROCHE:
        yield Raison.NOM_PROCHE


def _candidates(reperes: Iterable[Reperes]) -> Iterator[tuple[Reperes, Reperes]]:
    groups: dict[tuple[str, ...], list[Reperes]] = defaultdict(list)
    for one in reperes:
        for key in _keys(one):
            groups[key].append(one)
    seen = set()
    for key, group in groups.items():
        if len(group) > MAX_GROUPE and key[0] != Raison.STRUCTURE:
            continue
        for pair in combinations(group, 2):
            une, autre = sorted(pair, key=lambda one: one.id)
            if (une.id, autre.id) not in seen and _is_compared(une, autre):
                seen.add((une.id, autre.id))
                yield une, autre


def _is_compared(une: Reperes, autre: Reperes) -> bool:
    return une.source != autre.source or une.source == SOURCE_LOCALE


def _keys(one: Reperes) -> Iterator[tuple[str, ...]]:
    if one.groupe is not None:
        yield Raison.STRUCTURE, one.groupe
        return
    for raison, value in (
        (Raison.SIRET, one.siret),
        (Raison.TELEPHONE, one.telephone),
        (Raison.COURRIEL, one.courriel),
    ):
        if value is not None:
            yield raison, value
    if one.code_insee is not None:
        yield Raison.NOM, one.nom, one.code_insee
        if one.adresse is not None:
            yield Raison.ADRESSE, one.adresse, one.code_insee


class DoublonStore(Protocol):
    """Finds likely duplicates and keeps what is decided of them; each call is one transaction."""

    def communes(self) -> Set[str | None]:
        """Returns where published structures are; None is nowhere known."""
        ...

    def reperes(self, objet: str, communes: Set[str | None]) -> Sequence[Reperes]:
        """Returns what the published listings of a kind are compared by.

        Those of structures in these communes only: an offer stands where its structure does.
        """
        ...

    def told_apart(self, objet: str) -> Set[tuple[str, str]]:
        """Returns the pairs that are two for good, each in the order of its ids."""
        ...

    def tell_apart(self, objet: str, ids: tuple[str, str], auteur: str, quand: datetime) -> None:
        """Notes that two listings are two; saying it twice changes nothing."""
        ...

    def merge(
        self, value: Listing, absorbe: FicheRef, bases: tuple[int, int], auteur: str,
        quand: datetime,
    ) -> None:  # fmt: skip
        """Takes a listing into another, which then says `value`; `bases` are what was read of both.

        Its offers and members follow. Raises `FusionRefusee` when either has changed since.
        """
        ...

    def fusions(self) -> Sequence[Fusion]:
        """Returns what was merged and not undone, newest first."""
        ...

    def undo(self, numero: int, auteur: str, quand: datetime) -> None:
        """Makes two listings again of one. Raises `FusionRefusee`, `FusionSuivie`."""
        ...


Choix = Mapping[str, str]
GARDE, ABSORBE = "garde", "absorbe"


def choices(garde: Mapping[str, Any], absorbe: Mapping[str, Any]) -> dict[str, str]:
    """Returns which record says each field that differs, by default: who says something, or else
    the newest. A place counts as one field, named `adresse`.

    `date_maj` is an ISO 8601 day in both; the one that is kept wins a draw.
    """
    is_newer = str(absorbe["date_maj"]) > str(garde["date_maj"])
    chosen = {}
    for name, members in fields_of((*garde, *absorbe)).items():
        ours, theirs = ([said.get(m) for m in members] for said in (garde, absorbe))
        if ours == theirs:
            continue
        filled = [sum(value is not None for value in values) for values in (ours, theirs)]
        if name == LIEU[0] and filled[0] != filled[1]:
            is_theirs = filled[1] > filled[0]
        elif not all(filled):
            is_theirs = not filled[0]
        else:
            is_theirs = is_newer
        chosen[name] = ABSORBE if is_theirs else GARDE
    return chosen


def fields_of(names: Iterable[str]) -> dict[str, Sequence[str]]:
    """Returns the fields that are chosen, each with those that go with it."""
    fields: dict[str, Sequence[str]] = {}
    for name in names:
        if name in LIEU:
            fields[LIEU[0]] = LIEU
        elif name == "eligibilite":
            fields[name] = ("eligibilite", "regles")
        elif name not in NOT_CHOSEN:
            fields[name] = (name,)
    return fields


# What identifies a listing, follows from the rest, or is settled without asking.
NOT_CHOSEN = frozenset(
    (
        "source", "id", "structure_id", "date_maj", "lien_source", "regles",
        "derniere_confirmation", "etat_publication", "adresse_confidentielle",
    )
)  # fmt: skip


def merged_record(
    garde: Mapping[str, Any], absorbe: Mapping[str, Any], choix: Choix
) -> dict[str, Any]:
    """Returns what the kept listing says, given who says each field that differs.

    A listing whose address is hidden in one of both stays hidden: a refuge is never shown by a
    merge. Nobody has read anything again, so that dates are the newest of both and not today's.
    """
    record = dict(garde)
    for name, members in fields_of((*garde, *absorbe)).items():
        if choix.get(name) == ABSORBE:
            for member in members:
                record[member] = absorbe.get(member)
    for name in ("date_maj", "derniere_confirmation"):
        said = [str(one[name]) for one in (garde, absorbe) if one.get(name)]
        if said:
            record[name] = max(said)
    record["adresse_confidentielle"] = any(
        bool(one.get("adresse_confidentielle")) for one in (garde, absorbe)
    )
    return {name: value for name, value in record.items() if value is not None}
