"""Writes the answers of the API as text.

The document of a listing is rendered once, when the listing is written: here it is only copied into
place, so that serialising costs less than searching.
"""

import json
from collections.abc import Iterable, Mapping

from flask import Response

from app.domain.search import NON_PRECISE, Hit, SearchPage
from app.services.search import Resultats, Trouve

DECIMALS = 6  # of a score: how it is ordered
DISTANCE_DECIMALS = 3  # of a distance in kilometres: the metre


def json_response(text: str) -> Response:
    """Returns the response of a JSON text."""
    return Response(text, mimetype="application/json")


def dumped(value: object) -> str:
    """Returns compact JSON, with its accents."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def with_fields(document: str, fields: Mapping[str, object]) -> str:
    """Adds fields at the end of a document that has some already."""
    return f"{document[:-1]},{dumped(fields)[1:]}"


def with_documents(fields: Mapping[str, object], documents: Iterable[str]) -> str:
    """Adds `resultats`, a list of documents, at the end of an object that has fields already."""
    return f'{dumped(fields)[:-1]},"resultats":[{",".join(documents)}]}}'


def rendered_results(resultats: Resultats) -> str:
    """Returns the answer of a search."""
    page, lieu = resultats.page, resultats.lieu
    fields = {
        "total": page.total,
        "page": resultats.demande.page,
        "par_page": resultats.demande.par_page,
        "facettes": _facettes(page),
        "hors_zone": page.hors_zone,
        "hors_portee": {
            "total": page.hors_portee.total,
            "plus_proche_km": _km(page.hors_portee.plus_proche_km),
        },
        "correction": resultats.lecture.correction,
        "elargir": [
            {"parametre": e.parametre, "valeur": e.valeur, "total": e.total} for e in page.elargir
        ],
        "lieu": {"code": lieu.code, "libelle": lieu.libelle} if lieu else None,
        "besoins": sorted(resultats.lecture.besoins),
    }
    return with_documents(fields, map(_result, resultats.trouves))


def _result(trouve: Trouve) -> str:
    return with_fields(trouve.document, _place_in_order(trouve.hit))


def _place_in_order(hit: Hit) -> dict[str, object]:
    detail = hit.detail
    return {
        "distance_km": _km(hit.portee.distance_km),
        "portee": hit.portee.mode,
        "score": hit.score,
        "score_detail": {
            "besoin": round(detail.besoin, DECIMALS),
            "acces": round(detail.acces, DECIMALS),
            "proximite": round(detail.proximite, DECIMALS),
            "fraicheur": round(detail.fraicheur, DECIMALS),
            "qualite": round(detail.qualite, DECIMALS),
        },
    }


def _facettes(page: SearchPage) -> dict[str, dict[str, int]]:
    return {
        name: {**counts, NON_PRECISE: counts.get(NON_PRECISE, 0)}
        for name, counts in page.facettes.items()
    }


def _km(distance: float | None) -> float | None:
    return None if distance is None else round(distance, DISTANCE_DECIMALS)
