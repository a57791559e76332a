"""The shipped places, words and lists, read once for the whole folder."""

from collections.abc import Iterable

import pytest

from app.composition import Composition
from app.config import Settings
from app.domain.geographie import Geographie
from app.domain.vocabulaire import Vocabulaire
from indexer.documents import DocumentBuilder
from indexer.lexique import Lexique
from indexer.query_text import LexiconQueryReader


@pytest.fixture(scope="session")
def composition(tmp_path_factory: pytest.TempPathFactory) -> Composition:
    folder = tmp_path_factory.mktemp("composition")
    return Composition(Settings.from_environ({"EVENTAIL_DATA_DIR": str(folder)}))


@pytest.fixture(scope="session")
def geographie(composition: Composition) -> Geographie:
    return composition.geographie


@pytest.fixture(scope="session")
def vocabulaire(composition: Composition) -> Vocabulaire:
    return composition.vocabulaire


@pytest.fixture(scope="session")
def lexique(composition: Composition) -> Lexique:
    return composition.lexique


@pytest.fixture(scope="session")
def builder(vocabulaire: Vocabulaire, geographie: Geographie) -> DocumentBuilder:
    return DocumentBuilder(vocabulaire, geographie)


@pytest.fixture(scope="session")
def reader(composition: Composition, lexique: Lexique) -> LexiconQueryReader:
    """Reads queries for an index whose listings hold one word that no lexicon knows."""

    def known_tokens(jetons: Iterable[str]) -> frozenset[str]:
        return frozenset(jetons) & {"zorglub"}

    return LexiconQueryReader(lexique, composition.lieux, known_tokens)
