"""Figures, as JSON lines and as a table with the thresholds that they are held to."""

import json
import os
import platform
import sqlite3
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True)
class Seuil:
    """What a figure should be: at most, or at least, a value."""

    valeur: float
    au_moins: bool = False

    def is_met(self, valeur: float) -> bool:
        """Tells whether a figure holds."""
        return valeur >= self.valeur if self.au_moins else valeur <= self.valeur

    @property
    def sign(self) -> str:
        """Returns the comparison that holds."""
        return "≥" if self.au_moins else "≤"

    @property
    def plain(self) -> str:
        """Returns the threshold as a program reads it."""
        return f"{self.sign} {self.valeur:g}"

    def __str__(self) -> str:
        return f"{self.sign} {number(self.valeur)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure; its value is None when it could not be measured, and the context says why."""

    mesure: str
    valeur: float | None
    unite: str
    seuil: Seuil | None = None
    contexte: str = ""

    def json_line(self) -> str:
        """Returns the figure as a line of the results file."""
        form = asdict(self)
        form["valeur"] = None if self.valeur is None else round(self.valeur, 3)
        form["seuil"] = self.seuil.plain if self.seuil else None
        return json.dumps(form, ensure_ascii=False)

    @property
    def state(self) -> str:
        """Returns whether the threshold is met, in French."""
        if self.valeur is None:
            return "non mesuré"
        if self.seuil is None:
            return ""
        return "atteint" if self.seuil.is_met(self.valeur) else "NON ATTEINT"


def percentile(values: Sequence[float], share: float) -> float:
    """Returns the value under which a share of the values lie."""
    return float(np.percentile(np.array(values), 100 * share))


def median_of_rounds(rounds: Iterable[Sequence[float]], share: float) -> float:
    """Returns the median, over the rounds, of each round's percentile."""
    return statistics.median(percentile(values, share) for values in rounds)


def machine() -> str:
    """Describes what the figures were measured on."""
    return (
        f"{len(os.sched_getaffinity(0))} cœurs, {_cpu()} · Python {platform.python_version()} · "
        f"NumPy {np.__version__} · SQLite {sqlite3.sqlite_version} · "
        f"charge {number(os.getloadavg()[0])}"
    )


def table(figures: Sequence[Figure]) -> str:
    """Returns the figures as an aligned text."""
    header = ("mesure", "valeur", "unité", "seuil", "", "contexte")
    rows = [
        (
            figure.mesure,
            "–" if figure.valeur is None else number(figure.valeur),
            figure.unite,
            str(figure.seuil or ""),
            figure.state,
            figure.contexte,
        )
        for figure in figures
    ]
    widths = [max(len(row[at]) for row in (header, *rows)) for at in range(len(header))]
    lines = [_line(header, widths), "  ".join("─" * width for width in widths)]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def number(value: float) -> str:
    """Writes a number as French does, with as many decimals as it deserves."""
    text = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.1f}"
    return text.replace(",", "\u202f").replace(".", ",")


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if at == 1 else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
