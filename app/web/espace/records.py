"""Reads a record as the API and the import do, for the listing that a form says."""

from collections.abc import Mapping
from typing import Any

from app.domain.edition import Listing
from app.domain.offre import Offre
from app.domain.publication import OFFRE, STRUCTURE
from app.web.auth.session import current_espace
from schemas.base import ReadingContext
from schemas.offre import OffreSchema
from schemas.structure import StructureSchema


def read_record(record: Mapping[str, Any], like: Listing) -> Listing:
    """Returns the listing of a record, of the same kind as another. Raises `ValidationError`."""
    return read_record_of(record, OFFRE if isinstance(like, Offre) else STRUCTURE)


def read_record_of(record: Mapping[str, Any], objet: str) -> Listing:
    """Returns the structure or the offer of a record. Raises `ValidationError`."""
    espace = current_espace()
    context = ReadingContext(
        vocabulaire=espace.catalogue.vocabulaire,
        geographie=espace.catalogue.geographie,
        today=espace.clock.today(),
    )
    schema = OffreSchema(context) if objet == OFFRE else StructureSchema(context)
    listing: Listing = schema.load(dict(record))
    return listing
