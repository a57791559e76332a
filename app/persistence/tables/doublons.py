"""What coordinators decide of likely duplicates: one listing, or two for good."""

from sqlalchemy import JSON, Column, DateTime, Index, Integer, String, Table, Text

from app.persistence.tables.base import metadata

fusions = Table(
    "fusions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("objet", String(9), nullable=False),  # structure or offre
    Column("garde_id", Text, nullable=False),
    Column("absorbe_id", Text, nullable=False),
    Column("auteur", Text, nullable=False),
    Column("quand", DateTime(timezone=True), nullable=False),
    Column("avant", JSON, nullable=False),  # what undoing it needs
    Column("annulee_le", DateTime(timezone=True)),
    Column("annulee_par", Text),
    Index("ix_fusions_objet_absorbe_id", "objet", "absorbe_id"),
    sqlite_autoincrement=True,  # an id is never used twice
)

distinctions = Table(
    "distinctions",
    metadata,
    Column("objet", String(9), primary_key=True),
    Column("une_id", Text, primary_key=True),  # the first of both in the order of texts
    Column("autre_id", Text, primary_key=True),
    Column("auteur", Text, nullable=False),
    Column("quand", DateTime(timezone=True), nullable=False),
)
