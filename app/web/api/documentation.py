"""The OpenAPI document, and the page that shows it: server-rendered, no script, nothing elsewhere.

Lists of values depend on the settings of the running site, so the document is completed when it is
first asked for, and kept.
"""

import copy
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, render_template
from markupsafe import Markup, escape

from app.web.api.operations import SECURITY_SCHEMES
from app.web.api.rendering import dumped, json_response
from app.web.current import current_catalogue
from app.web.errors import KINDS
from app.web.security_headers import PUBLIC_HOUR
from schemas.reponses import schemas_of
from schemas.reponses_ecriture import write_schemas
from schemas.reponses_match import match_schemas

Document = dict[str, Any]


def documentation_of(api: Any) -> Blueprint:
    """Returns the routes that publish the documentation of an API."""
    blueprint = Blueprint(
        "api-docs",
        __name__,
        url_prefix="/api",
        template_folder="templates",
        static_folder="static",
        static_url_path="/docs/static",
    )

    def document() -> Document:
        return document_with(tuple(current_catalogue().bassins))

    @lru_cache(maxsize=2)  # territories add and remove basins
    def document_with(bassins: tuple[str, ...]) -> Document:
        catalogue = current_catalogue()
        complete: Document = copy.deepcopy(api.spec.to_dict())
        complete["components"] = {
            "securitySchemes": SECURITY_SCHEMES,
            "schemas": {
                **write_schemas(catalogue.vocabulaire),
                **schemas_of(catalogue.vocabulaire, bassins),
                **match_schemas(catalogue.vocabulaire),
            },
        }
        complete["servers"] = [{"url": "/", "description": "Ce site"}]
        return complete

    def openapi() -> Response:
        return _kept(json_response(dumped(document())))

    def docs() -> Response:
        page = render_template(
            "api/documentation.html", document=document(), kinds=KINDS, marked=marked,
            operations=list(operations_of(document())), value_text=value_text,
        )  # fmt: skip
        return _kept(Response(page, mimetype="text/html"))

    blueprint.add_url_rule("/openapi.json", "openapi", openapi)
    blueprint.add_url_rule("/docs", "docs", docs)
    return blueprint


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = PUBLIC_HOUR
    return response


def operations_of(document: Mapping[str, Any]) -> Iterator[Document]:
    """Yields each operation with its address and all its parameters."""
    for path, item in document["paths"].items():
        shared = item.get("parameters", [])
        for method, operation in item.items():
            if method != "parameters":
                yield {
                    **operation,
                    "path": path,
                    "method": method.upper(),
                    "parameters": [*shared, *operation.get("parameters", [])],
                }


def marked(text: str) -> Markup:
    """Returns a text whose parts between backquotes are code, as OpenAPI writes them.

    >>> marked("avec `lon`")
    Markup('avec <code>lon</code>')
    """
    parts = map(escape, text.split("`"))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if rank % 2 else part
        for rank, part in enumerate(parts)
    )


def value_text(schema: Mapping[str, Any]) -> str:
    """Returns in a few French words what a parameter accepts.

    >>> value_text({"type": "integer", "minimum": 1, "maximum": 100})
    'nombre entier de 1 à 100'
    """
    if "$ref" in schema:
        return f"une valeur de la liste {schema['$ref'].rpartition('/')[2]}"
    if schema["type"] == "array":
        return value_text(schema["items"])
    if "enum" in schema:
        return ", ".join(schema["enum"])
    words = {"string": "texte", "number": "nombre", "integer": "nombre entier"}
    text = words[schema["type"]]
    if "minimum" in schema:
        text += f" de {schema['minimum']} à {schema['maximum']}"
    if "maxLength" in schema:
        text += f", {schema['maxLength']} caractères au plus"
    return text
