"""A listing as it goes out: plain JSON types, in the order of the data·inclusion schema v1."""

from collections.abc import Iterator
from datetime import date

from app.domain.arbre import eligibilite_to_json, node_to_json
from app.domain.offre import Offre, Structure
from app.domain.regles import regles_to_json
from app.domain.vocabulaire import EtatPublication

STRUCTURE_FIELDS = (
    "source", "id", "nom", "date_maj", "description", "lien_source", "siret", "commune",
    "code_postal", "code_insee", "adresse", "complement_adresse", "longitude", "latitude",
    "telephone", "courriel", "site_web", "horaires_accueil", "accessibilite_lieu",
    "reseaux_porteurs",
)  # fmt: skip
OFFRE_FIELDS = (
    "source", "structure_id", "id", "nom", "description", "lien_source", "date_maj", "type",
    "thematiques", "frais", "frais_precisions", "publics", "publics_precisions",
    "conditions_acces", "commune", "code_postal", "code_insee", "adresse", "complement_adresse",
    "longitude", "latitude", "telephone", "courriel", "modes_accueil", "zone_eligibilite",
    "contact_nom_prenom", "lien_mobilisation", "modes_mobilisation", "mobilisable_par",
    "mobilisation_precisions", "volume_horaire_hebdomadaire", "nombre_semaines",
    "horaires_accueil",
)  # fmt: skip

_PLAIN_EXTENSIONS = ("langues", "places_disponibles", "prochaine_session", "a_apporter")
OFFRE_EXTENSIONS = (
    "eligibilite", "apporte", "suppose", "prioritaires", "regles", *_PLAIN_EXTENSIONS,
)  # fmt: skip
SHARED_EXTENSIONS = ("derniere_confirmation", "adresse_confidentielle", "etat_publication")

# The schema v1 has no code for a region: it is written as the list of its départements. Régions
# of a single département (overseas) keep their département's number.
DEPARTEMENTS_OF_REGION = {
    "01": ("971",),
    "02": ("972",),
    "03": ("973",),
    "04": ("974",),
    "06": ("976",),
    "11": ("75", "77", "78", "91", "92", "93", "94", "95"),
    "24": ("18", "28", "36", "37", "41", "45"),
    "27": ("21", "25", "39", "58", "70", "71", "89", "90"),
    "28": ("14", "27", "50", "61", "76"),
    "32": ("02", "59", "60", "62", "80"),
    "44": ("08", "10", "51", "52", "54", "55", "57", "67", "68", "88"),
    "52": ("44", "49", "53", "72", "85"),
    "53": ("22", "29", "35", "56"),
    "75": ("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87"),
    "76": ("09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82"),
    "84": ("01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"),
    "93": ("04", "05", "06", "13", "83", "84"),
    "94": ("2A", "2B"),
}


def offre_to_record(offre: Offre, *, extensions: bool) -> dict[str, object]:
    """Returns the v1 service of an offer; silence and default extensions are left out."""
    record = _v1_fields(offre, OFFRE_FIELDS)
    if offre.zone_eligibilite:
        codes = (code for ref in offre.zone_eligibilite for code in _bare_codes(ref))
        record["zone_eligibilite"] = list(dict.fromkeys(codes))
    if extensions:
        record.update(_offre_extensions(offre))
        record.update(_shared_extensions(offre))
    return record


def edited_offre(offre: Offre) -> dict[str, object]:
    """Returns the record of an offer for those who keep it; zones keep their references."""
    record = offre_to_record(offre, extensions=True)
    if offre.zone_eligibilite:
        record["zone_eligibilite"] = list(offre.zone_eligibilite)
    return record


def exported_offre(offre: Offre) -> dict[str, object]:
    """Returns the record of an open export: a contact's name is for professionals only."""
    record = offre_to_record(offre, extensions=True)
    record.pop("contact_nom_prenom", None)
    return record


def exported_structure(structure: Structure) -> dict[str, object]:
    """Returns the record of an open export."""
    return structure_to_record(structure, extensions=True)


def structure_to_record(structure: Structure, *, extensions: bool) -> dict[str, object]:
    """Returns the v1 structure; silence and default extensions are left out."""
    record = _v1_fields(structure, STRUCTURE_FIELDS)
    if extensions:
        record.update(_shared_extensions(structure))
    return record


def _v1_fields(listing: Offre | Structure, names: tuple[str, ...]) -> dict[str, object]:
    values = ((name, getattr(listing, name)) for name in names)
    return {name: _plain(value) for name, value in values if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _bare_codes(ref: str) -> tuple[str, ...]:
    kind, _, code = ref.rpartition(":")
    if kind == "region":
        return DEPARTEMENTS_OF_REGION.get(code, (code,))
    return (code,)


def _offre_extensions(offre: Offre) -> Iterator[tuple[str, object]]:
    if offre.eligibilite is not None:
        yield "eligibilite", eligibilite_to_json(offre.eligibilite)
    if offre.apporte is not None:
        yield "apporte", [{"fait": a.fait, "valeur": a.valeur} for a in offre.apporte]
    for name in ("suppose", "prioritaires"):
        if (noeud := getattr(offre, name)) is not None:
            yield name, node_to_json(noeud)
    if offre.regles is not None:
        yield "regles", regles_to_json(offre.regles)
    for name in _PLAIN_EXTENSIONS:
        if (value := getattr(offre, name)) is not None:
            yield name, _plain(value)


def _shared_extensions(listing: Offre | Structure) -> Iterator[tuple[str, object]]:
    if listing.derniere_confirmation is not None:
        yield "derniere_confirmation", listing.derniere_confirmation.isoformat()
    if listing.adresse_confidentielle:
        yield "adresse_confidentielle", True
    if listing.etat_publication is not EtatPublication.PUBLIE:
        yield "etat_publication", listing.etat_publication.value
