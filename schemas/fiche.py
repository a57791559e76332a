"""What a structure and an offer have in common: identity, address, contact, position."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from schemas.base import ListingSchema
from schemas.fields import (
    Booleen,
    CodeInsee,
    CodePostal,
    Courriel,
    DateMaj,
    EtatDePublication,
    Identifiant,
    Nombre,
    Telephone,
    Texte,
    Url,
)
from schemas.reading import is_blank

NOM_LENGTHS = {"low": 3, "high": 150}  # data·inclusion v1
DESCRIPTION_LENGTHS = {"low": 5, "high": 10_000}  # data·inclusion v1


class FicheSchema(ListingSchema):
    """The fields that both kinds of listing share, and the rule on coordinates."""

    source = Identifiant(required=True)
    id = Identifiant(required=True)
    nom = Texte(required=True, **NOM_LENGTHS)
    date_maj = DateMaj(required=True)
    lien_source = Url()
    commune = Texte()
    code_postal = CodePostal()
    code_insee = CodeInsee()
    adresse = Texte()
    complement_adresse = Texte()
    longitude = Nombre(low=-180, high=180, range_text="une longitude va de -180 à 180")
    latitude = Nombre(low=-90, high=90, range_text="une latitude va de -90 à 90")
    telephone = Telephone()
    courriel = Courriel()
    horaires_accueil = Texte()
    # Our extensions.
    derniere_confirmation = DateMaj()
    adresse_confidentielle = Booleen()
    etat_publication = EtatDePublication()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def check_position(self, data: Mapping[str, Any], original: object, **_options: Any) -> None:
        """Refuses half a position, and the point that only means “not located”."""
        if not isinstance(original, Mapping):
            return
        without = [name for name in ("latitude", "longitude") if is_blank(original.get(name))]
        if len(without) == 1:
            raise ValidationError(
                "Les coordonnées vont par deux : donnez la latitude et la longitude, ou aucune.",
                without[0],
            )
        if data.get("latitude") == 0 and data.get("longitude") == 0:
            raise ValidationError(
                "Le point (0, 0) est en pleine mer : corrigez les coordonnées ou retirez-les.",
                "latitude",
            )


def given(data: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields that say something: the others keep the listing's own defaults."""
    return {name: value for name, value in data.items() if value is not None}
