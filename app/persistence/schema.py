"""Brings a database to the version of this code, or says why that cannot be done."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from app.domain.errors import CatalogueError
from app.persistence.database import reading, writing

HEAD = "0015"  # the newest migration; a test compares it with the folder
_MIGRATIONS = Path(__file__).parent / "migrations"


class DatabaseTooNew(CatalogueError):
    """A database that a newer version of the code has migrated."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


class DatabaseTooOld(CatalogueError):
    """A database that must be migrated by hand before it is used."""


def current_version(engine: Engine) -> str | None:
    """Returns the database's migration, None when it is empty."""
    with reading(engine) as connection:
        return _version(connection)


def upgrade(engine: Engine) -> None:
    """Creates or migrates the database; several processes may call it at once.

    Raises `DatabaseTooNew` for a database from a newer version, which is left as it is.
    """
    if current_version(engine) == HEAD:
        return
    # Alembic takes a third of a second to import, which only a migration should cost.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with writing(engine) as connection:
        version = _version(connection)
        if version is not None and version not in known_versions():
            raise DatabaseTooNew(version)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_current(engine: Engine) -> None:
    """Raises when a database that is migrated by hand is not at this code's version."""
    version = current_version(engine)
    if version is not None and version not in known_versions():
        raise DatabaseTooNew(version)
    if version != HEAD:
        raise DatabaseTooOld(version)


def known_versions() -> frozenset[str]:
    """Returns the migrations of this code, by the prefix of their files."""
    return frozenset(p.stem.split("_")[0] for p in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar()
    return version
