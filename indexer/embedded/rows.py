"""The fixed-size encoding of a document: what a worker's columns are made of."""

import math
from collections.abc import Mapping

import numpy as np

from indexer.documents import IndexDocument

STRUCTURE = "structure_id"  # as many values as structures: looked up in the file, never held
NATURES = (  # what filters and facets read, each distinct value interned under one number
    "thematiques",
    "publics",
    "modes_accueil",
    "frais",
    "types",
    STRUCTURE,
    "commune",
    "horaires",
    "apporte",
)
EXPRESSIONS = ("arbre", "publics_expr", "zone")
ROW = np.dtype(
    [
        *((nature, "<i4") for nature in (*NATURES, *EXPRESSIONS)),
        ("jour", "<i4"),  # proleptic ordinal of the freshness date
        ("qualite", "u1"),  # hundredths: the score has two decimals
        ("sur_place", "?"),
        ("a_distance", "?"),
        ("imprecis", "?"),
        ("x", "<f8"),
        ("y", "<f8"),
        ("z", "<f8"),
        ("ordre", "<f8"),  # the order of ids, for the last key of every sort
    ]
)


def encode_row(document: IndexDocument, values: Mapping[str, int], ordre: float) -> bytes:
    """Returns the bytes of a document's row; 0 stands for “no expression”, NaN for “no place”."""
    row = np.zeros(1, dtype=ROW)
    for nature, ident in values.items():
        row[nature] = ident
    expressions = (document.arbre, document.publics, document.zone)
    for name, expression in zip(EXPRESSIONS, expressions, strict=True):
        row[name] = expression or 0
    row["jour"] = document.fraicheur.toordinal()
    row["qualite"] = round(document.qualite * 100)
    row["sur_place"] = document.is_on_site
    row["a_distance"] = document.is_remote
    row["imprecis"] = document.is_imprecise
    row["x"], row["y"], row["z"] = document.point.unit_vector if document.point else (math.nan,) * 3
    row["ordre"] = ordre
    return row.tobytes()
