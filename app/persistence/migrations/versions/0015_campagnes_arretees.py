"""When a campaign was stopped, and since when an address cannot be written to"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("campagnes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arretee_par", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("arretee_le", sa.Date(), nullable=True))
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("echec_le", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_column("echec_le")
    with op.batch_alter_table("campagnes", schema=None) as batch_op:
        batch_op.drop_column("arretee_le")
        batch_op.drop_column("arretee_par")
