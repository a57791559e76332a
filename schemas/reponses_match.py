"""The shape of a match, asked and answered, for the OpenAPI document."""

from app.domain.portee import RADIUS_BY_MOBILITY_KM, RADIUS_MAX_KM, RADIUS_MIN_KM, ModePortee
from app.domain.search import WINDOW
from app.domain.verdict import Cause, Valeur, Verdict
from app.domain.vocabulaire import Vocabulaire
from app.domain.wording import Voix
from schemas.fields import MAX_ID_BYTES
from schemas.matching import MAX_BESOINS, MAX_OFFRES
from schemas.reponses import (
    COUNT,
    DAY,
    DISTANCE,
    NUMBER,
    POSITIVE,
    TEXT,
    JsonSchema,
    listed,
    ref,
    shape,
)

_PRIORITY: JsonSchema = {"type": "integer", "minimum": 1, "maximum": 3, "default": 2}
_VERDICT: JsonSchema = {"type": "string", "enum": [verdict.mot for verdict in Verdict]}
_VALEUR: JsonSchema = {"type": "string", "enum": [valeur.mot for valeur in Valeur]}
_CAUSE: JsonSchema = {
    "type": "string",
    "enum": list((Cause.FAIT_INCONNU | Cause.OFFRE_NON_PRECISEE).mots),
}


def _or_null(schema: JsonSchema) -> JsonSchema:
    return {"anyOf": [schema, {"type": "null"}]}


_DEMANDE: dict[str, JsonSchema] = {
    "faits": {
        "type": "object",
        "description": "Ce que l’on sait de la personne, par fait (liste : `faits` des "
        "référentiels). Absent ou null : inconnu. Un nombre, un intervalle {`min`, `max`}, une "
        "date {`ne_le`} ou {`depuis`} ; une valeur ou {`parmi`: […]} ; {valeur: vrai ou faux}.",
        "additionalProperties": True,
    },
    "besoins": {
        "type": "array",
        "items": shape(
            {"thematique": ref("Besoin"), "priorite": _PRIORITY}, optional=("priorite",)
        ),
        "maxItems": MAX_BESOINS,
    },
    "mobilite": shape(
        {
            "mode": _or_null({"type": "string", "enum": list(RADIUS_BY_MOBILITY_KM)}),
            "rayon_km": _or_null(
                {"type": "number", "minimum": RADIUS_MIN_KM, "maximum": RADIUS_MAX_KM}
            ),
        },
        optional=("mode", "rayon_km"),
    ),
    "date": DAY,
    "offres": {
        "type": "array",
        "items": {"type": "string", "minLength": 1, "maxLength": MAX_ID_BYTES},
        "maxItems": MAX_OFFRES,
    },
    "verdicts": {"type": "array", "items": _VERDICT, "minItems": 1},
    "voix": {"type": "string", "enum": list(Voix), "default": Voix.LA_PERSONNE},
    "page": {**POSITIVE, "maximum": WINDOW, "default": 1},
    "par_page": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
}
_ANSWER: dict[str, JsonSchema] = {
    "Critere": shape(
        {
            "fait": _or_null(TEXT),
            "attendu": TEXT,
            "connu": _or_null(TEXT),
            "verdict": _VALEUR,
            "cause": _or_null(_CAUSE),
            "phrase": TEXT,
            "choix": listed(ref("Critere")),
        }
    ),
    "Solution": shape(
        {
            "offre": ref("Offre"),
            "score": {"type": "number", "minimum": 0, "maximum": 100},
            "score_detail": shape(
                dict.fromkeys(("besoin", "acces", "proximite", "fraicheur", "qualite"), NUMBER)
            ),
            "verdict": _VERDICT,
            "causes": listed(_CAUSE),
            "portee": shape(
                {
                    "mode": _or_null({"type": "string", "enum": list(ModePortee)}),
                    "distance_km": DISTANCE,
                }
            ),
            "besoins": listed(ref("Besoin")),
            "criteres": listed(ref("Critere")),
            "obstacles": listed(ref("Critere")),
            "prioritaire": _or_null(_VALEUR),
            "horizon": _or_null(shape({"date": TEXT, "verdict": _VERDICT})),
            "deblocage": listed(
                shape({"fait": TEXT, "valeur": TEXT, "libelle": TEXT, "offres": listed(TEXT)})
            ),
        }
    ),
    "Correspondances": shape(
        {
            "total": COUNT,
            "page": POSITIVE,
            "par_page": POSITIVE,
            "rayon_km": NUMBER,
            "par_verdict": shape({verdict.mot: COUNT for verdict in Verdict}),
            "hors_portee": shape({"total": COUNT, "plus_proche_km": DISTANCE}),
            "par_besoin": listed(
                shape({"thematique": ref("Besoin"), "total": COUNT, "premiers": listed(TEXT)})
            ),
            "questions": listed(
                shape(
                    {
                        "fait": TEXT,
                        "valeur": _or_null(TEXT),
                        "question": TEXT,
                        "offres_tranchees": COUNT,
                    }
                )
            ),
            "inconnues": listed(TEXT),
            "solutions": listed(ref("Solution")),
        }
    ),
}


def match_schemas(vocabulaire: Vocabulaire) -> dict[str, JsonSchema]:
    """Returns the schemas of a match; the facts are those of the running site."""
    faits = {**_DEMANDE["faits"], "propertyNames": {"enum": list(vocabulaire.faits)}}
    asked = {name: _or_null(schema) for name, schema in {**_DEMANDE, "faits": faits}.items()}
    return {"DemandeMatch": shape(asked, optional=tuple(asked)), **_ANSWER}
