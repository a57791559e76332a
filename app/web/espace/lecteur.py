"""The reader of forms, made once for each site: it knows the words and the places."""

from typing import cast

from flask import current_app

from app.web.auth.session import current_espace
from app.web.espace.lieux_saisie import LieuxSaisis
from app.web.espace.saisie import Lecteur

_EXTENSION = "eventail_lecteur"


def current_lecteur() -> Lecteur:
    """Returns the reader of the running application."""
    known = current_app.extensions.get(_EXTENSION)
    if known is None:
        catalogue = current_espace().catalogue
        near = frozenset(
            ref.removeprefix("departement:")
            for territoire in catalogue.territoires
            for ref in territoire.zone
        )
        noms = LieuxSaisis(catalogue.geographie, near)
        known = Lecteur(vocabulaire=catalogue.vocabulaire, lieux=catalogue.lieux, noms=noms)
        current_app.extensions[_EXTENSION] = known
    return cast("Lecteur", known)
