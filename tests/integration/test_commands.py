"""The commands as an administrator meets them: processes, exit codes, French sentences."""

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.persistence import schema
from tests.integration.site import ROOT, SERVICE, STRUCTURE, Site
from tests.integration.test_import_command import counts_of
from tests.postgresql import Server, fresh_database
from tests.unit.persistence.dumps import dump, rows

# Each one that reads or writes in its own way; a process costs seconds, so the others are left out.
COMMANDS = [
    ("catalogue", "import", "flux"),
    ("catalogue", "export", "sortie"),
    ("index", "check"),
]
names = pytest.mark.parametrize("words", COMMANDS, ids=" ".join)


def here(site: Site, words: tuple[str, ...]) -> list[object]:
    """Puts the files of a command in the folder of the test."""
    return [site.folder / word if word in ("flux", "sortie") else word for word in words]


@names
def test_any_command_makes_the_sqlite_database(tmp_path: Path, words: tuple[str, ...]) -> None:
    site = Site(url=None, folder=tmp_path)
    site.write("flux", [STRUCTURE, SERVICE])

    result = site.flask(*here(site, words))

    with sqlite3.connect(site.data_dir / "eventail.sqlite3") as base:
        assert base.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (schema.HEAD,)
        ]
    base.close()
    assert "Traceback" not in result.stderr

    assert result.returncode == 0, result.stderr


def test_import_export_and_check_in_processes_of_their_own(site: Site) -> None:
    feed = site.write("flux", [STRUCTURE, SERVICE, {**SERVICE, "id": "x", "frais": "cher"}])

    first = site.flask("catalogue", "import", feed, "--rejets", site.rejects)
    export = site.flask("catalogue", "export", site.folder / "export", "--format", "csv")
    check = site.flask("index", "check")

    assert [c.returncode for c in (first, export, check)] == [0, 0, 0]
    assert counts_of(first.stdout)["créées"] == 2
    assert [r["identifiant"] for r in site.rejected()] == ["x"]
    assert "services.csv : 1" in export.stdout
    assert "disent la même chose" in check.stdout


@names
def test_a_database_from_a_newer_version_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    site = Site(url=None, folder=tmp_path)
    site.write("flux", [STRUCTURE])
    site.import_(site.folder / "flux")
    with site.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = dump(site.engine)

    result = site.flask(*here(site, words))

    assert result.returncode != 0
    assert "version plus récente d’Éventail (9999)" in result.stderr
    assert "Traceback" not in result.stderr
    assert dump(site.engine) == before
    site.close()


@pytest.mark.postgresql
@names
def test_a_newer_postgresql_database_is_refused(
    postgresql_site: Site, words: tuple[str, ...]
) -> None:
    postgresql_site.write("flux", [STRUCTURE])
    with postgresql_site.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = dump(postgresql_site.engine)

    result = postgresql_site.flask(*here(postgresql_site, words))

    assert result.returncode != 0
    assert "version plus récente" in result.stderr
    assert dump(postgresql_site.engine) == before


@pytest.mark.postgresql
@names
def test_an_empty_postgresql_database_asks_for_its_upgrade(
    postgresql_server: Server, tmp_path: Path, words: tuple[str, ...]
) -> None:
    with fresh_database(postgresql_server, None) as url:
        site = Site(url=url, folder=tmp_path)
        site.write("flux", [STRUCTURE])
        refused = site.flask(*here(site, words))
        upgraded = site.run("db", "upgrade")
        taken = site.run("catalogue", "import", site.folder / "flux")
        site.close()

    assert (upgraded.exit_code, taken.exit_code) == (0, 0)
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
    assert "flask db upgrade" in refused.stderr


def test_a_database_that_does_not_answer_is_explained(tmp_path: Path) -> None:
    site = Site(url="postgresql://nobody@127.0.0.1:9/none", folder=tmp_path)
    site.write("flux", [STRUCTURE])

    result = site.flask("catalogue", "import", tmp_path / "flux")

    assert result.returncode != 0
    assert "ne répond pas" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    site = Site(url=None, folder=tmp_path)
    site.data_dir.mkdir()
    (site.data_dir / "eventail.sqlite3").write_bytes(b"a photograph, or half of a backup" * 200)

    result = site.flask("index", "check")

    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    assert (site.data_dir / "eventail.sqlite3").read_bytes().startswith(b"a photograph")


def test_a_locked_database_is_explained(sqlite_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.persistence.database.SQLITE_BUSY_MS", 50)
    feed = sqlite_site.write("flux", [STRUCTURE])
    assert rows(sqlite_site.engine, "structures") == []
    other = sqlite3.connect(sqlite_site.data_dir / "eventail.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        result = sqlite_site.import_(feed)
    finally:
        other.close()

    assert result.exit_code == 1
    assert "occupée par un autre programme" in result.stderr


@pytest.mark.parametrize("kind", ["a-file", "below-a-file"])
def test_a_data_folder_that_cannot_be_is_explained(tmp_path: Path, kind: str) -> None:
    site = Site(url=None, folder=tmp_path)
    site.data_dir.write_bytes(b"")
    folder = site.data_dir if kind == "a-file" else site.data_dir / "var"

    result = site.flask("index", "check", EVENTAIL_DATA_DIR=str(folder))

    assert result.returncode != 0
    assert "EVENTAIL_DATA_DIR" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_data_folder_on_a_read_only_disk_is_explained(tmp_path: Path) -> None:
    site = Site(url=None, folder=tmp_path)
    site.import_(site.write("flux", [STRUCTURE]))
    site.close()
    mount = ["mount", "--bind", "-r", str(site.data_dir), str(site.data_dir)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("NO READ-ONLY DISK: only root can mount one")
    try:
        result = site.flask("catalogue", "import", tmp_path / "flux")
    finally:
        subprocess.run(["umount", "--lazy", str(site.data_dir)], check=True)

    assert result.returncode != 0
    assert "EVENTAIL_DATA_DIR" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_in_use_is_explained() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = other.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "gunicorn.conf.py"],
            cwd=ROOT,
            env=os.environ | {"HOST": "127.0.0.1", "PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    assert result.returncode == 1
    assert f"Le port {port} est déjà utilisé" in result.stderr
    assert "Traceback" not in result.stderr


def test_wrong_settings_are_told_all_at_once(tmp_path: Path) -> None:
    site = Site(url="mysql://x", folder=tmp_path)

    result = site.flask("index", "check", SEARCH_ENGINE="google")

    assert result.returncode != 0
    assert "DATABASE_URL" in result.stderr
    assert "SEARCH_ENGINE" in result.stderr
    assert "Traceback" not in result.stderr
