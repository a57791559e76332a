"""An offer as it comes in: the *service* of the data·inclusion schema v1, with our extensions."""

import math
from typing import Any

from marshmallow import post_load

from app.domain.offre import Offre
from app.domain.vocabulaire import TOUS_PUBLICS
from schemas.a_apporter import AApporter
from schemas.arbre import Apporte, Arbre, ArbreEligibilite
from schemas.fiche import DESCRIPTION_LENGTHS, FicheSchema, given
from schemas.fields import (
    Entier,
    EnumList,
    EnumValue,
    Identifiant,
    Jour,
    Nombre,
    Texte,
    Url,
    ZoneEligibilite,
)
from schemas.regles import OrigineDesRegles


class OffreSchema(FicheSchema):
    """Reads an offer; unknown fields are faults."""

    structure_id = Identifiant(required=True)
    description = Texte(required=True, **DESCRIPTION_LENGTHS)
    type = EnumValue("types-services")
    thematiques = EnumList("thematiques")
    frais = EnumValue("frais")
    frais_precisions = Texte()
    publics = EnumList("publics", alone=TOUS_PUBLICS)
    publics_precisions = Texte()
    conditions_acces = Texte()
    contact_nom_prenom = Texte()
    modes_accueil = EnumList("modes-accueil")
    zone_eligibilite = ZoneEligibilite()
    lien_mobilisation = Url()
    modes_mobilisation = EnumList("modes-mobilisation")
    mobilisable_par = EnumList("personnes-mobilisatrices")
    mobilisation_precisions = Texte()
    volume_horaire_hebdomadaire = Nombre(low=0, high=math.inf, range_text="écrivez au moins 0")
    nombre_semaines = Entier(low=1)
    # Our extensions.
    eligibilite = ArbreEligibilite()
    apporte = Apporte()
    suppose = Arbre()
    prioritaires = Arbre()
    regles = OrigineDesRegles()
    langues = EnumList("langues")
    places_disponibles = Entier(low=0)
    prochaine_session = Jour()
    a_apporter = AApporter()

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> Offre:
        """Returns the domain object."""
        return Offre(**given(data))
