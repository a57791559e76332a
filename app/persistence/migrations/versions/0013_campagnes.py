"""Campaigns, their messages and calls, and how structures want to be asked"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campagnes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("perimetre", sa.Text(), nullable=False),
        sa.Column("debut", sa.Date(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=False),
        sa.Column("reseaux", sa.JSON(), nullable=False),
        sa.Column("thematiques", sa.JSON(), nullable=False),
        sa.Column("relances", sa.JSON(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("mois", sa.Integer(), nullable=True),
        sa.Column("creee_par", sa.Text(), nullable=False),
        sa.Column("creee_le", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campagnes")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rappels",
        sa.Column("campagne_id", sa.Integer(), nullable=False),
        sa.Column("structure_id", sa.Text(), nullable=False),
        sa.Column("rang", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("retour", sa.String(length=64), nullable=False),
        sa.Column("arret", sa.String(length=64), nullable=False),
        sa.Column("adresse", sa.String(length=64), nullable=False),
        sa.Column("pris_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parti_le", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campagne_id"], ["campagnes.id"], name=op.f("fk_rappels_campagne_id")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structures.id"], name=op.f("fk_rappels_structure_id")
        ),
        sa.PrimaryKeyConstraint("campagne_id", "structure_id", "rang", name=op.f("pk_rappels")),
        sa.UniqueConstraint("arret", name=op.f("uq_rappels_arret")),
        sa.UniqueConstraint("retour", name=op.f("uq_rappels_retour")),
    )
    op.create_table(
        "contacts",
        sa.Column("structure_id", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(length=9), nullable=False),
        sa.Column("courriel", sa.Text(), nullable=True),
        sa.Column("echec", sa.String(length=64), nullable=True),
        sa.Column("passagers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structures.id"], name=op.f("fk_contacts_structure_id")
        ),
        sa.PrimaryKeyConstraint("structure_id", name=op.f("pk_contacts")),
    )
    op.create_table(
        "appels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campagne_id", sa.Integer(), nullable=False),
        sa.Column("structure_id", sa.Text(), nullable=False),
        sa.Column("quand", sa.DateTime(timezone=True), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("resultat", sa.String(length=11), nullable=False),
        sa.ForeignKeyConstraint(
            ["campagne_id"], ["campagnes.id"], name=op.f("fk_appels_campagne_id")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structures.id"], name=op.f("fk_appels_structure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appels")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("appels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appels_campagne_id"), ["campagne_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("appels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appels_campagne_id"))

    op.drop_table("appels")
    op.drop_table("contacts")
    op.drop_table("rappels")
    op.drop_table("campagnes")
