"""Every table at once, for what must know them all: the migrations, and the tests that compare."""

from app.persistence.tables import campagnes as _campagnes
from app.persistence.tables import catalogue as _catalogue
from app.persistence.tables import comptes as _comptes
from app.persistence.tables import editions as _editions
from app.persistence.tables.base import metadata

TABLES = (_campagnes, _catalogue, _comptes, _editions)  # each module adds its own to the metadata
__all__ = ["TABLES", "metadata"]
