"""How a session was opened, and passwords that were tried"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "essais",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cle", sa.String(length=64), nullable=False),
        sa.Column("quand", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essais")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("essais", schema=None) as batch_op:
        batch_op.create_index("ix_essais_cle_quand", ["cle", "quand"], unique=False)
        batch_op.create_index(batch_op.f("ix_essais_quand"), ["quand"], unique=False)

    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ouverte_par", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("jeton_identite", sa.Text(), nullable=True))
    # A link was the only way in.
    op.execute("UPDATE sessions SET ouverte_par = 'lien'")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.alter_column("ouverte_par", existing_type=sa.String(length=12), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_column("jeton_identite")
        batch_op.drop_column("ouverte_par")
    with op.batch_alter_table("essais", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_essais_quand"))
        batch_op.drop_index("ix_essais_cle_quand")
    op.drop_table("essais")
