"""What waits for a moment: addresses to answer, and files between their report and their writing.

Both are erased soon: neither is part of the catalogue.
"""

from sqlalchemy import JSON, Column, DateTime, Integer, String, Table, Text, UniqueConstraint

from app.persistence.tables.base import metadata

reponses = Table(
    "reponses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("signalement_id", Integer, nullable=False),
    Column("courriel", Text, nullable=False),  # of who asked for an answer, until it has left
    Column("recu_le", DateTime(timezone=True), nullable=False, index=True),
    UniqueConstraint("signalement_id", "courriel"),
    sqlite_autoincrement=True,  # an id is never used twice
)

depots = Table(
    "depots",
    metadata,
    Column("empreinte", String(64), primary_key=True),  # of the token that its page holds
    Column("structure_id", Text, nullable=False),
    Column("auteur", Text, nullable=False),
    Column("depose_le", DateTime(timezone=True), nullable=False, index=True),
    Column("contenu", JSON, nullable=False),  # the records, and the revisions that they change
)
