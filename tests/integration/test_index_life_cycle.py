"""The index outlives its processes: killed, run twice, damaged, it ends as the record says.

Commands are real processes, killed when they have done a given share of their work.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import PROJECT_ROOT
from app.domain.errors import EngineUnavailable
from app.domain.offre import OffreId
from app.domain.search import SearchCriteria
from tests.builders import TODAY, make_offre, make_requete, make_structure
from tests.contract.sites import ENGINES, Site

OFFRES = 4_000
PAGE_ROWS = 1_000  # rows that a drain takes in one transaction
TIMEOUT_S = 120
ALL = SearchCriteria(date=TODAY)
NEW = replace(ALL, texte=make_requete("nouveau"))

pytestmark = pytest.mark.xdist_group("index-life-cycle")

# Searches without end until told to stop: each answer is one state, before or after a whole page.
SEARCHER = """
import sys
from pathlib import Path
from tests.integration.test_index_life_cycle import ALL, NEW, OFFRES, PAGE_ROWS, open_site

engine, stop, count = open_site(Path(sys.argv[1])).engine, Path(sys.argv[2]), 0
Path(sys.argv[2] + ".ready").touch()
while not stop.exists() or count < 50:
    everything, new = engine.search(ALL), engine.search(NEW)
    assert everything.total == OFFRES == sum(everything.facettes["types"].values()), everything
    changed = everything.facettes["types"].get("formation", 0)
    assert changed % PAGE_ROWS == 0, changed
    assert new.total >= changed and new.total % PAGE_ROWS == 0, (new.total, changed)
    assert new.facettes["types"] == ({"formation": new.total} if new.total else {}), new
    count += 1
print(count)
"""


def environ(folder: Path) -> dict[str, str]:
    """The settings of a process that works in a data folder."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL"}}
    path = os.pathsep.join(filter(None, (str(PROJECT_ROOT), os.environ.get("PYTHONPATH"))))
    return {**kept, "EVENTAIL_DATA_DIR": str(folder), "PYTHONPATH": path}


def start(folder: Path, *command: str) -> subprocess.Popen[str]:
    """Starts a Python process."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=PROJECT_ROOT,
        env=environ(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def flask(folder: Path, *command: str) -> tuple[int, str]:
    """Runs a command to its end; returns its exit code and all that it said."""
    process = start(folder, "-m", "flask", *command)
    out, err = process.communicate(timeout=TIMEOUT_S)
    return process.returncode, out + err


def kill_when(process: subprocess.Popen[str], is_time: Callable[[], bool]) -> bool:
    """Kills a process at a moment; returns False when it had ended before."""
    deadline = time.monotonic() + TIMEOUT_S
    while process.poll() is None and not is_time():
        assert time.monotonic() < deadline
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def open_site(folder: Path) -> Site:
    """The catalogue of a folder, as a process that starts now sees it."""
    return Site(folder, ENGINES[0])


def count(folder: Path, table: str) -> int:
    """Returns how many rows a table of the record has, 0 before it exists."""
    uri = f"file:{folder / 'eventail.sqlite3'}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=30)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def generations(folder: Path) -> list[Path]:
    """Lists the generation files, oldest first."""
    return sorted((folder / "index").glob("offres-*.sqlite"))


def written(path: Path) -> int:
    """Returns how many documents a generation holds so far."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])
    except sqlite3.Error:
        return 0


def assert_whole(folder: Path, *, renamed: bool = True) -> None:
    """Nothing is lost: record and index hold the same ids, and a worker finds everything."""
    site = open_site(folder)
    assert site.composition.sync.check().is_clean
    assert site.engine.search(ALL).total == OFFRES
    assert site.engine.search(NEW).total == (OFFRES if renamed else 0)
    assert len(generations(folder)) <= 2


def assert_checked(folder: Path) -> None:
    """The command that compares finds no difference."""
    code, said = flask(folder, "index", "check")
    assert code == 0, said


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue and its index, both up to date."""
    folder = tmp_path_factory.mktemp("indexed") / "data"
    site = open_site(folder)
    site.write_structures([make_structure()])
    site.write_offres(
        make_offre(id=OffreId(f"{rank:05d}"), nom=f"Ancien {rank}", type="accompagnement")
        for rank in range(OFFRES)
    )
    site.drain()
    site.composition.database.dispose()
    return folder


@pytest.fixture(scope="module")
def owing(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, every offer having changed since: the index owes them all."""
    folder = tmp_path_factory.mktemp("owing") / "data"
    shutil.copytree(indexed, folder)
    site = open_site(folder)
    site.write_offres(
        make_offre(id=OffreId(f"{rank:05d}"), nom=f"Nouveau {rank}", type="formation")
        for rank in range(OFFRES)
    )
    site.composition.database.dispose()
    return folder


