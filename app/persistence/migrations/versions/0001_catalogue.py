"""The catalogue: structures, offers, provenance, revisions, outbox"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expressions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(length=8), nullable=False),
        sa.Column("empreinte", sa.String(length=32), nullable=False),
        sa.Column("canonique", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expressions")),
        sa.UniqueConstraint("empreinte", name=op.f("uq_expressions_empreinte")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commence_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("termine_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fichiers", sa.JSON(), nullable=False),
        sa.Column("bilan", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offre_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objet", sa.String(length=9), nullable=False),
        sa.Column("objet_id", sa.Text(), nullable=False),
        sa.Column("quand", sa.DateTime(timezone=True), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("champs", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.create_index("ix_revisions_objet_objet_id", ["objet", "objet_id"], unique=False)

    op.create_table(
        "structures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("date_maj", sa.Date(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("lien_source", sa.Text(), nullable=True),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("site_web", sa.Text(), nullable=True),
        sa.Column("accessibilite_lieu", sa.Text(), nullable=True),
        sa.Column("reseaux_porteurs", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("commune", sa.Text(), nullable=True),
        sa.Column("code_postal", sa.String(length=5), nullable=True),
        sa.Column("code_insee", sa.String(length=5), nullable=True),
        sa.Column("adresse", sa.Text(), nullable=True),
        sa.Column("complement_adresse", sa.Text(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("telephone", sa.Text(), nullable=True),
        sa.Column("courriel", sa.Text(), nullable=True),
        sa.Column("horaires_accueil", sa.Text(), nullable=True),
        sa.Column("adresse_confidentielle", sa.Boolean(), nullable=False),
        sa.Column("etat_publication", sa.String(length=12), nullable=False),
        sa.Column("derniere_confirmation", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("cle_nom", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structures")),
    )
    with op.batch_alter_table("structures", schema=None) as batch_op:
        batch_op.create_index("ix_structures_lieu_nom", ["code_insee", "cle_nom"], unique=False)
        batch_op.create_index(batch_op.f("ix_structures_siret"), ["siret"], unique=False)

    op.create_table(
        "doublons",
        sa.Column("critere", sa.String(length=5), nullable=False),
        sa.Column("valeur", sa.Text(), nullable=False),
        sa.Column("code_insee", sa.String(length=5), nullable=False),
        sa.Column("structure_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structures.id"], name=op.f("fk_doublons_structure_id")
        ),
        sa.PrimaryKeyConstraint(
            "critere", "valeur", "code_insee", "structure_id", name=op.f("pk_doublons")
        ),
    )
    with op.batch_alter_table("doublons", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_doublons_structure_id"), ["structure_id"], unique=False
        )

    op.create_table(
        "offres",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("structure_id", sa.Text(), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("date_maj", sa.Date(), nullable=False),
        sa.Column("lien_source", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("thematiques", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("frais", sa.Text(), nullable=True),
        sa.Column("frais_precisions", sa.Text(), nullable=True),
        sa.Column("publics", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("publics_precisions", sa.Text(), nullable=True),
        sa.Column("conditions_acces", sa.Text(), nullable=True),
        sa.Column("commune", sa.Text(), nullable=True),
        sa.Column("code_postal", sa.String(length=5), nullable=True),
        sa.Column("code_insee", sa.String(length=5), nullable=True),
        sa.Column("adresse", sa.Text(), nullable=True),
        sa.Column("complement_adresse", sa.Text(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("telephone", sa.Text(), nullable=True),
        sa.Column("courriel", sa.Text(), nullable=True),
        sa.Column("horaires_accueil", sa.Text(), nullable=True),
        sa.Column("contact_nom_prenom", sa.Text(), nullable=True),
        sa.Column("modes_accueil", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("zone_eligibilite", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("lien_mobilisation", sa.Text(), nullable=True),
        sa.Column("modes_mobilisation", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("mobilisable_par", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("mobilisation_precisions", sa.Text(), nullable=True),
        sa.Column("volume_horaire_hebdomadaire", sa.Float(), nullable=True),
        sa.Column("nombre_semaines", sa.Integer(), nullable=True),
        sa.Column("eligibilite", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("apporte", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("suppose", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("prioritaires", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("langues", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("places_disponibles", sa.Integer(), nullable=True),
        sa.Column("prochaine_session", sa.Date(), nullable=True),
        sa.Column("adresse_confidentielle", sa.Boolean(), nullable=False),
        sa.Column("etat_publication", sa.String(length=12), nullable=False),
        sa.Column("derniere_confirmation", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("arbre_expr", sa.Integer(), nullable=True),
        sa.Column("publics_expr", sa.Integer(), nullable=True),
        sa.Column("zone_expr", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["arbre_expr"], ["expressions.id"], name=op.f("fk_offres_arbre_expr")
        ),
        sa.ForeignKeyConstraint(
            ["publics_expr"], ["expressions.id"], name=op.f("fk_offres_publics_expr")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structures.id"], name=op.f("fk_offres_structure_id")
        ),
        sa.ForeignKeyConstraint(
            ["zone_expr"], ["expressions.id"], name=op.f("fk_offres_zone_expr")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offres")),
    )
    with op.batch_alter_table("offres", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offres_structure_id"), ["structure_id"], unique=False)

    op.create_table(
        "provenances",
        sa.Column("objet", sa.String(length=9), nullable=False),
        sa.Column("objet_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("empreinte", sa.String(length=32), nullable=False),
        sa.Column("premier_import", sa.Integer(), nullable=False),
        sa.Column("dernier_import", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dernier_import"], ["imports.id"], name=op.f("fk_provenances_dernier_import")
        ),
        sa.ForeignKeyConstraint(
            ["premier_import"], ["imports.id"], name=op.f("fk_provenances_premier_import")
        ),
        sa.PrimaryKeyConstraint("objet", "objet_id", name=op.f("pk_provenances")),
    )
    with op.batch_alter_table("provenances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provenances_source"), ["source"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("provenances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provenances_source"))

    op.drop_table("provenances")
    with op.batch_alter_table("offres", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offres_structure_id"))

    op.drop_table("offres")
    with op.batch_alter_table("doublons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_doublons_structure_id"))

    op.drop_table("doublons")
    with op.batch_alter_table("structures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structures_siret"))
        batch_op.drop_index("ix_structures_lieu_nom")

    op.drop_table("structures")
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.drop_index("ix_revisions_objet_objet_id")

    op.drop_table("revisions")
    op.drop_table("outbox")
    op.drop_table("imports")
    op.drop_table("expressions")
