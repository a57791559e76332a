"""What to bring or prepare for an offer"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("offres", schema=None) as batch_op:
        batch_op.add_column(sa.Column("a_apporter", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("offres", schema=None) as batch_op:
        batch_op.drop_column("a_apporter")