@pytest.fixture
def up_to_date(indexed: Path, tmp_path: Path) -> Path:
    """A copy of a catalogue and its index."""
    return shutil.copytree(indexed, tmp_path / "data")


@pytest.fixture
def late(owing: Path, tmp_path: Path) -> Path:
    """A copy of a catalogue whose index owes everything."""
    return shutil.copytree(owing, tmp_path / "data")


@pytest.fixture
def searcher(late: Path, tmp_path: Path) -> Iterator[Callable[[], tuple[int, str]]]:
    """A process that searches until the returned function is called."""
    stop = tmp_path / "stop"
    process = start(late, "-c", SEARCHER, str(late), str(stop))
    while process.poll() is None and not Path(f"{stop}.ready").exists():
        time.sleep(0.01)

    def end() -> tuple[int, str]:
        stop.touch()
        out, err = process.communicate(timeout=TIMEOUT_S)
        return process.returncode, out + err

    yield end
    process.kill()
    process.communicate()


def test_drain_killed_again_and_again_finishes_in_the_end(late: Path) -> None:
    killed = 0
    for owed in (OFFRES, 3 * PAGE_ROWS, PAGE_ROWS, 0):
        process = start(late, "-m", "flask", "index", "drain")
        lock = late / "index" / "verrou"
        began = lock.stat().st_mtime_ns
        killed += kill_when(
            process,
            lambda owed=owed, began=began, lock=lock: (
                lock.stat().st_mtime_ns > began and count(late, "outbox") <= owed
            ),
        )
        assert open_site(late).engine.search(ALL).total == OFFRES

    code, said = flask(late, "index", "drain")

    assert killed >= 2
    assert code == 0, said
    assert_checked(late)
    assert_whole(late)


