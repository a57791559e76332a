"""Killed, out of room, or two at once: nothing is lost, and the same command finishes the work."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select

from app.persistence.database import reading
from app.persistence.tables.every import metadata
from tests.integration.site import SERVICE, STRUCTURE, Site, make_structures
from tests.integration.test_import_command import counts_of
from tests.unit.persistence.dumps import rows

STRUCTURES = make_structures(1_500)
SERVICES = [
    {**SERVICE, "id": f"{s['id']}--o", "structure_id": s["id"], "publics": ["jeunes"]}
    for s in STRUCTURES
]
WAIT_SECONDS = 60


def count(engine: Engine, table: str) -> int:
    with reading(engine) as connection:
        query = select(func.count()).select_from(metadata.tables[table])
        return int(connection.execute(query).scalar_one())


def wait_until(is_true: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_true() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)


def kill(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=WAIT_SECONDS)


def assert_consistent(site: Site) -> None:
    """Every listing has its creation, its provenance, and its offers a structure."""
    listings = count(site.engine, "structures") + count(site.engine, "offres")
    assert count(site.engine, "provenances") == listings
    assert count(site.engine, "revisions") == listings


MOMENTS = [("structures", 1), ("offres", 1), ("offres", 1_500)]


def test_an_import_killed_at_several_moments_is_finished_by_the_next(site: Site) -> None:
    feed = site.write("flux", [*SERVICES, *STRUCTURES])
    whole = site.composition  # the database is made before the first process comes
    assert count(whole.database, "structures") == 0
    for table, least in MOMENTS:
        process = site.start("catalogue", "import", feed, "--rejets", site.rejects)
        wait_until(lambda t=table, n=least: count(site.engine, t) >= n, process)
        kill(process)
        assert_consistent(site)

    result = site.flask("catalogue", "import", feed, "--rejets", site.rejects)

    assert (result.returncode, result.stderr.count("Traceback")) == (0, 0)
    assert counts_of(result.stdout)["lues"] == 3_000
    assert (count(site.engine, "structures"), count(site.engine, "offres")) == (1_500, 1_500)
    assert_consistent(site)
    assert count(site.engine, "outbox") == 0
    assert site.flask("index", "check").returncode == 0
    assert rows(site.engine, "imports")[-1]["termine_le"] is not None


def test_an_import_killed_with_complet_withdraws_nothing(sqlite_site: Site) -> None:
    feed = sqlite_site.write("flux", [*SERVICES, *STRUCTURES])
    sqlite_site.import_(feed)
    changed = [{**s, "nom": "Un nouveau nom"} for s in SERVICES[:1_400]]
    process = sqlite_site.start(
        "catalogue", "import", sqlite_site.write("two", [*changed, *STRUCTURES]),
        "--complet", "dora", "--rejets", sqlite_site.rejects,
    )  # fmt: skip
    wait_until(lambda: count(sqlite_site.engine, "revisions") > 3_000, process)
    kill(process)

    retired = rows(sqlite_site.engine, "offres", etat_publication="retire")
    assert retired == [] or len(retired) == 100


def test_two_imports_of_one_feed_at_once_make_one_catalogue(site: Site) -> None:
    feed = site.write("flux", [*SERVICES[:700], *STRUCTURES[:700]])
    assert count(site.engine, "structures") == 0
    processes = [
        site.start("catalogue", "import", feed, "--rejets", site.folder / f"rejets-{rank}.csv")
        for rank in range(2)
    ]

    outcomes = [process.communicate(timeout=180) for process in processes]

    assert [(p.returncode, err.count("Traceback")) for p, (_, err) in zip(processes, outcomes, strict=True)] == [(0, 0)] * 2, outcomes  # fmt: skip  # noqa: E501
    assert (count(site.engine, "structures"), count(site.engine, "offres")) == (700, 700)
    assert_consistent(site)
    assert site.flask("index", "check").returncode == 0


def test_two_imports_of_two_feeds_at_once_lose_nothing(site: Site) -> None:
    others = [
        {**s, "id": f"other--{rank}", "source": "autre"} for rank, s in enumerate(STRUCTURES[:700])
    ]
    feeds = [site.write("one", STRUCTURES[:700]), site.write("two", others)]
    assert count(site.engine, "structures") == 0
    processes = [site.start("catalogue", "import", f, "--rejets", f"{f}.csv") for f in feeds]

    for process in processes:
        out, err = process.communicate(timeout=180)
        assert process.returncode == 0, out + err

    assert count(site.engine, "structures") == 1_400


def full_disk(engine: Engine, more_pages: int) -> Callable[[], None]:
    """Lets a SQLite database grow by a few pages only; returns what makes room again."""

    def limit(connection: object, *_: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()  # type: ignore[attr-defined]  # DB-API
        connection.execute(f"PRAGMA max_page_count = {pages + more_pages}")  # type: ignore[attr-defined]  # DB-API

    engine.dispose()
    event.listen(engine, "connect", limit)

    def make_room() -> None:
        event.remove(engine, "connect", limit)
        engine.dispose()

    return make_room


@pytest.mark.parametrize("more_pages", [0, 60, 400])
def test_a_full_database_is_explained_and_usable_afterwards(
    sqlite_site: Site, more_pages: int
) -> None:
    feed = sqlite_site.write("flux", [*SERVICES, *STRUCTURES])
    make_room = full_disk(sqlite_site.engine, more_pages)

    result = sqlite_site.import_(feed)
    make_room()

    assert result.exit_code == 1
    assert "disque est plein" in result.stderr
    assert_consistent(sqlite_site)
    assert counts_of(sqlite_site.import_(feed).output)["lues"] == 3_000
    assert (count(sqlite_site.engine, "offres"), sqlite_site.rejected()) == (1_500, [])
    assert sqlite_site.run("index", "check").exit_code == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB; only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "eventail-tests", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip(
            "NO SMALL DISK: only root can mount one; a full database is tested all the same"
        )
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("left_kb", [0, 300, 1_500, 2_500])
def test_a_full_disk_is_explained_and_the_work_finished_later(
    small_disk: Path, tmp_path: Path, left_kb: int
) -> None:
    """The import, then the index, meet the end of the disk."""
    site = Site(url=None, folder=small_disk)
    assert site.flask("db", "upgrade").returncode == 0
    feed = tmp_path / "flux"
    Site(url=None, folder=tmp_path).write("flux", [*SERVICES, *STRUCTURES])
    ballast = small_disk / "ballast"
    free = os.statvfs(small_disk)
    size = free.f_bavail * free.f_frsize - left_kb * 1_024
    ballast.write_bytes(bytes(max(0, size)))

    result = site.flask("catalogue", "import", feed, "--rejets", tmp_path / "rejets.csv")
    check = site.flask("index", "check")
    ballast.unlink()
    again = None
    if result.returncode:
        # Eight megabytes hold the database or the index of half of the feed.
        Site(url=None, folder=tmp_path).write("flux", [*SERVICES[:300], *STRUCTURES[:300]])
        again = site.flask("catalogue", "import", feed, "--rejets", tmp_path / "rejets.csv")

    for command in (result, check, again):
        assert command is None or "Traceback" not in command.stderr, command.stderr
    assert result.returncode == 1
    assert "disque est plein" in result.stderr
    assert again is not None
    assert again.returncode == 0, again.stderr
    assert site.flask("index", "check").returncode == 0
    site.close()


def test_a_full_disk_while_exporting_keeps_the_last_export(
    small_disk: Path, tmp_path: Path
) -> None:
    site = Site(url=None, folder=tmp_path)
    site.import_(site.write("flux", [STRUCTURE, *SERVICES[:1]]))
    assert site.run("catalogue", "export", small_disk, "--format", "json").exit_code == 0
    before = {path.name: path.read_bytes() for path in small_disk.iterdir()}
    site.import_(site.write("flux", [*STRUCTURES, *SERVICES]))
    ballast = small_disk / "ballast"
    free = os.statvfs(small_disk)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - 40_000))

    result = site.run("catalogue", "export", small_disk, "--format", "json")
    ballast.unlink()

    assert result.exit_code == 1
    assert "disque est plein" in result.stderr
    assert {path.name: path.read_bytes() for path in small_disk.iterdir()} == before
    site.close()
