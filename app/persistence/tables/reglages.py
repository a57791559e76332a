"""What territories set from the site, version by version: nothing is ever erased."""

from sqlalchemy import JSON, Column, DateTime, Index, Integer, String, Table, Text

from app.persistence.tables.base import metadata

reglages = Table(
    "reglages",
    metadata,
    Column("id", Integer, primary_key=True),  # the version: the newest of a setting is in force
    Column("territoire", Text, nullable=False),  # its slug
    Column("nature", String(12), nullable=False),
    Column("valeurs", JSON, nullable=False),
    Column("auteur", Text, nullable=False),
    Column("quand", DateTime(timezone=True), nullable=False),
    Index("ix_reglages_territoire_nature", "territoire", "nature"),
    sqlite_autoincrement=True,  # an id is never used twice
)
