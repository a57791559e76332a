"""A listing, its history and the index's debt are one commit: all of it, or nothing."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event

from app.persistence.catalogue_writer import owe_to_index
from app.persistence.database import open_database, writing
from app.persistence.outbox import SqlOutbox
from tests.builders import make_offre, make_structure
from tests.unit.persistence.dumps import dump, owed, rows
from tests.unit.persistence.filling import Catalogue

Change = Callable[[Catalogue], object]


class PowerCut(Exception):
    """The machine stops here."""


@contextmanager
def statements_of(engine: Engine, stop_at: int | None = None) -> Iterator[list[str]]:
    """Notes the statements that write; the one of rank `stop_at` never reaches the database."""
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_others: object) -> None:
        words = statement.split()
        if words[0] in {"INSERT", "UPDATE", "DELETE"}:
            if len(seen) == stop_at:
                raise PowerCut
            seen.append(" ".join(words[:3]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def change_offres(catalogue: Catalogue) -> object:
    changed = make_offre(nom="Atelier vélo", publics=("jeunes",))
    return catalogue.put(changed, make_offre(id="offre-2", zone_eligibilite=("france",)))


def rename_structure(catalogue: Catalogue) -> object:
    return catalogue.put(make_structure(nom="Maison des possibles"))


def rename_many_structures(catalogue: Catalogue) -> object:
    ids = [f"structure-{rank}" for rank in range(2, 350)]
    return catalogue.put(*(make_structure(id=ident, nom="Autre nom") for ident in ids))


def withdraw_all(catalogue: Catalogue) -> object:
    catalogue.next_import()
    return catalogue.withdraw_unseen()


CHANGES = [change_offres, rename_structure, withdraw_all]


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    catalogue.put(make_structure())
    catalogue.put(make_offre())
    return catalogue


@pytest.mark.parametrize("change", CHANGES)
def test_the_debt_is_the_last_statement(filled: Catalogue, change: Change) -> None:
    with statements_of(filled.engine) as seen:
        change(filled)

    assert seen[-1] == "INSERT INTO outbox"
    assert seen.count("INSERT INTO outbox") == 1


def test_the_debt_of_many_structures_is_the_last_statement(filled: Catalogue) -> None:
    ids = [f"structure-{rank}" for rank in range(2, 350)]
    filled.put(*(make_structure(id=ident) for ident in ids))
    filled.put(*(make_offre(id=f"{ident}--o", structure_id=ident) for ident in ids))

    with statements_of(filled.engine) as seen:
        rename_many_structures(filled)

    assert seen[-1] == "INSERT INTO outbox"
    assert seen.count("INSERT INTO outbox") == 1


@pytest.mark.parametrize("change", CHANGES[:2])
def test_a_failure_at_any_statement_leaves_nothing(filled: Catalogue, change: Change) -> None:
    before = dump(filled.engine)
    rank = 0
    while True:
        with statements_of(filled.engine, stop_at=rank) as seen:
            try:
                change(filled)
            except PowerCut:
                assert dump(filled.engine) == before, seen
            else:
                break
        rank += 1

    assert rank >= 3
    assert dump(filled.engine) != before


def test_a_failure_of_a_withdrawal_leaves_nothing(filled: Catalogue) -> None:
    filled.next_import()
    before = dump(filled.engine)
    for rank in range(6):
        with statements_of(filled.engine, stop_at=rank), pytest.raises(PowerCut):
            filled.withdraw_unseen()
        assert dump(filled.engine) == before


def test_a_batch_is_refused_whole(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(filled.engine)

    def fail(*_: object) -> str:
        raise PowerCut

    monkeypatch.setattr(filled.store._writer, "_render_offre", fail)
    with pytest.raises(PowerCut):
        filled.put(make_offre(nom="Atelier vélo"))
    with pytest.raises(PowerCut):
        filled.put(make_structure(nom="Maison des possibles"))

    assert dump(filled.engine) == before


def test_a_renamed_structure_is_rendered_again_in_its_offers(filled: Catalogue) -> None:
    filled.put(make_structure(id="structure-2"))
    filled.put(make_offre(id="offre-2"), make_offre(id="offre-3", structure_id="structure-2"))
    before = owed(filled.engine)

    rename_structure(filled)

    names = {
        ident: filled.document("offres", ident)["structure"]["nom"]  # type: ignore[index]  # JSON
        for ident in ("offre-1", "offre-2", "offre-3")
    }
    assert names == {
        "offre-1": "Maison des possibles",
        "offre-2": "Maison des possibles",
        "offre-3": "Maison de l’emploi",
    }
    assert owed(filled.engine) == [*before, "offre-1", "offre-2"]


def test_an_unchanged_structure_owes_nothing(filled: Catalogue) -> None:
    before = owed(filled.engine)

    filled.put(make_structure())

    assert owed(filled.engine) == before


def test_the_outbox_gives_its_oldest_debts_once_each(filled: Catalogue) -> None:
    box = SqlOutbox(filled.engine)
    filled.put(make_offre(nom="Atelier vélo"), make_offre(id="offre-2"))

    page = box.oldest()

    assert page is not None
    ids = [found["id"] for found in rows(filled.engine, "outbox")]
    assert (page.rows, page.last_id, box.depth()) == (3, ids[-1], 3)
    versions = {debt.offre_id: debt.version for debt in page.debts}
    assert versions == {"offre-1": ids[1], "offre-2": ids[2]}
    box.settle(page.last_id)
    assert (box.depth(), box.oldest()) == (0, None)


def test_a_mark_is_above_every_change_and_names_no_offer(filled: Catalogue) -> None:
    box = SqlOutbox(filled.engine)

    mark = box.mark()

    page = box.oldest()
    assert page is not None
    assert [debt.offre_id for debt in page.debts] == ["offre-1"]
    assert page.last_id == mark > page.debts[0].version


def owe_one(engine: Engine, ident: str) -> None:
    with writing(engine) as connection:
        owe_to_index(connection, [ident])


@pytest.mark.postgresql
def test_debts_become_visible_in_order(postgresql_database: str) -> None:
    """A reader that has seen an id has seen every smaller one, however slow its writer."""
    engine = open_database(postgresql_database)
    try:
        with ThreadPoolExecutor(1) as pool:
            with writing(engine) as slow:
                owe_to_index(slow, ["first"])
                second = pool.submit(owe_one, engine, "second")
                with pytest.raises(TimeoutError):
                    second.result(0.5)
            second.result(20)
        assert owed(engine) == ["first", "second"]
    finally:
        engine.dispose()
