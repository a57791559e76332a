"""The listings, what is known of them, and what the index owes.

Lists that data·inclusion keeps together (thématiques, publics…) are JSON columns: they are written
and read with their listing and searched by the index only.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from app.persistence.tables.base import metadata


def _lieu() -> list[Column]:  # type: ignore[type-arg]  # columns of many types
    """The columns of a place, shared by structures and offers (schema v1)."""
    return [
        Column("commune", Text),
        Column("code_postal", String(5)),
        Column("code_insee", String(5)),
        Column("adresse", Text),
        Column("complement_adresse", Text),
        Column("longitude", Float),
        Column("latitude", Float),
        Column("telephone", Text),
        Column("courriel", Text),
        Column("horaires_accueil", Text),
    ]


def _publication() -> list[Column]:  # type: ignore[type-arg]  # columns of many types
    """The columns that say where a listing stands and what the public sees of it."""
    return [
        Column("adresse_confidentielle", Boolean, nullable=False),
        Column("etat_publication", String(12), nullable=False),
        Column("derniere_confirmation", Date),
        Column("document", Text, nullable=False),  # the public JSON, rendered when written
    ]


structures = Table(
    "structures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("nom", Text, nullable=False),
    Column("date_maj", Date, nullable=False),
    Column("description", Text),
    Column("lien_source", Text),
    Column("siret", String(14), index=True),
    Column("site_web", Text),
    Column("accessibilite_lieu", Text),
    Column("reseaux_porteurs", JSON(none_as_null=True)),
    *_lieu(),
    *_publication(),
    Column("cle_nom", Text, nullable=False),  # the name without case, accents or punctuation
    Index("ix_structures_lieu_nom", "code_insee", "cle_nom"),
    # The id first: led by a state that nearly all share, it would be taken for a choice of few.
    Index("ix_structures_publication", "id", "etat_publication"),
)

expressions = Table(
    "expressions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("nature", String(8), nullable=False),
    Column("empreinte", String(32), nullable=False, unique=True),
    Column("canonique", Text, nullable=False),
    Column("usage", Text),  # of a tree: what its offers are for
    sqlite_autoincrement=True,  # an id is never used twice
)

offres = Table(
    "offres",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("structure_id", ForeignKey("structures.id"), nullable=False, index=True),
    Column("nom", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("date_maj", Date, nullable=False),
    Column("lien_source", Text),
    Column("type", Text),
    Column("thematiques", JSON(none_as_null=True)),
    Column("frais", Text),
    Column("frais_precisions", Text),
    Column("publics", JSON(none_as_null=True)),
    Column("publics_precisions", Text),
    Column("conditions_acces", Text),
    *_lieu(),
    Column("contact_nom_prenom", Text),
    Column("modes_accueil", JSON(none_as_null=True)),
    Column("zone_eligibilite", JSON(none_as_null=True)),
    Column("lien_mobilisation", Text),
    Column("modes_mobilisation", JSON(none_as_null=True)),
    Column("mobilisable_par", JSON(none_as_null=True)),
    Column("mobilisation_precisions", Text),
    Column("volume_horaire_hebdomadaire", Float),
    Column("nombre_semaines", Integer),
    Column("eligibilite", JSON(none_as_null=True)),
    Column("apporte", JSON(none_as_null=True)),
    Column("suppose", JSON(none_as_null=True)),
    Column("prioritaires", JSON(none_as_null=True)),
    Column("regles", JSON(none_as_null=True)),
    Column("langues", JSON(none_as_null=True)),
    Column("places_disponibles", Integer),
    Column("prochaine_session", Date),
    Column("a_apporter", JSON(none_as_null=True)),
    *_publication(),
    Column("arbre_expr", ForeignKey("expressions.id")),
    Column("publics_expr", ForeignKey("expressions.id")),
    Column("zone_expr", ForeignKey("expressions.id")),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("commence_le", DateTime(timezone=True), nullable=False),
    Column("termine_le", DateTime(timezone=True)),
    Column("fichiers", JSON, nullable=False),
    Column("bilan", JSON),
    sqlite_autoincrement=True,  # an id is never used twice
)

provenances = Table(
    "provenances",
    metadata,
    Column("objet", String(9), primary_key=True),  # structure or offre
    Column("objet_id", Text, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    Column("empreinte", String(32), nullable=False),  # of the record as received
    Column("premier_import", ForeignKey("imports.id"), nullable=False),
    Column("dernier_import", ForeignKey("imports.id"), nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("objet", String(9), nullable=False),
    Column("objet_id", Text, nullable=False),
    Column("quand", DateTime(timezone=True), nullable=False),
    Column("auteur", Text, nullable=False),
    Column("action", String(12), nullable=False),  # creation, modification, retrait
    Column("champs", JSON(none_as_null=True)),  # {field: [before, after]}
    Index("ix_revisions_objet_objet_id", "objet", "objet_id"),
    sqlite_autoincrement=True,  # an id is never used twice
)

doublons = Table(
    "doublons",
    metadata,
    Column("critere", String(5), primary_key=True),  # siret or nom
    Column("valeur", Text, primary_key=True),
    Column("code_insee", String(5), primary_key=True),
    Column("structure_id", ForeignKey("structures.id"), primary_key=True, index=True),
)

signalements = Table(
    "signalements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("objet", String(9), nullable=False, server_default="offre"),
    Column("objet_id", Text, nullable=False),
    Column("motif", String(24), nullable=False),
    Column("precision", Text),  # without anybody's details; who wrote it is kept nowhere
    Column("recu_le", DateTime(timezone=True), nullable=False),
    Column("fois", Integer, nullable=False),
    Column("traite_le", DateTime(timezone=True)),
    Column("traite_par", Text),
    Column("reponse", Text),  # what was answered, whoever asked
    Index("ix_signalements_objet_objet_id", "objet", "objet_id"),
    sqlite_autoincrement=True,  # an id is never used twice
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("offre_id", Text, nullable=False),
    Column("depuis", DateTime(timezone=True), default=lambda: datetime.now(UTC)),
    sqlite_autoincrement=True,  # an id is never used twice
)
