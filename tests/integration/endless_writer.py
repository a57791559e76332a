"""A process that edits all the listings of a window, which moves by ten at each version.

It goes on until a file appears, and says in another how many versions it has written.
"""

import os
import sys
from pathlib import Path

from tests.integration.cluster_site import ClusterSite, listings

FEWEST = 3  # versions, however soon it is told to stop
STEP = 10


def main(folder: Path, stop: Path, count: int) -> None:
    """Writes `count` listings at each version."""
    site = ClusterSite(
        url=os.environ["DATABASE_URL"],
        folder=folder,
        cluster_url=os.environ["ELASTICSEARCH_URL"],
        index=os.environ["ELASTICSEARCH_INDEX"],
    )
    version = 0
    while not stop.exists() or version < FEWEST:
        version += 1
        site.record(listings(range(STEP * version, STEP * version + count), version))
        Path(f"{stop}.written").write_text(str(version), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
