"""Reads the address that someone signs in with."""

from marshmallow import ValidationError

from schemas.links import Courriel

MISSING = "Écrivez votre adresse de courriel, comme prenom.nom@structure.fr."


def read_courriel(text: str) -> str:
    """Returns the address. Raises `ValidationError` with one message."""
    if not text.strip():
        raise ValidationError([MISSING])
    found = Courriel().deserialize(text)
    if not isinstance(found, str):
        raise ValidationError([MISSING])
    return found
