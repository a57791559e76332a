"""Text scores from postings and from late documents are those of the definition."""

import random
from pathlib import Path

import numpy as np
import pytest

from app.domain.texte import Champ, RequeteTexte, texte_part
from indexer.documents import Change, DocumentBuilder, IndexDocument
from indexer.embedded.columns import load_snapshot, read_state
from indexer.embedded.store import GenerationWriter, connect
from indexer.embedded.words import score_texte, token_ids
from tests.builders import make_groupe, make_offre

MOTS = ("permis", "conduire", "creche", "velo", "logement", "cv")
NEEDS = ("mobilite--preparer-un-permis", "famille--garde-denfants")
NONE = {"arbre": None, "publics": None, "zone": None}


@pytest.fixture
def listings(builder: DocumentBuilder) -> list[tuple[IndexDocument, dict, tuple[str, ...] | None]]:
    """Documents with their tokens and needs, drawn with a fixed seed."""
    chance = random.Random(3)
    drawn = []
    for rank in range(60):
        structure = " ".join(chance.choices(MOTS, k=chance.randint(0, 2)))
        offre = make_offre(
            id=f"{rank:02d}",
            nom=" ".join(chance.choices(MOTS, k=chance.randint(0, 3))),
            description=" ".join(chance.choices(MOTS, k=chance.randint(0, 4))),
            thematiques=chance.choice((None, (), NEEDS[:1], NEEDS)),
        )
        document = builder.build(offre, structure, NONE)
        drawn.append((document, builder.jetons(offre, structure), offre.thematiques))
    return drawn


def some_query(chance: random.Random, tokens: list[str]) -> RequeteTexte:
    def groupe() -> object:
        said = [" ".join(chance.choices(tokens, k=chance.randint(1, 2))) for _ in range(2)]
        needs = frozenset(chance.sample(NEEDS, chance.randint(0, 1)))
        return make_groupe(
            *said,
            poids=chance.choice((0.2, 0.5, 1.0)),
            thematiques=needs,
            facultatif=chance.random() < 0.3,
        )

    return RequeteTexte(tuple(groupe() for _ in range(chance.randint(1, 5))))


@pytest.mark.parametrize("compacted", [0, 20, 60])
def test_scores_are_those_of_the_definition(listings: list, tmp_path: Path, compacted: int) -> None:
    writer = GenerationWriter(tmp_path / "g.sqlite")
    changes = [Change(offre_id=d.offre_id, version=1, document=d) for d, _, _ in listings]
    writer.apply(changes[:compacted])
    writer.compact()
    writer.apply(changes[compacted:])
    writer.apply(changes[:5])
    writer.close()
    connection = connect(tmp_path / "g.sqlite", read_only=True)
    snapshot = load_snapshot(connection, read_state(connection), None)
    tokens = sorted({t for _, jetons, _ in listings for found in jetons.values() for t in found})
    chance = random.Random(compacted)

    for _ in range(60):
        requete = some_query(chance, [*tokens[:9], "xyzzy"])
        matching, scores = score_texte(connection, snapshot, requete)
        for rank, (_, jetons, thematiques) in enumerate(listings):
            expected = texte_part(requete, jetons, thematiques)
            assert matching[rank] == (expected is not None)
            assert expected is None or np.isclose(scores[rank], expected, atol=1e-12)
    assert set(token_ids(connection, [*tokens, "xyzzy"])) == set(tokens)
    connection.close()


@pytest.mark.parametrize("groups", [255, 256])
def test_queries_of_hundreds_of_groups_are_counted_right(
    builder: DocumentBuilder, tmp_path: Path, groups: int
) -> None:
    offre = make_offre(nom="permis")
    (token,) = builder.jetons(offre, "")[Champ.NOM]
    writer = GenerationWriter(tmp_path / "g.sqlite")
    document = builder.build(offre, "", NONE)
    writer.apply([Change(offre_id="a", version=1, document=document)])
    writer.close()
    connection = connect(tmp_path / "g.sqlite", read_only=True)
    snapshot = load_snapshot(connection, read_state(connection), None)

    matching, _ = score_texte(connection, snapshot, RequeteTexte((make_groupe(token),) * groups))

    assert matching.tolist() == [True]
    connection.close()
