"""What partners' software sends and reads with a key, as JSON Schema, for the OpenAPI document."""

from collections.abc import Mapping

from app.domain.publication import OFFRE, STRUCTURE
from app.domain.vocabulaire import Vocabulaire
from schemas.reponses import (
    OFFRE_LUE,
    STRUCTURE_LUE,
    SURE_STRUCTURE,
    TEXT,
    JsonSchema,
    enums_of,
    listed,
    ref,
    some_optional,
)

_MADE = ("structure", "score_qualite", "position")  # from the rest, for readers
_FICHE_OFFRE: dict[str, JsonSchema] = {
    **{name: said for name, said in OFFRE_LUE.items() if name not in _MADE},
    "contact_nom_prenom": TEXT,
}
_REQUIRED = {STRUCTURE: ("nom",), OFFRE: ("nom", "description", "structure_id")}
_SURE = (*SURE_STRUCTURE, "etat_publication")
# What the fields themselves refuse with better words than a schema has.
_WIDER: dict[str, JsonSchema] = {
    "regles": {"type": "object"},
    "apporte": listed({"type": "object"}),
    "a_apporter": listed(TEXT),
    "nombre_semaines": {"type": "integer"},
    "places_disponibles": {"type": "integer"},
}
_SHOWN = "Le document public, ou avec une clé la fiche comme on l’écrit."
SCHEMAS: dict[str, JsonSchema] = {
    "FicheStructure": {
        **some_optional(STRUCTURE_LUE, _SURE),
        "description": "Une structure comme on l’écrit.",
    },
    "FicheOffre": {
        **some_optional(_FICHE_OFFRE, (*_SURE, "structure_id", "description")),
        "description": "Une offre comme on l’écrit.",
    },
    "StructureLue": {
        "description": _SHOWN,
        "anyOf": [ref("StructureDetaillee"), ref("FicheStructure")],
    },
    "OffreLue": {"description": _SHOWN, "anyOf": [ref("Offre"), ref("FicheOffre")]},
}


def write_schemas(vocabulaire: Vocabulaire) -> dict[str, JsonSchema]:
    """Returns the schemas of what is written, and of what is read to be written again."""
    bodies = {"EcritureStructure": STRUCTURE, "EcritureOffre": OFFRE}
    written = {name: _body(written_fields(vocabulaire, of), of) for name, of in bodies.items()}
    return {**SCHEMAS, **written}


def written_fields(vocabulaire: Vocabulaire, objet: str) -> dict[str, JsonSchema]:
    """Returns the schema of each field of a body, with the values of its list."""
    fields = _FICHE_OFFRE if objet == OFFRE else STRUCTURE_LUE
    enums = enums_of(vocabulaire)
    return {name: _resolved(_WIDER.get(name, said), enums) for name, said in fields.items()}


def _resolved(schema: JsonSchema, enums: Mapping[str, JsonSchema]) -> JsonSchema:
    """Replaces the name of a list by its values."""
    named = schema.get("$ref")
    if isinstance(named, str):
        return enums[named.rpartition("/")[2]]
    items = schema.get("items")
    return {**schema, "items": _resolved(items, enums)} if isinstance(items, dict) else schema


def _body(fields: Mapping[str, JsonSchema], objet: str) -> JsonSchema:
    """Returns the schema of a body; null says nothing, wherever a value may be left out."""
    required = _REQUIRED[objet]
    return {
        "type": "object",
        "description": "La fiche entière ; un champ absent ou null est effacé.",
        "properties": {
            name: schema if name in required else _or_null(schema)
            for name, schema in fields.items()
        },
        "required": list(required),
        "additionalProperties": False,
    }


def _or_null(schema: JsonSchema) -> JsonSchema:
    nullable = {**schema, "type": [schema["type"], "null"]}
    if isinstance(enum := schema.get("enum"), list):
        nullable["enum"] = [*enum, None]
    return nullable
