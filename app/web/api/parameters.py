"""What the OpenAPI document says of each parameter; `schemas.search` is what reads them."""

from app.domain.demande import Demande
from app.domain.portee import RADIUS_DEFAULT_KM, RADIUS_MAX_KM, RADIUS_MIN_KM
from app.domain.search import WINDOW, Tri
from app.web.api.operations import Parameter, query, reference
from schemas.fields import MAX_ID_BYTES
from schemas.parametres import NO, YES
from schemas.search import MAX_LIEU, MAX_PAR_PAGE, MAX_Q, PAR_PAGE

INSEE_CODE = {"type": "string", "pattern": "^[0-9][0-9ABab][0-9]{3}$"}
IDENTIFIANT = {"type": "string", "minLength": 1, "maxLength": MAX_ID_BYTES}


IF_MATCH: Parameter = {
    "in": "header",
    "name": "If-Match",
    "description": "L’ETag de la fiche qui a été lue, entre guillemets : son numéro de révision.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,10}"$'},
    "example": '"1234"',
}
IF_NONE_MATCH: Parameter = {
    "in": "header",
    "name": "If-None-Match",
    "description": "`*` pour une fiche nouvelle : rien n’est écrit si elle existe.",
    "schema": {"type": "string", "enum": ["*"]},
}


def several(name: str, list_name: str, description: str) -> Parameter:
    """Returns the documentation of a list parameter: repeated, its values are alternatives."""
    schema = {"type": "array", "items": reference(list_name), "minItems": 1}
    return query(
        name,
        f"{description} Répétez le paramètre pour plusieurs valeurs (l’une ou l’autre).",
        schema,
        style="form",
        explode=True,
    )


CODE_COMMUNE = query(
    "code_commune",
    "Code INSEE de la commune, actuel ou ancien, ou d’un arrondissement (pas le code postal).",
    INSEE_CODE,
    example="84007",
)
PAGE = query(
    "page",
    f"Numéro de la page ; `page` × `par_page` va jusqu’à {WINDOW}.",
    {"type": "integer", "minimum": 1, "maximum": WINDOW, "default": 1},
)
PAR_PAGE_PARAMETER = query(
    "par_page",
    "Nombre de résultats par page.",
    {"type": "integer", "minimum": 1, "maximum": MAX_PAR_PAGE, "default": PAR_PAGE},
)
SEARCH_PARAMETERS = (
    query(
        "q",
        "Ce que l’on cherche, en mots courants ; un lieu y est reconnu si rien d’autre n’en donne.",
        {"type": "string", "maxLength": MAX_Q},
        example="permis de conduire",
    ),
    CODE_COMMUNE,
    query(
        "lat",
        "Latitude (WGS 84), avec `lon` : point de départ des distances.",
        {"type": "number", "minimum": -90, "maximum": 90},
    ),
    query(
        "lon",
        "Longitude (WGS 84), avec `lat`.",
        {"type": "number", "minimum": -180, "maximum": 180},
    ),
    query(
        "rayon_km",
        "Rayon autour du lieu, pour ce qui se passe sur place.",
        {
            "type": "number",
            "minimum": RADIUS_MIN_KM,
            "maximum": RADIUS_MAX_KM,
            "default": RADIUS_DEFAULT_KM,
        },
    ),
    several("thematiques", "Besoin", "Thématique, ou catégorie entière."),
    several("publics", "Public", "Publics ; les offres tous publics sont toujours gardées."),
    several("types", "TypeService", "Type d’offre."),
    several("frais", "Frais", "Gratuit ou payant."),
    several("modes_accueil", "ModeAccueil", "Sur place ou à distance."),
    query("structure_id", "Les offres d’une seule structure.", IDENTIFIANT),
    query(
        "bassin",
        "Bassin d’emploi : ce qui s’y trouve, ou le dessert à distance.",
        reference("Bassin"),
    ),
    query(
        "ouvert_le",
        "Date et heure à Paris : écarte ce qui est sûrement fermé ; les horaires inconnus restent.",
        {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?$"},
        example="2026-11-25T14:30",
    ),
    query(
        "inclure_non_precises",
        "Garder les offres qui ne précisent ni publics ni frais, quand on filtre dessus.",
        {"type": "string", "enum": [*YES, *NO], "default": "true"},
    ),
    query(
        "tri",
        "Ordre des résultats ; à égalité : distance, date, puis identifiant.",
        {"type": "string", "enum": list(Tri), "default": Demande().tri},
    ),
    PAGE,
    PAR_PAGE_PARAMETER,
)
STRUCTURES_PARAMETERS = (
    CODE_COMMUNE,
    query(
        "departement",
        "Code du département.",
        {"type": "string", "pattern": "^[0-9][0-9ABab][0-9]?$"},
        example="55",
    ),
    PAGE,
    PAR_PAGE_PARAMETER,
)
SUGGESTION_PARAMETERS = (
    query(
        "q",
        "Le début d’un nom de commune, d’un code postal ou d’un besoin.",
        {"type": "string", "maxLength": MAX_LIEU},
        example="permis",
    ),
)


def identifier(name: str, description: str) -> Parameter:
    """Returns the documentation of an id in the address: any text, percent-encoded."""
    return {"in": "path", "name": name, "description": description, "schema": IDENTIFIANT}


OFFRE_ID = identifier("offre_id", "Identifiant de l’offre, un texte opaque.")
STRUCTURE_ID = identifier("structure_id", "Identifiant de la structure, un texte opaque.")
