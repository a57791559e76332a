"""Matching one person with the whole catalogue; nothing of the body is stored or logged."""

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from app.web.api.match_rendering import rendered_match
from app.web.api.operations import ApiBlueprint, Operation
from app.web.api.rendering import json_response
from app.web.current import current_catalogue
from schemas.base import ReadingContext
from schemas.corps import require_whole_characters
from schemas.matching import read_match
from schemas.reading import json_of

matching = ApiBlueprint("api-match", "Trouver toutes les solutions pour une personne.")


@matching.post(
    "/match",
    Operation(
        summary="Trouver toutes les solutions pour une personne",
        description="Juge tout le catalogue avec trois valeurs, d’après ce que l’on sait de la "
        "personne : `accessible`, `a_verifier` (et pourquoi), `non_accessible`. Classe, explique, "
        "et dit quelle question trancherait le plus d’offres. Rien n’est conservé ni journalisé. "
        "Chaque clé est facultative ; une clé ou une valeur inconnue est refusée.",
        answer="Correspondances",
        answer_description="Une page de solutions expliquées, avec les totaux exacts.",
        body="DemandeMatch",
        errors=(413, 415, 503),
    ),
)
def match_offres() -> Response:
    """Answers a match."""
    catalogue = current_catalogue()
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    body = json_of(request.get_data().decode("utf-8", "replace"))
    require_whole_characters(body)
    context = ReadingContext(
        vocabulaire=catalogue.vocabulaire,
        geographie=catalogue.geographie,
        today=catalogue.clock.today(),
    )
    response = json_response(rendered_match(catalogue.matching.match(read_match(body, context))))
    response.headers["Cache-Control"] = "no-store"
    return response
