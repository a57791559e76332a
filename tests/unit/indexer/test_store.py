"""One generation: what is written is found, in any folder and any language."""

from pathlib import Path

import pytest

from indexer.documents import Change, DocumentBuilder, IndexDocument
from indexer.embedded.store import GenerationWriter, count_live, live_ids
from tests.builders import make_offre


@pytest.fixture
def document(builder: DocumentBuilder) -> IndexDocument:
    return builder.build(make_offre(), "x", {"arbre": None, "publics": None, "zone": None})


def write(path: Path, *changes: Change) -> int:
    writer = GenerationWriter(path)
    applied = writer.apply(changes)
    writer.compact()
    writer.close()
    return applied


def change(document: IndexDocument | None, version: int = 1, ident: str = "a") -> Change:
    return Change(offre_id=ident, version=version, document=document)


def test_catalogue_without_any_latin_letter_is_compacted(
    builder: DocumentBuilder, tmp_path: Path
) -> None:
    offre = make_offre(nom="مساعدة", description="السكن 🙂")
    document = builder.build(offre, "جمعية", {"arbre": None, "publics": None, "zone": None})

    assert write(tmp_path / "g.sqlite", change(document)) == 1
    assert count_live(tmp_path / "g.sqlite") == 1


def test_empty_generation_is_compacted(tmp_path: Path) -> None:
    assert write(tmp_path / "g.sqlite") == 0
    assert live_ids(tmp_path / "g.sqlite") == set()


@pytest.mark.parametrize("name", ["été d’or", "50%41", "a#b", "a?mode=memory&b"])
def test_any_folder_name_will_do(document: IndexDocument, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    path = tmp_path / name / "g.sqlite"

    write(path, change(document))

    assert path.exists()
    assert live_ids(path) == {"a"}
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_older_versions_and_unknown_withdrawals_are_ignored(
    document: IndexDocument, tmp_path: Path
) -> None:
    path = tmp_path / "g.sqlite"
    write(path, change(document, version=5))

    assert write(path, change(None, version=4), change(None, version=9, ident="b")) == 0
    assert live_ids(path) == {"a"}
    assert write(path, change(None, version=5)) == 1
    assert live_ids(path) == set()


def test_failed_page_leaves_nothing(document: IndexDocument, tmp_path: Path) -> None:
    path = tmp_path / "g.sqlite"
    writer = GenerationWriter(path)
    with pytest.raises(AttributeError):
        writer.apply([change(document), change("broken", ident="b")])

    applied = writer.apply([change(document)])
    writer.close()

    assert applied == 1
    assert live_ids(path) == {"a"}
