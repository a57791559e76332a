"""Accounts, the structures that they speak for, links sent by e-mail, open sessions, passwords
tried, the journal.

Links and sessions are kept by their digest: who reads the database cannot use them.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from app.persistence.tables.base import metadata

comptes = Table(
    "comptes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("courriel", Text, nullable=False, unique=True),
    Column("nom", Text, nullable=False),
    Column("role", String(14), nullable=False),
    Column("perimetre", Text),
    Column("mot_de_passe", Text),  # an Argon2 digest
    Column("identite", Text, unique=True),  # of the identity provider: issuer and subject
    Column("actif", Boolean, nullable=False),
    Column("cree_le", DateTime(timezone=True), nullable=False),
    Column("vu_le", DateTime(timezone=True), nullable=False),  # the last sign-in
    sqlite_autoincrement=True,  # an id is never used twice
)

adhesions = Table(
    "adhesions",
    metadata,
    Column("compte_id", ForeignKey("comptes.id"), primary_key=True),
    Column("structure_id", ForeignKey("structures.id"), primary_key=True, index=True),
    Column("demandee_le", DateTime(timezone=True), nullable=False),
    Column("admise_le", DateTime(timezone=True)),
    Column("admise_par", Text),
)

liens = Table(
    "liens",
    metadata,
    Column("empreinte", String(64), primary_key=True),
    Column("usage", String(9), nullable=False),  # connexion or boite
    Column("courriel", Text, nullable=False),
    Column("structure_id", ForeignKey("structures.id")),
    Column("cree_le", DateTime(timezone=True), nullable=False),
    Column("expire_le", DateTime(timezone=True), nullable=False, index=True),
    Column("consomme_le", DateTime(timezone=True)),
    Index("ix_liens_courriel_cree_le", "courriel", "cree_le"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("empreinte", String(64), primary_key=True),
    Column("compte_id", ForeignKey("comptes.id"), index=True),
    Column("structure_id", ForeignKey("structures.id")),  # of a mailbox, without account
    Column("ouverte_le", DateTime(timezone=True), nullable=False),
    Column("expire_le", DateTime(timezone=True), nullable=False, index=True),
    Column("ouverte_par", String(12), nullable=False),  # see app.domain.connexion.Moyen
    Column("jeton_identite", Text),  # the provider's proof, sent back to it to sign out there
)

# Passwords tried, counted here so that every worker counts alike; none of them is kept.
essais = Table(
    "essais",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cle", String(64), nullable=False),  # digest of the address that was typed
    Column("quand", DateTime(timezone=True), nullable=False, index=True),
    Index("ix_essais_cle_quand", "cle", "quand"),
    sqlite_autoincrement=True,  # an id is never used twice
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("quand", DateTime(timezone=True), nullable=False, index=True),
    Column("auteur", Text, nullable=False),
    Column("action", String(24), nullable=False),
    Column("objet", Text),
    Column("details", JSON(none_as_null=True)),
    sqlite_autoincrement=True,  # an id is never used twice
)
