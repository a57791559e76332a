"""The public JSON document of a listing, rendered once when it is written.

It is what the API returns and what pages show: the data·inclusion fields and ours, the structure
that carries the offer, and where it is. What must stay private never enters it: a contact's name,
the position and street of a confidential address.
"""

import json
from collections.abc import Callable

from app.domain.geographie import Geographie
from app.domain.offre import Offre, Structure
from app.domain.portee import position_of
from app.domain.ranking import qualite_part
from schemas.export import offre_to_record, structure_to_record

_PRIVATE_PLACE = frozenset(
    ("adresse", "complement_adresse", "latitude", "longitude", "code_postal", "siret")
)
_CARRIED = (
    "id",
    "nom",
    "siret",
    "site_web",
    "telephone",
    "courriel",
    "horaires_accueil",
    "reseaux_porteurs",
)


def render_offre(geographie: Geographie) -> Callable[[Offre, Structure], str]:
    """Returns the function that renders offers."""

    def render(offre: Offre, structure: Structure) -> str:
        document = offre_to_record(offre, extensions=True)
        document.pop("contact_nom_prenom", None)
        carrier = structure_to_record(structure, extensions=False)
        hidden = _PRIVATE_PLACE if structure.adresse_confidentielle else frozenset()
        document["structure"] = {
            name: carrier[name] for name in _CARRIED if name in carrier and name not in hidden
        }
        document["score_qualite"] = qualite_part(offre)
        if offre.adresse_confidentielle:
            for name in _PRIVATE_PLACE & document.keys():
                del document[name]
        document["position"] = _position(offre, geographie)
        return _dump(document)

    return render


def render_structure(structure: Structure) -> str:
    """Returns the document of a structure."""
    document = structure_to_record(structure, extensions=True)
    if structure.adresse_confidentielle:
        for name in _PRIVATE_PLACE & document.keys():
            del document[name]
    return _dump(document)


def _position(offre: Offre, geographie: Geographie) -> dict[str, object] | None:
    """Returns where the offer is; `centre_commune` marks a point that is only its commune's."""
    point, _ = position_of(offre, geographie)
    if point is None or offre.adresse_confidentielle:
        return None
    return {"latitude": point.lat, "longitude": point.lon, "centre_commune": offre.point is None}


def _dump(document: dict[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
