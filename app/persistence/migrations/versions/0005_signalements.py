"""What readers say is wrong with a sheet"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signalements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offre_id", sa.Text(), nullable=False),
        sa.Column("motif", sa.String(length=24), nullable=False),
        sa.Column("precision", sa.Text(), nullable=True),
        sa.Column("recu_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fois", sa.Integer(), nullable=False),
        sa.Column("traite_le", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signalements")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("signalements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signalements_offre_id"), ["offre_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("signalements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signalements_offre_id"))

    op.drop_table("signalements")
