"""Registers the routes of the API together with what the OpenAPI document says of them.

A route cannot be registered without its documentation. This module is the only one that knows
flask-smorest, which ships no types.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from flask import Flask, Response
from flask_smorest import Api, Blueprint  # type: ignore[import-untyped]

from schemas.problem import MEDIA_TYPE

VERSION = "1.1.0"
DESCRIPTION = (
    "Le catalogue ouvert des offres d’accompagnement : recherche, fiches, structures et listes de "
    "référence. La lecture est ouverte à tout site (CORS), sans compte ni clé. L’écriture demande "
    "une clé, faite dans l’espace partenaires, et ne part pas d’un navigateur. Les champs sont "
    "ceux du schéma data·inclusion v1 ; les erreurs suivent la RFC 9457 (application/problem+json)."
)
ERRORS = {
    400: "Demande à corriger : chaque paramètre fautif est nommé dans `erreurs`.",
    401: "Clé absente, inconnue, révoquée ou expirée.",
    403: "Le compte de la clé ne tient pas cette fiche.",
    404: "Rien de publié à cette adresse.",
    405: "Méthode refusée : l’en-tête `Allow` donne celles qui sont acceptées.",
    409: "Un champ qui ne s’écrit pas dit autre chose que la fiche : `erreurs` le nomme.",
    412: "La fiche a changé depuis cette lecture, ou existe déjà : `ETag` dit sa révision, "
    "`erreurs` ce qui a changé.",
    413: "Demande trop lourde.",
    414: "Adresse trop longue.",
    415: "Format refusé : envoyez du JSON (application/json).",
    422: "Fiche à corriger : chaque champ fautif est nommé dans `erreurs`.",
    428: "L’en-tête `If-Match`, ou `If-None-Match: *` pour une fiche nouvelle, est attendu.",
    429: "Trop de demandes : l’en-tête `Retry-After` dit combien de secondes attendre.",
    500: "Erreur de notre côté.",
    503: "Recherche indisponible : l’en-tête `Retry-After` dit combien de secondes attendre.",
}
COMMON_ERRORS = (400, 405, 414, 429, 500)
RETRY_AFTER = {
    "Retry-After": {
        "description": "Nombre de secondes à attendre.",
        "schema": {"type": "integer", "minimum": 0},
    }
}

ETAG = {
    "ETag": {
        "description": "Le numéro de révision de la fiche, à renvoyer dans `If-Match`.",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,10}"$'},
    }
}
LOCATION = {
    "Location": {
        "description": "L’adresse de la fiche.",
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
CHALLENGE = {
    "WWW-Authenticate": {
        "description": "`Bearer` : ce qui est attendu de l’en-tête `Authorization`.",
        "schema": {"type": "string"},
    }
}
ERROR_HEADERS = {401: CHALLENGE, 429: RETRY_AFTER, 503: RETRY_AFTER}
SECURITY_SCHEMES = {
    "cle": {
        "type": "http",
        "scheme": "bearer",
        "description": "Une clé faite à la page `/espace/cles` : elle agit comme son compte, "
        "jusqu’à sa fin ou sa révocation.",
    }
}
View = Callable[..., Response]
Parameter = Mapping[str, object]


class Cle(Enum):
    """Whether a route asks for a key; `security` of OpenAPI, any of whose items is enough."""

    AUCUNE = 0
    FACULTATIVE = 1
    OBLIGATOIRE = 2

    @property
    def security(self) -> list[dict[str, list[str]]]:
        """Returns it as the document says it."""
        needed: dict[str, list[str]] = {"cle": []}
        return [{}, needed] if self is Cle.FACULTATIVE else [needed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What the documentation says of a route; `answer` and `body` name schemas of the document."""

    summary: str
    description: str
    answer: str
    answer_description: str
    parameters: Sequence[Parameter] = ()
    errors: Sequence[int] = ()
    body: str | None = None
    headers: Sequence[Parameter] = ()
    cle: Cle = Cle.AUCUNE
    creates: bool = False
    """True when it may answer 201, for something new."""
    moves: bool = False
    """True when it may answer 302, for a listing that was merged with another."""


