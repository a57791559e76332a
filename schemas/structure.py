"""A structure as it comes in: the data·inclusion schema v1, with our extensions."""

from typing import Any

from marshmallow import post_load

from app.domain.offre import Structure
from schemas.fiche import DESCRIPTION_LENGTHS, FicheSchema, given
from schemas.fields import EnumList, Siret, Texte, Url


class StructureSchema(FicheSchema):
    """Reads a structure; unknown fields are faults."""

    description = Texte(**DESCRIPTION_LENGTHS)
    siret = Siret()
    site_web = Url()
    accessibilite_lieu = Url()
    reseaux_porteurs = EnumList("reseaux-porteurs")

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> Structure:
        """Returns the domain object."""
        return Structure(**given(data))
