"""The shape of every answer of the API, as JSON Schema 2020-12, for the OpenAPI document.

Answers are written from documents that are already JSON text, so these schemas describe and never
serialise; the test suite checks real answers against them.
"""

from collections.abc import Mapping

from app.domain.portee import ModePortee
from app.domain.regles import EtatRegles
from app.domain.search import FACETS, NON_PRECISE
from app.domain.vocabulaire import EtatPublication, Nature, Vocabulaire
from schemas.a_apporter import A_APPORTER

JsonSchema = dict[str, object]

TEXT: JsonSchema = {"type": "string"}
NUMBER: JsonSchema = {"type": "number"}
BOOLEAN: JsonSchema = {"type": "boolean"}
COUNT: JsonSchema = {"type": "integer", "minimum": 0}
POSITIVE: JsonSchema = {"type": "integer", "minimum": 1}
DAY: JsonSchema = {"type": "string", "format": "date"}
TREE: JsonSchema = {
    "type": "object",
    "description": "Conditions : `toutes`, `une_parmi` et `sauf` s’emboîtent.",
}
DISTANCE: JsonSchema = {
    "type": ["number", "null"],
    "minimum": 0,
    "description": "Kilomètres, au mètre près ; null si la distance n’a pas de sens.",
}


def listed(items: JsonSchema) -> JsonSchema:
    """Returns the schema of a list."""
    return {"type": "array", "items": items}


def shape(properties: Mapping[str, JsonSchema], *, optional: tuple[str, ...] = ()) -> JsonSchema:
    """Returns the schema of an object with these properties and no other."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def ref(name: str) -> JsonSchema:
    """Returns a reference to another schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


_FICHE: dict[str, JsonSchema] = {
    "source": TEXT,
    "id": TEXT,
    "nom": TEXT,
    "date_maj": DAY,
    "description": TEXT,
    "lien_source": TEXT,
    "commune": TEXT,
    "code_postal": TEXT,
    "code_insee": TEXT,
    "adresse": TEXT,
    "complement_adresse": TEXT,
    "longitude": NUMBER,
    "latitude": NUMBER,
    "telephone": TEXT,
    "courriel": TEXT,
    "horaires_accueil": TEXT,
    "derniere_confirmation": DAY,
    "adresse_confidentielle": BOOLEAN,
    "etat_publication": {"type": "string", "enum": list(EtatPublication)},
}
STRUCTURE_LUE: dict[str, JsonSchema] = {
    **_FICHE,
    "siret": TEXT,
    "site_web": TEXT,
    "accessibilite_lieu": TEXT,
    "reseaux_porteurs": listed(ref("ReseauPorteur")),
}
OFFRE_LUE: dict[str, JsonSchema] = {
    **_FICHE,
    "structure_id": TEXT,
    "type": ref("TypeService"),
    "thematiques": listed(ref("Thematique")),
    "frais": ref("Frais"),
    "frais_precisions": TEXT,
    "publics": listed(ref("Public")),
    "publics_precisions": TEXT,
    "conditions_acces": TEXT,
    "modes_accueil": listed(ref("ModeAccueil")),
    "zone_eligibilite": listed(TEXT),
    "lien_mobilisation": TEXT,
    "modes_mobilisation": listed(ref("ModeMobilisation")),
    "mobilisable_par": listed(ref("PersonneMobilisatrice")),
    "mobilisation_precisions": TEXT,
    "volume_horaire_hebdomadaire": NUMBER,
    "nombre_semaines": POSITIVE,
    "eligibilite": TREE,
    "apporte": listed(shape({"fait": TEXT, "valeur": TEXT})),
    "suppose": TREE,
    "prioritaires": TREE,
    "regles": {
        **shape(
            {
                "source": TEXT,
                "lien": {"type": "string", "format": "uri"},
                "lue_le": DAY,
                "etat": {"type": "string", "enum": list(EtatRegles)},
                "confirmees_par": TEXT,
                "confirmees_le": DAY,
            },
            optional=("confirmees_par", "confirmees_le"),
        ),
        "description": "Le texte officiel d’où viennent `eligibilite` et ses conditions.",
    },
    "langues": listed(ref("Langue")),
    "places_disponibles": COUNT,
    "prochaine_session": DAY,
    "a_apporter": {**A_APPORTER, "description": "Ce qu’il faut apporter ou préparer."},
    "structure": shape(
        {
            "id": TEXT,
            "nom": TEXT,
            "siret": TEXT,
            "site_web": TEXT,
            "telephone": TEXT,
            "courriel": TEXT,
            "horaires_accueil": TEXT,
            "reseaux_porteurs": listed(ref("ReseauPorteur")),
        },
        optional=(
            "siret",
            "site_web",
            "telephone",
            "courriel",
            "horaires_accueil",
            "reseaux_porteurs",
        ),
    ),
    "score_qualite": {"type": "number", "minimum": 0, "maximum": 1},
    "position": {
        "type": ["object", "null"],
        "properties": {"latitude": NUMBER, "longitude": NUMBER, "centre_commune": BOOLEAN},
        "required": ["latitude", "longitude", "centre_commune"],
        "additionalProperties": False,
        "description": "Où se trouve l’offre ; `centre_commune` marque un point approché.",
    },
}
_RESULT: dict[str, JsonSchema] = {
    "distance_km": DISTANCE,
    "portee": {"type": "string", "enum": list(ModePortee)},
    "ouvert": {
        "type": ["boolean", "null"],
        "description": "Ouvert à l’heure de `ouvert_le` ; null quand on ne peut pas le dire.",
    },
    "score": {"type": "number", "minimum": 0, "maximum": 100},
    "score_detail": shape(
        dict.fromkeys(("besoin", "acces", "proximite", "fraicheur", "qualite"), NUMBER)
    ),
}
SURE_STRUCTURE = ("source", "id", "nom", "date_maj")
_SURE_OFFRE = (*SURE_STRUCTURE, "structure_id", "description", "structure", "score_qualite")