class ApiBlueprint:
    """A group of documented routes."""

    def __init__(self, name: str, description: str) -> None:
        self._blueprint = Blueprint(name, __name__, url_prefix="/api/v1", description=description)

    def get(self, rule: str, operation: Operation) -> Callable[[View], View]:
        """Registers a view, which always returns a whole response."""
        return self._route("GET", rule, operation)

    def post(self, rule: str, operation: Operation) -> Callable[[View], View]:
        """Registers a view that reads a JSON body and writes nothing."""
        return self._route("POST", rule, operation)

    def write(self, method: str, rule: str, operation: Operation) -> Callable[[View], View]:
        """Registers a view that writes by a key, which the guard asks for."""
        return self._route(method, rule, replace(operation, cle=Cle.OBLIGATOIRE))

    def _route(self, method: str, rule: str, operation: Operation) -> Callable[[View], View]:
        def register(view: View) -> View:
            documented: Any = self._blueprint.response(
                200,
                reference(operation.answer),
                description=operation.answer_description,
                headers=ETAG if operation.cle is Cle.OBLIGATOIRE else None,
            )(view)
            if operation.creates:
                documented = self._blueprint.alt_response(
                    201,
                    schema=reference(operation.answer),
                    content_type="application/json",
                    description="La fiche nouvelle.",
                    headers={**ETAG, **LOCATION},
                )(documented)
            if operation.moves:
                documented = self._blueprint.alt_response(
                    302, description="Fiche réunie avec une autre.", headers=LOCATION
                )(documented)
            for status in sorted({*COMMON_ERRORS, *operation.errors}):
                documented = self._blueprint.alt_response(
                    status,
                    schema=reference("Probleme"),
                    content_type=MEDIA_TYPE,
                    description=ERRORS[status],
                    headers=ERROR_HEADERS.get(status),
                )(documented)
            documented = self._blueprint.doc(
                summary=operation.summary,
                description=operation.description,
                operationId=view.__name__,
                **_asked(operation),
            )(documented)
            # An id may hold several slashes in a row: merging them would name another one.
            self._blueprint.add_url_rule(
                rule,
                view.__name__,
                documented,
                methods=[method],
                parameters=[dict(parameter) for parameter in operation.parameters],
                merge_slashes=False,
            )
            return view

        return register

    def register(self, api: Any) -> None:
        """Adds the routes to an application, and their documentation to its document."""
        api.register_blueprint(self._blueprint)


def make_api(app: Flask) -> Any:
    """Returns the registry of the application's documented routes; it serves nothing itself."""
    app.config.update(
        API_TITLE="Éventail", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None
    )
    api = Api(app, spec_kwargs={"info": {"description": DESCRIPTION}})
    api.DEFAULT_ERROR_RESPONSE_NAME = None  # its shape is not ours, and every error is documented
    app.cli.commands.pop("openapi")  # it would print the document without its schemas
    return api


def reference(name: str) -> dict[str, str]:
    """Returns a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def _asked(operation: Operation) -> dict[str, object]:
    """Returns what the document says of the request, besides its address."""
    asked: dict[str, object] = {}
    if operation.body:
        asked["requestBody"] = _body(operation.body)
    if operation.headers:
        asked["parameters"] = [dict(header) for header in operation.headers]
    if operation.cle is not Cle.AUCUNE:
        asked["security"] = operation.cle.security
    return asked


def _body(name: str) -> dict[str, object]:
    return {"required": True, "content": {"application/json": {"schema": reference(name)}}}


def query(name: str, description: str, schema: object, **more: object) -> Parameter:
    """Returns the documentation of a query parameter."""
    return {"in": "query", "name": name, "description": description, "schema": schema, **more}
