"""Every table at once, for what must know them all: the migrations, and the tests that compare."""

from app.persistence.tables import campagnes as _campagnes
from app.persistence.tables import catalogue as _catalogue
from app.persistence.tables import cles as _cles
from app.persistence.tables import comptes as _comptes
from app.persistence.tables import depots as _depots
from app.persistence.tables import doublons as _doublons
from app.persistence.tables import editions as _editions
from app.persistence.tables import reglages as _reglages
from app.persistence.tables.base import metadata

TABLES = (
    _campagnes,
    _catalogue,
    _cles,
    _comptes,
    _depots,
    _doublons,
    _editions,
    _reglages,
)  # each module adds its own to the metadata
__all__ = ["TABLES", "metadata"]
