"""The shipped schemes: one is what the law gives, several offers are the bodies that give it.

The law is read once for all of them, so a coordinator confirms a scheme and not each offer.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

from app.domain.edition import Fiche
from app.domain.noms import name_key
from app.domain.offre import Offre
from app.domain.regles import EtatRegles, Regles, regles_from_json
from app.domain.vocabulaire import EtatPublication

SOURCE = "eventail-dispositifs"
SEPARATOR = "--"  # source--scheme--body
# The amounts that rules cite are revalued every year (Code de la sécurité sociale, L. 161-25).
VALIDITE_CONFIRMATION = timedelta(days=365)
# What decides who gets an offer, the same for all the bodies that give a scheme.
CONDITIONS = (
    "eligibilite",
    "suppose",
    "prioritaires",
    "publics",
    "publics_precisions",
    "conditions_acces",
)


class EtatDispositif(StrEnum):
    """What a scheme awaits, from who vouches for its rules."""

    A_RELIRE = "a-relire"
    A_CONFIRMER = "a-confirmer"
    CONFIRME = "confirme"
    ECARTE = "ecarte"


@dataclass(frozen=True, slots=True, kw_only=True)
class OffreSourcee:
    """An offer with rules, and what its source says of fields that somebody holds.

    `source` holds what the source says instead, in plain JSON types; `nouveautes` names those of
    which it has spoken since they were last changed here.
    """

    fiche: Fiche
    source: Mapping[str, Any] = field(default_factory=dict)
    nouveautes: Collection[str] = ()

    @property
    def offre(self) -> Offre:
        """The offer itself."""
        if not isinstance(self.fiche.value, Offre):
            raise TypeError(self.fiche.ref)
        return self.fiche.value

    @property
    def conditions(self) -> tuple[Any, ...]:
        """What decides who gets it: equal for two offers that ask the same."""
        return tuple(getattr(self.offre, name) for name in CONDITIONS)

    @property
    def vu(self) -> tuple[Any, ...]:
        """What is read of it before one vouches for it."""
        regles = self.offre.regles
        text = regles and (regles.source, regles.lien, regles.lue_le)
        said = sorted((name, self.source[name]) for name in CONDITIONS if name in self.source)
        return (self.offre.id, self.conditions, text, said, self.fiche.is_published)

    def etat(self, today: date) -> EtatDispositif:
        """Returns what this offer awaits.

        It is read again when its conditions changed after they were confirmed, when its source
        says something new, or when the confirmation is old.
        """
        offre = self.offre
        if offre.etat_publication is not EtatPublication.PUBLIE:
            return EtatDispositif.ECARTE
        if offre.regles is None or self.nouveautes:
            return EtatDispositif.A_RELIRE
        if offre.regles.etat is EtatRegles.A_CONFIRMER:
            return EtatDispositif.A_CONFIRMER
        since = offre.regles.confirmees_le
        is_old = since is not None and today - since > VALIDITE_CONFIRMATION
        return EtatDispositif.A_RELIRE if is_old else EtatDispositif.CONFIRME


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispositif:
    """The offers of one scheme that someone may answer for; there is at least one."""

    cle: str
    offres: Sequence[OffreSourcee]

    @property
    def nom(self) -> str:
        """The name that most of its offers have, the first one of those that tie."""
        return Counter(one.offre.nom for one in self.offres).most_common(1)[0][0]

    @property
    def publiees(self) -> Sequence[OffreSourcee]:
        """The offers that readers find."""
        return [one for one in self.offres if one.fiche.is_published]

    @property
    def versions(self) -> Sequence[Sequence[OffreSourcee]]:
        """The published offers, those that ask the same together; most offers first."""
        groups: list[list[OffreSourcee]] = []
        for one in self.publiees:
            same = next((group for group in groups if group[0].conditions == one.conditions), None)
            if same is None:
                groups.append([one])
            else:
                same.append(one)
        return sorted(groups, key=len, reverse=True)

    def etat(self, today: date) -> EtatDispositif:
        """Returns what the scheme awaits: the most pressing of its offers decides."""
        found = {one.etat(today) for one in self.offres}
        return next(etat for etat in EtatDispositif if etat in found)

    @property
    def empreinte(self) -> str:
        """Tells what a reader saw: another value when it has changed since.

        Conditions, the text that they come from, what their source says of them instead, and
        whether the offer is published; who vouches for them is no part of it.
        """
        seen = [one.vu for one in sorted(self.offres, key=lambda one: one.offre.id)]
        return hashlib.blake2b(repr(seen).encode(), digest_size=12).hexdigest()


class ReglesStore(Protocol):
    """Reads the offers whose rules have a source."""

    def offres(self) -> Sequence[OffreSourcee]:
        """Returns those of shipped schemes and those that cite a text, in whatever state."""
        ...


def cle_of(offre: Offre) -> str:
    """Returns which scheme an offer belongs to; one of another source is a scheme of its own."""
    parts = offre.id.split(SEPARATOR)
    if offre.source == SOURCE and len(parts) == 3:
        return parts[1]
    return offre.id


def dispositifs_of(offres: Sequence[OffreSourcee]) -> Sequence[Dispositif]:
    """Returns schemes with their offers, by name."""
    groups: dict[str, list[OffreSourcee]] = {}
    for one in offres:
        groups.setdefault(cle_of(one.offre), []).append(one)
    found = [Dispositif(cle=cle, offres=members) for cle, members in groups.items()]
    return sorted(found, key=lambda dispositif: (name_key(dispositif.nom), dispositif.cle))


def origine_of(offres: Sequence[OffreSourcee]) -> Regles | None:
    """Returns the text that offers come from, even when all their conditions were corrected."""
    for one in offres:
        if one.offre.regles is not None:
            return one.offre.regles
    for one in offres:
        if (said := one.source.get("regles")) is not None:
            return regles_from_json(said)
    return None
