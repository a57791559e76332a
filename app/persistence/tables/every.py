"""Every table at once, for what must know them all: the migrations, and the tests that compare."""

from app.persistence.tables import catalogue as _catalogue
from app.persistence.tables import comptes as _comptes
from app.persistence.tables import editions as _editions
from app.persistence.tables import reglages as _reglages
from app.persistence.tables.base import metadata

TABLES = (_catalogue, _comptes, _editions, _reglages)  # each module adds its own to the metadata
__all__ = ["TABLES", "metadata"]
