"""Trees of an older database get the ids that the code of today would give them.

On SQLite and PostgreSQL.
"""

import json
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, select, text

from app.domain.expressions import ARBRE, PUBLICS
from app.persistence import schema
from app.persistence.database import open_database, reading, writing
from app.persistence.expressions import intern_expressions
from app.persistence.outbox import SqlCatalogueReader
from app.persistence.tables.catalogue import offres
from tests.unit.persistence.test_schema import VERSIONS

ADULTE, JEUNE = '{"fait":"age","min":18}', '{"fait":"age","max":26}'
GIFT = [{"fait": "situations", "valeur": "permis-b"}]
OFFRES: dict[str, tuple[int | None, list[str] | None, list[dict[str, str]] | None]] = {
    "a": (1, ["mobilite--permis", "sante--addictions"], None),
    "b": (1, ["sante--addictions", "mobilite--velo"], None),
    "c": (1, None, None),
    "d": (1, ["mobilite--permis"], GIFT),
    "e": (2, ["mobilite--permis"], None),
    "f": (None, ["mobilite--permis"], None),
}


@pytest.fixture
def migrated(empty_database: str) -> Iterator[Engine]:
    """A database of before, with its offers, brought to the version of today."""
    engine = open_database(empty_database)
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
    shared = "adresse_confidentielle, etat_publication, document"
    with writing(engine) as connection:
        connection.execute(
            text(
                f"INSERT INTO structures (id, source, nom, date_maj, cle_nom, {shared}) "
                "VALUES ('s', 'x', 'S', '2026-01-01', 's', false, 'publie', '{}')"
            )
        )
        for number, (nature, said) in enumerate(
            [(ARBRE, ADULTE), (ARBRE, JEUNE), (PUBLICS, '["jeunes"]')], start=1
        ):
            connection.execute(
                text(
                    "INSERT INTO expressions (nature, empreinte, canonique) "
                    "VALUES (:nature, :digest, :said)"
                ),
                {"nature": nature, "digest": f"old {number}", "said": said},
            )
        for ident, (tree, needs, gift) in OFFRES.items():
            connection.execute(
                text(
                    "INSERT INTO offres (id, source, structure_id, nom, description, date_maj, "
                    f"thematiques, apporte, arbre_expr, publics_expr, {shared}) VALUES (:id, 'x', "
                    "'s', 'O', 'Une offre', '2026-01-01', :needs, :gift, :tree, 3, false, "
                    "'publie', '{}')"
                ),
                {
                    "id": ident,
                    "needs": json.dumps(needs) if needs else None,
                    "gift": json.dumps(gift) if gift else None,
                    "tree": tree,
                },
            )
    schema.upgrade(engine)
    yield engine
    engine.dispose()


def test_each_tree_has_the_id_of_its_usage(migrated: Engine) -> None:
    usages = {
        "a": (ADULTE, "mobilite sante"),
        "b": (ADULTE, "mobilite sante"),
        "c": (ADULTE, ""),
        "d": (ADULTE, "+apporte mobilite"),
        "e": (JEUNE, "mobilite"),
    }
    with writing(migrated) as connection:
        keys = {ident: (ARBRE, *usage) for ident, usage in usages.items()}
        known = intern_expressions(connection, keys.values())
        found = {row.id: row.arbre_expr for row in connection.execute(select(offres))}

    assert found == {**{ident: known[key] for ident, key in keys.items()}, "f": None}


def test_trees_of_before_are_read_no_more(migrated: Engine) -> None:
    with reading(migrated) as connection:
        lists = {row.publics_expr for row in connection.execute(select(offres))}
    held = {
        ident: nature for ident, nature, *_ in SqlCatalogueReader(migrated).expressions_after(0)
    }

    assert lists == {3}
    assert held.pop(3) == PUBLICS
    assert set(held.values()) == {ARBRE}
    assert min(held) > 3
    assert len(held) == 4
