"""What territories set from the site"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reglages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territoire", sa.Text(), nullable=False),
        sa.Column("nature", sa.String(length=12), nullable=False),
        sa.Column("valeurs", sa.JSON(), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("quand", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reglages")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("reglages", schema=None) as batch_op:
        batch_op.create_index("ix_reglages_territoire_nature", ["territoire", "nature"])


def downgrade() -> None:
    with op.batch_alter_table("reglages", schema=None) as batch_op:
        batch_op.drop_index("ix_reglages_territoire_nature")

    op.drop_table("reglages")
