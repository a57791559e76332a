"""What the offers of each tree are for

Trees get other ids, one for each usage: the index names ids, hence is made again (its format has
changed with this version). Those of before stay, without a usage, and are read no more: erasing
each would look for it in every offer.
"""

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OFFRES_AT_ONCE = 5_000
expressions = sa.table(
    "expressions",
    sa.column("id", sa.Integer),
    sa.column("nature", sa.String),
    sa.column("empreinte", sa.String),
    sa.column("canonique", sa.Text),
    sa.column("usage", sa.Text),
)
offres = sa.table(
    "offres",
    sa.column("id", sa.Text),
    sa.column("thematiques", sa.JSON),
    sa.column("apporte", sa.JSON),
    sa.column("arbre_expr", sa.Integer),
)


def upgrade() -> None:
    with op.batch_alter_table("expressions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("usage", sa.Text(), nullable=True))
    connection = op.get_bind()
    ids: dict[tuple[int, str], int] = {}
    at = ""
    while rows := connection.execute(_after(at)).all():
        at = rows[-1].id
        wanted = {(row.arbre_expr, _usage(row)): row for row in rows}
        _intern(connection, [key for key in wanted if key not in ids], ids)
        values = [{"key": row.id, "expr": ids[row.arbre_expr, _usage(row)]} for row in rows]
        statement = sa.update(offres).where(offres.c.id == sa.bindparam("key"))
        connection.execute(statement.values(arbre_expr=sa.bindparam("expr")), values)


def _after(ident: str) -> "sa.Select[Any]":
    return (
        sa.select(offres.c.id, offres.c.thematiques, offres.c.apporte, offres.c.arbre_expr)
        .where(offres.c.arbre_expr.is_not(None), offres.c.id > ident)
        .order_by(offres.c.id)
        .limit(OFFRES_AT_ONCE)
    )


def _usage(row: "sa.Row[Any]") -> str:
    marks = {thematique.partition("--")[0] for thematique in _read(row.thematiques)}
    return " ".join(sorted(marks | {"+apporte"} if _read(row.apporte) else marks))


def _read(said: Any) -> list[Any]:
    """Returns a list that the driver may have left as a text."""
    found: list[Any] = json.loads(said) if isinstance(said, str) else said
    return found or []


def _intern(
    connection: sa.Connection, keys: list[tuple[int, str]], ids: dict[tuple[int, str], int]
) -> None:
    if not keys:
        return
    query = sa.select(expressions.c.id, expressions.c.canonique).where(
        expressions.c.id.in_({ident for ident, _ in keys})
    )
    texts = {row.id: row.canonique for row in connection.execute(query)}
    digests = {_digest(texts[ident], usage): (ident, usage) for ident, usage in keys}
    rows = [
        {"nature": "arbre", "empreinte": digest, "canonique": texts[ident], "usage": usage}
        for digest, (ident, usage) in digests.items()
    ]
    connection.execute(sa.insert(expressions), rows)
    made = sa.select(expressions.c.id, expressions.c.empreinte).where(
        expressions.c.empreinte.in_(digests)
    )
    ids.update((digests[row.empreinte], row.id) for row in connection.execute(made))


def _digest(text: str, usage: str) -> str:
    said = "\0".join(("arbre", text, usage))
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def downgrade() -> None:
    with op.batch_alter_table("expressions", schema=None) as batch_op:
        batch_op.drop_column("usage")
