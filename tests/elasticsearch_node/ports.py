"""Ports of this machine for nodes to listen on."""

import random
import socket
from collections.abc import Collection

LOOPBACK = "127.0.0.1"
# Below the ports that systems give to outgoing connections: a node that is down finds its own free
# when it is back.
RANGE = range(20_000, 32_000)


def free_ports(count: int, besides: Collection[int] = ()) -> list[int]:
    """Returns different ports where nothing listens now."""
    found: list[int] = []
    for port in random.sample(RANGE, len(RANGE)):
        if len(found) == count:
            break
        if port not in besides and is_free(port):
            found.append(port)
    return found


def is_free(port: int) -> bool:
    """Whether a program could listen on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Elasticsearch does
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def is_open(port: int) -> bool:
    """Whether a program listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
