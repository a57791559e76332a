"""The catalogue is read page by page along its ids: no page sorts, or reads, all the others."""

from pathlib import Path

from sqlalchemy import Connection, event

from app.persistence import schema
from app.persistence.database import open_database, reading
from app.persistence.outbox import SqlCatalogueReader
from app.persistence.repositories import SqlOffreRepository


def test_what_is_published_is_read_along_its_ids(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    schema.upgrade(engine)
    asked: list[tuple[str, tuple[object, ...]]] = []

    def note(_: Connection, __: object, sql: str, values: tuple[object, ...], *___: object) -> None:
        asked.append((sql, values))

    event.listen(engine, "before_cursor_execute", note)
    assert list(SqlCatalogueReader(engine).published()) == []
    assert SqlOffreRepository(engine).list_structures(0, 20) == (0, [])
    event.remove(engine, "before_cursor_execute", note)

    pages = [(sql, values) for sql, values in asked if "ORDER BY" in sql]
    assert len(pages) == 2
    with reading(engine) as connection:
        for sql, values in pages:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
            steps = " / ".join(step[-1] for step in plan)
            assert "TEMP B-TREE" not in steps, steps
    engine.dispose()
