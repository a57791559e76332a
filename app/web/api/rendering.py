"""Writes the answers of the API as text.

The document of a listing is rendered once, when the listing is written: here it is only copied into
place, so that serialising costs less than searching.
"""

import json
from collections.abc import Iterable, Mapping

from flask import Response

from app.domain.search import NON_PRECISE, SearchPage
from app.services.search import Resultats, Trouve

PART = ".8g"  # how a part of a score is written: six decimals when it has two digits
DISTANCE_DECIMALS = 3  # of a distance in kilometres: the metre
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # dumps makes one a call


def json_response(text: str) -> Response:
    """Returns the response of a JSON text."""
    return Response(text, mimetype="application/json")


def dumped(value: object) -> str:
    """Returns compact JSON, with its accents."""
    return _ENCODER.encode(value)


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
    """Adds to a sheet its place in the order; formatting is three times faster than an encoder."""
    hit, detail = trouve.hit, trouve.hit.detail
    km = _km(hit.portee.distance_km)
    return (
        f'{trouve.document[:-1]},"distance_km":{"null" if km is None else km},'
        f'"portee":"{hit.portee.mode}","ouvert":{"true" if hit.ouvert else "null"},'
        f'"score":{hit.score},"score_detail":{{'
        f'"besoin":{detail.besoin:{PART}},"acces":{detail.acces:{PART}},'
        f'"proximite":{detail.proximite:{PART}},"fraicheur":{detail.fraicheur:{PART}},'
        f'"qualite":{detail.qualite:{PART}}}}}}'
    )


def _facettes(page: SearchPage) -> dict[str, dict[str, int]]:
    return {
        name: {**counts, NON_PRECISE: counts.get(NON_PRECISE, 0)}
        for name, counts in page.facettes.items()
    }


def _km(distance: float | None) -> float | None:
    return None if distance is None else round(distance, DISTANCE_DECIMALS)
