"""A row holds a document without loss."""

import math
from datetime import date, timedelta

import numpy as np
import pytest

from app.domain.ranking import qualite_part
from indexer.documents import DocumentBuilder
from indexer.embedded.rows import NATURES, ROW, encode_row
from tests.builders import TODAY, make_offre

VALUES = {nature: rank for rank, nature in enumerate(NATURES, 1)}


def decoded(builder: DocumentBuilder, **fields: object) -> np.void:
    expressions = fields.pop("expressions", {"arbre": None, "publics": None, "zone": None})
    document = builder.build(make_offre(**fields), "x", expressions)
    return np.frombuffer(encode_row(document, VALUES, ordre=2.5), dtype=ROW)[0]


def test_row_has_no_padding() -> None:
    assert ROW.itemsize == sum(ROW[name].itemsize for name in ROW.names)


def test_absent_place_and_expressions_are_marked(builder: DocumentBuilder) -> None:
    row = decoded(builder, code_insee=None)

    assert all(math.isnan(row[axis]) for axis in "xyz")
    assert [row[name] for name in ("arbre", "publics_expr", "zone")] == [0, 0, 0]


def test_values_expressions_and_order_are_kept(builder: DocumentBuilder) -> None:
    row = decoded(builder, expressions={"arbre": 7, "publics": 2**31 - 1, "zone": 1})

    assert {nature: row[nature] for nature in NATURES} == VALUES
    assert [row[name] for name in ("arbre", "publics_expr", "zone")] == [7, 2**31 - 1, 1]
    assert row["ordre"] == 2.5


@pytest.mark.parametrize("day", [date.min, TODAY, TODAY + timedelta(days=4_000), date.max])
def test_any_date_is_kept(builder: DocumentBuilder, day: date) -> None:
    assert decoded(builder, date_maj=day)["jour"] == day.toordinal()


@pytest.mark.parametrize("size", [0, 10, 60, 250, 2_500])
def test_quality_is_kept_to_the_hundredth(builder: DocumentBuilder, size: int) -> None:
    offre = make_offre(description="x" * size, courriel="a@b.fr", frais="gratuit")

    row = decoded(builder, description="x" * size, courriel="a@b.fr", frais="gratuit")

    assert row["qualite"] / 100 == qualite_part(offre)
