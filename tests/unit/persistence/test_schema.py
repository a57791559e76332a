"""The migrations make exactly the tables that the code uses, whoever runs them and when."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text

from app.persistence import schema
from app.persistence.database import open_database, reading, writing
from app.persistence.mappers import row_to_offre
from app.persistence.tables.catalogue import offres
from app.persistence.tables.every import metadata
from tests.unit.persistence.dumps import dump, rows

ROOT = Path(__file__).resolve().parents[3]
VERSIONS = ROOT / "app" / "persistence" / "migrations" / "versions"
# Each process waits a moment for the other just before it migrates, so that they are sure to meet
# there when nothing keeps the second one out.
UPGRADE = """
import pathlib, sys, time
from alembic import command
from app.persistence import schema
from app.persistence.database import open_database

url, folder, me, other = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4]
migrate = command.upgrade

def meet_then_migrate(*arguments):
    (folder / me).touch()
    deadline = time.monotonic() + 3
    while not (folder / other).exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    migrate(*arguments)

command.upgrade = meet_then_migrate
engine = open_database(url)
schema.upgrade(engine)
print(schema.current_version(engine))
"""


@pytest.fixture
def empty_engine(empty_database: str) -> Iterator[Engine]:
    made = open_database(empty_database)
    yield made
    made.dispose()


def set_version(engine: Engine, version: str) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_head_is_the_newest_migration_of_the_folder() -> None:
    names = [path.stem.split("_")[0] for path in VERSIONS.glob("[0-9]*.py")]

    assert max(names) == schema.HEAD
    assert len(names) == len(set(names))
    assert schema.known_versions() == set(names)


def test_an_empty_database_has_no_version(empty_engine: Engine) -> None:
    assert schema.current_version(empty_engine) is None
    with pytest.raises(schema.DatabaseTooOld):
        schema.require_current(empty_engine)


def test_upgrade_creates_every_table(empty_engine: Engine) -> None:
    schema.upgrade(empty_engine)

    found = set(inspect(empty_engine).get_table_names())
    assert found == metadata.tables.keys() | {"alembic_version"}
    assert schema.current_version(empty_engine) == schema.HEAD
    schema.require_current(empty_engine)


def test_migrations_make_the_tables_of_the_code(engine: Engine) -> None:
    options = {"compare_type": True, "compare_server_default": True}
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, metadata) == []


def test_migrated_ids_are_never_used_twice(engine: Engine) -> None:
    """SQLite gives the id of a deleted last row again, unless the table says otherwise."""
    with writing(engine) as connection:
        add = text("INSERT INTO outbox (offre_id) VALUES ('a') RETURNING id")
        first = connection.execute(add).scalar_one()
        connection.execute(text("DELETE FROM outbox"))

        assert connection.execute(add).scalar_one() > first


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    before = dump(engine)

    schema.upgrade(engine)

    assert dump(engine) == before


def test_a_database_of_the_first_version_keeps_its_offers(empty_engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    with writing(empty_engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    shared = "adresse_confidentielle, etat_publication, document) VALUES"
    with writing(empty_engine) as connection:
        for statement in (
            (
                f"INSERT INTO structures (id, source, nom, date_maj, cle_nom, {shared} "
                "('s', 'x', 'S', '2026-01-01', 's', false, 'publie', '{}')"
            ),
            (
                "INSERT INTO offres (id, source, structure_id, nom, description, date_maj, "
                f"{shared} "
                "('o', 'x', 's', 'O', 'Une offre', '2026-01-01', false, 'publie', '{}')"
            ),
        ):
            connection.execute(text(statement))

    schema.upgrade(empty_engine)

    with reading(empty_engine) as connection:
        (offre,) = connection.execute(select(offres)).mappings()
    assert (row_to_offre(offre).id, offre["regles"], offre["a_apporter"]) == ("o", None, None)


def test_reports_of_before_are_of_offers_and_no_id_is_used_twice(empty_engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    with writing(empty_engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0013")
    add = "INSERT INTO signalements ({}, motif, recu_le, fois) VALUES ({}, 'autre', :quand, 1)"
    quand = {"quand": datetime(2026, 11, 22, tzinfo=UTC)}
    with writing(empty_engine) as connection:
        for ident in ("'a'", "'b'"):
            connection.execute(text(add.format("offre_id", ident)), quand)
        connection.execute(text("DELETE FROM signalements WHERE offre_id = 'b'"))

    schema.upgrade(empty_engine)

    with writing(empty_engine) as connection:
        connection.execute(text(add.format("objet, objet_id", "'structure', 'a'")), quand)
    kept = [
        (row["id"], row["objet"], row["objet_id"]) for row in rows(empty_engine, "signalements")
    ]
    assert kept == [(1, "offre", "a"), (3, "structure", "a")]
    with writing(empty_engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0013")
        ids = connection.execute(text("SELECT offre_id FROM signalements")).scalars().all()
    assert ids == ["a"]


def test_two_processes_may_upgrade_at_once(
    empty_database: str, empty_engine: Engine, tmp_path: Path
) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADE, empty_database, str(tmp_path), *names],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for names in (("one", "two"), ("two", "one"))
    ]

    outcomes = [process.communicate(timeout=60) for process in processes]

    assert [err[-300:] for _, err in outcomes] == ["", ""]
    assert [out for out, _ in outcomes] == [f"{schema.HEAD}\n"] * 2
    assert schema.current_version(empty_engine) == schema.HEAD


def test_a_database_from_a_newer_version_is_left_untouched(engine: Engine) -> None:
    set_version(engine, "9999")
    before = dump(engine)

    with pytest.raises(schema.DatabaseTooNew) as refusal:
        schema.upgrade(engine)
    with pytest.raises(schema.DatabaseTooNew):
        schema.require_current(engine)

    assert refusal.value.version == "9999"
    assert dump(engine) == before


def test_an_interrupted_migration_leaves_nothing(
    empty_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the machine stops")

    upgrade = command.upgrade

    def upgrade_then_fail(*arguments: object) -> None:
        upgrade(*arguments)  # type: ignore[arg-type]  # as the product calls it
        fail()

    monkeypatch.setattr(command, "upgrade", upgrade_then_fail)
    with pytest.raises(RuntimeError):
        schema.upgrade(empty_engine)
    monkeypatch.undo()

    assert inspect(empty_engine).get_table_names() == []
    schema.upgrade(empty_engine)
    schema.require_current(empty_engine)
