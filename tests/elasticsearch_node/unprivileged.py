"""Elasticsearch refuses root: as root, its nodes run as a user who owns nothing else."""

import os
import pwd
import subprocess
from pathlib import Path

from tests.elasticsearch_node.unavailable import NodeUnavailable

NAME = "nobody"


def unprivileged_user() -> pwd.struct_passwd | None:
    """Returns whom the nodes run as, when it is not whom we are."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(NAME)
    except KeyError as exc:
        raise NodeUnavailable(
            "Elasticsearch refuse d’être lancé par root, et cette machine n’a pas d’utilisateur "
            f"« {NAME} » : lancez la commande avec un autre compte."
        ) from exc


def give(folder: Path, owner: pwd.struct_passwd) -> None:
    """Makes a folder and all that it holds someone else’s."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)


def check_can_run(program: Path) -> None:
    """Refuses a program that the user of the nodes may not reach, such as one under /root."""
    owner = unprivileged_user()
    if owner is None:
        return
    test = subprocess.run(
        ["/usr/bin/test", "-x", program], user=owner.pw_uid, group=owner.pw_gid, check=False
    )
    if test.returncode:
        raise NodeUnavailable(
            f"L’utilisateur « {NAME} », qui fait tourner Elasticsearch à la place de root, ne peut "
            f"pas lancer {program} : rangez ce programme dans un dossier ouvert à tous."
        )
