"""Finds the Java that runs a node. As a program, says by its exit code whether there is one."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.elasticsearch_node.unavailable import NodeUnavailable

OLDEST = 17  # of Elasticsearch 8
USUAL_PLACES = ("/usr/lib/jvm/*", "/Library/Java/JavaVirtualMachines/*/Contents/Home")
VARIABLES = ("ES_JAVA_HOME", "JAVA_HOME")
ADVICE = "Sous Debian ou Ubuntu : sudo apt-get install default-jdk-headless"


def find_java_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Returns the folder of a Java recent enough: the one named by the environment comes first."""
    too_old = None
    for home in _candidates(environ):
        version = _version(home)
        if version is not None and version >= OLDEST:
            return home
        too_old = too_old or version
    found = f"Java {too_old} est trop ancien pour Elasticsearch" if too_old else "Java manque"
    raise NodeUnavailable(
        f"{found} : installez Java {OLDEST} ou plus récent, ou indiquez son dossier dans "
        f"ES_JAVA_HOME. {ADVICE}"
    )


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    for name in VARIABLES:
        if home := environ.get(name):
            yield Path(home)
    if program := shutil.which("java", path=environ.get("PATH")):
        yield Path(program).resolve().parent.parent
    for place in USUAL_PLACES:
        yield from sorted(Path("/").glob(place.removeprefix("/")))


def _version(home: Path) -> int | None:
    """Returns the major version of a Java that works, else nothing."""
    try:
        said = subprocess.run(
            [home / "bin" / "java", "-version"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stderr  # where Java writes it
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else None


if __name__ == "__main__":
    try:
        print(find_java_home())
    except NodeUnavailable as exc:
        sys.exit(str(exc))
