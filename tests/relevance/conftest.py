"""The evaluations on the shipped catalogue, run once."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.relevance.evaluation import Evaluation, Mesure
from tests.relevance.recherches import load_recherches
from tests.relevance.search_evaluation import MesureRecherche, SearchEvaluation
from tests.relevance.vignettes import load_vignettes

Mesures = Sequence[Mesure]
MesuresRecherches = Sequence[MesureRecherche]


@pytest.fixture(scope="session")
def evaluation(seeded_dir: Path) -> Evaluation:
    """The match on the shipped catalogue."""
    return Evaluation(seeded_dir)


@pytest.fixture(scope="session")
def mesures(evaluation: Evaluation) -> Mesures:
    """The figures of every situation."""
    return [evaluation.measure(vignette) for vignette in load_vignettes()]


@pytest.fixture(scope="session")
def searches(evaluation: Evaluation) -> SearchEvaluation:
    """The judged searches on the shipped catalogue."""
    return SearchEvaluation(evaluation)


@pytest.fixture(scope="session")
def mesures_recherches(searches: SearchEvaluation) -> MesuresRecherches:
    """The figures of every search."""
    return [searches.measure(recherche) for recherche in load_recherches()]
