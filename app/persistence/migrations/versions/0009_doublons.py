"""Merged listings, pairs told apart, answers to readers, files that wait to be published"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fusions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objet", sa.String(length=9), nullable=False),
        sa.Column("garde_id", sa.Text(), nullable=False),
        sa.Column("absorbe_id", sa.Text(), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("quand", sa.DateTime(timezone=True), nullable=False),
        sa.Column("avant", sa.JSON(), nullable=False),
        sa.Column("annulee_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annulee_par", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fusions")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("fusions", schema=None) as batch_op:
        batch_op.create_index("ix_fusions_objet_absorbe_id", ["objet", "absorbe_id"], unique=False)

    op.create_table(
        "distinctions",
        sa.Column("objet", sa.String(length=9), nullable=False),
        sa.Column("une_id", sa.Text(), nullable=False),
        sa.Column("autre_id", sa.Text(), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("quand", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("objet", "une_id", "autre_id", name=op.f("pk_distinctions")),
    )
    op.create_table(
        "reponses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signalement_id", sa.Integer(), nullable=False),
        sa.Column("courriel", sa.Text(), nullable=False),
        sa.Column("recu_le", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reponses")),
        sa.UniqueConstraint(
            "signalement_id", "courriel", name=op.f("uq_reponses_signalement_id_courriel")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("reponses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reponses_recu_le"), ["recu_le"], unique=False)

    with op.batch_alter_table("signalements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("traite_par", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("reponse", sa.Text(), nullable=True))

    op.create_table(
        "depots",
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("structure_id", sa.Text(), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("depose_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contenu", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("empreinte", name=op.f("pk_depots")),
    )
    with op.batch_alter_table("depots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_depots_depose_le"), ["depose_le"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("depots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_depots_depose_le"))

    op.drop_table("depots")
    with op.batch_alter_table("signalements", schema=None) as batch_op:
        batch_op.drop_column("reponse")
        batch_op.drop_column("traite_par")

    with op.batch_alter_table("reponses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reponses_recu_le"))

    op.drop_table("reponses")
    op.drop_table("distinctions")
    with op.batch_alter_table("fusions", schema=None) as batch_op:
        batch_op.drop_index("ix_fusions_objet_absorbe_id")

    op.drop_table("fusions")
