"""An offer's document as the cluster holds it, and what is read back of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.domain.offre import OffreId
from app.domain.portee import Emplacement
from app.domain.territoire import CodeInsee, Point
from app.domain.vocabulaire import categorie_of
from indexer.documents import FIELD_BIT, IndexDocument
from indexer.elasticsearch.mapping import (
    COMBINED,
    CONDITIONS,
    EXPRESSIONS,
    PUBLICS,
    TOKENS,
    TREE,
    ZONE,
    Json,
    written_token,
)
from indexer.judging.conditions import condition_keys

NO_CONDITION = 0  # ids of expressions begin at 1


def encode(document: IndexDocument) -> Json:
    """Returns the source of a live document; what is absent is not written."""
    expressions = {
        TREE: document.arbre,
        PUBLICS: document.publics,
        ZONE: document.zone,
    }
    thematiques = document.values["thematiques"]
    source: Json = {
        "offre_id": document.offre_id,
        "vivant": True,
        **{name: list(found) for name, found in document.values.items() if found},
        "categories": sorted({categorie_of(t) for t in thematiques}),
        **{name: ident for name, ident in expressions.items() if ident is not None},
        COMBINED: ".".join(str(ident or NO_CONDITION) for ident in expressions.values()),
        "imprecis": document.is_imprecise,
        "sur_place": document.is_on_site,
        "a_distance": document.is_remote,
        "jour": document.fraicheur.toordinal(),
        "qualite": document.qualite,
    }
    if document.eligibilite is not None:
        source[CONDITIONS] = condition_keys(document.eligibilite)
    if document.point is not None:
        source["lieu"] = {"lat": document.point.lat, "lon": document.point.lon}
    for champ, bit in FIELD_BIT.items():
        if tokens := [written_token(t) for t, bits in document.champs.items() if bits & bit]:
            source[TOKENS[champ]] = " ".join(tokens)
    return source


def encode_withdrawn(offre_id: OffreId) -> Json:
    """Returns the source of what was withdrawn: a tombstone, so that a late write is ignored."""
    return {"offre_id": offre_id, "vivant": False}


def read_combined(keys: Iterable[str]) -> NDArray[np.intp]:
    """Returns the ids that `encode` put together: a row of tree, publics and zone for each key."""
    return np.fromstring(".".join(keys), dtype=np.intp, sep=".").reshape(-1, len(EXPRESSIONS))


@dataclass(frozen=True, slots=True)
class Found:
    """What a hit says of its offer, read in the domain's words."""

    source: Json

    @property
    def offre_id(self) -> OffreId:
        """The offer."""
        return OffreId(self.source["offre_id"])

    @property
    def thematiques(self) -> tuple[str, ...]:
        """The needs that it answers."""
        return tuple(self.source.get("thematiques", ()))

    @property
    def horaires(self) -> str | None:
        """When it is open."""
        found: list[str] = self.source.get("horaires", [])
        return found[0] if found else None

    @property
    def fraicheur(self) -> date:
        """When it was last known to be true."""
        return date.fromordinal(self.source["jour"])

    @property
    def qualite(self) -> float:
        """The part of its quality."""
        return float(self.source["qualite"])

    @property
    def is_imprecise(self) -> bool:
        """True when the listing leaves something unsaid."""
        return bool(self.source["imprecis"])

    @property
    def expressions(self) -> list[int]:
        """The ids of tree, publics and zone; 0 stands for “no condition”."""
        return [self.source.get(name, NO_CONDITION) for name in EXPRESSIONS]

    @property
    def emplacement(self) -> Emplacement:
        """Where it is and how it receives."""
        lieu = self.source.get("lieu")
        commune: list[str] = self.source.get("commune", [])
        return Emplacement(
            is_on_site=self.source["sur_place"],
            is_remote=self.source["a_distance"],
            point=Point(lieu["lat"], lieu["lon"]) if lieu else None,
            commune=CodeInsee(commune[0]) if commune else None,
        )
