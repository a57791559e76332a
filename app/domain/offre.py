"""An offer of support and the structure that carries it.

Fields have the names and the meaning of the data·inclusion schema v1, where an offer is a
*service*; ours come after them. None means that the source says nothing, an empty tuple never
occurs: silence and “none” must not be confused.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import NewType

from app.domain.arbre import Eligibilite, Noeud
from app.domain.regles import Regles
from app.domain.territoire import Point
from app.domain.vocabulaire import EtatPublication, ModeAccueil

OffreId = NewType("OffreId", str)
StructureId = NewType("StructureId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apport:
    """A fact that an offer gives, such as a licence: `{"fait": "situations", "valeur": …}`."""

    fait: str
    valeur: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A structure of the data·inclusion schema v1, with our extensions."""

    source: str
    id: StructureId
    nom: str
    date_maj: date
    description: str | None = None
    lien_source: str | None = None
    siret: str | None = None
    commune: str | None = None
    code_postal: str | None = None
    code_insee: str | None = None
    adresse: str | None = None
    complement_adresse: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    telephone: str | None = None
    courriel: str | None = None
    site_web: str | None = None
    horaires_accueil: str | None = None
    accessibilite_lieu: str | None = None
    reseaux_porteurs: tuple[str, ...] | None = None
    adresse_confidentielle: bool = False
    etat_publication: EtatPublication = EtatPublication.PUBLIE
    derniere_confirmation: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offre:
    """A service of the data·inclusion schema v1, with our extensions."""

    source: str
    structure_id: StructureId
    id: OffreId
    nom: str
    description: str
    date_maj: date
    lien_source: str | None = None
    type: str | None = None
    thematiques: tuple[str, ...] | None = None
    frais: str | None = None
    frais_precisions: str | None = None
    publics: tuple[str, ...] | None = None
    publics_precisions: str | None = None
    conditions_acces: str | None = None
    commune: str | None = None
    code_postal: str | None = None
    code_insee: str | None = None
    adresse: str | None = None
    complement_adresse: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    telephone: str | None = None
    courriel: str | None = None
    contact_nom_prenom: str | None = None
    modes_accueil: tuple[str, ...] | None = None
    zone_eligibilite: tuple[str, ...] | None = None
    lien_mobilisation: str | None = None
    modes_mobilisation: tuple[str, ...] | None = None
    mobilisable_par: tuple[str, ...] | None = None
    mobilisation_precisions: str | None = None
    volume_horaire_hebdomadaire: float | None = None
    nombre_semaines: int | None = None
    horaires_accueil: str | None = None
    # Our extensions.
    eligibilite: Eligibilite | None = None
    apporte: tuple[Apport, ...] | None = None
    suppose: Noeud | None = None
    prioritaires: Noeud | None = None
    regles: Regles | None = None
    langues: tuple[str, ...] | None = None
    places_disponibles: int | None = None
    prochaine_session: date | None = None
    a_apporter: tuple[str, ...] | None = None
    derniere_confirmation: date | None = None
    adresse_confidentielle: bool = False
    etat_publication: EtatPublication = EtatPublication.PUBLIE

    @property
    def is_on_site(self) -> bool:
        """True when the person can, or must, go there; silence means on site (design section 4)."""
        return not self.modes_accueil or ModeAccueil.EN_PRESENTIEL in self.modes_accueil

    @property
    def is_remote(self) -> bool:
        """True when the offer can be had at a distance."""
        return ModeAccueil.A_DISTANCE in (self.modes_accueil or ())

    @property
    def point(self) -> Point | None:
        """The offer's own position; a confidential address has none (design section 8)."""
        if self.adresse_confidentielle or self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)

    @property
    def is_imprecise(self) -> bool:
        """True when free text, or silence, may hide a condition that nobody can judge."""
        if self.conditions_acces or self.publics_precisions:
            return True
        if self.eligibilite is None:
            return not self.publics
        return bool(self.eligibilite.a_verifier)

    def hidden_with(self, structure_is_hidden: bool) -> "Offre":
        """Returns the offer as it may be shown: often at its structure's address, it hides too."""
        if structure_is_hidden and not self.adresse_confidentielle:
            return replace(self, adresse_confidentielle=True)
        return self

    @property
    def date_fraicheur(self) -> date:
        """The later of the source's date and the last confirmation."""
        return max(self.date_maj, self.derniere_confirmation or self.date_maj)


# Fields that only this catalogue has: a feed that does not name them must not erase them.
EXTENSIONS = frozenset(
    (
        "eligibilite",
        "apporte",
        "suppose",
        "prioritaires",
        "regles",
        "langues",
        "places_disponibles",
        "prochaine_session",
        "a_apporter",
        "derniere_confirmation",
        "adresse_confidentielle",
        "etat_publication",
    )
)
