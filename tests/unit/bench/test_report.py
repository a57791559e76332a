"""Figures: what is said of them and how they are written."""

import json

import pytest

from bench.report import Figure, Seuil, machine, median_of_rounds, table


@pytest.mark.parametrize(
    ("valeur", "seuil", "state"),
    [
        pytest.param(7.0, Seuil(7), "atteint", id="at most, equal"),
        pytest.param(7.1, Seuil(7), "NON ATTEINT", id="at most, above"),
        pytest.param(250, Seuil(250, au_moins=True), "atteint", id="at least, equal"),
        pytest.param(249, Seuil(250, au_moins=True), "NON ATTEINT", id="at least, below"),
        pytest.param(3.0, None, "", id="without threshold"),
        pytest.param(None, Seuil(7), "non mesuré", id="not measured"),
    ],
)
def test_threshold_is_told_met_or_not(
    valeur: float | None, seuil: Seuil | None, state: str
) -> None:
    assert Figure(mesure="m", valeur=valeur, unite="ms", seuil=seuil).state == state


def test_json_line_has_the_five_keys() -> None:
    figure = Figure(mesure="m", valeur=1.23456, unite="ms", seuil=Seuil(1500), contexte="c")

    assert json.loads(figure.json_line()) == {
        "mesure": "m",
        "valeur": 1.235,
        "unite": "ms",
        "seuil": "≤ 1500",
        "contexte": "c",
    }


def test_table_is_aligned_and_french() -> None:
    figures = [
        Figure(mesure="courte", valeur=1500.4, unite="fiches/s", seuil=Seuil(1500, au_moins=True)),
        Figure(mesure="bien plus longue", valeur=2.25, unite="ms"),
    ]

    lines = table(figures).splitlines()

    assert "1\u202f500" in lines[2]
    assert "atteint" in lines[2]
    assert "2,2" in lines[3]
    assert lines[2].index("fiches/s") == lines[3].index("ms")


def test_median_is_over_rounds_of_each_rounds_percentile() -> None:
    assert median_of_rounds([[1, 2, 3], [10, 20, 30], [4, 5, 6]], 0.5) == 5


def test_machine_names_what_matters() -> None:
    assert all(name in machine() for name in ("cœurs", "Python", "NumPy", "SQLite"))
