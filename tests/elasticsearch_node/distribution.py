"""The official minimal distribution of Elasticsearch, fetched once with Maven and kept.

As a program, fetches it and prints its folder.

It is the real server with the modules of the core and of security only. What is kept is the
unpacked folder, which nodes read and never write: it may be shared by any number of them.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.elasticsearch_node.java import find_java_home
from tests.elasticsearch_node.unavailable import NodeUnavailable

VERSION = "8.19.21"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
NAME = f"elasticsearch-{VERSION}"
# Maven compares the file with the checksum beside it; this one is ours, as for Python's packages.
SHA256 = "215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
FETCH_SECONDS = 900
Say = Callable[[str], None]


def fetch_distribution(say: Say, environ: Mapping[str, str] = os.environ) -> Path:
    """Returns the folder of the unpacked distribution, fetched when it is not there yet.

    Two processes may ask at once: the second waits for the first. An interruption leaves nothing
    that looks complete.
    """
    cache = cache_folder(environ)
    home = cache / NAME
    if home.is_dir():
        return home
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _alone(cache / f"{NAME}.lock"):
            if not home.is_dir():
                _fetch(home, say, environ)
    except OSError as exc:
        raise NodeUnavailable(
            f"Elasticsearch n’a pas pu être rangé dans {cache} ({exc}) : libérez de la place, "
            "ou indiquez un autre dossier dans XDG_CACHE_HOME."
        ) from exc
    return home


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Returns where the distribution is kept.

    Root's home is closed to the ordinary user as whom a node runs: root has the machine's cache.
    """
    if chosen := environ.get("XDG_CACHE_HOME"):
        root = Path(chosen)
    elif os.geteuid() == 0:
        root = Path("/var/cache")
    else:
        root = Path.home() / ".cache"
    return root / "eventail"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # let go by the system if this process dies
        yield


def _fetch(home: Path, say: Say, environ: Mapping[str, str]) -> None:
    for remains in home.parent.glob(f".{NAME}-*"):  # of a process killed in the middle
        shutil.rmtree(remains, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".{NAME}-", dir=home.parent) as text:
        folder = Path(text)
        archive = _download(folder, say, environ)
        _verify(archive)
        _unpack(archive, folder / "unpacked")
        (folder / "unpacked" / NAME).rename(home)  # whole or absent


def _download(folder: Path, say: Say, environ: Mapping[str, str]) -> Path:
    maven = shutil.which("mvn", path=environ.get("PATH"))
    if maven is None:
        raise NodeUnavailable(
            "Maven manque : il va chercher Elasticsearch. "
            "Sous Debian ou Ubuntu : sudo apt-get install maven"
        )
    say(f"Téléchargement d’Elasticsearch {VERSION} (107 Mo, une seule fois)…")
    # Started in an empty folder, so that no project's settings are read.
    command = [maven, "--quiet", "--batch-mode", "--no-transfer-progress", "--strict-checksums"]
    command += [COPY, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
    java = {"JAVA_HOME": str(find_java_home(environ))}
    try:
        subprocess.run(
            command,
            cwd=folder,
            env={**environ, **java},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=FETCH_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as exc:
        raise NodeUnavailable(
            "Maven ne répond plus : vérifiez l’accès au réseau, puis relancez la même commande."
        ) from exc
    except subprocess.CalledProcessError as exc:
        raise NodeUnavailable(
            "Maven n’a pas pu télécharger Elasticsearch : vérifiez l’accès au réseau, puis "
            f"relancez la même commande. Il a dit :\n{exc.stdout.strip()}"
        ) from exc
    return folder / f"{NAME}.zip"


def _verify(archive: Path) -> None:
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SHA256:
        raise NodeUnavailable(
            f"L’archive d’Elasticsearch n’est pas celle attendue (empreinte {digest}) : "
            "effacez-la du cache de Maven, puis relancez la même commande."
        )


def _unpack(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as content:
        content.extractall(folder)
    # The modes of the archive close some files to others, and `extractall` ignores them all.
    for path in (folder, *folder.rglob("*")):
        program = path.is_dir() or path.parent.name == "bin"
        path.chmod(0o755 if program else 0o644)


if __name__ == "__main__":
    try:
        print(fetch_distribution(say=print))
    except NodeUnavailable as exc:
        sys.exit(str(exc))
