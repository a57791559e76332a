"""Campaigns, the messages sent for them, and how structures want to be asked.

Tokens and addresses written to are kept by their digest.
"""

from sqlalchemy import JSON, Column, Date, DateTime, ForeignKey, Integer, String, Table, Text

from app.persistence.tables.base import metadata

campagnes = Table(
    "campagnes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("nom", Text, nullable=False),
    Column("perimetre", Text, nullable=False),
    Column("debut", Date, nullable=False),
    Column("fin", Date, nullable=False),
    Column("reseaux", JSON, nullable=False),
    Column("thematiques", JSON, nullable=False),
    Column("relances", JSON, nullable=False),
    Column("message", Text, nullable=False),
    Column("mois", Integer),  # None: every structure, however fresh
    Column("creee_par", Text, nullable=False),
    Column("creee_le", DateTime(timezone=True), nullable=False),
    Column("arretee_par", Text),
    Column("arretee_le", Date),  # None: it lasts until its end
    sqlite_autoincrement=True,  # an id is never used twice
)

rappels = Table(
    "rappels",
    metadata,
    Column("campagne_id", ForeignKey("campagnes.id"), primary_key=True),
    Column("structure_id", ForeignKey("structures.id"), primary_key=True),
    Column("rang", Integer, primary_key=True, autoincrement=False),
    Column("retour", String(64), nullable=False, unique=True),
    Column("arret", String(64), nullable=False, unique=True),
    Column("adresse", String(64), nullable=False),
    Column("pris_le", DateTime(timezone=True), nullable=False),
    Column("parti_le", DateTime(timezone=True)),
)

contacts = Table(
    "contacts",
    metadata,
    Column("structure_id", ForeignKey("structures.id"), primary_key=True),
    Column("mode", String(9), nullable=False),  # courriel, telephone or aucune
    Column("courriel", Text),  # of reminders only, never shown to the public
    Column("echec", String(64)),
    Column("echec_le", Date),
    Column("passagers", Integer, nullable=False),
)

appels = Table(
    "appels",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campagne_id", ForeignKey("campagnes.id"), nullable=False, index=True),
    Column("structure_id", ForeignKey("structures.id"), nullable=False),
    Column("quand", DateTime(timezone=True), nullable=False),
    Column("auteur", Text, nullable=False),
    Column("resultat", String(11), nullable=False),
    sqlite_autoincrement=True,  # an id is never used twice
)
