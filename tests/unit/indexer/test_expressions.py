"""Zones of the catalogue, by the places that they name."""

from itertools import count

import numpy as np
import pytest

from app.domain.profil import Nombre, Profil
from app.domain.territoire import Zone
from app.domain.verdict import Cause, Jugement, Valeur
from indexer.judging.expressions import ExpressionIndex
from indexer.judging.judged import Judged
from tests.builders import (
    AUREL,
    AVIGNON,
    FERRASSIERES,
    GRAND_AVIGNON,
    PARIS,
    PARIS_1,
    PARIS_11,
    VENTOUX_SUD,
    VERDUN,
    make_geographie,
    make_vocabulaire,
)
from tests.strategies import REFS

GEOGRAPHIE = make_geographie()
VOCABULAIRE = make_vocabulaire()
ZONES = (
    *((ref,) for ref in REFS),
    ("departement:84", "departement:55"),
    ("etranger:99137", AVIGNON),
    (PARIS_1, VENTOUX_SUD),
)


class Table:
    """The table of expressions, which counts its readings."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, str, str | None]] = []
        self.readings = 0
        self._ids = count(1)

    def add(self, nature: str, *values: str) -> int:
        text = "[" + ",".join(f'"{value}"' for value in sorted(values)) + "]"
        self.rows.append((next(self._ids), nature, text, None))
        return self.rows[-1][0]

    def after(self, last_id: int) -> list[tuple[int, str, str, str | None]]:
        self.readings += 1
        return [row for row in self.rows if row[0] > last_id]


@pytest.fixture
def table() -> Table:
    table = Table()
    for refs in ZONES:
        table.add("publics", "jeunes")
        table.add("zone", *refs)
    return table


@pytest.fixture
def index(table: Table) -> ExpressionIndex:
    index = ExpressionIndex(table.after, GEOGRAPHIE, VOCABULAIRE)
    index.catch_up(len(table.rows))
    return index


@pytest.mark.parametrize(
    "residence", [*REFS, "several", "nobody"], ids=lambda ref: ref.replace(":", "-")
)
def test_touching_zones_are_those_with_a_place_in_common(
    index: ExpressionIndex, residence: str
) -> None:
    several = GEOGRAPHIE.union((AUREL, PARIS_11, VERDUN))
    named = {"several": several, "nobody": Zone(0)}
    zone = named[residence] if residence in named else GEOGRAPHIE.zone(residence)

    touching = index.zones_touching(zone)

    for rank, refs in enumerate(ZONES):
        shared = not (GEOGRAPHIE.union(refs) & zone).is_empty
        assert touching[2 * rank + 2] == shared, refs
    assert touching[0]


def test_catching_up_reads_only_what_is_new(table: Table, index: ExpressionIndex) -> None:
    index.catch_up(len(table.rows))
    index.catch_up(1)
    assert table.readings == 1

    ident = table.add("zone", FERRASSIERES)
    before = index.zones_touching(GEOGRAPHIE.zone(FERRASSIERES))
    index.catch_up(ident)

    assert table.readings == 2
    assert len(before) == ident
    assert index.zones_touching(GEOGRAPHIE.zone(FERRASSIERES))[ident]
    assert not index.zones_touching(GEOGRAPHIE.zone(PARIS))[ident]


def test_an_expression_that_is_not_known_yet_excludes_nobody() -> None:
    index = ExpressionIndex(lambda _: [], GEOGRAPHIE, VOCABULAIRE)
    index.catch_up(5)

    touching = index.zones_touching(GEOGRAPHIE.zone(GRAND_AVIGNON))

    assert touching[np.array([0, 5])].all()


def test_a_judgement_is_the_lowest_of_what_is_known(table: Table) -> None:
    table.rows = [
        (1, "arbre", '{"fait":"age","min":18}', ""),
        (2, "zone", f'["{AVIGNON}"]', None),
        (3, "publics", '["jeunes"]', None),
    ]
    index = ExpressionIndex(table.after, GEOGRAPHIE, VOCABULAIRE)
    index.catch_up(3)
    nobody = index.judge(Profil())
    adult = index.judge(Profil(faits={"age": Nombre(min=40, max=40)}))

    def found(judged: Judged, *ids: int, is_imprecise: bool = False) -> Jugement:
        (jugement,) = judged.jugements(np.array([ids]), np.array([is_imprecise]))
        return jugement

    asked, silent = Cause.FAIT_INCONNU, Cause.OFFRE_NON_PRECISEE
    assert found(nobody, 0, 0, 0) == found(adult, 1, 0, 0) == Jugement(Valeur.OUI)
    assert found(nobody, 1, 0, 0) == Jugement(Valeur.INCONNU, asked)
    assert found(nobody, 1, 0, 0, is_imprecise=True) == Jugement(Valeur.INCONNU, asked | silent)
    assert found(nobody, 0, 0, 0, is_imprecise=True) == Jugement(Valeur.INCONNU, silent)
    assert found(adult, 1, 3, 2).valeur is Valeur.NON  # no youth, wherever they live
    assert found(nobody, 0, 0, 7) == Jugement(Valeur.INCONNU, asked)  # named, not known here
    assert nobody.jugements(np.empty((0, 3), dtype=np.intp), np.empty(0, dtype=np.bool_)) == []
