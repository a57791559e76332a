"""Keys of partners' software"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("compte_id", sa.Integer(), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vue_le", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_cles_compte_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cles")),
        sa.UniqueConstraint("empreinte", name=op.f("uq_cles_empreinte")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("cles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cles_compte_id"), ["compte_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("cles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cles_compte_id"))

    op.drop_table("cles")
