"""Databases for the tests: SQLite files, and a PostgreSQL server that the suite starts by itself.

A pytest plugin, registered by `register`. Each process of the suite has a server of its own, on a
free loopback port, with its data in a temporary folder; each test gets a database of its own,
copied from a migrated template. `DATABASE_URL_TESTS` names a server to use instead, whose user may
create databases.
"""

import functools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url

from app.persistence import schema
from app.persistence.database import open_database

PROGRAMS = Path("/usr/lib/postgresql")
START_SECONDS = 60
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "40",
    "autovacuum": "off",
    "timezone": "UTC",
}
ABSENT = (
    "NO POSTGRESQL: the tests of the production database do not run. Install the Debian package "
    "“postgresql”, or set DATABASE_URL_TESTS to a server whose user may create databases."
)


def register(config: pytest.Config) -> None:
    """Makes the fixtures of this module available; a conftest calls it in `pytest_configure`."""
    if not config.pluginmanager.has_plugin(__name__):
        config.pluginmanager.register(sys.modules[__name__], __name__)


class NotInstalled(Exception):
    """The programs of PostgreSQL are not on this machine."""


@dataclass(kw_only=True)
class Server:
    """A running server, where databases are made and dropped."""

    url: URL
    process: subprocess.Popen[bytes] | None = None
    folder: Path | None = None
    templates: dict[str, str] = field(default_factory=dict)

    def connect(self) -> psycopg.Connection:
        """Opens an administrator's connection, without transactions."""
        text = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(text, autocommit=True, connect_timeout=5)

    def create(self, template: str | None = None) -> str:
        """Makes a database and returns its URL."""
        name = f"eventail_test_{uuid.uuid4().hex[:16]}"
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}"')
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drops a database and whatever is connected to it."""
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def migrated_template(self) -> str:
        """Returns the name of a database at this code's version, made once."""
        if "migrated" not in self.templates:
            url = self.create()
            upgrade(url)
            self.templates["migrated"] = str(make_url(url).database)
        return self.templates["migrated"]

    def stop(self) -> None:
        """Drops the templates, or stops the server that the suite has started."""
        if self.process is None:
            for name in self.templates.values():
                self.drop(self.url.set(database=name).render_as_string(hide_password=False))
            return
        self.process.send_signal(signal.SIGINT)  # a fast shutdown: connections are closed
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(20)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def upgrade(url: str) -> None:
    """Migrates a database and leaves no connection to it."""
    engine = open_database(url)
    try:
        schema.upgrade(engine)
    finally:
        engine.dispose()


def start_server() -> Server:
    """Returns the server named by the environment, else one started here.

    Raises `NotInstalled` when there is neither.
    """
    if text := os.environ.get("DATABASE_URL_TESTS"):
        return Server(url=make_url(text).set(drivername="postgresql+psycopg"))
    programs = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    if not programs:
        raise NotInstalled
    owner = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="eventail-pg-"))
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    run = functools.partial(_as_user, owner, folder)
    data = folder / "data"
    initdb = [programs[-1], "-D", data, "-U", "eventail", "--auth=trust", "--no-sync", "-E", "UTF8"]
    made = run([*initdb, "--locale=C.UTF-8"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output, _ = made.communicate(timeout=START_SECONDS)
    if made.returncode:
        raise RuntimeError(output.decode())
    return _started(programs[-1].with_name("postgres"), run, folder)


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Returns whom PostgreSQL runs as: it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NotInstalled


def _as_user(
    owner: pwd.struct_passwd | None, folder: Path, command: list[str | Path], **streams: object
) -> subprocess.Popen[bytes]:
    identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    environ = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    return subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        **identity,  # type: ignore[arg-type]  # see above
        **streams,  # type: ignore[arg-type]  # files and pipes
    )


def _started(
    program: Path, run: "functools.partial[subprocess.Popen[bytes]]", folder: Path
) -> Server:
    log = folder / "log"
    for _ in range(3):  # another program may take the port between our choice and its use
        port = _free_port()
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        command = [program, "-D", folder / "data", "-k", folder, "-p", str(port), *settings]
        with log.open("wb") as output:
            process = run(command, stdout=output, stderr=output)
        url = URL.create("postgresql+psycopg", "eventail", None, "127.0.0.1", port, "postgres")
        server = Server(url=url, process=process, folder=folder)
        if _answers(server, process):
            return server
        process.kill()
        process.wait()
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace"))


def _answers(server: Server, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL server; without one the test is skipped, and fails in CI."""
    try:
        server = start_server()
    except NotInstalled:
        if os.environ.get("CI") == "true":
            pytest.fail(ABSENT)
        pytest.skip(ABSENT)
    yield server
    server.stop()


@contextmanager
def fresh_database(server: Server, template: str | None) -> Iterator[str]:
    """Makes a database for the length of a block."""
    url = server.create(template)
    try:
        yield url
    finally:
        server.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path


BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'eventail.sqlite3'}"
        return
    with fresh_database(request.getfixturevalue("postgresql_server"), None) as url:
        yield url


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database without any row, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "eventail.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_server")
    with fresh_database(server, server.migrated_template()) as url:
        yield url


@pytest.fixture
def postgresql_database(postgresql_server: Server) -> Iterator[str]:
    """A migrated PostgreSQL database, for what SQLite cannot show."""
    with fresh_database(postgresql_server, postgresql_server.migrated_template()) as url:
        yield url


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """The engine of `database`."""
    made = open_database(database)
    yield made
    made.dispose()
