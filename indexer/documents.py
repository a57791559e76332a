"""An offer as an index holds it: one pure function, shared by both engines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.arbre import Noeud
from app.domain.expressions import ARBRE, PUBLICS, ZONE
from app.domain.geographie import Geographie
from app.domain.offre import Offre, OffreId
from app.domain.portee import position_of
from app.domain.ranking import qualite_part
from app.domain.search import facet_source
from app.domain.territoire import Point
from app.domain.texte import Champ
from app.domain.vocabulaire import Vocabulaire
from indexer.analysis import tokens

FIELD_BIT: Mapping[Champ, int] = {
    Champ.NOM: 1,
    Champ.THEMATIQUE: 2,
    Champ.STRUCTURE: 4,
    Champ.DESCRIPTION: 8,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """What an engine needs to find and rank an offer.

    `values` holds what filters and facets read, by nature; `champs` the fields that hold each
    token, as bits of `FIELD_BIT`; `point` is the place or its commune's centre, None without one;
    `arbre` is the id of the tree of `eligibilite`.
    """

    offre_id: OffreId
    values: Mapping[str, tuple[str, ...]]
    is_on_site: bool
    is_remote: bool
    is_imprecise: bool
    point: Point | None
    fraicheur: date
    qualite: float
    eligibilite: Noeud | None
    arbre: int | None
    publics: int | None
    zone: int | None
    champs: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A document to write, or to withdraw when it is None, under a version."""

    offre_id: OffreId
    version: int
    document: IndexDocument | None


def apport_key(fait: str, valeur: str) -> str:
    """Returns how the index writes what an offer gives."""
    return f"{fait}={valeur}"


def read_apport(key: str) -> tuple[str, str]:
    """Returns the fact and the value of a key that `apport_key` wrote."""
    fait, _, valeur = key.partition("=")
    return fait, valeur


class DocumentBuilder:
    """Turns offers into index documents."""

    def __init__(self, vocabulaire: Vocabulaire, geographie: Geographie) -> None:
        self._geographie = geographie
        self._labels = {
            valeur: tokens(terme.libelle)
            for valeur, terme in vocabulaire.referentiels["thematiques"].items()
        }

    def build(
        self,
        offre: Offre,
        structure_nom: str,
        expressions: Mapping[str, int | None],
        structure_horaires: str | None = None,
    ) -> IndexDocument:
        """Returns the document of an offer; its hours fall back to its structure's (schema v1)."""
        horaires = offre.horaires_accueil or structure_horaires
        point, commune = position_of(offre, self._geographie)
        return IndexDocument(
            offre_id=offre.id,
            values={
                "thematiques": facet_source("thematiques", offre),
                "publics": facet_source("publics", offre),
                "frais": facet_source("frais", offre),
                "types": facet_source("types", offre),
                "modes_accueil": facet_source("modes_accueil", offre),
                "structure_id": (offre.structure_id,),
                "commune": (commune,) if commune else (),
                "horaires": (horaires,) if horaires else (),
                "apporte": tuple(apport_key(a.fait, a.valeur) for a in offre.apporte or ()),
            },
            is_on_site=offre.is_on_site,
            is_remote=offre.is_remote,
            is_imprecise=offre.is_imprecise,
            point=point,
            fraicheur=offre.date_fraicheur,
            qualite=qualite_part(offre),
            eligibilite=offre.eligibilite.racine if offre.eligibilite else None,
            arbre=expressions[ARBRE],
            publics=expressions[PUBLICS],
            zone=expressions[ZONE],
            champs=self._champs(offre, structure_nom),
        )

    def jetons(self, offre: Offre, structure_nom: str) -> dict[Champ, frozenset[str]]:
        """Returns the tokens of each field, as the reference search reads them."""
        champs = self._champs(offre, structure_nom)
        return {
            champ: frozenset(token for token, bits in champs.items() if bits & bit)
            for champ, bit in FIELD_BIT.items()
        }

    def _champs(self, offre: Offre, structure_nom: str) -> dict[str, int]:
        champs: dict[str, int] = {}
        for champ, found in (
            (Champ.NOM, tokens(offre.nom)),
            (
                Champ.THEMATIQUE,
                tuple(t for v in offre.thematiques or () for t in self._labels.get(v, ())),
            ),
            (Champ.STRUCTURE, tokens(structure_nom)),
            (Champ.DESCRIPTION, tokens(offre.description)),
        ):
            bit = FIELD_BIT[champ]
            for token in found:
                champs[token] = champs.get(token, 0) | bit
        return champs
