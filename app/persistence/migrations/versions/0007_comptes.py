"""Accounts, links, sessions, and what partners write"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "champs",
        sa.Column("objet", sa.String(length=9), nullable=False),
        sa.Column("objet_id", sa.Text(), nullable=False),
        sa.Column("champ", sa.Text(), nullable=False),
        sa.Column("tenu_par", sa.Text(), nullable=False),
        sa.Column("tenu_depuis", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valeur_source", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("source_le", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("objet", "objet_id", "champ", name=op.f("pk_champs")),
    )
    op.create_table(
        "comptes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("courriel", sa.Text(), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=14), nullable=False),
        sa.Column("perimetre", sa.Text(), nullable=True),
        sa.Column("mot_de_passe", sa.Text(), nullable=True),
        sa.Column("identite", sa.Text(), nullable=True),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vu_le", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comptes")),
        sa.UniqueConstraint("courriel", name=op.f("uq_comptes_courriel")),
        sa.UniqueConstraint("identite", name=op.f("uq_comptes_identite")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quand", sa.DateTime(timezone=True), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("objet", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_quand"), ["quand"], unique=False)

    op.create_table(
        "propositions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objet", sa.String(length=9), nullable=False),
        sa.Column("objet_id", sa.Text(), nullable=True),
        sa.Column("structure_id", sa.Text(), nullable=False),
        sa.Column("etat", sa.String(length=10), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("champs", sa.JSON(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modifie_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traite_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("traite_par", sa.Text(), nullable=True),
        sa.Column("motif", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_propositions")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("propositions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_propositions_etat_modifie_le", ["etat", "modifie_le"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_propositions_structure_id"), ["structure_id"], unique=False
        )

    op.create_table(
        "adhesions",
        sa.Column("compte_id", sa.Integer(), nullable=False),
        sa.Column("structure_id", sa.Text(), nullable=False),
        sa.Column("demandee_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("admise_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("admise_par", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_adhesions_compte_id")),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structures.id"], name=op.f("fk_adhesions_structure_id")
        ),
        sa.PrimaryKeyConstraint("compte_id", "structure_id", name=op.f("pk_adhesions")),
    )
    with op.batch_alter_table("adhesions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_adhesions_structure_id"), ["structure_id"], unique=False
        )

    op.create_table(
        "liens",
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("usage", sa.String(length=9), nullable=False),
        sa.Column("courriel", sa.Text(), nullable=False),
        sa.Column("structure_id", sa.Text(), nullable=True),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consomme_le", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structures.id"], name=op.f("fk_liens_structure_id")
        ),
        sa.PrimaryKeyConstraint("empreinte", name=op.f("pk_liens")),
    )
    with op.batch_alter_table("liens", schema=None) as batch_op:
        batch_op.create_index("ix_liens_courriel_cree_le", ["courriel", "cree_le"], unique=False)
        batch_op.create_index(batch_op.f("ix_liens_expire_le"), ["expire_le"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("compte_id", sa.Integer(), nullable=True),
        sa.Column("structure_id", sa.Text(), nullable=True),
        sa.Column("ouverte_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_sessions_compte_id")),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structures.id"], name=op.f("fk_sessions_structure_id")
        ),
        sa.PrimaryKeyConstraint("empreinte", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_compte_id"), ["compte_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_expire_le"), ["expire_le"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_expire_le"))
        batch_op.drop_index(batch_op.f("ix_sessions_compte_id"))

    op.drop_table("sessions")
    with op.batch_alter_table("liens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_liens_expire_le"))
        batch_op.drop_index("ix_liens_courriel_cree_le")

    op.drop_table("liens")
    with op.batch_alter_table("adhesions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adhesions_structure_id"))

    op.drop_table("adhesions")
    with op.batch_alter_table("propositions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_propositions_structure_id"))
        batch_op.drop_index("ix_propositions_etat_modifie_le")

    op.drop_table("propositions")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_quand"))

    op.drop_table("journal")
    op.drop_table("comptes")
    op.drop_table("champs")
