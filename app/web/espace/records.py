"""Reads a record as the API and the import do, for the listing that a form says."""

from collections.abc import Mapping
from typing import Any

from app.domain.offre import Offre
from app.web.auth.session import current_espace
from schemas.base import ReadingContext
from schemas.offre import OffreSchema


def read_record(record: Mapping[str, Any]) -> Offre:
    """Returns the offer of a record. Raises `ValidationError`."""
    espace = current_espace()
    context = ReadingContext(
        vocabulaire=espace.catalogue.vocabulaire,
        geographie=espace.catalogue.geographie,
        today=espace.clock.today(),
    )
    offre: Offre = OffreSchema(context).load(dict(record))
    return offre
