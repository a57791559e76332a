"""Reports of structures, beside those of offers"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLE, FORMER, INDEX = "signalements", "ix_signalements_offre_id", "ix_signalements_objet_objet_id"
FORGET = """
DELETE FROM reponses WHERE signalement_id IN
    (SELECT id FROM signalements WHERE objet = 'structure')
"""


def upgrade() -> None:
    op.drop_index(FORMER, table_name=TABLE)
    # The table is changed where it is: made again by a batch, it would forget its highest id.
    op.execute("ALTER TABLE signalements RENAME COLUMN offre_id TO objet_id")
    objet = sa.Column("objet", sa.String(length=9), nullable=False, server_default="offre")
    op.add_column(TABLE, objet)
    op.create_index(INDEX, TABLE, ["objet", "objet_id"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
    # The former code takes every report for one of an offer.
    op.execute(FORGET)
    op.execute("DELETE FROM signalements WHERE objet = 'structure'")
    op.execute("ALTER TABLE signalements DROP COLUMN objet")
    op.execute("ALTER TABLE signalements RENAME COLUMN objet_id TO offre_id")
    op.create_index(FORMER, TABLE, ["offre_id"])
