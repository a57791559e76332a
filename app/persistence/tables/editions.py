"""What partners write: the fields that they hold against feeds, and changes not yet published."""

from sqlalchemy import JSON, Column, DateTime, Index, Integer, String, Table, Text

from app.persistence.tables.base import metadata

champs = Table(
    "champs",
    metadata,
    Column("objet", String(9), primary_key=True),  # structure or offre
    Column("objet_id", Text, primary_key=True),
    Column("champ", Text, primary_key=True),
    Column("tenu_par", Text, nullable=False),
    Column("tenu_depuis", DateTime(timezone=True), nullable=False),
    # What the source says now, when it is another thing than what is held.
    Column("valeur_source", JSON(none_as_null=True)),
    Column("source_le", DateTime(timezone=True)),
)

propositions = Table(
    "propositions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("objet", String(9), nullable=False),
    Column("objet_id", Text),  # None: a listing that does not exist yet
    Column("structure_id", Text, nullable=False, index=True),
    Column("etat", String(10), nullable=False),  # brouillon, a_moderer, acceptee, refusee
    Column("auteur", Text, nullable=False),
    Column("base", Integer, nullable=False),  # the newest revision that the author has seen
    Column("champs", JSON, nullable=False),  # the fields of the form, as typed
    Column("cree_le", DateTime(timezone=True), nullable=False),
    Column("modifie_le", DateTime(timezone=True), nullable=False),
    Column("traite_le", DateTime(timezone=True)),
    Column("traite_par", Text),
    Column("motif", Text),  # why it was refused
    Index("ix_propositions_etat_modifie_le", "etat", "modifie_le"),
    sqlite_autoincrement=True,  # an id is never used twice
)
