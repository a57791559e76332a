"""The evaluation on the shipped catalogue, run once."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.relevance.evaluation import Evaluation, Mesure
from tests.relevance.vignettes import load_vignettes

Mesures = Sequence[Mesure]


@pytest.fixture(scope="session")
def evaluation(seeded_dir: Path) -> Evaluation:
    """The match on the shipped catalogue."""
    return Evaluation(seeded_dir)


@pytest.fixture(scope="session")
def mesures(evaluation: Evaluation) -> Mesures:
    """The figures of every situation."""
    return [evaluation.measure(vignette) for vignette in load_vignettes()]