def some_optional(properties: Mapping[str, JsonSchema], sure: tuple[str, ...]) -> JsonSchema:
    """Returns the schema of an object that has these properties, those for sure."""
    return shape(properties, optional=tuple(name for name in properties if name not in sure))


LIEU = shape({"code": TEXT, "libelle": TEXT})
_PAGE: dict[str, JsonSchema] = {"total": COUNT, "page": POSITIVE, "par_page": POSITIVE}
SCHEMAS: dict[str, JsonSchema] = {
    "Offre": some_optional(OFFRE_LUE, (*_SURE_OFFRE, "position")),
    "Resultat": some_optional({**OFFRE_LUE, **_RESULT}, (*_SURE_OFFRE, "position", *_RESULT)),
    "Resultats": shape(
        {
            **_PAGE,
            "resultats": listed(ref("Resultat")),
            "facettes": shape({name: ref("Facette") for name in FACETS}),
            "hors_zone": COUNT,
            "hors_portee": shape({"total": COUNT, "plus_proche_km": DISTANCE}),
            "correction": {"type": ["string", "null"]},
            "elargir": listed(
                shape(
                    {
                        "parametre": TEXT,
                        "valeur": {"type": ["integer", "string", "null"]},
                        "total": POSITIVE,
                    }
                )
            ),
            "lieu": {"anyOf": [LIEU, {"type": "null"}]},
            "besoins": listed(ref("Thematique")),
        }
    ),
    "Facette": {
        "type": "object",
        "description": "Nombre d’offres par valeur, tous filtres appliqués sauf le sien ; "
        "`non_precise` compte celles qui ne disent rien.",
        "properties": {NON_PRECISE: COUNT},
        "required": [NON_PRECISE],
        "additionalProperties": COUNT,
    },
    "Structure": some_optional(STRUCTURE_LUE, SURE_STRUCTURE),
    "StructureDetaillee": some_optional(
        {**STRUCTURE_LUE, "offres": listed(TEXT), "doublons": listed(TEXT)},
        (*SURE_STRUCTURE, "offres", "doublons"),
    ),
    "Structures": shape({**_PAGE, "resultats": listed(ref("Structure"))}),
    "Referentiel": shape({"nom": TEXT, "valeurs": listed(ref("Valeur"))}),
    "Valeur": {
        "type": "object",
        "description": "Une valeur et son libellé ; certaines listes en disent davantage.",
        "properties": {
            "valeur": TEXT,
            "libelle": TEXT,
            "description": {"type": ["string", "null"]},
            "question": TEXT,
            "nature": {"type": "string", "enum": list(Nature)},
        },
        "required": ["valeur", "libelle"],
    },
    "Suggestions": shape(
        {"lieux": listed(LIEU), "besoins": listed(shape({"valeur": TEXT, "libelle": TEXT}))}
    ),
    "Probleme": shape(
        {
            "type": {"type": "string", "format": "uri-reference"},
            "title": TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": TEXT,
            "erreurs": listed(shape({"champ": TEXT, "message": TEXT})),
        }
    ),
}
LISTS = {
    "Thematique": ("thematiques",),
    "Besoin": ("categories", "thematiques"),
    "Public": ("publics",),
    "TypeService": ("types-services",),
    "Frais": ("frais",),
    "ModeAccueil": ("modes-accueil",),
    "ModeMobilisation": ("modes-mobilisation",),
    "PersonneMobilisatrice": ("personnes-mobilisatrices",),
    "ReseauPorteur": ("reseaux-porteurs",),
    "Langue": ("langues",),
}


def enums_of(vocabulaire: Vocabulaire) -> dict[str, JsonSchema]:
    """Returns the schemas of the lists of values."""
    lists = vocabulaire.referentiels
    return {
        name: {"type": "string", "enum": [value for part in parts for value in lists[part]]}
        for name, parts in LISTS.items()
    }


def schemas_of(vocabulaire: Vocabulaire, bassins: tuple[str, ...]) -> dict[str, JsonSchema]:
    """Returns every schema of the document, the lists of values included."""
    bassin: JsonSchema = {"type": "string", "enum": list(bassins)}
    return {**SCHEMAS, **enums_of(vocabulaire), "Bassin": bassin}
