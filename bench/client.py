"""A small HTTP client on keep-alive connections, in a process of its own.

It reads its order from stdin, as JSON, and writes what it measured to stdout. The server shares the
machine with it, so the figures hold the cost of a client, as a visitor's own machine would not.

    {"port": 8000, "paths": […], "warmup": 20, "rounds": 3, "bodies": [[content type, body], …]}
    {"port": 8000, "paths": […], "clients": 8, "seconds": 20}
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass


class Connection:
    """One keep-alive connection, opened again when the server closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open()

    def ask(self, path: str, body: Sequence[str] | None = None) -> tuple[int, int]:
        """Returns the status and the size of an answer."""
        try:
            return self._ask(path, body)
        except (http.client.RemoteDisconnected, ConnectionError):
            self._connection.close()
            self._open()
            return self._ask(path, body)

    def _ask(self, path: str, body: Sequence[str] | None) -> tuple[int, int]:
        if body is None:
            self._connection.request("GET", path, headers={"Accept": "application/json"})
        else:
            content_type, content = body
            self._connection.request("POST", path, content, {"Content-Type": content_type})
        answer = self._connection.getresponse()
        return answer.status, len(answer.read())

    def _open(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)


@dataclass(frozen=True, slots=True)
class Posted:
    """A body to post, and what it is made of."""

    path: str
    body: str
    content_type: str = "application/json"


def one_by_one(
    port: int,
    paths: Sequence[str],
    warmup: int,
    rounds: int,
    bodies: Sequence[Sequence[str] | None] | None = None,
) -> dict[str, object]:
    """Returns the milliseconds of each request, round by round, without those that warm up."""
    connection = Connection(port)
    asked = list(zip(paths, bodies or [None] * len(paths), strict=True))
    for at in range(warmup):
        connection.ask(*asked[at % len(asked)])
    measured, sizes, errors = [], [], 0
    for _ in range(rounds):
        times = []
        for path, body in asked:
            started = time.perf_counter()
            status, size = connection.ask(path, body)
            times.append(1000 * (time.perf_counter() - started))
            sizes.append(size)
            errors += status != http.client.OK
        measured.append(times)
    return {"rounds": measured, "bytes": sum(sizes) / len(sizes), "errors": errors}


def all_at_once(port: int, paths: Sequence[str], clients: int, seconds: float) -> dict[str, object]:
    """Returns how many requests per second several clients get, and the milliseconds of each."""
    deadline = time.perf_counter() + seconds
    times: list[list[float]] = [[] for _ in range(clients)]
    errors = [0] * clients

    def work(rank: int) -> None:
        connection = Connection(port)
        at = rank * len(paths) // clients
        while (started := time.perf_counter()) < deadline:
            status, _ = connection.ask(paths[at % len(paths)])
            times[rank].append(1000 * (time.perf_counter() - started))
            errors[rank] += status != http.client.OK
            at += 1

    threads = [threading.Thread(target=work, args=(rank,)) for rank in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    flat = [value for own in times for value in own]
    return {"per_second": len(flat) / elapsed, "rounds": [flat], "errors": sum(errors)}


def main() -> None:
    """Obeys one order."""
    order = json.load(sys.stdin)
    measure = all_at_once if "clients" in order else one_by_one
    json.dump(measure(**order), sys.stdout)


if __name__ == "__main__":
    main()
