"""The published structures in the order of their ids, counted without reading their documents"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEX = "ix_structures_publication"


def upgrade() -> None:
    op.create_index(INDEX, "structures", ["id", "etat_publication"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name="structures")
