"""The keys of partners' software, by their digest: who reads the database cannot use them."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, String, Table, Text

from app.persistence.tables.base import metadata

cles = Table(
    "cles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("compte_id", ForeignKey("comptes.id"), nullable=False, index=True),
    Column("nom", Text, nullable=False),
    Column("empreinte", String(64), nullable=False, unique=True),
    Column("cree_le", DateTime(timezone=True), nullable=False),
    Column("expire_le", DateTime(timezone=True), nullable=False),
    Column("vue_le", Date),  # the last day of its use
    sqlite_autoincrement=True,  # an id is never used twice
)
