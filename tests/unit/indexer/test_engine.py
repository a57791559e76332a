"""A worker's engine outlives the faults of what it reads."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.geographie import Geographie
from app.domain.search import SearchCriteria
from indexer.documents import Change, DocumentBuilder
from indexer.embedded.engine import EmbeddedEngine
from indexer.embedded.generations import Generations
from indexer.embedded.store import GenerationWriter
from indexer.judging.expressions import ExpressionIndex
from tests.builders import AVIGNON, TODAY, make_offre, make_vocabulaire

Rows = list[tuple[int, str, str]]


class Unreachable(Exception):
    """Stands for a record that does not answer."""


@pytest.fixture
def make_engine(
    builder: DocumentBuilder, geographie: Geographie, tmp_path: Path
) -> Callable[[Callable[[int], Rows]], EmbeddedEngine]:
    """An engine on one listing whose zone has number 1."""
    generations = Generations(tmp_path)
    writer = GenerationWriter(path := generations.new_path())
    expressions = {"arbre": None, "publics": None, "zone": 1}
    document = builder.build(make_offre(zone_eligibilite=(AVIGNON,)), "x", expressions)
    writer.apply([Change(offre_id="a", version=1, document=document)])
    writer.compact()
    writer.close()
    generations.swap(path)
    vocabulaire = make_vocabulaire()

    def made(fetch: Callable[[int], Rows]) -> EmbeddedEngine:
        expressions = ExpressionIndex(fetch, geographie, vocabulaire)
        return EmbeddedEngine(generations, expressions, geographie)

    return made


def test_search_answers_again_as_soon_as_the_record_does(
    make_engine: Callable[[Callable[[int], Rows]], EmbeddedEngine],
) -> None:
    answers = iter([Unreachable(), [(1, "zone", f'["{AVIGNON}"]', None)]])

    def fetch(_: int) -> Rows:
        if isinstance(answer := next(answers), Unreachable):
            raise answer
        return answer

    engine = make_engine(fetch)
    with pytest.raises(Unreachable):
        engine.search(SearchCriteria(date=TODAY))

    assert engine.search(SearchCriteria(date=TODAY)).total == 1
