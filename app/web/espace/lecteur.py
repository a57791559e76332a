"""The reader of forms, made once for the territories of a site: it knows words and places."""

from collections.abc import Sequence
from typing import cast

from flask import current_app

from app.domain.geographie import Geographie
from app.web.auth.session import current_espace
from app.web.espace.lieux_saisie import LieuxSaisis
from app.web.espace.saisie import Lecteur

_EXTENSION = "eventail_lecteur"


def current_lecteur() -> Lecteur:
    """Returns the reader of the running application, for its territories of now."""
    catalogue = current_espace().catalogue
    served = [ref for territoire in catalogue.territoires for ref in territoire.zone]
    known = current_app.extensions.get(_EXTENSION)
    if known is None or known[0] != served:
        noms = LieuxSaisis(catalogue.geographie, _near(served, catalogue.geographie))
        lecteur = Lecteur(vocabulaire=catalogue.vocabulaire, lieux=catalogue.lieux, noms=noms)
        current_app.extensions[_EXTENSION] = known = (served, lecteur)
    return cast("Lecteur", known[1])


def _near(refs: Sequence[str], geographie: Geographie) -> frozenset[str]:
    """Returns the départements where the places of some references stand."""
    places = geographie.places_of(geographie.union(refs))
    return frozenset(place.departement for place in places)