def test_rebuild_killed_again_and_again_leaves_the_old_generation_and_its_debt(late: Path) -> None:
    killed = 0
    for share in (0, 1, 3, 4):
        before = generations(late)
        process = start(late, "-m", "flask", "index", "rebuild")
        killed += kill_when(
            process,
            lambda before=before, share=share: any(
                written(path) >= share * PAGE_ROWS
                for path in generations(late)
                if path not in before
            ),
        )
        assert open_site(late).engine.search(ALL).total == OFFRES

    code, said = flask(late, "index", "rebuild")

    assert killed >= 3
    assert code == 0, said
    assert_checked(late)
    assert_whole(late)


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As many services as the other tests have, as a source sends them."""
    path = tmp_path_factory.mktemp("feed") / "flux.jsonl"
    service = {
        "source": "dora",
        "structure_id": "dora--1",
        "description": "Un atelier pour préparer ses trajets.",
        "date_maj": "2026-01-31",
        "code_insee": "84007",
    }
    structure = {"source": "dora", "id": "dora--1", "nom": "Garage", "date_maj": "2026-01-31"}
    services = [
        {**service, "id": f"dora--1--{rank}", "nom": f"Nouveau {rank}"} for rank in range(OFFRES)
    ]
    lines = [json.dumps(record, ensure_ascii=False) for record in (structure, *services)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_import_killed_again_and_again_finishes_in_the_end(feed: Path, tmp_path: Path) -> None:
    folder, killed = tmp_path / "data", 0
    command = ("-m", "flask", "catalogue", "import", str(feed))
    moments: tuple[Callable[[], bool], ...] = (
        lambda: count(folder, "structures") > 0,
        lambda: count(folder, "offres") >= 1,
        lambda: count(folder, "offres") >= OFFRES // 2,
        lambda: count(folder, "offres") == OFFRES,
        lambda: any(written(path) >= PAGE_ROWS for path in generations(folder)),
    )
    for is_time in moments:
        killed += kill_when(start(folder, *command), is_time)
        assert count(folder, "outbox") >= count(folder, "offres") or not generations(folder)

    code, said = flask(folder, *command[2:])

    assert killed >= 4
    assert code == 0, said
    assert count(folder, "revisions") == OFFRES + 1
    assert_checked(folder)
    assert_whole(folder)


def test_two_drains_at_once_both_succeed(late: Path) -> None:
    processes = [start(late, "-m", "flask", "index", "drain") for _ in range(2)]

    for process in processes:
        out, err = process.communicate(timeout=TIMEOUT_S)
        assert process.returncode == 0, out + err
    assert_whole(late)


def test_searches_see_whole_pages_while_an_index_is_drained_and_rebuilt(
    late: Path, searcher: Callable[[], tuple[int, str]]
) -> None:
    for command in ("drain", "rebuild"):
        code, said = flask(late, "index", command)
        assert code == 0, said

    code, said = searcher()

    assert code == 0, said
    assert int(said) >= 50
    assert_whole(late)


def test_generation_of_another_mapping_is_refused_then_replaced(up_to_date: Path) -> None:
    current = generations(up_to_date)[-1]
    other = current.with_name("offres-00000000-20260101T000000000000.sqlite")
    current.rename(other)
    (up_to_date / "index" / "courante").write_text(other.name)
    with pytest.raises(EngineUnavailable):
        open_site(up_to_date).engine.search(ALL)

    code, said = flask(up_to_date, "index", "drain")

    assert code == 0, said
    assert_whole(up_to_date, renamed=False)


def test_deleted_index_is_made_again(up_to_date: Path) -> None:
    shutil.rmtree(up_to_date / "index")
    with pytest.raises(EngineUnavailable):
        open_site(up_to_date).engine.search(ALL)
    assert not open_site(up_to_date).composition.sync.check().is_clean

    code, said = flask(up_to_date, "index", "drain")

    assert code == 0, said
    assert_whole(up_to_date, renamed=False)


@pytest.mark.parametrize("pointer", [b"", b"offres-nulle-part.sqlite", b"\0" * 44, b"\xff\xfe"])
def test_pointer_that_names_no_generation_is_mended(up_to_date: Path, pointer: bytes) -> None:
    (up_to_date / "index" / "courante").write_bytes(pointer)
    site = open_site(up_to_date)
    with pytest.raises(EngineUnavailable):
        site.engine.search(ALL)

    site.drain()

    assert site.engine.search(ALL).total == OFFRES
    assert site.composition.sync.check().is_clean


def _random_from(path: Path, first: int) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:first] + os.urandom(len(content) - first))


DAMAGES = [
    pytest.param(lambda path: _random_from(path, 0), id="random"),
    pytest.param(lambda path: _random_from(path, 4096), id="random-after-its-first-page"),
    pytest.param(lambda path: os.truncate(path, path.stat().st_size // 2), id="cut-in-half"),
    pytest.param(lambda path: os.truncate(path, 0), id="emptied"),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_generation_is_unavailable_until_it_is_rebuilt(
    up_to_date: Path, damage: Callable[[Path], None]
) -> None:
    site = open_site(up_to_date)
    damage(generations(up_to_date)[-1])
    for _ in range(2):
        with pytest.raises(EngineUnavailable):
            site.engine.search(ALL)

    site.rebuild()

    assert site.engine.search(ALL).total == OFFRES
    assert open_site(up_to_date).engine.search(ALL).total == OFFRES
    assert site.composition.sync.check().is_clean


@pytest.mark.parametrize("command", ["check", "drain"])
def test_commands_on_a_damaged_generation_never_show_a_stack_trace(
    up_to_date: Path, command: str
) -> None:
    _random_from(generations(up_to_date)[-1], 0)

    _, said = flask(up_to_date, "index", command)

    assert "Traceback" not in said


def test_only_the_current_and_previous_generations_are_kept(up_to_date: Path) -> None:
    site = open_site(up_to_date)
    orphan = up_to_date / "index" / "offres-00000000-20260101T000000000000.sqlite"
    orphan.write_bytes(b"left by a rebuild that died")
    Path(f"{orphan}-wal").write_bytes(b"")

    for _ in range(3):
        previous = site.composition.generations.current()
        site.rebuild()
        site.engine.search(ALL)
        kept = [previous, site.composition.generations.current()]
        assert generations(up_to_date) == kept
    companions = {p.name.removesuffix("-wal").removesuffix("-shm") for p in orphan.parent.iterdir()}
    assert companions == {"courante", "verrou", *(path.name for path in kept)}
