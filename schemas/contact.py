"""Reads whom the public may ask about a territory."""

from collections.abc import Mapping

from app.domain.reglages import MAX_NOM
from schemas.base import StrictSchema
from schemas.fields import Telephone, Texte
from schemas.links import Courriel
from schemas.regles import LienSur


class _ContactSchema(StrictSchema):
    nom = Texte(required=True, high=MAX_NOM)
    telephone = Telephone()
    courriel = Courriel()
    lien = LienSur()


def read_contact(form: Mapping[str, str]) -> dict[str, str]:
    """Returns the fields that are said. Raises `ValidationError` with the faults of each field."""
    read = _ContactSchema().load(dict(form))
    return {name: said for name, said in read.items() if said}
